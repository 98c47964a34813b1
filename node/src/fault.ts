// How a call ends that does not end well.

import { status as Code, type StatusObject } from "@grpc/grpc-js";
import { type Log, reasonOf } from "./log.js";
import { InvalidKeyError, KeyNotFoundError } from "./store/store.js";

/** Thrown by a handler to end its call with a status. */
export class StatusError extends Error {
  readonly code: Code;
  readonly details: string;

  constructor(code: Code, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

/** How the streams that have no end of their own end when the server drains. */
export const shuttingDown = (): StatusError => new StatusError(Code.UNAVAILABLE, "server shutting down");

/** The status for what a handler has thrown; a fault of its own is told to the log, not to the peer. */
export function statusOf(error: unknown, log: Log): Pick<StatusObject, "code" | "details"> {
  if (error instanceof StatusError) {
    return { code: error.code, details: error.details };
  }
  if (error instanceof InvalidKeyError) {
    return { code: Code.INVALID_ARGUMENT, details: error.message };
  }
  if (error instanceof KeyNotFoundError) {
    return { code: Code.NOT_FOUND, details: error.message };
  }
  log(`handler failed: ${reasonOf(error)} at ${siteOf(error)}`);
  return { code: Code.INTERNAL, details: "the handler failed" };
}

/** Where an error began: a whole stack would fill the log. */
function siteOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined;
  return stack?.split("\n    at ")[1] ?? "an unknown place";
}
