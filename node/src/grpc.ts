// Names for types that grpc-js has but does not export.

import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";

/** The status that a server ends a call with. */
export type CallStatus = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/** The addresses of a call's connection. */
export type ConnectionInfo = ReturnType<ServerInterceptingCallInterface["getConnectionInfo"]>;
