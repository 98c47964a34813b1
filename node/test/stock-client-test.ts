import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { type Ended, Program, programOf, run, startServer } from "./programs.js";
import { Authority } from "./testcerts.js";

const CLIENT = programOf("CLIENT");

/** Runs operations against a server of its own. */
async function client(t: TestContext) {
  const { port, server } = await startServer(t);
  const flags = ["--server", `127.0.0.1:${port}`];
  const does = async (
    args: readonly string[],
    expected: string,
    input: string | Buffer = "",
  ): Promise<void> => {
    const { code, stdout, stderr } = await run(t, CLIENT, [...args, ...flags], input);
    assert.deepEqual([code, stdout.toString("latin1"), stderr], [0, expected, ""]);
  };
  const fails = async (args: readonly string[], code: number, reason: RegExp): Promise<Ended> => {
    const ended = await run(t, CLIENT, [...flags, ...args]);
    assert.equal(ended.code, code);
    assert.match(ended.stderr, reason);
    return ended;
  };
  return { does, fails, flags, server };
}

describe("stock_client", () => {
  it("puts, gets and deletes", async (t: TestContext) => {
    const { does, fails } = await client(t);
    await does(["put", "a", "1"], "OK\n");
    await does(["kv-get", "a"], "1\n");
    await does(["kv-put", "b", "-"], "OK\n", Buffer.from([0xff, 0x0a]));
    await does(["get", "b"], "\xff\n\n");
    await does(["delete", "a"], "OK\n");
    await fails(["get", "a"], 69, /^NOT_FOUND: key not found: a\n$/);
    await fails(["put", "", "x"], 67, /^INVALID_ARGUMENT: invalid key: [^\n]*\n$/);
  });

  it("takes bytes that are not UTF-8 for a value, not for a key", async (t: TestContext) => {
    const { does, flags } = await client(t);
    // Only a shell can give a program such arguments.
    const shell = (words: string): Buffer =>
      execFileSync("sh", ["-c", `"$0" "$@" ${words}`, CLIENT, ...flags]);
    assert.equal(shell("put k \"$(printf 'a\\377')\"").toString(), "OK\n");
    await does(["get", "k"], "a\xff\n");
    assert.throws(() => shell("get \"$(printf '\\377')\" 2>/dev/null"), { status: 2 });
  });

  it("stores batches of arguments and of lines", async (t: TestContext) => {
    const { does, fails } = await client(t);
    await does(["batch", "a=1", "b=x=y", "=lost"], "total=3 successful=2 failed=1 bytes=4\n");
    await does(["batch"], "total=2 successful=2 failed=0 bytes=3\n", "a=22\n\n  \nb=3");
    await fails(["batch", "a"], 2, /^batch: "a" given, KEY=VALUE expected\nusage: /);
  });

  it("trades", async (t: TestContext) => {
    const { does, fails } = await client(t);
    const fills =
      "ok\tacme\t5\tbought\nrejected\tacme\t0\tinsufficient position: have 5, want 9\nok\tacme\t5\tposition\n";
    await does(["trade", "buy:acme:5", "sell:acme:9", "query:acme"], fills);
    await fails(["trade", "hold:acme:5"], 2, /^trade: "hold:acme:5" given, /);
  });

  it("prints what changes", async (t: TestContext) => {
    const { does, flags } = await client(t);
    const monitor = new Program(t, CLIENT, [
      "monitor",
      "a*",
      "--count",
      "3",
      "--timeout-seconds",
      "0",
      ...flags,
    ]);
    // Until one shows that the subscriber is there.
    let seen = false;
    void monitor.line().then(() => {
      seen = true;
    });
    while (!seen) {
      await does(["batch", "b=", "a\t=\n"], "total=2 successful=2 failed=0 bytes=1\n");
    }
    await does(["batch", "a=1", "a=2"], "total=2 successful=2 failed=0 bytes=2\n");
    const { code, stdout } = await monitor.ended;
    assert.equal(code, 0);
    const lines = stdout.toString().trimEnd().split("\n");
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /^\d+\tPUT\ta\\t\t\\n$/);
  });

  it("tells of the inventory and of health", async (t: TestContext) => {
    const { does, fails, flags } = await client(t);
    await does(["put", "a", "12"], "OK\n");
    const { stdout } = await run(t, CLIENT, ["inventory", ...flags]);
    assert.match(
      stdout.toString(),
      /^items=1\nbytes=2\nuptime_seconds=\d+\nserver_version=\S+\nmetadata\.language=node\nmetadata\.library=/,
    );
    await does(["health"], "SERVING\n");
    await does(["health", "proto.KV"], "SERVING\n");
    await fails(["health", "absent"], 69, /^NOT_FOUND: /);
  });

  it("keeps to its deadline, and says where nobody is", async (t: TestContext) => {
    const { fails, server } = await client(t);
    await fails(["monitor", "--timeout-seconds", "0.2"], 68, /^DEADLINE_EXCEEDED: [^\n]*\n$/);
    server.child.kill("SIGKILL");
    await server.ended;
    await fails(["get", "a"], 78, /^UNAVAILABLE: [^\n]*\n$/);
  });

  it("exits 130 when it is interrupted", async (t: TestContext) => {
    const { does, flags } = await client(t);
    const monitor = new Program(t, CLIENT, ["monitor", "--timeout-seconds", "0", ...flags]);
    let seen = false;
    void monitor.line().then(() => {
      seen = true;
    });
    while (!seen) {
      await does(["put", "a", ""], "OK\n");
    }
    monitor.child.kill("SIGINT");
    assert.equal((await monitor.ended).code, 130);
  });

  it("uses TLS, and refuses files that cannot be used", async (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), "client"));
    t.after(() => rmSync(folder, { recursive: true }));
    const authority = new Authority("p256");
    const write = (name: string, content: Buffer): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const own = authority.issue();
    const files = ["--cert-file", write("chain", own.chainPem), "--key-file", write("key", own.keyPem)];
    const roots = write("roots", authority.rootsPem);
    const { port } = await startServer(t, "--tls-mode", "mtls", "--client-ca-file", roots, ...files);
    const flags = ["--server", `127.0.0.1:${port}`, "--tls", ...files];
    const served = await run(t, CLIENT, [
      "health",
      ...flags,
      "--ca-file",
      roots,
      "--server-name",
      "localhost",
    ]);
    assert.deepEqual([served.code, served.stderr, served.stdout.toString()], [0, "", "SERVING\n"]);
    const refused = await run(t, CLIENT, ["health", ...flags, "--ca-file", join(folder, "none")]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /^[^\n]*none: ENOENT[^\n]*\n$/);
  });

  it("refuses a wrong command line with exit 2", async (t: TestContext) => {
    const { code, stdout, stderr } = await run(t, CLIENT, ["get"]);
    assert.deepEqual([code, stdout.length], [2, 0]);
    assert.match(stderr, /^get needs KEY\nusage: stock_client OPERATION/);
    assert.equal((await run(t, CLIENT, ["--help"])).code, 0);
  });
});
