import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { programOf, run, startServer } from "./programs.js";
import { Authority } from "./testcerts.js";

const SERVER = programOf("SERVER");

describe("stock_server", () => {
  it("prints one line, and exits 0 after a signal", async (t: TestContext) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const { server, port } = await startServer(t);
      server.child.kill(signal);
      const { code, stdout, stderr } = await server.ended;
      assert.deepEqual([code, stdout.toString(), stderr], [0, `Server listening on 127.0.0.1:${port}\n`, ""]);
    }
  });

  it("prints the address as it is bound", async (t: TestContext) => {
    const { server, port } = await startServer(t, "--host", "::1");
    assert.equal(await server.line(), `Server listening on [::1]:${port}`);
    const { server: named } = await startServer(t, "--host", "localhost");
    assert.match(await named.line(), /^Server listening on (127\.0\.0\.1|\[::1\]):\d+$/);
  });

  it("exits at the second signal, whatever still runs", async (t: TestContext) => {
    const { server, port } = await startServer(t, "--grace-seconds", "30");
    const peer = connect(port, "127.0.0.1");
    peer.on("error", () => undefined);
    await new Promise((resolve) => peer.once("connect", resolve));
    t.after(() => peer.destroy());
    server.child.kill("SIGTERM");
    server.child.kill("SIGINT");
    assert.equal((await server.ended).code, 0);
  });

  it("says what it is", async (t: TestContext) => {
    const version = await run(t, SERVER, ["--version"]);
    assert.match(version.stdout.toString(), /^stock_server \d+\.\d+\.\d+ node grpc-js \d+\.\d+\.\d+\n$/);
    const help = await run(t, SERVER, ["--help"]);
    assert.deepEqual([help.code, help.stdout.toString().split("\n")[0]], [0, "usage: stock_server [FLAGS]"]);
  });

  it("refuses a wrong command line with exit 2", async (t: TestContext) => {
    const { code, stdout, stderr } = await run(t, SERVER, ["--nonsense"]);
    assert.deepEqual([code, stdout.length], [2, 0]);
    assert.match(stderr, /^unknown flag: --nonsense\nusage: stock_server \[FLAGS\]\n/);
  });

  it("cannot bind what is taken, or is no host of its own, with exit 3", async (t: TestContext) => {
    const { port } = await startServer(t);
    for (const [flag, value] of [
      ["--port", `${port}`],
      ["--host", "192.0.2.1"],
    ] as const) {
      const { code, stderr } = await run(t, SERVER, ["--allow-plaintext-network", flag, value]);
      assert.equal(code, 3);
      assert.match(stderr, /^cannot bind: .*\n$/);
    }
  });

  it("refuses files that cannot be used with exit 2 and a line", async (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), "server"));
    t.after(() => rmSync(folder, { recursive: true }));
    const authority = new Authority("p256");
    const [one, two] = [authority.issue(), authority.issue()];
    const write = (name: string, content: Buffer): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const [chain, key] = [write("chain", one.chainPem), write("key", one.keyPem)];
    for (const [certFile, keyFile] of [
      [join(folder, "none"), key],
      [chain, write("empty", Buffer.alloc(0))],
      [chain, write("other", two.keyPem)],
      [key, chain],
    ] as const) {
      const files = ["--cert-file", certFile, "--key-file", keyFile];
      const { code, stdout, stderr } = await run(t, SERVER, ["--port", "0", "--tls-mode", "tls", ...files]);
      assert.deepEqual([code, stdout.length], [2, 0]);
      assert.match(stderr, /^[^\n]+\n$/);
    }
    const { server } = await startServer(t, "--tls-mode", "tls", "--cert-file", chain, "--key-file", key);
    server.child.kill("SIGTERM");
    assert.equal((await server.ended).code, 0);
  });

  it("ends its session with its input, or with exit 4 where that is no frames", async (t: TestContext) => {
    const { code, stdout } = await run(t, SERVER, ["--session"]);
    assert.equal(code, 0);
    assert.equal(stdout.readUInt32BE(), stdout.length - 4);
    const broken = await run(t, SERVER, ["--session"], Buffer.from([0, 0, 0]));
    assert.deepEqual([broken.code, broken.stderr], [4, "standard input ends within a frame\n"]);
  });
});
