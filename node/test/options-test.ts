import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseItem, parseOrder, split } from "../src/options/arguments.js";
import { clientUsage, parseClient } from "../src/options/client.js";
import { UsageError } from "../src/options/grammar.js";
import { parseServer, serverUsage } from "../src/options/server.js";

const words = (line: readonly (string | Buffer)[]): Buffer[] => line.map((word) => Buffer.from(word));

const refused = (parse: () => unknown, message: string): void => {
  assert.throws(parse, (error: unknown) => error instanceof UsageError && error.message === message);
};

const TLS = ["--tls-mode", "tls", "--cert-file", "c", "--key-file", "k"];

describe("stock_server", () => {
  const good: [string[], Partial<ReturnType<typeof parseServer>>][] = [
    [
      [],
      { host: "127.0.0.1", port: 50_051, security: "plaintext", graceMs: 3000, maxReceiveBytes: 4_194_304 },
    ],
    [["--port=0", "--host", "::1"], { port: 0, host: "::1" }],
    [["--port", "1", "--port", "2"], { port: 2 }],
    [["--host", "localhost"], { host: "localhost" }],
    [["--host", "127.9.9.9"], { host: "127.9.9.9" }],
    [["--host", "0.0.0.0", "--allow-plaintext-network"], { host: "0.0.0.0" }],
    [["--host", "0.0.0.0", ...TLS], { security: "tls", certFile: "c", keyFile: "k" }],
    [[...TLS, "--tls-mode=mtls", "--client-ca-file=r"], { security: "mtls", clientCaFile: "r" }],
    [[...TLS, "--tls-mode", "server"], { security: "tls" }],
    [[...TLS, "--tls-mode", "manual", "--client-ca-file", "r"], { security: "mtls" }],
    [["--tls-mode", "disabled"], { security: "plaintext" }],
    [["--grace-seconds", "0.25"], { graceMs: 250 }],
    [["--grace-seconds=0"], { graceMs: 0 }],
    [["--max-receive-bytes", "1"], { maxReceiveBytes: 1 }],
    [["--conformance"], { conformance: true }],
    [["--session", "--grace-seconds", "1"], { session: true, conformance: true, graceMs: 1000 }],
    [["--help", "--port", "5"], { help: true }],
    [["--version"], { version: true }],
    [["--"], { port: 50_051 }],
  ];
  for (const [line, expected] of good) {
    it(`takes ${JSON.stringify(line)}`, () => {
      const options = parseServer(words(line));
      assert.deepEqual({ ...options, ...expected }, options);
    });
  }

  const bad: [string[], string][] = [
    [["--nonsense"], "unknown flag: --nonsense"],
    [["--por", "1"], "unknown flag: --por"],
    [["--no\nline"], "unknown flag: --no\\nline"],
    [["--port"], "--port needs a value"],
    [["--port", "65536"], '--port: "65536" given, a number from 0 to 65535 expected'],
    [["--port", "-1"], '--port: "-1" given, a number from 0 to 65535 expected'],
    [["--port", "1e3"], '--port: "1e3" given, a number from 0 to 65535 expected'],
    [["--port="], '--port: "" given, a number from 0 to 65535 expected'],
    [["--port", "x", "--port", "1"], '--port: "x" given, a number from 0 to 65535 expected'],
    [["--host="], '--host: "" given, a value that is not empty expected'],
    [["--conformance=yes"], "--conformance takes no value"],
    [["--grace-seconds", "-1"], '--grace-seconds: "-1" given, seconds like 5 or 0.25 expected'],
    [["--grace-seconds", ".5"], '--grace-seconds: ".5" given, seconds like 5 or 0.25 expected'],
    [["--max-receive-bytes", "0"], '--max-receive-bytes: "0" given, a number from 1 to 2147483647 expected'],
    [["--tls-mode", "auto"], '--tls-mode: "auto" given, none, tls or mtls expected'],
    [["--tls-mode", "tls"], "--tls-mode tls needs --cert-file"],
    [["--tls-mode", "tls", "--cert-file", "c"], "--tls-mode tls needs --key-file"],
    [[...TLS, "--client-ca-file", "r"], "--client-ca-file does not go with --tls-mode tls"],
    [[...TLS, "--tls-mode", "mtls"], "--tls-mode mtls needs --client-ca-file"],
    [["--cert-file", "c"], "--cert-file does not go with --tls-mode none"],
    [["--host", "0.0.0.0"], "--host 0.0.0.0 without TLS needs --allow-plaintext-network"],
    [["--session", "--port", "1"], "--session goes without --port"],
    [["get"], "stray argument: get"],
    [["-5"], "stray argument: -5"],
    [["--", "--port"], "stray argument: --port"],
  ];
  for (const [line, message] of bad) {
    it(`refuses ${JSON.stringify(line)}`, () => refused(() => parseServer(words(line)), message));
  }

  it("tells of every flag", () =>
    assert.match(serverUsage(), /^usage: stock_server \[FLAGS\]\n {2}--host H {19}/));
});

describe("stock_client", () => {
  const good: [string[], Partial<ReturnType<typeof parseClient>>][] = [
    [["get", "k"], { operation: "get", words: words(["k"]), server: "127.0.0.1:50051", timeoutMs: 5000 }],
    [["--server", "[::1]:5", "get", "k"], { server: "[::1]:5" }],
    [["put", "--server=host.example:5", "k", "-5"], { operation: "put", words: words(["k", "-5"]) }],
    [["put", "k", "--", "--tls"], { tls: false, words: words(["k", "--tls"]) }],
    [["monitor", "--count", "3"], { count: 3, words: [] }],
    [["batch"], { words: [] }],
    [["trade", "a", "b", "c"], { words: words(["a", "b", "c"]) }],
    [["health", "--timeout-seconds", "0"], { timeoutMs: 0 }],
    [["health", "--timeout-seconds", "0.0001"], { timeoutMs: 1 }],
    [
      ["get", "k", "--tls", "--ca-file", "r", "--server-name", "n"],
      { tls: true, caFile: "r", serverName: "n" },
    ],
    [["--session"], { session: true }],
    [["--help"], { help: true }],
  ];
  for (const [line, expected] of good) {
    it(`takes ${JSON.stringify(line)}`, () => {
      const options = parseClient(words(line));
      assert.deepEqual({ ...options, ...expected }, options);
    });
  }

  const bad: [(string | Buffer)[], string][] = [
    [[], "an operation is needed"],
    [["fetch"], "unknown operation: fetch"],
    [["get"], "get needs KEY"],
    [["get", "a", "b"], "stray argument: b"],
    [["inventory", "x"], "stray argument: x"],
    [["trade"], "trade needs buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ..."],
    [["get", "k", "--count", "1"], "--count does not go with get"],
    [["get", "k", "--ca-file", "f"], "--ca-file needs --tls"],
    [["get", "k", "--tls", "--cert-file", "f"], "--cert-file needs --key-file"],
    [["get", "k", "--tls", "--key-file", "f"], "--key-file needs --cert-file"],
    [["get", "k", "--server", "host"], '--server: "host" given, HOST:PORT expected'],
    [["get", "k", "--server", "host:0"], '--server: "host:0" given, HOST:PORT expected'],
    [["get", "k", "--server", "::1:5"], '--server: "::1:5" given, HOST:PORT expected'],
    [["get", "k", "--server", "[1.2.3.4]:5"], '--server: "[1.2.3.4]:5" given, HOST:PORT expected'],
    [["--session", "get"], "--session goes without an operation: get"],
    [["--session", "--tls"], "--session goes without --tls"],
    [["get", Buffer.from([0xff])], 'get: "\uFFFD" given, UTF-8 expected'],
  ];
  for (const [line, message] of bad) {
    it(`refuses ${JSON.stringify(line)}`, () => refused(() => parseClient(words(line)), message));
  }

  it("tells of every operation", () => assert.match(clientUsage(), / {2}kv-put KEY VALUE\|-\n/));
});

describe("an argument", () => {
  it("of batch splits at its first =", () => {
    assert.deepEqual(parseItem(Buffer.from("a=b=c")), { key: "a", value: Buffer.from("b=c") });
    assert.deepEqual(parseItem(Buffer.from([0x61, 0x3d, 0xff])), { key: "a", value: Buffer.from([0xff]) });
    refused(() => parseItem(Buffer.from("a")), 'batch: "a" given, KEY=VALUE expected');
    refused(() => parseItem(Buffer.from([0xff, 0x3d])), 'batch: "\uFFFD" given, a key of UTF-8 expected');
  });

  it("of trade splits at its first colon and its last", () => {
    assert.deepEqual(parseOrder(Buffer.from("buy:a:b:5")), { kind: "buy", symbol: "a:b", quantity: 5 });
    assert.deepEqual(parseOrder(Buffer.from("sell::-2147483648")), {
      kind: "sell",
      symbol: "",
      quantity: -(2 ** 31),
    });
    assert.deepEqual(parseOrder(Buffer.from("query:a:1")), { kind: "query", symbol: "a:1", quantity: 0 });
    for (const order of [
      "buy:a",
      "buy:a:",
      "buy:a:1.5",
      "sell:a:2147483648",
      "hold:a:1",
      "buy",
      "buy:a:--1",
    ]) {
      refused(
        () => parseOrder(Buffer.from(order)),
        `trade: "${order}" given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected`,
      );
    }
  });

  it("of lines is what stands between their ends", () => {
    assert.deepEqual(split(Buffer.from("a\n\nb"), 0x0a), words(["a", "", "b"]));
    assert.deepEqual(split(Buffer.from("a\n"), 0x0a), words(["a"]));
    assert.deepEqual(split(Buffer.alloc(0), 0x0a), []);
  });
});
