// A limit that grpc-js does not keep for us.

import { ServerInterceptingCall, type ServerInterceptor, status as Code } from "@grpc/grpc-js";

const MAX_METADATA_BYTES = 16 << 10;
/** What an entry counts beside its name and value (RFC 9113, section 10.5.1). */
const ENTRY_BYTES = 32;

/** Refuses calls with more request metadata than 16 KiB. */
export const limitMetadata: ServerInterceptor = (_method, call) => {
  const limited = new ServerInterceptingCall(call, {
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
            limited.sendStatus({
              code: Code.RESOURCE_EXHAUSTED,
              details: `request metadata of ${size} bytes; at most ${MAX_METADATA_BYTES}`,
            });
          } else {
            proceed(metadata);
          }
        },
      });
    },
  });
  return limited;
};
