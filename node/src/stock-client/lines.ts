// The lines that stock_client prints.

import { isUtf8 } from "node:buffer";
import {
  WatchEvent_EventType as EventType,
  type TradeFill,
  type WatchEvent,
} from "../../stock_grpc/proto/stock.js";
import { oneLine } from "../log.js";

/** The line of an event: `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs. */
export function eventLine({ type, key, value, timestamp }: WatchEvent): string {
  const fields =
    type === EventType.DELETE
      ? [timestamp, "DELETE", escaped(Buffer.from(key))]
      : [timestamp, "PUT", escaped(Buffer.from(key)), escaped(value)];
  return `${fields.join("\t")}\n`;
}

/** The line of a fill: `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs. */
export function fillLine({ success, symbol, quantityFilled, message }: TradeFill): string {
  const fields = [
    success ? "ok" : "rejected",
    escaped(Buffer.from(symbol)),
    quantityFilled,
    oneLine(message),
  ];
  return `${fields.join("\t")}\n`;
}

const NAMED: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below 0x20, 0x7F, and
 * bytes that are not UTF-8.
 */
export function escaped(bytes: Buffer): string {
  let out = "";
  for (let at = 0; at < bytes.length; ) {
    const width = characterWidth(bytes, at);
    const character = bytes.toString("utf8", at, at + width);
    if (width === 0 || (character < " " && !(character in NAMED)) || character === "\x7f") {
      out += `\\x${bytes.toString("hex", at, at + 1).toUpperCase()}`;
      at += 1;
    } else {
      out += NAMED[character] ?? character;
      at += width;
    }
  }
  return out;
}

/** The bytes of the character that begins at a place; 0 where none does. */
function characterWidth(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const width = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const character = bytes.subarray(at, at + width);
  return character.length === width && isUtf8(character) ? width : 0;
}
