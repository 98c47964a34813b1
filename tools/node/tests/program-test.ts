import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { it } from "node:test";
import { greeting } from "./greeting.js";

it("a library is imported", () => assert.equal(greeting(), "hello from some descriptors"));

it("a program runs alone, with its flag", () => {
  const printed = execFileSync(process.env.PROGRAM ?? "", { encoding: "utf8" });
  assert.equal(printed, "hello from some descriptors --no-opt\n");
});
