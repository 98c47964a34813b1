import assert from "node:assert/strict";
import { it } from "node:test";

it("passes", () => undefined);
it("fails", () => assert.fail("as it should"));
