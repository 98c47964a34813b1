// Writes events; what is ready together leaves in one write.

import type { Event } from "../../stock_grpc/proto/session.js";
import { type Log, reasonOf } from "../log.js";
import { encodeFrame } from "./frames.js";

/** Has events to write; it is asked once for each time it was queued. */
export interface Source {
  take(): Event[];
}

/** The stream of events to the runner. */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  readonly #log: Log;
  #queue: Source[] = [];

  constructor(stream: NodeJS.WritableStream, log: Log) {
    this.#stream = stream;
    this.#log = log;
    // The end of standard input ends the session.
    stream.on("error", (error) => log(`cannot write to the runner: ${reasonOf(error)}`));
  }

  /** Queues an event. */
  send(event: Event["event"]): void {
    this.push({ take: () => [{ event }] });
  }

  /** Queues a source, which is asked when everything that is ready now has been heard. */
  push(source: Source): void {
    if (this.#queue.length === 0) {
      setImmediate(() => this.flush());
    }
    this.#queue.push(source);
  }

  /** Writes what is queued; resolves when it has been written. */
  flush(): Promise<void> {
    const sources = this.#queue;
    this.#queue = [];
    const parts: Buffer[] = [];
    for (const event of sources.flatMap((source) => source.take())) {
      try {
        parts.push(...encodeFrame(event));
      } catch (error) {
        this.#log(`event lost: ${reasonOf(error)}`);
      }
    }
    return new Promise((resolve) => {
      this.#stream.write(Buffer.concat(parts), () => resolve());
    });
  }
}
