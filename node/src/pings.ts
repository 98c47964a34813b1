// Ends the connections of clients that ping too often (gRFC A8), which grpc-js lets them.

import { constants, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";

/** Milliseconds from one ping to the next: while calls are open, and without. */
const MIN_INTERVAL_MS = 5 * 60_000;
const MIN_INTERVAL_WITHOUT_CALLS_MS = 2 * 60 * 60_000;
/** Pings too soon that are forgiven until the server sends something. */
const MAX_STRIKES = 2;

/** What a connection's client has pinged. */
class Pings {
  #last = Number.NEGATIVE_INFINITY;
  #strikes = 0;
  #calls = 0;
  #writes = 0;

  /** Whether a ping at a time is one too many. */
  tooMany(now: number): boolean {
    if (this.#writes > 0) {
      // How much of it has left is not told.
      this.#sent();
    }
    const interval = this.#calls > 0 ? MIN_INTERVAL_MS : MIN_INTERVAL_WITHOUT_CALLS_MS;
    if (now - this.#last < interval) {
      this.#strikes += 1;
    }
    this.#last = now;
    return this.#strikes > MAX_STRIKES;
  }

  /** Watches what is sent on a stream. */
  watch(stream: ServerHttp2Stream): void {
    this.#calls += 1;
    stream.once("close", () => {
      this.#calls -= 1;
    });
    const respond = stream.respond.bind(stream);
    stream.respond = (...args) => {
      this.#sent();
      respond(...args);
    };
    const write = stream._write.bind(stream);
    stream._write = (chunk, encoding, done) => write(chunk, encoding, this.#writing(done));
    const writev = stream._writev?.bind(stream);
    if (writev !== undefined) {
      stream._writev = (chunks, done) => writev(chunks, this.#writing(done));
    }
  }

  /** Begins a write, which is over when what is returned is called. */
  #writing(done: (error?: Error | null) => void): (error?: Error | null) => void {
    this.#writes += 1;
    return (error) => {
      this.#writes -= 1;
      this.#sent();
      done(error);
    };
  }

  /** Forgets what was pinged: clients measure the way with a ping whenever something comes. */
  #sent(): void {
    this.#last = Number.NEGATIVE_INFINITY;
    this.#strikes = 0;
  }
}

/** Watches the pings of a connection that has just been made. */
export function limitPings(session: ServerHttp2Session): void {
  const pings = new Pings();
  session.on("stream", (stream) => pings.watch(stream));
  session.on("ping", () => {
    if (pings.tooMany(performance.now())) {
      session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from("too_many_pings"));
      // What is written in this turn has left then.
      setImmediate(() => session.destroy());
    }
  });
}
