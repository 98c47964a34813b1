// stock_server: options, credentials, listener, ready line, drain.

import { isIPv6 } from "node:net";
import { versionLine } from "../about.js";
import { CredentialsError, readFile, readIdentity, serverTls } from "../credentials.js";
import { Director } from "../directive/directive.js";
import { Listener, type ListenerConfig } from "../listener/listener.js";
import { type Log, logTo, reasonOf } from "../log.js";
import { ExitCode, UsageError } from "../options/grammar.js";
import { parseServer, type ServerOptions, serverUsage } from "../options/server.js";
import { print, type Streams, tell } from "../program.js";
import { repairLibraries } from "../repairs.js";
import { serve } from "../session/server.js";
import { Stores } from "../store/stores.js";

/** Runs stock_server until a signal, or the end of a session's input, has drained it; gives its exit code. */
export async function run(args: readonly Buffer[], streams: Streams): Promise<number> {
  const { stdout, stderr } = streams;
  let options: ServerOptions;
  try {
    options = parseServer(args);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    await tell(stderr, `${error.message}\n${serverUsage()}`);
    return ExitCode.USAGE;
  }
  if (options.help || options.version) {
    await print(stdout, options.help ? serverUsage() : `${versionLine("stock_server")}\n`);
    return ExitCode.OK;
  }
  repairLibraries();
  const stopped = new AbortController();
  const second = onSignals(() => stopped.abort());
  return Promise.race([second, obey(options, streams, stopped.signal)]);
}

/** Calls back at the first signal; resolves, with the exit code, at the second. */
function onSignals(first: () => void): Promise<number> {
  let seen = 0;
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        seen += 1;
        if (seen === 1) {
          first();
        } else {
          resolve(ExitCode.OK);
        }
      });
    }
  });
}

async function obey(
  options: ServerOptions,
  { stdin, stdout, stderr }: Streams,
  stopped: AbortSignal,
): Promise<number> {
  const log = logTo(stderr);
  if (!options.session) {
    return serveOne(options, { stdout, stderr }, log, stopped);
  }
  try {
    await serve({ input: stdin, output: stdout, log }, options.graceMs, stopped);
  } catch (error) {
    await tell(stderr, `${reasonOf(error)}\n`);
    return ExitCode.INTERNAL;
  }
  return ExitCode.OK;
}

/** Serves on one socket until the signal is aborted, then drains. */
async function serveOne(
  options: ServerOptions,
  { stdout, stderr }: Omit<Streams, "stdin">,
  log: Log,
  stopped: AbortSignal,
): Promise<number> {
  let config: ListenerConfig;
  try {
    config = configOf(options, log);
  } catch (error) {
    if (!(error instanceof CredentialsError)) {
      throw error;
    }
    await tell(stderr, `${error.message}\n`);
    return ExitCode.USAGE;
  }
  let listener: Listener;
  try {
    listener = await Listener.listen(config);
  } catch (error) {
    await tell(stderr, `cannot bind: ${reasonOf(error)}\n`);
    return ExitCode.CANNOT_BIND;
  }
  const { address, port } = listener.address;
  await print(stdout, `Server listening on ${isIPv6(address) ? `[${address}]` : address}:${port}\n`);
  await new Promise<void>((resolve) => {
    stopped.addEventListener("abort", () => resolve(), { once: true });
    if (stopped.aborted) {
      resolve();
    }
  });
  await listener.drain(options.graceMs);
  return ExitCode.OK;
}

/** Loads what the options name. */
function configOf(options: ServerOptions, log: Log): ListenerConfig {
  const stores = new Stores();
  const tls =
    options.security === "plaintext"
      ? undefined
      : serverTls(
          readIdentity(options.certFile, options.keyFile),
          options.security === "mtls" ? readFile(options.clientCaFile) : undefined,
        );
  return {
    host: options.host,
    port: options.port,
    security: options.security,
    tls,
    maxReceiveBytes: options.maxReceiveBytes,
    stores,
    director: options.conformance ? new Director(stores, log) : undefined,
    log,
  };
}
