// The command line of stock_client, typed and free of contradictions.

import { isUtf8 } from "node:buffer";
import { isIPv6 } from "node:net";
import {
  type Flag,
  flag,
  integer,
  isDigits,
  type Line,
  parse,
  printable,
  quoted,
  seconds,
  text,
  UsageError,
  usage,
  yes,
} from "./grammar.js";
import { MAX_RECEIVE_BYTES, onlyWithSession, RECEIVE_HELP } from "./server.js";

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

/** What stock_client was asked for. Where `help` or `version` is set the rest means nothing. */
export interface ClientOptions {
  help: boolean;
  version: boolean;
  session: boolean;
  operation: string;
  /** As bytes, as given. */
  words: readonly Buffer[];
  /** `host:port`. */
  server: string;
  tls: boolean;
  /** The files and the name are empty where they are not given. */
  caFile: string;
  certFile: string;
  keyFile: string;
  serverName: string;
  /** 0 stands for none. */
  timeoutMs: number;
  maxReceiveBytes: number;
  /** Events that monitor prints; 0 stands for until stopped. */
  count: number;
}

/** One thing that stock_client does. */
interface Operation {
  readonly name: string;
  readonly arguments: string;
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  /** Whether the first argument is a key, a prefix or a name: UTF-8. */
  readonly named: boolean;
}

const operation = (name: string, args: string, least: number, most: number, named: boolean): Operation => ({
  name,
  arguments: args,
  least,
  most,
  named,
});

const OPERATIONS: readonly Operation[] = [
  operation("get", "KEY", 1, 1, true),
  operation("put", "KEY VALUE|-", 2, 2, true),
  operation("delete", "KEY", 1, 1, true),
  operation("monitor", "[PREFIX] [--count N]", 0, 1, true),
  operation("batch", "[KEY=VALUE ...]", 0, Number.POSITIVE_INFINITY, false),
  operation("trade", "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...", 1, Number.POSITIVE_INFINITY, false),
  operation("inventory", "", 0, 0, false),
  operation("kv-get", "KEY", 1, 1, true),
  operation("kv-put", "KEY VALUE|-", 2, 2, true),
  operation("health", "[SERVICE]", 0, 1, true),
];

function fresh(): ClientOptions {
  return {
    help: false,
    version: false,
    session: false,
    operation: "",
    words: [],
    server: "127.0.0.1:50051",
    tls: false,
    caFile: "",
    certFile: "",
    keyFile: "",
    serverName: "",
    timeoutMs: 5000,
    maxReceiveBytes: 4 << 20,
    count: 0,
  };
}

function flagsOf(options: ClientOptions): Flag[] {
  return [
    flag("server", "H:P", "endpoint to call (default 127.0.0.1:50051)", (server) => {
      options.server = server;
      return isEndpoint(server) ? undefined : "HOST:PORT";
    }),
    flag("tls", "", "use TLS", yes(options, "tls")),
    flag(
      "ca-file",
      "F",
      "roots for the server's certificate, PEM (default: Node.js' own)",
      text(options, "caFile"),
    ),
    flag("cert-file", "F", "the client's certificate chain, PEM", text(options, "certFile")),
    flag("key-file", "F", "the client's private key, PEM PKCS#8", text(options, "keyFile")),
    flag("server-name", "N", "name to verify the server's certificate against", text(options, "serverName")),
    flag("timeout-seconds", "S", "deadline of the call; 0 = none (default 5)", seconds(options, "timeoutMs")),
    flag("max-receive-bytes", "N", RECEIVE_HELP, integer(options, "maxReceiveBytes", 1, MAX_RECEIVE_BYTES)),
    flag(
      "count",
      "N",
      "monitor: events to print; 0 = until stopped (default 0)",
      integer(options, "count", 0, MAX_COUNT),
    ),
    flag("session", "", "be driven by frames on standard input and output", yes(options, "session")),
    flag("help", "", "print this and exit", yes(options, "help")),
    flag("version", "", "print the version and exit", yes(options, "version")),
  ];
}

/** The usage of stock_client. */
export function clientUsage(): string {
  const operations = OPERATIONS.map((one) => `${`  ${one.name} ${one.arguments}`.trimEnd()}\n`).join("");
  return `usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n${operations}${usage(flagsOf(fresh()))}`;
}

/** Reads the command line of stock_client. Throws UsageError. */
export function parseClient(args: readonly Buffer[]): ClientOptions {
  const options = fresh();
  const line = parse(flagsOf(options), args);
  if (options.help || options.version) {
    return options;
  }
  if (options.session) {
    onlyWithSession(line, []);
    const [word] = line.words;
    if (word !== undefined) {
      throw new UsageError(`--session goes without an operation: ${printable(word)}`);
    }
    return options;
  }
  setOperation(options, line.words);
  check(options, line);
  return options;
}

function setOperation(options: ClientOptions, [first, ...words]: readonly Buffer[]): void {
  if (first === undefined) {
    throw new UsageError("an operation is needed");
  }
  const found = OPERATIONS.find(({ name }) => name === first.toString());
  if (found === undefined) {
    throw new UsageError(`unknown operation: ${printable(first)}`);
  }
  if (words.length < found.least) {
    throw new UsageError(`${found.name} needs ${found.arguments}`);
  }
  const stray = words[found.most];
  if (stray !== undefined) {
    throw new UsageError(`stray argument: ${printable(stray)}`);
  }
  const [key] = words;
  if (found.named && key !== undefined && !isUtf8(key)) {
    throw new UsageError(`${found.name}: ${quoted(key)} given, UTF-8 expected`);
  }
  options.operation = found.name;
  options.words = words;
}

/** Finds contradictions. */
function check(options: ClientOptions, { given }: Line): void {
  if (given.has("count") && options.operation !== "monitor") {
    throw new UsageError(`--count does not go with ${options.operation}`);
  }
  for (const name of ["ca-file", "cert-file", "key-file", "server-name"]) {
    if (given.has(name) && !options.tls) {
      throw new UsageError(`--${name} needs --tls`);
    }
  }
  if (options.certFile !== "" && options.keyFile === "") {
    throw new UsageError("--cert-file needs --key-file");
  }
  if (options.keyFile !== "" && options.certFile === "") {
    throw new UsageError("--key-file needs --cert-file");
  }
}

/** Whether a server is `host:port`, with an IPv6 address in brackets. */
function isEndpoint(server: string): boolean {
  const [, address, host, port = ""] = /^(?:\[([^\]]*)\]|([a-z0-9._-]+)):([^:]*)$/i.exec(server) ?? [];
  const portIsValid = isDigits(port) && Number(port) > 0 && Number(port) <= 65_535;
  return portIsValid && (host !== undefined || isIPv6(address ?? ""));
}
