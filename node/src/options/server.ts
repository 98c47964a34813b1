// The command line of stock_server, typed and free of contradictions.

import { BlockList, isIP } from "node:net";
import type { Security } from "../listener/listener.js";
import {
  type Flag,
  flag,
  integer,
  type Line,
  parse,
  printable,
  seconds,
  text,
  UsageError,
  usage,
  yes,
} from "./grammar.js";

/** Largest limit of a message's size. */
export const MAX_RECEIVE_BYTES = 2 ** 31 - 1;

/** Help of the flag for it. */
export const RECEIVE_HELP = "largest message read, after decompression (default 4194304)";

const MODES = ["none", "tls", "mtls", "disabled", "server", "manual"];

/** What stock_server was asked for. Where `help` or `version` is set the rest means nothing. */
export interface ServerOptions {
  help: boolean;
  version: boolean;
  host: string;
  port: number;
  security: Security;
  /** The files are empty where they are not needed. */
  certFile: string;
  keyFile: string;
  clientCaFile: string;
  graceMs: number;
  maxReceiveBytes: number;
  conformance: boolean;
  session: boolean;
}

/** The options, and the raw values of the flags that need another look. */
interface Raw {
  readonly options: ServerOptions;
  mode: string;
  allowPlaintext: boolean;
}

function fresh(): Raw {
  return {
    options: {
      help: false,
      version: false,
      host: "127.0.0.1",
      port: 50_051,
      security: "plaintext",
      certFile: "",
      keyFile: "",
      clientCaFile: "",
      graceMs: 3000,
      maxReceiveBytes: 4 << 20,
      conformance: false,
      session: false,
    },
    mode: "none",
    allowPlaintext: false,
  };
}

function flagsOf(raw: Raw): Flag[] {
  const { options } = raw;
  return [
    flag("host", "H", "address to bind (default 127.0.0.1)", text(options, "host")),
    flag("port", "N", "port to bind; 0 = any free one (default 50051)", integer(options, "port", 0, 65_535)),
    flag("tls-mode", "MODE", "none, tls or mtls (default none)", (mode) => {
      raw.mode = mode;
      return MODES.includes(mode) ? undefined : "none, tls or mtls";
    }),
    flag("cert-file", "F", "the server's certificate chain, PEM", text(options, "certFile")),
    flag("key-file", "F", "the server's private key, PEM PKCS#8", text(options, "keyFile")),
    flag("client-ca-file", "F", "roots for client certificates, PEM; mtls", text(options, "clientCaFile")),
    flag(
      "grace-seconds",
      "S",
      "time for running calls when the server drains (default 3)",
      seconds(options, "graceMs"),
    ),
    flag("max-receive-bytes", "N", RECEIVE_HELP, integer(options, "maxReceiveBytes", 1, MAX_RECEIVE_BYTES)),
    flag(
      "allow-plaintext-network",
      "",
      "allow a host beyond loopback without TLS",
      yes(raw, "allowPlaintext"),
    ),
    flag("conformance", "", "obey the directives in request metadata", yes(options, "conformance")),
    flag("session", "", "be driven by frames on standard input and output", yes(options, "session")),
    flag("help", "", "print this and exit", yes(options, "help")),
    flag("version", "", "print the version and exit", yes(options, "version")),
  ];
}

/** The usage of stock_server. */
export function serverUsage(): string {
  return `usage: stock_server [FLAGS]\n${usage(flagsOf(fresh()))}`;
}

/** Reads the command line of stock_server. Throws UsageError. */
export function parseServer(args: readonly Buffer[]): ServerOptions {
  const raw = fresh();
  const { options } = raw;
  const line = parse(flagsOf(raw), args);
  if (options.help || options.version) {
    return options;
  }
  const [stray] = line.words;
  if (stray !== undefined) {
    throw new UsageError(`stray argument: ${printable(stray)}`);
  }
  if (options.session) {
    onlyWithSession(line, ["conformance", "grace-seconds"]);
    options.conformance = true;
    return options;
  }
  settle(raw);
  return options;
}

/** Finds contradictions and settles the security. */
function settle({ options, mode: given, allowPlaintext }: Raw): void {
  const mode = upstreamMode(given, options.clientCaFile !== "");
  const files: [string, string, boolean][] = [
    ["cert-file", options.certFile, mode !== "none"],
    ["key-file", options.keyFile, mode !== "none"],
    ["client-ca-file", options.clientCaFile, mode === "mtls"],
  ];
  for (const [name, value, needed] of files) {
    if (value !== "" && !needed) {
      throw new UsageError(`--${name} does not go with --tls-mode ${mode}`);
    }
    if (value === "" && needed) {
      throw new UsageError(`--tls-mode ${mode} needs --${name}`);
    }
  }
  options.security = mode === "none" ? "plaintext" : (mode as Security);
  if (mode === "none" && !allowPlaintext && options.host !== "localhost" && !isLoopback(options.host)) {
    throw new UsageError(`--host ${printable(options.host)} without TLS needs --allow-plaintext-network`);
  }
}

/** The mode of a name, which may be one that upstream gives. */
function upstreamMode(name: string, hasClientRoots: boolean): string {
  switch (name) {
    case "disabled":
      return "none";
    case "server":
    case "manual":
      return hasClientRoots ? "mtls" : "tls";
    default:
      return name;
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether a host is a literal address of loopback. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version !== 0 && LOOPBACK.check(host, version === 6 ? "ipv6" : "ipv4");
}

/** Refuses the flags that make no sense in a session. */
export function onlyWithSession({ given }: Line, allowed: readonly string[]): void {
  for (const name of [...given].sort()) {
    if (name !== "session" && !allowed.includes(name)) {
      throw new UsageError(`--session goes without --${name}`);
    }
  }
}
