// Conformance mode: does to a call what the directive in its metadata says, without the handlers knowing.

import {
  status as Code,
  Metadata,
  type Responder,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServerListener,
  type ServerMethodDefinition,
} from "@grpc/grpc-js";
import { Directive, type Fail, type Observation } from "../../stock_grpc/proto/session.js";
import { StatusError, statusOf } from "../fault.js";
import { MAX_TIMER_MS } from "../grace.js";
import type { CallStatus, ConnectionInfo } from "../grpc.js";
import { addTo, toMetadata } from "../headers.js";
import type { Log } from "../log.js";
import { STORE } from "../service/handlers.js";
import type { Stores } from "../store/stores.js";
import { Observer } from "./observe.js";

const METADATA_KEY = "stock-directive-bin";
const DETAILS_KEY = "grpc-status-details-bin";

/** Told of a call with a tagged directive when that has ended for the server. */
export type Report = (tag: string, observation: Observation) => void;

/** The TLS version of the connection from a peer. */
export type TlsVersion = (peer: ConnectionInfo) => string;

// biome-ignore lint/suspicious/noExplicitAny: it is grpc-js' type of any method
type Method = ServerMethodDefinition<any, any>;

/** Obeys directives. */
export class Director {
  readonly stores: Stores;
  readonly log: Log;
  readonly report: Report | undefined;

  constructor(stores: Stores, log: Log, report?: Report) {
    this.stores = stores;
    this.log = log;
    this.report = report;
  }

  /** The interceptor of all calls of a listener. */
  interceptor(tlsVersion: TlsVersion): ServerInterceptor {
    return (method, call) => new DirectedCall(this, method, call, tlsVersion).call;
  }
}

/** One call, which may be under a directive. */
class DirectedCall {
  readonly call: ServerInterceptingCall;
  readonly #director: Director;
  readonly #method: Method;
  readonly #inner: ServerInterceptingCallInterface;
  readonly #tlsVersion: TlsVersion;
  #directive: Directive | undefined;
  #observer: Observer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #headersSent = false;
  #ended = false;
  #read = 0;
  #sent = 0;

  constructor(
    director: Director,
    method: Method,
    inner: ServerInterceptingCallInterface,
    tlsVersion: TlsVersion,
  ) {
    this.#director = director;
    this.#method = method;
    this.#inner = inner;
    this.#tlsVersion = tlsVersion;
    this.call = new ServerInterceptingCall(inner, this.#responder());
  }

  #responder(): Responder {
    return {
      start: (next) => next(this.#listener()),
      sendMetadata: (metadata, next) => {
        this.#headersSent = true;
        next(addTo(metadata, this.#directive?.headers));
      },
      sendMessage: (message, next) => {
        if (this.#ended) {
          return;
        }
        next(message);
        this.#sent += 1;
        this.#observer?.sent();
        if (this.#method.responseStream) {
          this.#failAfter(this.#sent);
        }
      },
      sendStatus: (status, next) => {
        if (!this.#ended) {
          this.#ended = true;
          next(this.#withTrailers(status));
        }
      },
    };
  }

  #listener(): ServerListener {
    return {
      onReceiveMetadata: (metadata, next) => this.#begin(metadata, () => next(metadata)),
      onReceiveMessage: (message, next) => {
        if (this.#isFull()) {
          return;
        }
        this.#read += 1;
        this.#observer?.read();
        next(message);
        if (this.#isFull()) {
          // When the handler has done with it.
          setImmediate(() => this.#failAfter(this.#read));
        }
      },
      onReceiveHalfClose: (next) => {
        if (!this.#isFull()) {
          next();
        }
      },
      onCancel: () => {
        clearTimeout(this.#timer);
        this.#observer?.ended(!this.#ended);
        this.#ended = true;
      },
    };
  }

  /** Does what a directive asks for before the handler, and lets the handler begin. */
  #begin(metadata: Metadata, proceed: () => void): void {
    const [value] = metadata.get(METADATA_KEY);
    if (value === undefined) {
      proceed();
      return;
    }
    const directive = decode(value);
    if (directive === undefined) {
      this.call.sendStatus({ code: Code.INVALID_ARGUMENT, details: "bad directive" });
      return;
    }
    this.#directive = directive;
    const { report } = this.#director;
    if (directive.tag !== "" && report !== undefined) {
      this.#observer = new Observer(this.#inner, metadata, this.#tlsVersion, (observation) =>
        report(directive.tag, observation),
      );
    }
    if (directive.headersFirst) {
      this.call.sendMetadata(new Metadata());
    }
    const handle = (): void => this.#handle(directive, metadata, proceed);
    if (directive.delayMs === 0) {
      handle();
    } else {
      this.#timer = setTimeout(handle, Math.min(directive.delayMs, MAX_TIMER_MS));
    }
  }

  #handle(directive: Directive, metadata: Metadata, proceed: () => void): void {
    try {
      if (directive.throw) {
        throw new Error("thrown for a directive");
      }
      const { fail } = directive;
      if (fail !== undefined && (fail.after === 0 || this.#isUnary)) {
        throw new StatusError(fail.code, fail.message);
      }
    } catch (error) {
      this.call.sendStatus(statusOf(error, this.#director.log));
      return;
    }
    metadata.setOpaque(STORE, this.#director.stores.named(directive.store));
    proceed();
  }

  get #isUnary(): boolean {
    return !this.#method.requestStream && !this.#method.responseStream;
  }

  /** Whether the handler has read as many requests as it may before the call fails. */
  #isFull(): boolean {
    const after = this.#directive?.fail?.after;
    return after !== undefined && !this.#method.responseStream && !this.#isUnary && this.#read >= after;
  }

  #failAfter(count: number): void {
    const fail = this.#directive?.fail;
    if (fail !== undefined && count >= fail.after) {
      this.call.sendStatus({ code: fail.code, details: fail.message });
    }
  }

  /** A status with the directive's trailers, after initial metadata where the directive has some. */
  #withTrailers(status: CallStatus): CallStatus {
    const directive = this.#directive;
    if (directive === undefined) {
      return status;
    }
    if (!this.#headersSent && (directive.headers?.entries.length ?? 0) > 0) {
      this.call.sendMetadata(new Metadata());
    }
    const trailers = addTo(status.metadata?.clone() ?? new Metadata(), directive.trailers);
    if (directive.fail !== undefined && directive.fail.details.length > 0 && isOf(status, directive.fail)) {
      trailers.set(DETAILS_KEY, directive.fail.details);
    }
    return { ...status, metadata: trailers };
  }
}

function isOf(status: CallStatus, fail: Fail): boolean {
  return status.code === fail.code && status.details === fail.message;
}

/** The directive in a value of metadata; undefined for what is none. */
function decode(value: string | Buffer): Directive | undefined {
  let directive: Directive;
  try {
    directive = Directive.decode(Buffer.from(value));
    // Throw where grpc-js would when they are sent.
    toMetadata(directive.headers);
    toMetadata(directive.trailers);
  } catch {
    return undefined;
  }
  const code = directive.fail?.code;
  return code !== undefined && (code < 1 || code > 16) ? undefined : directive;
}
