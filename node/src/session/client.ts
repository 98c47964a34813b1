// The session of a stock_client: channels and calls as the runner asks for them.

import { isIP } from "node:net";
import { type ChannelCredentials, Metadata } from "@grpc/grpc-js";
import { type Command, type OpenChannel, Role, type Start } from "../../stock_grpc/proto/session.js";
import { Channel } from "../calls.js";
import { clientCredentials } from "../credentials.js";
import { addTo } from "../headers.js";
import { type Beginning, type Call, messageOf, StreamCall, startUnary } from "./call.js";
import { METHODS, type Method } from "./methods.js";
import { Output } from "./output.js";
import { Report } from "./report.js";
import {
  CommandError,
  DEFAULT_MAX_RECEIVE_BYTES,
  hello,
  obeyAll,
  type SessionStreams,
  securityOf,
} from "./session.js";

const ABILITIES = ["gzip_request", "wait_for_ready"];
const MAX_PORT = 65_535;

/**
 * Runs the calls that a runner asks for, until the input ends or the signal is aborted; then cancels them
 * all. Rejects with FrameError where the input is no stream of frames.
 */
export async function call({ input, output, log }: SessionStreams, stopped: AbortSignal): Promise<void> {
  // grpc-js takes a stack for each call: a tenth of its time, for errors that nobody here reads.
  Error.stackTraceLimit = 0;
  const out = new Output(output, log);
  out.send({ $case: "hello", value: hello(Role.ROLE_CLIENT, ABILITIES) });
  const session = new ClientSession(out);
  try {
    await obeyAll(input, out, (command) => session.obey(command), stopped);
  } finally {
    session.end();
    await out.flush();
  }
}

/** A channel and its running calls by their numbers. */
interface OpenedChannel {
  readonly channel: Channel;
  readonly calls: Map<number, Call>;
}

class ClientSession {
  readonly #output: Output;
  /** By number; undefined: closed. */
  readonly #channels = new Map<number, OpenedChannel | undefined>();
  readonly #running = new Map<number, Call>();
  /** The number of the last call started. */
  #highest = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  obey(command: NonNullable<Command["command"]>): void {
    switch (command.$case) {
      case "openChannel":
        this.#openChannel(command.value);
        break;
      case "closeChannel":
        this.#closeChannel(command.value.channel);
        break;
      case "start":
        this.#start(command.value);
        break;
      case "send":
        this.#callOf(command.value.call)?.send(command.value.requests);
        break;
      case "halfClose":
        this.#callOf(command.value.call)?.halfClose();
        break;
      case "receive":
        this.#callOf(command.value.call)?.receive(command.value.credit);
        break;
      case "cancel":
        this.#callOf(command.value.call)?.cancel();
        break;
      default:
        throw new CommandError(`command: ${command.$case} given, one for a client expected`);
    }
  }

  /** Cancels what is open. */
  end(): void {
    for (const [number, opened] of this.#channels) {
      if (opened !== undefined) {
        this.#closeChannel(number);
      }
    }
  }

  #openChannel(command: OpenChannel): void {
    const { channel: number, host, port } = command;
    if (number === 0 || this.#channels.has(number)) {
      throw new CommandError(`channel: ${number} given, a new number from 1 expected`);
    }
    const version = isIP(host);
    if (version === 0) {
      throw new CommandError(`host: ${JSON.stringify(host)} given, a literal address expected`);
    }
    if (port === 0 || port > MAX_PORT) {
      throw new CommandError(`port: ${port} given, 1 to ${MAX_PORT} expected`);
    }
    const channel = new Channel({
      address: version === 6 ? `[${host}]:${port}` : `${host}:${port}`,
      credentials: credentialsOf(command),
      serverName: command.serverName,
      maxReceiveBytes: command.maxReceiveBytes || DEFAULT_MAX_RECEIVE_BYTES,
    });
    this.#channels.set(number, { channel, calls: new Map() });
  }

  /** Cancels the calls of a channel and then closes it. */
  #closeChannel(number: number): void {
    const { channel, calls } = this.#opened(number);
    this.#channels.set(number, undefined);
    for (const running of calls.values()) {
      running.cancel();
    }
    channel.close();
  }

  #start(command: Start): void {
    const { channel, calls } = this.#opened(command.channel);
    const method = METHODS.get(command.rpc);
    if (method === undefined) {
      throw new CommandError(`rpc: ${command.rpc} given, a method expected`);
    }
    const messages = this.#checked(command, method);
    const number = command.call;
    const beginning: Beginning = {
      // Its clock starts before the deadline's.
      report: new Report(number, this.#output),
      start: command,
      stubs: command.compress ? channel.compressing : channel.stubs,
      metadata: addTo(new Metadata({ waitForReady: command.waitForReady }), command.metadata),
      options: command.timeoutNs === 0n ? {} : { deadline: deadlineIn(command.timeoutNs) },
      onEnd: () => {
        calls.delete(number);
        this.#running.delete(number);
      },
    };
    this.#highest = number;
    const begun =
      method.kind === "unary"
        ? startUnary(method, beginning, messages[0])
        : new StreamCall(method, beginning, messages);
    calls.set(number, begun);
    this.#running.set(number, begun);
  }

  /** The messages of a Start. Throws CommandError where it cannot be obeyed. */
  #checked(command: Start, method: Method): unknown[] {
    if (command.call <= this.#highest) {
      throw new CommandError(`call: ${command.call} given, a number over ${this.#highest} expected`);
    }
    if (command.timeoutNs < 0n) {
      throw new CommandError(`timeout_ns: ${command.timeoutNs} given, 0 or more expected`);
    }
    const sends = method.kind === "stream" && method.sends;
    if (command.requests.length !== 1 && !sends) {
      throw new CommandError(`requests: ${command.requests.length} given, the rpc takes exactly 1`);
    }
    return command.requests.map((request) => messageOf(request, method));
  }

  #opened(number: number): OpenedChannel {
    const opened = this.#channels.get(number);
    if (opened === undefined) {
      throw new CommandError(`channel: ${number} given, which is not open`);
    }
    return opened;
  }

  /** A running call; undefined for one that has ended: the runner could not know yet. */
  #callOf(number: number): Call | undefined {
    if (number === 0 || number > this.#highest) {
      throw new CommandError(`call: ${number} given, which never was one`);
    }
    return this.#running.get(number);
  }
}

function credentialsOf(command: OpenChannel): ChannelCredentials | undefined {
  switch (securityOf(command.security)) {
    case "plaintext":
      return undefined;
    case "tls":
      return clientCredentials(command.rootsPem, undefined);
    case "mtls":
      return clientCredentials(command.rootsPem, command.identity);
  }
}

/** grpc-js counts in whole milliseconds of the wall clock: rounded up, no call ends before its time. */
function deadlineIn(timeoutNs: bigint): number {
  return Math.ceil(performance.timeOrigin + performance.now() + Number(timeoutNs) / 1e6);
}
