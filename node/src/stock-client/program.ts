// stock_client: options, then one operation or a session.

import { status as Code, type ServiceError } from "@grpc/grpc-js";
import { versionLine } from "../about.js";
import { Channel, type Endpoint } from "../calls.js";
import { CredentialsError, clientCredentials, readFile, readIdentity } from "../credentials.js";
import { logTo, oneLine, reasonOf } from "../log.js";
import { type ClientOptions, clientUsage, parseClient } from "../options/client.js";
import { ExitCode, UsageError } from "../options/grammar.js";
import { print, type Streams, tell } from "../program.js";
import { repairLibraries } from "../repairs.js";
import { call } from "../session/client.js";
import { NotServingError, prepare } from "./operations.js";

/** Runs one operation of stock_client, or a session; gives its exit code. */
export async function run(args: readonly Buffer[], streams: Streams): Promise<number> {
  const interrupted = new Promise<number>((resolve) => {
    process.once("SIGINT", () => resolve(ExitCode.INTERRUPTED));
  });
  return Promise.race([
    interrupted,
    obey(args, streams).catch((error: unknown) => explain(error, streams.stderr)),
  ]);
}

async function obey(args: readonly Buffer[], { stdin, stdout, stderr }: Streams): Promise<number> {
  const options = parseClient(args);
  if (options.help || options.version) {
    await print(stdout, options.help ? clientUsage() : `${versionLine("stock_client")}\n`);
    return ExitCode.OK;
  }
  repairLibraries();
  if (options.session) {
    await call({ input: stdin, output: stdout, log: logTo(stderr) }, new AbortController().signal);
    return ExitCode.OK;
  }
  const operate = await prepare(options, stdin);
  const channel = new Channel(endpointOf(options));
  try {
    await operate({
      stubs: channel.stubs,
      options: options.timeoutMs === 0 ? {} : { deadline: Date.now() + options.timeoutMs },
      print: (data) => print(stdout, data),
    });
  } finally {
    channel.close();
  }
  return ExitCode.OK;
}

function endpointOf(options: ClientOptions): Endpoint {
  const { server: address, serverName, maxReceiveBytes } = options;
  if (!options.tls) {
    return { address, credentials: undefined, serverName, maxReceiveBytes };
  }
  const roots = options.caFile === "" ? undefined : readFile(options.caFile);
  const identity = options.certFile === "" ? undefined : readIdentity(options.certFile, options.keyFile);
  return { address, credentials: clientCredentials(roots, identity), serverName, maxReceiveBytes };
}

/** Prints the line that an error deserves and gives the exit code. */
async function explain(error: unknown, stderr: NodeJS.WritableStream): Promise<number> {
  if (error instanceof NotServingError) {
    return ExitCode.NOT_SERVING;
  }
  if (error instanceof UsageError) {
    await tell(stderr, `${error.message}\n${clientUsage()}`);
    return ExitCode.USAGE;
  }
  if (error instanceof CredentialsError) {
    await tell(stderr, `${error.message}\n`);
    return ExitCode.USAGE;
  }
  if (isServiceError(error)) {
    await tell(stderr, `${Code[error.code]}: ${oneLine(error.details)}\n`);
    return ExitCode.RPC + error.code;
  }
  await tell(stderr, `${oneLine(reasonOf(error))}\n`);
  return ExitCode.INTERNAL;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}
