// From plain functions to grpc-js' handlers: what they throw becomes a status, and streams obey
// backpressure, cancellation and the drain.

import { setMaxListeners } from "node:events";
import type { Writable } from "node:stream";
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
} from "@grpc/grpc-js";
import { shuttingDown, statusOf } from "../fault.js";
import type { Log } from "../log.js";
import type { Store } from "../store/store.js";
import type { Stores } from "../store/stores.js";

/** Metadata's opaque data of this name is the store that a call works on instead of the default one. */
export const STORE = "stock.store";

/** What handlers need of the server they are in. */
export interface Surroundings {
  readonly stores: Stores;
  /** Aborted when the server drains. */
  readonly draining: AbortSignal;
  readonly log: Log;
}

/** Reads the requests of a client stream, then gives the response. */
export interface Reader<Request, Response> {
  read(request: Request): void;
  end(): Response;
}

/** Makes grpc-js' handlers. */
export class Handlers {
  readonly #stores: Stores;
  readonly #draining: AbortSignal;
  readonly #log: Log;

  constructor({ stores, draining, log }: Surroundings) {
    this.#stores = stores;
    this.#draining = draining;
    this.#log = log;
    setMaxListeners(0, draining);
  }

  /** A unary method. */
  unary<Request, Response>(
    handle: (request: Request, store: Store) => Response,
  ): handleUnaryCall<Request, Response> {
    return (call, respond) => {
      let response: Response;
      try {
        response = handle(call.request, this.#storeOf(call.metadata));
      } catch (error) {
        respond(statusOf(error, this.#log));
        return;
      }
      respond(null, response);
    };
  }

  /**
   * A server stream. Initial metadata is sent when the function has returned; what it returns ends when its
   * signal is aborted, by the caller or by the drain.
   */
  serverStream<Request, Response>(
    handle: (request: Request, store: Store, ending: AbortSignal) => AsyncIterable<Response>,
  ): handleServerStreamingCall<Request, Response> {
    return async (call) => {
      const ending = new AbortController();
      const drain = (): void => ending.abort(shuttingDown());
      call.once("cancelled", () => ending.abort());
      this.#draining.addEventListener("abort", drain, { once: true });
      try {
        if (this.#draining.aborted) {
          throw shuttingDown();
        }
        const responses = handle(call.request, this.#storeOf(call.metadata), ending.signal);
        call.sendMetadata(new Metadata());
        for await (const response of responses) {
          if (!call.write(response)) {
            await writable(call);
          }
        }
        call.end();
      } catch (error) {
        if (!call.cancelled) {
          call.emit("error", statusOf(error, this.#log));
        }
      } finally {
        this.#draining.removeEventListener("abort", drain);
      }
    };
  }

  /** A client stream. */
  clientStream<Request, Response>(
    handle: (store: Store) => Reader<Request, Response>,
  ): handleClientStreamingCall<Request, Response> {
    return (call, respond) => {
      const reader = handle(this.#storeOf(call.metadata));
      const guarded = (step: () => void): void => {
        try {
          step();
        } catch (error) {
          respond(statusOf(error, this.#log));
          call.pause();
        }
      };
      // Not iterated: what has arrived before a cancellation would be lost to it.
      call.on("data", (request: Request) => guarded(() => reader.read(request)));
      call.on("end", () => guarded(() => respond(null, reader.end())));
    };
  }

  /** A bidirectional stream with a response for each request, which may be ended by the drain. */
  answers<Request, Response>(
    answer: (request: Request, store: Store) => Response,
    { endsAtDrain }: { endsAtDrain: boolean },
  ): handleBidiStreamingCall<Request, Response> {
    return (call) => {
      const store = this.#storeOf(call.metadata);
      const fail = (error: unknown): void => {
        call.pause();
        call.emit("error", statusOf(error, this.#log));
      };
      call.on("data", (request: Request) => {
        try {
          if (!call.write(answer(request, store))) {
            call.pause();
          }
        } catch (error) {
          fail(error);
        }
      });
      call.on("drain", () => call.resume());
      call.on("end", () => call.end());
      if (endsAtDrain) {
        const drain = (): void => fail(shuttingDown());
        this.#draining.addEventListener("abort", drain, { once: true });
        call.once("cancelled", () => this.#draining.removeEventListener("abort", drain));
        if (this.#draining.aborted) {
          drain();
        }
      }
    };
  }

  #storeOf(metadata: Metadata): Store {
    return (metadata.getOpaque(STORE) as Store | undefined) ?? this.#stores.named("");
  }
}

/** Waits until a stream takes more, or is closed. */
function writable(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}
