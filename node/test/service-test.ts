import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { status as Code, Metadata, type ServiceError } from "@grpc/grpc-js";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../../tools/node/admin_grpc/grpc/health/v1/health.js";
import {
  ServerReflectionClient,
  type ServerReflectionResponse,
} from "../../tools/node/admin_grpc/grpc/reflection/v1/reflection.js";
import type {
  BatchSummary,
  TradeOrder_OrderType as OrderType,
  TradeFill,
  WatchEvent,
} from "../stock_grpc/proto/stock.js";
import { ask, serve, statusOf, told } from "./peers.js";

const bytes = (text: string): Buffer => Buffer.from(text);
const fails = (code: Code, details: string) => (error: ServiceError) =>
  error.code === code && error.details === details;

describe("unary methods", () => {
  it("put, get, delete and count, through Stock and KV alike", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const { stock, kv } = stubs;
    await ask(stock.put.bind(stock), { key: "a", value: bytes("1") });
    await ask(kv.put.bind(kv), { key: "b", value: bytes("22") });
    assert.deepEqual((await ask(kv.get.bind(kv), { key: "a" })).value, bytes("1"));
    assert.deepEqual((await ask(stock.get.bind(stock), { key: "b" })).value, bytes("22"));
    await ask(stock.delete.bind(stock), { key: "a" });
    const status = await ask(stock.inventory.bind(stock), {});
    assert.deepEqual([status.totalItems, status.totalBytes], [1n, 2n]);
    assert.equal(status.metadata.security, "plaintext");
    assert.equal(status.metadata.language, "node");
  });

  it("say what is wrong with a key", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const { stock, kv } = stubs;
    const invalid = fails(Code.INVALID_ARGUMENT, "invalid key: 1 to 1024 bytes of UTF-8 without NUL");
    await assert.rejects(ask(stock.put.bind(stock), { key: "", value: bytes("") }), invalid);
    await assert.rejects(ask(kv.get.bind(kv), { key: "\0" }), invalid);
    await assert.rejects(ask(stock.get.bind(stock), { key: "k" }), fails(Code.NOT_FOUND, "key not found: k"));
    await assert.rejects(
      ask(stock.delete.bind(stock), { key: "k" }),
      fails(Code.NOT_FOUND, "key not found: k"),
    );
  });

  it("refuse a string that is not UTF-8", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const { stock } = stubs;
    const call = new Promise((_resolve, reject) => {
      stock.makeUnaryRequest(
        "/tofusoup.stock.Stock/Get",
        () => Buffer.from([0x0a, 0x01, 0xff]),
        (response) => response,
        {},
        (error) => reject(error),
      );
    });
    await assert.rejects(call, (error: ServiceError) => error.code === Code.INTERNAL);
  });

  it("of a message over the limit are RESOURCE_EXHAUSTED", async (t: TestContext) => {
    const { stubs } = await serve(t, { maxReceiveBytes: 100 });
    const { stock } = stubs;
    await assert.rejects(
      ask(stock.put.bind(stock), { key: "k", value: Buffer.alloc(100) }),
      (error: ServiceError) => error.code === Code.RESOURCE_EXHAUSTED,
    );
  });

  it("are counted for request metadata", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const { stock } = stubs;
    const metadata = new Metadata();
    metadata.set("x-large", "v".repeat(16 << 10));
    await assert.rejects(
      ask(stock.inventory.bind(stock), {}, metadata),
      (error: ServiceError) => error.code === Code.RESOURCE_EXHAUSTED,
    );
  });
});

describe("Monitor", () => {
  it("sends initial metadata at once, then the changes", async (t: TestContext) => {
    const { stubs, stores } = await serve(t);
    const call = stubs.stock.monitor({ keyPrefix: "a" });
    call.on("error", () => undefined);
    await told(call, "metadata");
    stores.named("").put("b", bytes(""));
    stores.named("").put("ab", bytes("1"));
    const event = await told<WatchEvent>(call, "data");
    assert.deepEqual([event.key, event.value], ["ab", bytes("1")]);
    call.cancel();
    assert.equal((await statusOf(call)).code, Code.CANCELLED);
  });

  it("forgets a subscriber that is gone", async (t: TestContext) => {
    const { stubs, stores } = await serve(t);
    const call = stubs.stock.monitor({ keyPrefix: "" });
    call.on("error", () => undefined);
    await told(call, "metadata");
    assert.equal(stores.named("").subscribers, 1);
    call.cancel();
    // Answered after the cancellation, on the same connection.
    await ask(stubs.stock.inventory.bind(stubs.stock), {});
    assert.equal(stores.named("").subscribers, 0);
  });

  it("ends with the drain", async (t: TestContext) => {
    const { stubs, listener } = await serve(t);
    const call = stubs.stock.monitor({ keyPrefix: "" });
    await told(call, "metadata");
    const status = statusOf(call);
    await listener.drain(5000);
    const { code, details } = await status;
    assert.deepEqual([code, details], [Code.UNAVAILABLE, "server shutting down"]);
  });
});

describe("streams of requests", () => {
  it("Batch stores what it can", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const summary = await new Promise<BatchSummary>((resolve, reject) => {
      const call = stubs.stock.batch((error, response) =>
        error === null ? resolve(response) : reject(error),
      );
      call.write({ key: "a", value: bytes("12") });
      call.write({ key: "", value: bytes("lost") });
      call.end({ key: "a", value: bytes("3") });
    });
    assert.deepEqual(summary, { totalItems: 3, successful: 2, failed: 1, bytesWritten: 3n });
  });

  it("Trade fills each order before the next", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const call = stubs.stock.trade();
    call.write({ type: 0, symbol: "acme", quantity: 5 });
    const bought = await told<TradeFill>(call, "data");
    assert.deepEqual([bought.success, bought.quantityFilled, bought.message], [true, 5, "bought"]);
    call.write({ type: 9 as OrderType, symbol: "acme", quantity: 5 });
    const rejected = await told<TradeFill>(call, "data");
    assert.deepEqual([rejected.success, rejected.message], [false, "unknown order type: 9"]);
    const status = statusOf(call);
    call.end();
    assert.equal((await status).code, Code.OK);
  });
});

describe("health", () => {
  it("is told of the server and its services, until the drain", async (t: TestContext) => {
    const { stubs, listener } = await serve(t);
    const { health } = stubs;
    for (const service of ["", "tofusoup.stock.Stock", "proto.KV"]) {
      assert.equal((await ask(health.check.bind(health), { service })).status, ServingStatus.SERVING);
    }
    await assert.rejects(
      ask(health.check.bind(health), { service: "absent" }),
      (error: ServiceError) => error.code === Code.NOT_FOUND,
    );
    const watch = health.watch({ service: "" });
    const told: ServingStatus[] = [];
    watch.on("data", ({ status }) => told.push(status));
    const status = statusOf(watch);
    await new Promise((resolve) => watch.once("data", resolve));
    await listener.drain(5000);
    assert.equal((await status).code, Code.UNAVAILABLE);
    assert.deepEqual(told, [ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
  });

  it("of an unknown service is watched all the same", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const watch = stubs.health.watch({ service: "absent" });
    watch.on("error", () => undefined);
    assert.deepEqual(await told(watch, "data"), { status: ServingStatus.SERVICE_UNKNOWN });
    watch.cancel();
  });
});

describe("reflection", () => {
  it("lists services and finds files by symbols", async (t: TestContext) => {
    const { stubs } = await serve(t);
    const client = new ServerReflectionClient("dns:unused", undefined as never, {
      channelOverride: stubs.stock.getChannel(),
    });
    const call = client.serverReflectionInfo();
    const answers = async (messageRequest: object): Promise<ServerReflectionResponse["messageResponse"]> => {
      call.write({ host: "", messageRequest } as never);
      return (await told<ServerReflectionResponse>(call, "data")).messageResponse;
    };
    const listed = await answers({ $case: "listServices", value: "" });
    assert.ok(listed?.$case === "listServicesResponse");
    assert.equal(listed.value.service.length, 5);
    const found = await answers({ $case: "fileContainingSymbol", value: "tofusoup.stock.Stock.Monitor" });
    assert.ok(found?.$case === "fileDescriptorResponse");
    assert.ok(found.value.fileDescriptorProto[0]?.includes("WatchRequest"));
    const none = await answers({ $case: "fileByFilename", value: "none.proto" });
    assert.ok(none?.$case === "errorResponse");
    assert.equal(none.value.errorCode, Code.NOT_FOUND);
    const status = statusOf(call);
    call.end();
    assert.equal((await status).code, Code.OK);
  });
});
