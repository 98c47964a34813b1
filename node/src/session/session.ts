// What the sessions of both roles have in common: Hello, and commands obeyed until the input ends.

import { setImmediate as turn } from "node:timers/promises";
import {
  type Command,
  type Hello,
  type Role,
  Security as WireSecurity,
} from "../../stock_grpc/proto/session.js";
import { LANGUAGE, LIBRARY, RUNTIME, TLS_STACK, TRANSPORT, VERSION } from "../about.js";
import type { Security } from "../listener/listener.js";
import { type Log, reasonOf } from "../log.js";
import { FrameReader } from "./frames.js";
import type { Output } from "./output.js";

const PROTOCOL = 1;
const COMMANDS_PER_TURN = 8;

const KEY_TYPES = ["rsa2048", "rsa4096", "p256", "p384", "p521"].map((type) => `key_type:${type}`);

/** Largest message that is read where a command does not say. */
export const DEFAULT_MAX_RECEIVE_BYTES = 4 << 20;

/** A command that cannot be obeyed, in one line that names the field. */
export class CommandError extends Error {}

/** The streams of a session. */
export interface SessionStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly log: Log;
}

/** The security of a wire's number. Throws CommandError for one that has no meaning. */
export function securityOf(security: WireSecurity): Security {
  switch (security) {
    case WireSecurity.SECURITY_PLAINTEXT:
      return "plaintext";
    case WireSecurity.SECURITY_TLS:
      return "tls";
    case WireSecurity.SECURITY_MTLS:
      return "mtls";
    default:
      throw new CommandError(`security: ${security} given, plaintext, tls or mtls expected`);
  }
}

/** What a program says of itself. */
export function hello(role: Role.ROLE_SERVER | Role.ROLE_CLIENT, abilities: readonly string[]): Hello {
  return {
    protocol: PROTOCOL,
    language: LANGUAGE,
    role,
    library: LIBRARY,
    runtime: RUNTIME,
    transport: TRANSPORT,
    tlsStack: TLS_STACK,
    supports: [...abilities, ...KEY_TYPES],
    version: VERSION,
  };
}

/**
 * Obeys the commands of the input until it ends or the signal is aborted; one that throws is answered by a
 * Failure. Rejects with FrameError where the input is no stream of frames.
 */
export function obeyAll(
  input: NodeJS.ReadableStream,
  output: Output,
  obey: (command: NonNullable<Command["command"]>) => void | Promise<void>,
  stopped: AbortSignal,
): Promise<void> {
  const reader = new FrameReader();
  const fail = (id: number, error: unknown): void =>
    output.send({ $case: "failure", value: { id, reason: reasonOf(error) } });
  const dispatch = ({ id, command }: Command): void => {
    try {
      if (command === undefined) {
        throw new CommandError("command: none given");
      }
      obey(command)?.catch((error: unknown) => fail(id, error));
    } catch (error) {
      fail(id, error);
    }
  };
  return new Promise((resolve, reject) => {
    stopped.addEventListener("abort", () => {
      input.pause();
      resolve();
    });
    inTurns(input, reader, dispatch).then(resolve, reject);
  });
}

/** Reads commands to the end of the input, and dispatches a few of them in each turn of the event loop. */
async function inTurns(
  input: NodeJS.ReadableStream,
  reader: FrameReader,
  dispatch: (command: Command) => void,
): Promise<void> {
  let dispatched = 0;
  for await (const chunk of input) {
    for (const command of reader.read(chunk as Buffer)) {
      dispatch(command);
      dispatched += 1;
      if (dispatched % COMMANDS_PER_TURN === 0) {
        // Handshakes do not wait for a hundred calls to begin.
        await turn();
      }
    }
  }
  reader.end();
}
