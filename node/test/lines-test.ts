import assert from "node:assert/strict";
import { it } from "node:test";
import { escaped, eventLine, fillLine } from "../src/stock-client/lines.js";
import { WatchEvent_EventType as EventType } from "../stock_grpc/proto/stock.js";

it("an event's line has its fields by tabs", () => {
  const event = { key: "a\tb", value: Buffer.from([0xff, 0x0a]), timestamp: 12n };
  assert.equal(eventLine({ ...event, type: EventType.PUT }), "12\tPUT\ta\\tb\t\\xFF\\n\n");
  assert.equal(eventLine({ ...event, type: EventType.DELETE }), "12\tDELETE\ta\\tb\n");
});

it("a fill's line says whether it was filled", () => {
  const fill = { symbol: "a\nb", timestamp: 1n };
  assert.equal(
    fillLine({ ...fill, success: true, quantityFilled: 5, message: "bought" }),
    "ok\ta\\nb\t5\tbought\n",
  );
  assert.equal(
    fillLine({ ...fill, success: false, quantityFilled: 0, message: "x\ny" }),
    "rejected\ta\\nb\t0\tx\\ny\n",
  );
});

const ROWS: [string | Buffer, string][] = [
  ["plain é 鍵 🦊", "plain é 鍵 🦊"],
  ["\\ \n \r \t", "\\\\ \\n \\r \\t"],
  ["\0\x01\x1f\x7f", "\\x00\\x01\\x1F\\x7F"],
  [Buffer.from([0x61, 0x80, 0xc3, 0x28, 0xe9]), "a\\x80\\xC3(\\xE9"],
  // A surrogate, a character too large, one that is longer than it need be, one that is cut short.
  [Buffer.from([0xed, 0xa0, 0x80]), "\\xED\\xA0\\x80"],
  [Buffer.from([0xf5, 0x80, 0x80, 0x80]), "\\xF5\\x80\\x80\\x80"],
  [Buffer.from([0xc0, 0x80]), "\\xC0\\x80"],
  [Buffer.from([0xf0, 0x9f, 0xa6]), "\\xF0\\x9F\\xA6"],
];
for (const [text, expected] of ROWS) {
  it(`${JSON.stringify(text)} is fit for a line`, () => assert.equal(escaped(Buffer.from(text)), expected));
}
