// The arguments of a command line: where they come from, and what is in those of batch and trade.

import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { isDigits, quoted, UsageError } from "./grammar.js";

const NUL = 0;
const EQUALS = 0x3d;

/**
 * The arguments of this process as the bytes they were given as. Node.js decodes them as UTF-8 and replaces
 * what is none, so the kernel is asked where that may have happened.
 */
export function processArguments(): Buffer[] {
  const args = process.argv.slice(2);
  if (!args.some((argument) => argument.includes("\uFFFD"))) {
    return args.map((argument) => Buffer.from(argument));
  }
  const words = split(readFileSync("/proc/self/cmdline"), NUL);
  return words.slice(words.length - args.length);
}

/** The parts of bytes that each end with a certain one; what follows the last one is a part too. */
export function split(bytes: Buffer, end: number): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = bytes.indexOf(end); at >= 0; at = bytes.indexOf(end, start)) {
    parts.push(bytes.subarray(start, at));
    start = at + 1;
  }
  if (start < bytes.length) {
    parts.push(bytes.subarray(start));
  }
  return parts;
}

/** An item of a batch, `KEY=VALUE`, split at its first `=`. Throws UsageError. */
export function parseItem(argument: Buffer): { key: string; value: Buffer } {
  const at = argument.indexOf(EQUALS);
  if (at < 0) {
    throw new UsageError(`batch: ${quoted(argument)} given, KEY=VALUE expected`);
  }
  const key = argument.subarray(0, at);
  if (!isUtf8(key)) {
    throw new UsageError(`batch: ${quoted(key)} given, a key of UTF-8 expected`);
  }
  return { key: key.toString(), value: argument.subarray(at + 1) };
}

/** One argument of trade. */
export interface OrderArgument {
  readonly kind: "buy" | "sell" | "query";
  readonly symbol: string;
  /** 0 for query. */
  readonly quantity: number;
}

/**
 * An order: `buy:SYMBOL:N` and `sell:SYMBOL:N` split at the first colon and the last, `query:SYMBOL` at the
 * first. Throws UsageError.
 */
export function parseOrder(argument: Buffer): OrderArgument {
  const text = argument.toString();
  const [, kind, rest] = /^(buy|sell|query):(.*)$/s.exec(text) ?? [];
  const order = rest === undefined ? undefined : orderOf(kind as OrderArgument["kind"], rest);
  if (order === undefined || !isUtf8(argument)) {
    throw new UsageError(
      `trade: ${quoted(text)} given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected`,
    );
  }
  return order;
}

function orderOf(kind: OrderArgument["kind"], rest: string): OrderArgument | undefined {
  if (kind === "query") {
    return { kind, symbol: rest, quantity: 0 };
  }
  const colon = rest.lastIndexOf(":");
  const number = rest.slice(colon + 1);
  const quantity = Number(number);
  const isInt32 = isDigits(number.replace(/^-/, "")) && quantity >= -(2 ** 31) && quantity < 2 ** 31;
  return colon < 0 || !isInt32 ? undefined : { kind, symbol: rest.slice(0, colon), quantity };
}
