import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";

/** Runs a test as Bazel does. */
function outcome(t: TestContext, variable: string, filter = "") {
  const folder = mkdtempSync(join(process.env.TEST_TMPDIR ?? "", "outcome"));
  t.after(() => rmSync(folder, { recursive: true }));
  const xml = join(folder, "test.xml");
  // Not the variables of the test runner that runs this.
  const env = { PATH: process.env.PATH, TESTBRIDGE_TEST_ONLY: filter, XML_OUTPUT_FILE: xml };
  const { status, stdout, stderr } = spawnSync(process.env[variable] ?? "", { env, encoding: "utf8" });
  return { status, printed: stdout + stderr, xml: readFileSync(xml, "utf8") };
}

it("a test that fails is told of, to people and to Bazel", (t: TestContext) => {
  const { status, printed, xml } = outcome(t, "FAILING");
  assert.equal(status, 1);
  assert.match(printed, /✖ fails.*as it should/s);
  assert.match(xml, /<testcase name="passes".*<testcase name="fails".*<failure/s);
});

it("a filter leaves out what it does not match", (t: TestContext) => {
  const { status, printed } = outcome(t, "FAILING", "passes");
  assert.equal(status, 0, printed);
});

it("no test at all is a failure", (t: TestContext) => {
  for (const [variable, filter] of [
    ["EMPTY", ""],
    ["FAILING", "nothing is called that"],
  ] as const) {
    const { status, printed } = outcome(t, variable, filter);
    assert.equal(status, 1);
    assert.match(printed, /no test has run/);
  }
});
