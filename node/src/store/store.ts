// What a Stock server knows: values under keys, positions of symbols, the subscribers to changes, and the
// clock that orders them. It knows nothing of gRPC.

import { type StoreEvent, Subscription } from "./subscription.js";
import { decide, type Fill, type Order } from "./trade.js";

/** The size of the longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/** A key, prefix or symbol breaks the key rule. */
export class InvalidKeyError extends Error {
  constructor() {
    super("invalid key: 1 to 1024 bytes of UTF-8 without NUL");
  }
}

/** A key has no value. */
export class KeyNotFoundError extends Error {
  constructor(key: string) {
    super(`key not found: ${key}`);
  }
}

/** Whether a key is 1 to MAX_KEY_BYTES bytes of UTF-8 without U+0000. */
export function isKey(key: string): boolean {
  return key !== "" && Buffer.byteLength(key) <= MAX_KEY_BYTES && key.isWellFormed() && !key.includes("\0");
}

/** Nanoseconds since the beginning of 1970. */
export type Clock = () => bigint;

const systemClock: Clock = () => BigInt(Date.now()) * 1_000_000n;

/**
 * One world of keys, positions and subscribers. It applies one change at a time and never waits.
 *
 * Values are kept and handed out without a copy: nobody may change their bytes afterwards.
 */
export class Store {
  readonly #now: Clock;
  #last = 0n;
  readonly #values = new Map<string, Buffer>();
  #bytes = 0;
  readonly #positions = new Map<string, number>();
  readonly #subscribers = new Set<Subscription>();

  constructor(now: Clock = systemClock) {
    this.#now = now;
  }

  /** The value of a key. Throws InvalidKeyError or KeyNotFoundError. */
  get(key: string): Buffer {
    const value = this.#values.get(checked(key));
    if (value === undefined) {
      throw new KeyNotFoundError(key);
    }
    return value;
  }

  /** Stores a value and publishes the change. Throws InvalidKeyError. */
  put(key: string, value: Buffer): void {
    this.#bytes += value.length - (this.#values.get(checked(key))?.length ?? 0);
    this.#values.set(key, value);
    this.#publish({ deleted: false, key, value, timestamp: this.#tick() });
  }

  /** Removes a key and publishes the change. Throws InvalidKeyError or KeyNotFoundError. */
  delete(key: string): void {
    this.#bytes -= this.get(key).length;
    this.#values.delete(key);
    this.#publish({ deleted: true, key, value: Buffer.alloc(0), timestamp: this.#tick() });
  }

  /** The number of keys and the bytes of their values. */
  totals(): { items: number; bytes: number } {
    return { items: this.#values.size, bytes: this.#bytes };
  }

  /** Carries out one order, or refuses it. It publishes nothing. */
  trade(order: Order): Fill {
    const { position, ...decided } = decide(
      order,
      this.#positions.get(order.symbol) ?? 0,
      isKey(order.symbol),
    );
    if (position !== undefined) {
      this.#positions.set(order.symbol, position);
    }
    return { ...decided, timestamp: this.#tick() };
  }

  /**
   * Delivers every change from now on whose key starts with the prefix, in order; the empty one stands for
   * all keys. Throws InvalidKeyError. The caller closes the subscription.
   */
  subscribe(prefix: string): Subscription {
    const subscription = new Subscription(prefix === "" ? prefix : checked(prefix), (ended) => {
      this.#subscribers.delete(ended);
    });
    this.#subscribers.add(subscription);
    return subscription;
  }

  /** How many subscriptions are open. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  #publish(event: StoreEvent): void {
    for (const subscription of this.#subscribers) {
      subscription.offer(event);
    }
  }

  /** The next reading of the clock, later than every one before it. */
  #tick(): bigint {
    const now = this.#now();
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last;
  }
}

function checked(key: string): string {
  if (!isKey(key)) {
    throw new InvalidKeyError();
  }
  return key;
}
