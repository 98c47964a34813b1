import assert from "node:assert/strict";
import http2, { type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { it, type TestContext } from "node:test";
import { status as Code, type Metadata, type StatusObject } from "@grpc/grpc-js";
import { Channel, type Stubs } from "../src/calls.js";
import { ask, directed, serve, statusOf, told } from "./peers.js";

/** Stubs of a server that is HTTP/2 and nothing else. */
async function rawServer(test: TestContext, answer: (stream: ServerHttp2Stream) => void): Promise<Stubs> {
  const server: Http2Server = http2.createServer();
  server.on("stream", answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const channel = new Channel({
    address: `127.0.0.1:${port}`,
    credentials: undefined,
    serverName: "",
    maxReceiveBytes: 1000,
  });
  test.after(() => {
    channel.close();
    server.close();
  });
  return channel.stubs;
}

it("a call that is cancelled while it sends has no end of its requests", async (t: TestContext) => {
  let ended: (seen: string) => void = () => undefined;
  const end = new Promise<string>((resolve) => {
    ended = resolve;
  });
  const stubs = await rawServer(t, (stream) => {
    stream.on("error", () => undefined);
    stream.once("aborted", () => ended("reset"));
    stream.once("end", () => setImmediate(() => ended("end")));
    stream.resume();
    stream.respond({ "content-type": "application/grpc" });
  });
  const call = stubs.stock.trade();
  call.on("error", () => undefined);
  call.write({ type: 0, symbol: "a", quantity: 1 });
  await told(call, "metadata");
  call.cancel();
  assert.equal(await end, "reset");
});

it("the status of a call that failed comes after all its messages", async (t: TestContext) => {
  const message = Buffer.from([0, 0, 0, 0, 0]);
  const stubs = await rawServer(t, (stream) => {
    stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": `${Code.ABORTED}` }));
    stream.end(Buffer.concat(Array<Buffer>(50).fill(message)));
  });
  const call = stubs.stock.monitor({ keyPrefix: "" });
  let events = 0;
  call.on("data", () => {
    events += 1;
  });
  const { code } = await statusOf(call);
  assert.deepEqual([code, events], [Code.ABORTED, 50]);
});

it("a list of encodings with spaces ends no compression", async (t: TestContext) => {
  const encodings: unknown[] = [];
  const server = http2.createServer();
  server.on("stream", (stream, headers) => {
    encodings.push(headers["grpc-encoding"]);
    stream.respond(
      { "content-type": "application/grpc", "grpc-accept-encoding": "identity, deflate, gzip" },
      { waitForTrailers: true },
    );
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.resume();
    stream.end(Buffer.from([0, 0, 0, 0, 0]));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const channel = new Channel({
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: undefined,
    serverName: "",
    maxReceiveBytes: 1000,
  });
  t.after(() => {
    channel.close();
    server.close();
  });
  const { stock } = channel.compressing;
  for (let call = 0; call < 2; call += 1) {
    await ask(stock.put.bind(stock), { key: "k", value: Buffer.alloc(100) });
  }
  assert.deepEqual(encodings, ["gzip", "gzip"]);
});

it("values of one name are apart at both ends, binary or not", async (t: TestContext) => {
  let seen: string[] = [];
  const { stubs } = await serve(t, {}, (_tag, { metadata }) => {
    seen = (metadata?.entries ?? []).map(({ name, value }) => `${name}=${value.toString("hex")}`);
  });
  const entries = [
    { name: "x-twice", value: Buffer.from("b, c") },
    { name: "x-twice", value: Buffer.from("a") },
    { name: "x-twice-bin", value: Buffer.from([1]) },
    { name: "x-twice-bin", value: Buffer.from([2, 3]) },
  ];
  const metadata: Metadata = directed({ tag: "t", throw: true, headers: { entries }, trailers: { entries } });
  for (const { name, value } of entries) {
    metadata.add(name, name.endsWith("-bin") ? value : value.toString());
  }
  const call = stubs.stock.monitor({ keyPrefix: "" }, metadata);
  const headers = told<Metadata>(call, "metadata");
  const status: StatusObject = await statusOf(call);
  for (const received of [await headers, status.metadata]) {
    assert.deepEqual(received.get("x-twice"), ["b, c", "a"]);
    assert.deepEqual(received.get("x-twice-bin"), [Buffer.from([1]), Buffer.from([2, 3])]);
  }
  const expected = entries.map(({ name, value }) => `${name}=${value.toString("hex")}`);
  assert.deepEqual(seen.filter((entry) => entry.startsWith("x-twice")).sort(), expected.sort());
});

it("the server sees how each call's requests are encoded, and tells no handler", async (t: TestContext) => {
  const seen = new Map<string, string>();
  const names = new Set<string>();
  const { listener } = await serve(t, {}, (tag, { metadata, requestEncoding }) => {
    seen.set(tag, requestEncoding);
    for (const { name } of metadata?.entries ?? []) {
      names.add(name);
    }
  });
  const channel = new Channel({
    address: `127.0.0.1:${listener.address.port}`,
    credentials: undefined,
    serverName: "",
    maxReceiveBytes: 1000,
  });
  t.after(() => channel.close());
  const request = { key: "k", value: Buffer.alloc(1000) };
  const spoofed = directed({ tag: "plain" });
  spoofed.set("grpc-hidden-encoding", "gzip");
  await ask(channel.stubs.stock.put.bind(channel.stubs.stock), request, spoofed);
  const { stock } = channel.compressing;
  await ask(stock.put.bind(stock), request, directed({ tag: "gzip" }));
  assert.deepEqual([seen.get("plain"), seen.get("gzip")], ["identity", "gzip"]);
  assert.deepEqual(
    [...names].filter((name) => name.startsWith("grpc-hidden")),
    [],
  );
});
