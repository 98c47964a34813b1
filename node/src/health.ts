// grpc.health.v1: the names of the services, and whether they are served.

import { status as Code } from "@grpc/grpc-js";
import {
  type HealthCheckResponse,
  type HealthServer,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../tools/node/admin_grpc/grpc/health/v1/health.js";
import { StatusError } from "./fault.js";
import type { Handlers } from "./service/handlers.js";

/** The handlers of Health for some names, which are served until the drain. */
export function healthHandlers(
  handlers: Handlers,
  names: readonly string[],
  draining: AbortSignal,
): HealthServer {
  const served = (): HealthCheckResponse => ({
    status: draining.aborted ? ServingStatus.NOT_SERVING : ServingStatus.SERVING,
  });
  const statusOf = (name: string): HealthCheckResponse | undefined =>
    names.includes(name) ? served() : undefined;
  return {
    check: handlers.unary(({ service }) => {
      const answer = statusOf(service);
      if (answer === undefined) {
        throw new StatusError(Code.NOT_FOUND, "unknown service");
      }
      return answer;
    }),
    list: handlers.unary(() => ({
      statuses: Object.fromEntries(names.map((name) => [name, served()])),
    })),
    watch: handlers.serverStream(({ service }, _store, ending) =>
      watch(() => statusOf(service), ending, draining),
    ),
  };
}

/** The status now, and once more when the drain has changed it. */
async function* watch(
  status: () => HealthCheckResponse | undefined,
  ending: AbortSignal,
  draining: AbortSignal,
): AsyncGenerator<HealthCheckResponse> {
  yield status() ?? { status: ServingStatus.SERVICE_UNKNOWN };
  await new Promise<void>((resolve) => {
    if (ending.aborted) {
      resolve();
    }
    ending.addEventListener("abort", () => resolve(), { once: true });
  });
  const last = status();
  if (draining.aborted && last !== undefined) {
    yield last;
  }
  ending.throwIfAborted();
}
