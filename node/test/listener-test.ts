import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { connect } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import tls from "node:tls";
import { status as Code, type ServiceError } from "@grpc/grpc-js";
import { serverTls } from "../src/credentials.js";
import { MAX_TIMER_MS } from "../src/grace.js";
import { Listener } from "../src/listener/listener.js";
import { Stores } from "../src/store/stores.js";
import type { TradeFill } from "../stock_grpc/proto/stock.js";
import { ask, serve, statusOf, stubsFor, told } from "./peers.js";
import { Authority } from "./testcerts.js";

/** Milliseconds that something takes. */
async function took(what: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await what;
  return performance.now() - begun;
}

/** A loopback address of the test's own: no other program gets a port there that it gave up. */
const ownLoopback = (): string => `127.${randomInt(256)}.${randomInt(256)}.77`;

describe("a bind", () => {
  it("gives the address, and fails where it is taken", async (t: TestContext) => {
    const { listener } = await serve(t);
    const { address, port } = listener.address;
    assert.equal(address, "127.0.0.1");
    const again = Listener.listen({
      host: "127.0.0.1",
      port,
      security: "plaintext",
      tls: undefined,
      maxReceiveBytes: 1000,
      stores: new Stores(),
      director: undefined,
      log: () => undefined,
    });
    await assert.rejects(again, { code: "EADDRINUSE" });
  });

  it("works at once where another listener has been drained", async (t: TestContext) => {
    const host = ownLoopback();
    const { listener } = await serve(t, { host });
    const { port } = listener.address;
    const stubs = stubsFor(t, listener, { address: `${host}:${port}` });
    await ask(stubs.stock.inventory.bind(stubs.stock), {});
    await listener.drain(0);
    const again = await serve(t, { host, port });
    assert.equal(again.listener.address.port, port);
  });
});

describe("a drain", () => {
  it("takes no time with idle connections and half-made handshakes", async (t: TestContext) => {
    const authority = new Authority("p256");
    for (const secure of [false, true]) {
      const config = secure ? { tls: serverTls(authority.issue(), undefined), security: "tls" as const } : {};
      const { listener } = await serve(t, config);
      const silent = connect(listener.address.port, "127.0.0.1");
      await told(silent, "connect");
      const closed = told(silent, "close");
      silent.on("error", () => undefined);
      silent.resume();
      assert.ok((await took(listener.drain(10_000))) < 2000);
      await closed;
    }
  });

  it("waits for no peer that speaks no HTTP/2, at whatever moment it is", async (t: TestContext) => {
    // A session that fails is destroyed some turns of the loop before its socket is closed.
    for (let turns = 0; turns < 40; turns++) {
      const { listener } = await serve(t);
      const peer = connect(listener.address.port, "127.0.0.1");
      peer.on("error", () => undefined);
      peer.resume();
      await told(peer, "connect");
      peer.write(Buffer.from("16030100c5010000c10303", "hex"));
      for (let turn = 0; turn < turns; turn++) {
        await immediate();
      }
      await listener.drain(MAX_TIMER_MS * 2);
      peer.destroy();
    }
  });

  it("lets a call go on, and ends when it does", async (t: TestContext) => {
    const { listener, stubs } = await serve(t);
    const call = stubs.stock.trade();
    call.write({ type: 0, symbol: "a", quantity: 1 });
    await told(call, "data");
    const drain = listener.drain(10_000);
    call.write({ type: 0, symbol: "a", quantity: 2 });
    assert.equal((await told<TradeFill>(call, "data")).quantityFilled, 2);
    const status = statusOf(call);
    call.end();
    assert.equal((await status).code, Code.OK);
    assert.ok((await took(drain)) < 5000);
  });

  it("ends a call that outlasts the grace", async (t: TestContext) => {
    const { listener, stubs } = await serve(t);
    const call = stubs.stock.trade();
    call.write({ type: 0, symbol: "a", quantity: 1 });
    await told(call, "data");
    const status = statusOf(call);
    assert.ok((await took(listener.drain(100))) < 2000);
    assert.notEqual((await status).code, Code.OK);
  });

  it("refuses new connections", async (t: TestContext) => {
    const { listener, stubs } = await serve(t);
    const { port } = listener.address;
    await listener.drain(0);
    assert.ok(port > 0);
    await assert.rejects(
      ask(stubs.stock.inventory.bind(stubs.stock), {}),
      (error: ServiceError) => error.code === Code.UNAVAILABLE,
    );
  });
});

describe("TLS", () => {
  it("is refused to a peer that does not speak HTTP/2", async (t: TestContext) => {
    const authority = new Authority("p256");
    const { listener, log } = await serve(t, {
      tls: serverTls(authority.issue(), undefined),
      security: "tls",
    });
    for (const protocols of [undefined, ["http/1.1"]]) {
      const socket = tls.connect({
        port: listener.address.port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        ...(protocols === undefined ? {} : { ALPNProtocols: protocols }),
      });
      socket.on("error", () => undefined);
      socket.resume();
      await told(socket, "close");
    }
    assert.equal(
      log.filter((line) => line.startsWith("handshake failed with 127.0.0.1: ")).length,
      2,
      `${log}`,
    );
  });
});
