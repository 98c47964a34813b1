// What grpc-js does not do for every call: a limit, and telling a reset from the end of the requests.

import { status as Code, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";

const MAX_METADATA_BYTES = 16 << 10;
/** What an entry counts beside its name and value (RFC 9113, section 10.5.1). */
const ENTRY_BYTES = 32;

/**
 * Refuses calls with more request metadata than 16 KiB, and ends the requests of no call that was cancelled.
 * `called` is told who calls, `HOST:PORT`.
 */
export const guardCall =
  (called: (peer: string) => void): ServerInterceptor =>
  (method, call) => {
    called(call.getPeer());
    const guarded = new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, proceed) {
            let size = 0;
            for (const [name, values] of Object.entries(metadata.toJSON())) {
              for (const value of values) {
                size += name.length + value.length + ENTRY_BYTES;
              }
            }
            if (size > MAX_METADATA_BYTES) {
              guarded.sendStatus({
                code: Code.RESOURCE_EXHAUSTED,
                details: `request metadata of ${size} bytes; at most ${MAX_METADATA_BYTES}`,
              });
            } else {
              proceed(metadata);
            }
          },
          onReceiveHalfClose(proceed) {
            // A reset looks like a half-close, until the cancellation comes a moment later: it would be too
            // late for a handler that has answered.
            if (method.requestStream) {
              setImmediate(proceed);
            } else {
              proceed();
            }
          },
        });
      },
    });
    return guarded;
  };
