// Servers and channels for tests, on loopback; each is ended with its test.

import type { TestContext } from "node:test";
import { type CallOptions, Metadata, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { Channel, type Endpoint, type Stubs } from "../src/calls.js";
import { Director, type Report } from "../src/directive/directive.js";
import { Listener, type ListenerConfig } from "../src/listener/listener.js";
import { repairLibraries } from "../src/repairs.js";
import { Stores } from "../src/store/stores.js";
import { Directive } from "../stock_grpc/proto/session.js";

repairLibraries();

const MAX_RECEIVE_BYTES = 4 << 20;

/** A server under test. */
export interface Served {
  readonly listener: Listener;
  readonly stores: Stores;
  /** The lines of its log. */
  readonly log: string[];
  readonly stubs: Stubs;
}

/** Serves in plaintext, or as the config says, with directives. */
export async function serve(
  test: TestContext,
  config: Partial<ListenerConfig> = {},
  report?: Report,
): Promise<Served> {
  const log: string[] = [];
  const stores = new Stores();
  const writeLog = (line: string): void => {
    log.push(line);
  };
  const listener = await Listener.listen({
    host: "127.0.0.1",
    port: 0,
    security: "plaintext",
    tls: undefined,
    maxReceiveBytes: MAX_RECEIVE_BYTES,
    stores,
    director: new Director(stores, writeLog, report),
    log: writeLog,
    ...config,
  });
  test.after(() => listener.drain(0));
  return { listener, stores, log, stubs: stubsFor(test, listener) };
}

/** Stubs over a channel to a listener. */
export function stubsFor(test: TestContext, listener: Listener, endpoint: Partial<Endpoint> = {}): Stubs {
  const channel = new Channel({
    address: `127.0.0.1:${listener.address.port}`,
    credentials: undefined,
    serverName: "",
    maxReceiveBytes: MAX_RECEIVE_BYTES,
    ...endpoint,
  });
  test.after(() => channel.close());
  return channel.stubs;
}

/** Metadata with a directive. */
export function directed(directive: Parameters<typeof Directive.create>[0]): Metadata {
  const metadata = new Metadata();
  metadata.add("stock-directive-bin", Buffer.from(Directive.encode(Directive.create(directive)).finish()));
  return metadata;
}

type Stub<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  done: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** The response of a unary call; rejects with its ServiceError. */
export function ask<Request, Response>(
  stub: Stub<Request, Response>,
  request: Request,
  metadata = new Metadata(),
  options: CallOptions = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    stub(request, metadata, options, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
}

/** The status of a call with a stream. */
export function statusOf(call: NodeJS.EventEmitter): Promise<StatusObject> {
  call.on("error", () => undefined);
  return new Promise((resolve) => {
    call.once("status", resolve);
  });
}

/** What an event of an emitter tells first. */
export function told<Value>(emitter: NodeJS.EventEmitter, event: string): Promise<Value> {
  return new Promise((resolve) => {
    emitter.once(event, resolve);
  });
}
