// Repairs of Node.js' HTTP/2 under grpc-js, which has no hook for them:
//
// - A server lets its clients ping as often as they like (pings.ts).
// - The status of a call that has failed overtakes the messages before it, which are lost.
// - A client's stream that is reset while its requests are open is ended first: the server sees a call whose
//   requests are complete, and answers it, where it should see a cancellation.
// - Values of one name are joined, `a, b`, and cannot be told from a value with a comma.
// - The encoding of requests is told to nobody.
// - Of the encodings that a server accepts, `identity, deflate, gzip`, those after a space are not known again: a
//   client that has had an answer compresses no more.

import type { ClientHttp2Session, ClientHttp2Stream, Http2Server, IncomingHttpHeaders } from "node:http2";
import http2 from "node:http2";
import {
  status as Code,
  InterceptingCall,
  type Interceptor,
  type Metadata,
  type StatusObject,
} from "@grpc/grpc-js";
import { limitPings } from "./pings.js";

/** Where a status waits; no peer may send names that begin so (PROTOCOL-HTTP2.md: Custom-Metadata). */
const HIDDEN_CODE = "grpc-hidden-status";
const HIDDEN_MESSAGE = "grpc-hidden-message";

/** Where a request's encoding stands, which grpc-js takes away from its own place. */
const HIDDEN_ENCODING = "grpc-hidden-encoding";

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
  server.on("session", limitPings);
  const emit: Emit = server.emit.bind(server);
  const repaired: Emit = (event, ...args) => {
    if (event === "stream") {
      const [, headers, , raw] = args;
      separateValues(headers as IncomingHttpHeaders, raw as readonly string[]);
      keepEncoding(headers as IncomingHttpHeaders);
    }
    return emit(event, ...args);
  };
  return Object.assign(server, { emit: repaired });
}

/** Takes the spaces out of the list of encodings. */
function closeUp(headers: IncomingHttpHeaders): void {
  const accepted = headers["grpc-accept-encoding"];
  if (typeof accepted === "string") {
    headers["grpc-accept-encoding"] = accepted.replaceAll(" ", "");
  }
}

function keepEncoding(headers: IncomingHttpHeaders): void {
  headers[HIDDEN_ENCODING] = headers["grpc-encoding"] ?? "identity";
}

/** Takes the encoding of its requests from a call's metadata. */
export function takeEncoding(metadata: Metadata): string {
  const [encoding] = metadata.get(HIDDEN_ENCODING);
  metadata.remove(HIDDEN_ENCODING);
  return String(encoding ?? "");
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

/** Separates values, and hides the status of a failed call until its messages have been read. */
function repairEvents(stream: ClientHttp2Stream): void {
  const emit: Emit = stream.emit.bind(stream);
  const repaired: Emit = (event, ...args) => {
    if (event === "response" || event === "trailers") {
      const [headers, , raw] = args;
      separateValues(headers as IncomingHttpHeaders, raw as readonly string[]);
      closeUp(headers as IncomingHttpHeaders);
      if (event === "trailers" && hideStatus(headers as IncomingHttpHeaders)) {
        // A stream that is reset has no end, for which grpc-js would wait.
        stream.once("close", () => {
          if (!stream.readableEnded) {
            emit("end");
          }
        });
      }
    }
    return emit(event, ...args);
  };
  Object.assign(stream, { emit: repaired });
}

/** Makes the status of a failed call one of success, whose messages grpc-js reads first; whether it has failed. */
function hideStatus(headers: IncomingHttpHeaders): boolean {
  const { "grpc-status": code, "grpc-message": message } = headers;
  if (code === undefined || code === "0") {
    return false;
  }
  headers[HIDDEN_CODE] = code;
  headers["grpc-status"] = "0";
  if (message !== undefined) {
    headers[HIDDEN_MESSAGE] = message;
    delete headers["grpc-message"];
  }
  return true;
}

/** Gives a call back the status that was hidden from grpc-js. */
export const restoreStatus: Interceptor = (options, nextCall) =>
  new InterceptingCall(nextCall(options), {
    start(metadata, _listener, next) {
      next(metadata, {
        onReceiveStatus(status, proceed) {
          proceed(restored(status));
        },
      });
    },
  });

function restored(status: StatusObject): StatusObject {
  const [code] = status.metadata.get(HIDDEN_CODE);
  if (code === undefined) {
    return status;
  }
  const [message] = status.metadata.get(HIDDEN_MESSAGE);
  status.metadata.remove(HIDDEN_CODE);
  status.metadata.remove(HIDDEN_MESSAGE);
  const known = Code[Number(code)] === undefined ? Code.UNKNOWN : Number(code);
  return { ...status, code: known, details: decoded(String(message ?? "")) };
}

function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message; // its percent signs were not meant so
  }
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
