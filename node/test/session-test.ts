import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { status as Code } from "@grpc/grpc-js";
import { repairLibraries } from "../src/repairs.js";
import { call } from "../src/session/client.js";
import { encodeFrame, FrameError, FrameReader, MAX_FRAME_BYTES } from "../src/session/frames.js";
import { serve } from "../src/session/server.js";
import { Command, Listen, OpenChannel, Role, Rpc, Security, Start } from "../stock_grpc/proto/session.js";
import { frame, Runner } from "./runner.js";

repairLibraries();

const log = (): void => undefined;
const stop = (listener: number) => ({ $case: "stop" as const, value: { listener, graceMs: 0 } });

function session(t: TestContext, role: "server" | "client"): Runner & { ended: Promise<void> } {
  const runner = new Runner();
  const stopped = new AbortController();
  const streams = { input: runner.input, output: runner.output, log };
  const ended = role === "server" ? serve(streams, 100, stopped.signal) : call(streams, stopped.signal);
  t.after(() => stopped.abort());
  return Object.assign(runner, { ended });
}

describe("frames", () => {
  const command = Command.create({ id: 7, command: { $case: "cancel", value: { call: 3 } } });
  const bytes = frame(Command.encode(command).finish());

  it("are read whatever the chunks", () => {
    for (let size = 1; size <= 2 * bytes.length; size += 1) {
      const reader = new FrameReader();
      const twice = Buffer.concat([bytes, bytes]);
      const read: Command[] = [];
      for (let at = 0; at < twice.length; at += size) {
        read.push(...reader.read(twice.subarray(at, at + size)));
      }
      assert.deepEqual(read, [command, command]);
      reader.end();
    }
  });

  it("must be whole, not too large, and decode", () => {
    const half = new FrameReader();
    assert.deepEqual([...half.read(bytes.subarray(0, 5))], []);
    assert.throws(() => half.end(), new FrameError("standard input ends within a frame"));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(MAX_FRAME_BYTES + 1);
    assert.throws(
      () => [...new FrameReader().read(head)],
      /^Error: a frame of 16777217 bytes; at most 16777216$/,
    );
    assert.throws(() => [...new FrameReader().read(frame(Buffer.from([0x0a, 0xff])))], FrameError);
    const reason = "x".repeat(MAX_FRAME_BYTES);
    assert.throws(() => encodeFrame({ event: { $case: "failure", value: { id: 1, reason } } }), FrameError);
  });
});

describe("a session", () => {
  it("begins with Hello and ends with its input", async (t: TestContext) => {
    for (const role of ["server", "client"] as const) {
      const runner = session(t, role);
      const hello = await runner.next("hello");
      assert.deepEqual([hello.protocol, hello.language], [1, "node"]);
      assert.equal(hello.role, role === "server" ? Role.ROLE_SERVER : Role.ROLE_CLIENT);
      runner.input.end();
      await runner.ended;
    }
  });

  it("ends with what is no frame", async (t: TestContext) => {
    const runner = session(t, "client");
    const ended = assert.rejects(runner.ended, FrameError);
    runner.input.end(Buffer.from([0, 0]));
    await ended;
  });

  it("of a server refuses what cannot be obeyed, and goes on", async (t: TestContext) => {
    const runner = session(t, "server");
    await runner.next("hello");
    const listen = (fields: Parameters<typeof Listen.create>[0]) => ({
      $case: "listen" as const,
      value: Listen.create({
        listener: 1,
        host: "127.0.0.1",
        security: Security.SECURITY_PLAINTEXT,
        ...fields,
      }),
    });
    const identity = { chainPem: Buffer.alloc(0), keyPem: Buffer.alloc(0) };
    for (const [command, reason] of [
      [listen({ listener: 0 }), "listener: 0 given, a new number from 1 expected"],
      [listen({ host: "localhost" }), 'host: "localhost" given, a literal address expected'],
      [listen({ host: "0.0.0.0" }), "host: 0.0.0.0 given, plaintext is for loopback"],
      [listen({ port: 65_536 }), "port: 65536 given, at most 65535 expected"],
      [listen({ security: 0 }), "security: 0 given, plaintext, tls or mtls expected"],
      [listen({ security: Security.SECURITY_TLS }), "identity: none given"],
      [listen({ security: Security.SECURITY_TLS, identity }), "identity: no PEM certificate"],
      [stop(1), "listener: 1 given, which is not open"],
      [
        { $case: "cancel" as const, value: { call: 1 } },
        "command: cancel given, listen, stop or forget expected",
      ],
    ] as const) {
      const id = runner.send(command);
      assert.deepEqual(await runner.next("failure"), { id, reason });
    }
    runner.send(listen({}));
    assert.equal((await runner.next("listening")).listener, 1);
    runner.send(stop(1));
    assert.deepEqual(await runner.next("stopped"), { listener: 1 });
  });

  it("of a client refuses what cannot be obeyed, and goes on", async (t: TestContext) => {
    const runner = session(t, "client");
    await runner.next("hello");
    const open = (fields: Parameters<typeof OpenChannel.create>[0]) => ({
      $case: "openChannel" as const,
      value: OpenChannel.create({
        channel: 1,
        host: "127.0.0.1",
        port: 1,
        security: Security.SECURITY_PLAINTEXT,
        ...fields,
      }),
    });
    const start = (fields: Parameters<typeof Start.create>[0]) => ({
      $case: "start" as const,
      value: Start.create({ call: 1, channel: 1, rpc: Rpc.RPC_GET, ...fields }),
    });
    const request = { request: { $case: "put" as const, value: { key: "k", value: Buffer.alloc(0) } } };
    const refused = async (command: Parameters<Runner["send"]>[0], reason: string): Promise<void> => {
      const id = runner.send(command);
      assert.deepEqual(await runner.next("failure"), { id, reason });
    };
    await refused(open({ channel: 0 }), "channel: 0 given, a new number from 1 expected");
    await refused(open({ host: "name" }), 'host: "name" given, a literal address expected');
    await refused(open({ port: 0 }), "port: 0 given, 1 to 65535 expected");
    await refused(start({}), "channel: 1 given, which is not open");
    runner.send(open({}));
    await refused(open({}), "channel: 1 given, a new number from 1 expected");
    await refused(start({ rpc: 99 as Rpc }), "rpc: 99 given, a method expected");
    await refused(start({}), "requests: 0 given, the rpc takes exactly 1");
    await refused(start({ requests: [request] }), "requests: one is not of the rpc's type");
    await refused(start({ timeoutNs: -1n, requests: [request] }), "timeout_ns: -1 given, 0 or more expected");
    await refused({ $case: "cancel", value: { call: 5 } }, "call: 5 given, which never was one");
    await refused(stop(1), "command: stop given, one for a client expected");
  });
});

it("a call goes from one session to the other and back", async (t: TestContext) => {
  const server = session(t, "server");
  await server.next("hello");
  server.send({
    $case: "listen",
    value: Listen.create({ listener: 1, host: "127.0.0.1", security: Security.SECURITY_PLAINTEXT }),
  });
  const { port } = await server.next("listening");
  const client = session(t, "client");
  await client.next("hello");
  const channel = { channel: 1, host: "127.0.0.1", port, security: Security.SECURITY_PLAINTEXT };
  client.send({ $case: "openChannel", value: OpenChannel.create(channel) });
  const get = { request: { $case: "get" as const, value: { key: "none" } } };
  client.send({
    $case: "start",
    value: Start.create({ call: 1, channel: 1, rpc: Rpc.RPC_GET, requests: [get] }),
  });
  const got = await client.next("events");
  assert.deepEqual(
    [got.call, got.status?.code, got.status?.message],
    [1, Code.NOT_FOUND, "key not found: none"],
  );

  client.send({
    $case: "start",
    value: Start.create({ call: 2, channel: 1, rpc: Rpc.RPC_TRADE, credit: 1 }),
  });
  const order = { request: { $case: "trade" as const, value: { type: 0, symbol: "a", quantity: 1 } } };
  client.send({ $case: "send", value: { call: 2, requests: [order, order] } });
  const fills = await client.next("events");
  assert.deepEqual([fills.headers === undefined, fills.responses.length], [false, 1]);
  client.send({ $case: "receive", value: { call: 2, credit: 0 } });
  assert.equal((await client.next("events")).responses.length, 1);
  client.send({ $case: "halfClose", value: { call: 2 } });
  assert.deepEqual((await client.next("events")).status?.code, Code.OK);
  // Ignored: the runner could not know yet.
  client.send({ $case: "halfClose", value: { call: 2 } });

  client.send({ $case: "start", value: Start.create({ call: 3, channel: 1, rpc: Rpc.RPC_BATCH }) });
  client.send({ $case: "closeChannel", value: { channel: 1 } });
  assert.equal((await client.next("events")).status?.code, Code.CANCELLED);
});
