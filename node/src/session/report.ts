// Collects what a call's library gave until the output writes it.

import type { Metadata, StatusObject } from "@grpc/grpc-js";
import type { Event, Events, Response, Status } from "../../stock_grpc/proto/session.js";
import { fromMetadata } from "../headers.js";
import type { Output, Source } from "./output.js";

const DETAILS_KEY = "grpc-status-details-bin";

/** The most responses that travel in one frame: far fewer than make one too large, as a rule. */
const FRAME_RESPONSES = 64;
/** The size of values at which a call's frame is full and the next one begins. */
const FRAME_BYTES = 1 << 20;

/** The source of a call's frames. */
export class Report implements Source {
  readonly #call: number;
  readonly #output: Output;
  readonly #started = process.hrtime.bigint();
  #frames: Events[] = [];
  #bytes = 0;

  constructor(call: number, output: Output) {
    this.#call = call;
    this.#output = output;
  }

  /** Adds the initial metadata. */
  headers(metadata: Metadata): void {
    this.#frame().headers = fromMetadata(metadata);
  }

  /** Adds a response. */
  response(response: Response): void {
    const { responses } = this.#frame();
    responses.push(response);
    this.#bytes += valueBytes(response);
  }

  /** Adds how the call ended. */
  status(status: StatusObject, unsent: number): void {
    this.#frame().status = statusOf(status, unsent);
  }

  take(): Event[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames.map((value) => ({ event: { $case: "events", value } }));
  }

  /** The frame that the next thing belongs to, with the time set. */
  #frame(): Events {
    let last = this.#frames.at(-1);
    if (last === undefined) {
      this.#output.push(this);
    }
    if (last === undefined || last.responses.length >= FRAME_RESPONSES || this.#bytes >= FRAME_BYTES) {
      last = { call: this.#call, headers: undefined, responses: [], status: undefined, atNs: 0n };
      this.#bytes = 0;
      this.#frames.push(last);
    }
    last.atNs = process.hrtime.bigint() - this.#started;
    return last;
  }
}

function valueBytes({ response }: Response): number {
  return response !== undefined && "value" in response.value ? response.value.value.length : 0;
}

function statusOf({ code, details, metadata }: StatusObject, unsent: number): Status {
  const [rich] = metadata.get(DETAILS_KEY);
  return {
    code,
    message: details,
    trailers: fromMetadata(metadata),
    details: rich === undefined ? Buffer.alloc(0) : Buffer.from(rich),
    unsent,
  };
}
