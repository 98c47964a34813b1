// Who is told of a store's changes, and how many of them wait for one who is slow.

/** The number of events that wait for a subscriber before it counts as too slow. */
export const QUEUE_SIZE = 1024;

/** One committed change. */
export interface StoreEvent {
  /** Whether the key was removed, not given a value. */
  readonly deleted: boolean;
  readonly key: string;
  readonly value: Buffer;
  /** Unix nanoseconds, strictly increasing within a store. */
  readonly timestamp: bigint;
}

/**
 * The changes of a store to the keys with a prefix: iterate over it, once. The iteration ends when the
 * subscription is closed, and, after what was queued, with the event that found the queue full.
 */
export class Subscription implements AsyncIterable<StoreEvent> {
  readonly #prefix: string;
  readonly #onEnd: (ended: Subscription) => void;
  readonly #queue: StoreEvent[] = [];
  #ended = false;
  #overflowed = false;
  #wake: (() => void) | undefined;

  constructor(prefix: string, onEnd: (ended: Subscription) => void) {
    this.#prefix = prefix;
    this.#onEnd = onEnd;
  }

  /** Whether an event found the queue full. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Queues an event, if it is of a key with the prefix. */
  offer(event: StoreEvent): void {
    if (!event.key.startsWith(this.#prefix)) {
      return;
    }
    if (this.#queue.length < QUEUE_SIZE) {
      this.#queue.push(event);
      this.#wake?.();
    } else {
      this.#overflowed = true;
      this.#end();
    }
  }

  /** Ends the delivery; what is queued is dropped. It may be called more than once. */
  close(): void {
    this.#queue.length = 0;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#onEnd(this);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StoreEvent, void> {
    for (;;) {
      const event = this.#queue.shift();
      if (event !== undefined) {
        yield event;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
