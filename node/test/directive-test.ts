import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { status as Code, Metadata, type ServiceError } from "@grpc/grpc-js";
import type { Observation } from "../stock_grpc/proto/session.js";
import type { TradeFill } from "../stock_grpc/proto/stock.js";
import { ask, directed, serve, statusOf, stubsFor, told } from "./peers.js";

const bytes = (text: string): Buffer => Buffer.from(text);
const entry = (name: string, value: string) => ({ name, value: bytes(value) });
const is = (code: Code, details: string) => (error: ServiceError) =>
  error.code === code && error.details === details;

/** A report, and what it will be told first. */
function observed(): {
  report: (tag: string, observation: Observation) => void;
  first: Promise<[string, Observation]>;
} {
  let report: (tag: string, observation: Observation) => void = () => undefined;
  const first = new Promise<[string, Observation]>((resolve) => {
    report = (tag, observation) => resolve([tag, observation]);
  });
  return { report, first };
}

describe("a directive", () => {
  it("names the store", async (t: TestContext) => {
    const { stubs, stores } = await serve(t);
    const { stock } = stubs;
    await ask(stock.put.bind(stock), { key: "a", value: bytes("") }, directed({ store: "x" }));
    assert.deepEqual([stores.named("x").totals().items, stores.named("").totals().items], [1, 0]);
  });

  it("means nothing without conformance mode", async (t: TestContext) => {
    const { listener } = await serve(t, { director: undefined });
    const { stock } = stubsFor(t, listener);
    await ask(stock.inventory.bind(stock), {}, directed({ throw: true }));
  });

  it("that does not decode is refused, and so is one that asks for the impossible", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const { stock } = stubs;
    const metadata = new Metadata();
    metadata.set("stock-directive-bin", Buffer.from([0x0a, 0xff]));
    const bad = is(Code.INVALID_ARGUMENT, "bad directive");
    await assert.rejects(ask(stock.inventory.bind(stock), {}, metadata), bad);
    for (const directive of [
      { fail: { code: 0 } },
      { fail: { code: 17 } },
      { headers: { entries: [entry("no name", "")] } },
    ]) {
      await assert.rejects(ask(stock.inventory.bind(stock), {}, directed(directive)), bad);
    }
  });

  it("sends metadata with whatever status", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const directive = directed({
      headers: { entries: [entry("x-a", "1"), entry("x-a", "2"), entry("x-b-bin", "\xff")] },
      trailers: { entries: [entry("x-t", "2"), entry("x-t", "1")] },
      fail: { code: Code.ABORTED, message: "over", details: bytes("rich") },
    });
    const call = stubs.stock.monitor({ keyPrefix: "" }, directive);
    const headers = told<Metadata>(call, "metadata");
    const { code, details, metadata } = await statusOf(call);
    assert.deepEqual([code, details, metadata.get("x-t")], [Code.ABORTED, "over", ["2", "1"]]);
    assert.deepEqual(metadata.get("grpc-status-details-bin"), [bytes("rich")]);
    assert.deepEqual((await headers).get("x-a"), ["1", "2"]);
    assert.deepEqual((await headers).get("x-b-bin"), [bytes("\xff")]);
  });

  it("throws as a handler does: the peer is told nothing, the log where", async (t: TestContext) => {
    const { stubs, log } = await serve(t);
    const { stock } = stubs;
    const told = is(Code.INTERNAL, "the handler failed");
    await assert.rejects(ask(stock.inventory.bind(stock), {}, directed({ throw: true })), told);
    assert.match(log.join("\n"), /^handler failed: thrown for a directive at /);
  });

  it("ends a batch after some requests, which are stored", async (t: TestContext) => {
    const { stubs, stores } = await serve(t);
    const directive = directed({ fail: { code: Code.ABORTED, message: "enough", after: 2 } });
    const call = stubs.stock.batch(directive, () => undefined);
    for (let number = 0; number < 5; number += 1) {
      call.write({ key: `key ${number}`, value: bytes("") });
    }
    const { code, details } = await statusOf(call);
    assert.deepEqual([code, details, stores.named("").totals().items], [Code.ABORTED, "enough", 2]);
  });

  it("ends a trade after some fills, which arrive", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const call = stubs.stock.trade(directed({ fail: { code: Code.ABORTED, message: "enough", after: 3 } }));
    const fills: TradeFill[] = [];
    call.on("data", (fill: TradeFill) => fills.push(fill));
    for (let number = 0; number < 5; number += 1) {
      call.write({ type: 0, symbol: "acme", quantity: 1 });
    }
    assert.equal((await statusOf(call)).details, "enough");
    assert.equal(fills.length, 3);
  });
});

describe("an observation", () => {
  it("tells what the server saw of a call", async (t: TestContext) => {
    const { report, first } = observed();
    const { stubs } = await serve(t, {}, report);
    const { stock } = stubs;
    const metadata = directed({ tag: "put" });
    metadata.add("x-a", "1");
    await ask(stock.put.bind(stock), { key: "a", value: bytes("") }, metadata, {
      deadline: Date.now() + 60_000,
    });
    const [tag, observation] = await first;
    assert.equal(tag, "put");
    assert.deepEqual(
      [observation.messagesRead, observation.messagesSent, observation.cancelled],
      [1, 1, false],
    );
    assert.ok((observation.deadlineNs ?? 0n) > 50_000_000_000n);
    assert.ok(
      observation.metadata?.entries.some(({ name, value }) => name === "x-a" && value.equals(bytes("1"))),
    );
  });

  it("tells of a cancellation, which ends the delay", async (t: TestContext) => {
    const { report, first } = observed();
    const { stubs } = await serve(t, {}, report);
    const call = stubs.stock.trade(directed({ tag: "held", delayMs: 4_000_000_000, headersFirst: true }));
    call.on("error", () => undefined);
    await told(call, "metadata");
    call.cancel();
    const [, observation] = await first;
    assert.deepEqual([observation.cancelled, observation.messagesSent], [true, 0]);
    assert.equal(observation.deadlineNs, undefined);
  });

  it("tells a deadline from an end", async (t: TestContext) => {
    const { report, first } = observed();
    const { stubs } = await serve(t, {}, report);
    const { stock } = stubs;
    const call = ask(stock.inventory.bind(stock), {}, directed({ tag: "late", delayMs: 60_000 }), {
      deadline: Date.now() + 200,
    });
    await assert.rejects(call, (error: ServiceError) => error.code === Code.DEADLINE_EXCEEDED);
    assert.equal((await first)[1].cancelled, true);
  });
});
