// The session of a stock_server: listeners as the runner asks for them.

import { isIP } from "node:net";
import { type Command, type Listen, Role, type Stop } from "../../stock_grpc/proto/session.js";
import { serverTls } from "../credentials.js";
import { Director } from "../directive/directive.js";
import { within } from "../grace.js";
import { Listener, type ListenerConfig } from "../listener/listener.js";
import type { Log } from "../log.js";
import { isLoopback } from "../options/server.js";
import { Stores } from "../store/stores.js";
import { Output } from "./output.js";
import {
  CommandError,
  DEFAULT_MAX_RECEIVE_BYTES,
  hello,
  obeyAll,
  type SessionStreams,
  securityOf,
} from "./session.js";

const ABILITIES = ["reflection_v1", "reflection_v1alpha", "observe_peer", "observe_tls", "observe_encoding"];
const MAX_PORT = 65_535;

/**
 * Runs the listeners that a runner asks for, until the input ends or the signal is aborted; then drains them
 * all within the grace. Rejects with FrameError where the input is no stream of frames.
 */
export async function serve({ input, output, log }: SessionStreams, graceMs: number, stopped: AbortSignal) {
  const out = new Output(output, log);
  out.send({ $case: "hello", value: hello(Role.ROLE_SERVER, ABILITIES) });
  const session = new ServerSession(out, log);
  try {
    await obeyAll(input, out, (command) => session.obey(command), stopped);
  } finally {
    await session.end(graceMs);
    await out.flush();
  }
}

class ServerSession {
  readonly #output: Output;
  readonly #log: Log;
  readonly #stores = new Stores();
  readonly #director: Director;
  /** By number; undefined: closed, or not yet open. */
  readonly #listeners = new Map<number, Listener | undefined>();
  readonly #drains = new Set<Promise<void>>();

  constructor(output: Output, log: Log) {
    this.#output = output;
    this.#log = log;
    this.#director = new Director(this.#stores, log, (tag, observation) => {
      output.send({ $case: "observed", value: { tag, observation } });
    });
  }

  async obey(command: NonNullable<Command["command"]>): Promise<void> {
    switch (command.$case) {
      case "listen":
        await this.#listen(command.value);
        break;
      case "stop":
        await this.#stop(command.value);
        break;
      case "forget":
        this.#stores.forget(command.value.stores);
        break;
      default:
        throw new CommandError(`command: ${command.$case} given, listen, stop or forget expected`);
    }
  }

  /** Drains what is open and waits for the drains that a Stop has begun, for those no longer than the grace. */
  async end(graceMs: number): Promise<void> {
    for (const listener of this.#listeners.values()) {
      if (listener !== undefined) {
        this.#drain(listener, graceMs);
      }
    }
    await within(graceMs, Promise.all(this.#drains));
  }

  async #listen(command: Listen): Promise<void> {
    const number = command.listener;
    if (number === 0 || this.#listeners.has(number)) {
      throw new CommandError(`listener: ${number} given, a new number from 1 expected`);
    }
    const config = this.#configOf(command);
    this.#listeners.set(number, undefined);
    let listener: Listener;
    try {
      listener = await Listener.listen(config);
    } catch (error) {
      this.#listeners.delete(number);
      throw error;
    }
    this.#listeners.set(number, listener);
    this.#output.send({ $case: "listening", value: { listener: number, port: listener.address.port } });
  }

  #configOf(command: Listen): ListenerConfig {
    const { host, port } = command;
    if (isIP(host) === 0) {
      throw new CommandError(`host: ${JSON.stringify(host)} given, a literal address expected`);
    }
    if (port > MAX_PORT) {
      throw new CommandError(`port: ${port} given, at most ${MAX_PORT} expected`);
    }
    const security = securityOf(command.security);
    if (security === "plaintext" && !isLoopback(host)) {
      throw new CommandError(`host: ${host} given, plaintext is for loopback`);
    }
    const { identity } = command;
    if (security !== "plaintext" && identity === undefined) {
      throw new CommandError("identity: none given");
    }
    const roots = security === "mtls" ? command.clientRootsPem : undefined;
    return {
      host,
      port,
      security,
      tls: security === "plaintext" || identity === undefined ? undefined : serverTls(identity, roots),
      maxReceiveBytes: command.maxReceiveBytes || DEFAULT_MAX_RECEIVE_BYTES,
      stores: this.#stores,
      director: this.#director,
      log: this.#log,
    };
  }

  async #stop({ listener: number, graceMs }: Stop): Promise<void> {
    const listener = this.#listeners.get(number);
    if (listener === undefined) {
      throw new CommandError(`listener: ${number} given, which is not open`);
    }
    this.#listeners.set(number, undefined);
    await this.#drain(listener, graceMs);
    this.#output.send({ $case: "stopped", value: { listener: number } });
  }

  #drain(listener: Listener, graceMs: number): Promise<void> {
    const drain = listener.drain(graceMs).finally(() => this.#drains.delete(drain));
    this.#drains.add(drain);
    return drain;
  }
}
