// Running calls, as commands reach them.

import { type CallOptions, status as Code, type Metadata, type StatusObject } from "@grpc/grpc-js";
import type { Request, Response, Start } from "../../stock_grpc/proto/session.js";
import type { Stubs } from "../calls.js";
import type { Method, Stream } from "./methods.js";
import type { Report } from "./report.js";
import { CommandError } from "./session.js";

const halfClosed = (): CommandError => new CommandError("call: its requests have ended");

/** A running call. */
export interface Call {
  send(requests: readonly Request[]): void;
  halfClose(): void;
  receive(credit: number): void;
  cancel(): void;
}

/** How a call is begun. */
export interface Beginning {
  readonly stubs: Stubs;
  readonly start: Start;
  readonly metadata: Metadata;
  readonly options: CallOptions;
  readonly report: Report;
  /** Called once, before the status is reported. */
  readonly onEnd: () => void;
}

/** The message in a request. Throws CommandError for one that a method does not take. */
export function messageOf({ request }: Request, method: Method): unknown {
  if (request?.$case !== method.accepts) {
    throw new CommandError("requests: one is not of the rpc's type");
  }
  return request.value;
}

/** Begins a unary call. */
export function startUnary(method: Method & { kind: "unary" }, beginning: Beginning, message: unknown): Call {
  const { stubs, metadata, options, report, onEnd } = beginning;
  let headers: Metadata | undefined;
  let response: Response | undefined;
  const call = method.call(stubs, message, metadata, options, (error, given) => {
    response = error === null ? given : undefined;
  });
  call.on("metadata", (received) => {
    headers = received;
  });
  call.on("status", (status) => {
    onEnd();
    if (headers !== undefined) {
      report.headers(headers);
    }
    if (response !== undefined) {
      report.response(response);
    }
    report.status(response === undefined ? unanswered(status) : status, 0);
  });
  return {
    send() {
      throw halfClosed();
    },
    halfClose() {
      throw halfClosed();
    },
    receive() {
      // The one response needs no credit.
    },
    cancel: () => cancelSoon(call),
  };
}

/** What the callback says of a call that ended well without a response. */
function unanswered(status: StatusObject): StatusObject {
  return status.code === Code.OK
    ? { ...status, code: Code.UNIMPLEMENTED, details: "No message received" }
    : status;
}

/** A call with a stream. */
export class StreamCall implements Call {
  readonly #method: Method;
  readonly #report: Report;
  readonly #onEnd: () => void;
  readonly #stream: Stream;
  /** Not yet handed to the library. */
  #requests: unknown[] = [];
  #closed: boolean;
  #writable = true;
  /** Responses that may still be read. */
  #credit: number;
  #status: StatusObject | undefined;
  #finished = false;

  constructor(method: Method & { kind: "stream" }, beginning: Beginning, messages: readonly unknown[]) {
    const { stubs, start, metadata, options, report, onEnd } = beginning;
    this.#method = method;
    this.#report = report;
    this.#onEnd = onEnd;
    this.#closed = start.halfClose || !method.sends;
    this.#credit = start.credit === 0 ? Number.POSITIVE_INFINITY : start.credit;
    this.#stream = method.open(stubs, messages[0], metadata, options, (error, response) => {
      if (error === null && !this.#finished) {
        this.#report.response(this.#stream.wrap(response));
      }
    });
    this.#listen();
    if (method.sends) {
      this.#requests.push(...messages);
      this.#write();
    }
  }

  send(requests: readonly Request[]): void {
    if (this.#closed) {
      throw halfClosed();
    }
    this.#requests.push(...requests.map((request) => messageOf(request, this.#method)));
    this.#write();
  }

  halfClose(): void {
    if (this.#closed) {
      throw halfClosed();
    }
    this.#closed = true;
    this.#write();
  }

  receive(credit: number): void {
    this.#credit = credit === 0 ? Number.POSITIVE_INFINITY : this.#credit + credit;
    this.#stream.readable?.resume();
  }

  cancel(): void {
    cancelSoon(this.#stream.call);
  }

  #listen(): void {
    const { call, readable, writable } = this.#stream;
    call.on("metadata", (metadata: Metadata) => {
      // A call that has ended here may still hear from its server.
      if (!this.#finished) {
        this.#report.headers(metadata);
      }
    });
    call.on("status", (status: StatusObject) => {
      this.#status = status;
      // A call that ended here delivers nothing more; one that its server ended first gives what it sent.
      if (readable === undefined || readable.readableEnded || isOwn(status)) {
        this.#finish();
      }
    });
    // The status tells.
    call.on("error", () => undefined);
    readable?.on("data", (message: unknown) => this.#receive(message));
    readable?.on("end", () => this.#finish());
    writable?.on("drain", () => {
      this.#writable = true;
      this.#write();
    });
  }

  #receive(message: unknown): void {
    if (this.#finished) {
      return;
    }
    this.#report.response(this.#stream.wrap(message));
    this.#credit -= 1;
    if (this.#credit <= 0) {
      this.#stream.readable?.pause();
    }
  }

  /** Hands requests to the library as long as it takes them. */
  #write(): void {
    const { writable } = this.#stream;
    if (writable === undefined || this.#finished) {
      return;
    }
    while (this.#writable && this.#requests.length > 0) {
      this.#writable = writable.write(this.#requests.shift());
    }
    if (this.#closed && this.#requests.length === 0 && !writable.writableEnded) {
      writable.end();
    }
  }

  #finish(): void {
    if (this.#finished || this.#status === undefined) {
      return;
    }
    this.#finished = true;
    this.#onEnd();
    this.#report.status(this.#status, this.#requests.length);
    this.#stream.readable?.resume();
  }
}

/** Cancels a call in the loop's next turn: one that is cancelled in the turn of its start is sent all the same, and stays. */
function cancelSoon(call: { cancel(): void }): void {
  setImmediate(() => call.cancel());
}

/** Whether a status is of the kind that a client gives itself. */
function isOwn({ code }: StatusObject): boolean {
  return code === Code.CANCELLED || code === Code.DEADLINE_EXCEEDED;
}
