import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidKeyError, isKey, KeyNotFoundError, Store } from "../src/store/store.js";
import { Stores } from "../src/store/stores.js";
import { QUEUE_SIZE, type StoreEvent, type Subscription } from "../src/store/subscription.js";

const bytes = (text: string): Buffer => Buffer.from(text);

/** What is queued for a subscription that has ended or is closed by then. */
async function drained(subscription: Subscription): Promise<StoreEvent[]> {
  const events: StoreEvent[] = [];
  for await (const event of subscription) {
    events.push(event);
  }
  return events;
}

describe("keys", () => {
  for (const key of [
    "a",
    " ",
    "/",
    "..",
    "*",
    "__proto__",
    "constructor",
    "🦊",
    "é",
    "e\u0301",
    "k".repeat(1024),
  ]) {
    it(`may be ${JSON.stringify(key.slice(0, 20))}`, () => assert.ok(isKey(key)));
  }
  for (const key of ["", "a\0b", "k".repeat(1025), "é".repeat(513), "\ud800"]) {
    it(`may not be ${JSON.stringify(key.slice(0, 20))}`, () => {
      assert.ok(!isKey(key));
      const store = new Store();
      assert.throws(() => store.put(key, bytes("v")), InvalidKeyError);
      assert.throws(() => store.get(key), InvalidKeyError);
      assert.throws(() => store.delete(key), InvalidKeyError);
      assert.deepEqual(store.totals(), { items: 0, bytes: 0 });
    });
  }
});

describe("values", () => {
  it("are kept, replaced and removed, and counted", () => {
    const store = new Store();
    store.put("a", bytes("1"));
    store.put("__proto__", bytes("22"));
    store.put("a", bytes("333"));
    assert.deepEqual(store.get("a"), bytes("333"));
    assert.deepEqual(store.totals(), { items: 2, bytes: 5 });
    store.delete("a");
    assert.throws(() => store.get("a"), new KeyNotFoundError("a"));
    assert.throws(() => store.delete("a"), { message: "key not found: a" });
    assert.deepEqual(store.totals(), { items: 1, bytes: 2 });
  });
});

describe("the clock", () => {
  it("never stands still, whatever the time does", async () => {
    const readings = [5n, 5n, 3n, 9n];
    const store = new Store(() => readings.shift() ?? 0n);
    const subscription = store.subscribe("");
    store.put("a", bytes(""));
    store.put("a", bytes(""));
    assert.equal(store.trade({ kind: 2, symbol: "s", quantity: 0 }).timestamp, 7n);
    store.delete("a");
    store.put("b", bytes(""));
    const ticks: bigint[] = [];
    for await (const { timestamp } of subscription) {
      ticks.push(timestamp);
      if (ticks.length === 4) {
        subscription.close();
      }
    }
    assert.deepEqual(ticks, [5n, 6n, 9n, 10n]);
  });
});

describe("a subscription", () => {
  it("is told of changes from then on to keys with the prefix", async () => {
    const store = new Store();
    store.put("a", bytes("before"));
    const subscription = store.subscribe("a");
    store.put("b", bytes("other"));
    store.put("a/b", bytes("1"));
    store.delete("a");
    const events = subscription[Symbol.asyncIterator]();
    const put = (await events.next()).value as StoreEvent;
    const deleted = (await events.next()).value as StoreEvent;
    assert.deepEqual([put.deleted, put.key, put.value], [false, "a/b", bytes("1")]);
    assert.deepEqual([deleted.deleted, deleted.key, deleted.value], [true, "a", bytes("")]);
  });

  it("wakes who waits for it, and ends when it is closed", async () => {
    const store = new Store();
    const subscription = store.subscribe("");
    const waiting = drained(subscription);
    store.put("a", bytes("1"));
    await Promise.resolve();
    setImmediate(() => subscription.close());
    assert.equal((await waiting).length, 1);
    assert.equal(store.subscribers, 0);
    assert.ok(!subscription.overflowed);
  });

  it("ends with the event that finds its queue full, after what is queued", async () => {
    const store = new Store();
    const subscription = store.subscribe("");
    for (let number = 0; number <= QUEUE_SIZE + 5; number += 1) {
      store.put(`key ${number}`, bytes(""));
    }
    const events = await drained(subscription);
    assert.equal(events.length, QUEUE_SIZE);
    assert.equal(events.at(-1)?.key, `key ${QUEUE_SIZE - 1}`);
    assert.ok(subscription.overflowed);
    assert.equal(store.subscribers, 0);
  });

  it("needs a prefix that is empty or a key", () => {
    assert.throws(() => new Store().subscribe("a\0"), InvalidKeyError);
  });
});

describe("an order", () => {
  const most = 2 ** 31 - 1;
  const rows: [string, [number, string, number], [boolean, number, string]][] = [
    ["buys", [0, "acme", 5], [true, 5, "bought"]],
    ["is rejected without a symbol", [7, "", 0], [false, 0, "invalid symbol"]],
    ["is rejected for its type before its quantity", [7, "acme", 0], [false, 0, "unknown order type: 7"]],
    ["asks whatever its quantity", [2, "acme", -1], [true, 5, "position"]],
    ["is rejected without a quantity", [0, "acme", 0], [false, 0, "quantity must be positive"]],
    ["is rejected for a negative quantity", [1, "acme", -3], [false, 0, "quantity must be positive"]],
    ["buys no more than fits", [0, "acme", most - 4], [false, 0, "position limit"]],
    ["buys up to the limit", [0, "acme", most - 5], [true, most - 5, "bought"]],
    ["sells", [1, "acme", most - 3], [true, most - 3, "sold"]],
    ["sells no more than there is", [1, "acme", 4], [false, 0, "insufficient position: have 3, want 4"]],
    ["of another symbol has its own position", [2, "other", 0], [true, 0, "position"]],
  ];
  const store = new Store();
  for (const [name, [kind, symbol, quantity], expected] of rows) {
    it(name, () => {
      const fill = store.trade({ kind, symbol, quantity });
      assert.deepEqual([fill.done, fill.quantity, fill.message], expected);
    });
  }

  it("is no key and no event", () => {
    const subscription = store.subscribe("");
    store.trade({ kind: 0, symbol: "acme", quantity: 1 });
    assert.deepEqual(store.totals(), { items: 0, bytes: 0 });
    subscription.close();
  });
});

describe("stores", () => {
  it("are made when they are named and dropped when they are forgotten, but for the default one", () => {
    const stores = new Stores();
    stores.named("").put("a", bytes("1"));
    stores.named("x").put("a", bytes("1"));
    stores.forget(["", "x", "never"]);
    assert.equal(stores.named("").totals().items, 1);
    assert.equal(stores.named("x").totals().items, 0);
  });
});
