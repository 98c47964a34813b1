// The life of a server: a socket with every service behind it, from the bind to the end of its drain.

import type { AddressInfo } from "node:net";
import { Server, ServerCredentials, type ServerInterceptor } from "@grpc/grpc-js";
import { HealthService } from "../../../tools/node/admin_grpc/grpc/health/v1/health.js";
import { ServerReflectionService as ReflectionV1 } from "../../../tools/node/admin_grpc/grpc/reflection/v1/reflection.js";
import { ServerReflectionService as ReflectionV1Alpha } from "../../../tools/node/admin_grpc/grpc/reflection/v1alpha/reflection.js";
import { KVService } from "../../stock_grpc/proto/kv.js";
import { StockService } from "../../stock_grpc/proto/stock.js";
import { LANGUAGE, LIBRARY, RUNTIME, TLS_STACK, TRANSPORT, VERSION } from "../about.js";
import type { Director } from "../directive/directive.js";
import { within } from "../grace.js";
import { healthHandlers } from "../health.js";
import type { Log } from "../log.js";
import { reflectionHandlers } from "../reflection.js";
import { Handlers } from "../service/handlers.js";
import { kvHandlers } from "../service/kv.js";
import { stockHandlers } from "../service/stock.js";
import type { Stores } from "../store/stores.js";
import { guardCall } from "./guard.js";
import { servedDescriptors } from "./served.js";
import { type ServerTls, Sockets } from "./sockets.js";

const MAX_STREAMS = 100;
const STOCK = "tofusoup.stock.Stock";
const KV = "proto.KV";
const ADMIN = [
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

/** How a connection is secured. */
export type Security = "plaintext" | "tls" | "mtls";

/** Where and how a listener serves. */
export interface ListenerConfig {
  readonly host: string;
  /** 0 stands for any free one. */
  readonly port: number;
  readonly security: Security;
  /** Undefined in plaintext. */
  readonly tls: ServerTls | undefined;
  readonly maxReceiveBytes: number;
  readonly stores: Stores;
  /** Undefined: directives are ignored. */
  readonly director: Director | undefined;
  readonly log: Log;
}

/** Serves from `listen` to the end of `drain`. */
export class Listener {
  readonly #server: Server;
  readonly #sockets: Sockets;
  readonly #draining: AbortController;

  private constructor(server: Server, sockets: Sockets, draining: AbortController) {
    this.#server = server;
    this.#sockets = sockets;
    this.#draining = draining;
  }

  /** Binds and serves. Rejects where it cannot bind; else the caller drains the listener. */
  static async listen(config: ListenerConfig): Promise<Listener> {
    const draining = new AbortController();
    let sockets: Sockets | undefined;
    const interceptors: ServerInterceptor[] = [guardCall((peer) => sockets?.use(peer))];
    if (config.director !== undefined) {
      interceptors.push(config.director.interceptor((peer) => sockets?.tlsVersion(peer) ?? ""));
    }
    const server = new Server({
      interceptors,
      "grpc.enable_channelz": 0,
      "grpc.max_concurrent_streams": MAX_STREAMS,
      "grpc.max_receive_message_length": config.maxReceiveBytes,
      "grpc.max_send_message_length": -1,
    });
    register(server, config, draining.signal);
    // The sockets are secured already when grpc-js gets them.
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    sockets = await Sockets.bind({
      ...config,
      accept: (connection) => injector.injectConnection(connection),
    });
    return new Listener(server, sockets, draining);
  }

  /** The address bound. */
  get address(): AddressInfo {
    return this.#sockets.address;
  }

  /**
   * Refuses new connections, ends the streams that have no end of their own, and lets the other calls go on
   * for the grace. Resolves when no connection is left, and at the end of the grace at the latest.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining.abort();
    const closed = this.#sockets.refuse();
    // Not its own word for the end: it would wait for ever for a session that has been destroyed and whose
    // socket is not closed yet.
    this.#server.tryShutdown(() => undefined);
    // Peers that have never called need not know HTTP/2, and so may never close.
    setImmediate(() => this.#sockets.dropUnused());
    await within(graceMs, closed);
    this.#sockets.drop();
    this.#server.forceShutdown();
  }
}

function register(server: Server, config: ListenerConfig, draining: AbortSignal): void {
  const handlers = new Handlers({ stores: config.stores, draining, log: config.log });
  const description = {
    version: VERSION,
    started: performance.now(),
    metadata: {
      language: LANGUAGE,
      runtime: RUNTIME,
      library: LIBRARY,
      transport: TRANSPORT,
      tls_stack: TLS_STACK,
      security: config.security,
    },
  };
  server.addService(StockService, stockHandlers(handlers, description));
  server.addService(KVService, kvHandlers(handlers));
  server.addService(HealthService, healthHandlers(handlers, ["", STOCK, KV], draining));
  const reflection = reflectionHandlers(handlers, [STOCK, KV, ...ADMIN], servedDescriptors);
  server.addService(ReflectionV1, reflection);
  server.addService(ReflectionV1Alpha, reflection);
}
