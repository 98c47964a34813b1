// A runner for tests of sessions: frames over streams of this process, or of a program.

import { PassThrough } from "node:stream";
import { Command, Event } from "../stock_grpc/proto/session.js";

type CommandUnion = NonNullable<Command["command"]>;
type EventUnion = NonNullable<Event["event"]>;
type Case<Name> = Extract<EventUnion, { $case: Name }>["value"];

/** Drives a session over two streams. */
export class Runner {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly #events: EventUnion[] = [];
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #id = 0;

  constructor() {
    this.output.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  /** Sends a command; returns its id. */
  send(command: CommandUnion): number {
    this.#id += 1;
    this.input.write(frame(Command.encode({ id: this.#id, command }).finish()));
    return this.#id;
  }

  /** The next event, which is of the kind expected. */
  async next<Name extends EventUnion["$case"]>(name: Name): Promise<Case<Name>> {
    while (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const event = this.#events.shift();
    if (event?.$case !== name) {
      throw new Error(
        `expected ${name}, got ${event?.$case} ${event?.$case === "failure" ? event.value.reason : ""}`,
      );
    }
    return event.value as Case<Name>;
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4 && this.#received.length >= 4 + this.#received.readUInt32BE()) {
      const end = 4 + this.#received.readUInt32BE();
      const { event } = Event.decode(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
      if (event !== undefined) {
        this.#events.push(event);
      }
    }
    this.#wake();
  }
}

/** A frame around a body. */
export function frame(body: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}
