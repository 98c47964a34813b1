// Three repairs of Node.js' HTTP/2 under grpc-js, which has no hook for them:
//
// - The status of a call that has failed overtakes the messages before it, which are lost.
// - A client's stream that is reset while its requests are open is ended first: the server sees a call whose
//   requests are complete, and answers it, where it should see a cancellation.
// - Values of one name are joined, `a, b`, and cannot be told from a value with a comma.

import type { ClientHttp2Session, ClientHttp2Stream, Http2Server, IncomingHttpHeaders } from "node:http2";
import http2 from "node:http2";

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

/** Repairs the sessions and servers that are made from now on. */
export function repairHttp2(): void {
  const { connect, createServer } = http2;
  Object.assign(http2, {
    connect: (...args: Parameters<typeof connect>) => repairSession(connect(...args)),
    createServer: (...args: Parameters<typeof createServer>) => repairServer(createServer(...args)),
  });
}

function repairSession(session: ClientHttp2Session): ClientHttp2Session {
  const request = session.request.bind(session);
  session.request = (...args) => {
    const stream = request(...args);
    resetWithoutEnd(stream);
    repairEvents(stream);
    return stream;
  };
  return session;
}

function repairServer(server: Http2Server): Http2Server {
  const emit: Emit = server.emit.bind(server);
  const repaired: Emit = (event, ...args) => {
    if (event === "stream") {
      const [, headers, , raw] = args;
      separateValues(headers as IncomingHttpHeaders, raw as readonly string[]);
    }
    return emit(event, ...args);
  };
  return Object.assign(server, { emit: repaired });
}

/** Makes `close` send no END_STREAM before a RST_STREAM that tells of more than the end. */
function resetWithoutEnd(stream: ClientHttp2Stream): void {
  const close = stream.close.bind(stream);
  stream.close = (code, callback) => {
    if (code !== undefined && code !== http2.constants.NGHTTP2_NO_ERROR) {
      stream._final = (done) => done();
    }
    close(code, callback);
  };
}

/** Separates values, and keeps the trailers until grpc-js has read all messages, or nothing more comes. */
function repairEvents(stream: ClientHttp2Stream): void {
  const emit: Emit = stream.emit.bind(stream);
  const repaired: Emit = (event, ...args) => {
    if (event !== "response" && event !== "trailers") {
      return emit(event, ...args);
    }
    const [headers, , raw] = args;
    separateValues(headers as IncomingHttpHeaders, raw as readonly string[]);
    if (event === "response" || stream.readableEnded || stream.destroyed) {
      return emit(event, ...args);
    }
    let held = true;
    const release = (): void => {
      if (held) {
        held = false;
        emit(event, ...args);
      }
    };
    stream.once("end", release);
    stream.once("close", release);
    return true;
  };
  Object.assign(stream, { emit: repaired });
}

/** Makes a list of the values of each name that came several times. */
function separateValues(headers: IncomingHttpHeaders, raw: readonly string[]): void {
  const seen = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const value = raw[at + 1] ?? "";
    const values = seen.get(name);
    if (values === undefined) {
      seen.set(name, [value]);
    } else {
      values.push(value);
      // grpc-js splits binary values itself, also those that their sender has joined.
      if (!name.endsWith("-bin") && !name.startsWith(":")) {
        headers[name] = values;
      }
    }
  }
}
