// Runs the tests of node:test that stand beside it: of `NAME`, `NAME.cjs`.
//
// Tells them to people on standard output and to Bazel as JUnit. No test at all is a failure.

import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { run } from "node:test";
import { junit, spec } from "node:test/reporters";

const { TESTBRIDGE_TEST_ONLY: filter, XML_OUTPUT_FILE: xml } = process.env;

const tests = `${process.argv[1]}.cjs`;
const events = run({
  files: [tests],
  ...(filter ? { testNamePatterns: [filter] } : {}),
});

let passed = 0;
let failed = 0;
// A file without tests is told of as a test that is named for it.
const isTest = ({ name, details, skip }) => name !== tests && details.type !== "suite" && !skip;
events.on("test:pass", (test) => {
  passed += isTest(test) ? 1 : 0;
});
events.on("test:fail", () => {
  failed += 1;
});
events.compose(new spec()).pipe(process.stdout);
const written = [];
if (xml) {
  written.push(finished(events.compose(junit).pipe(createWriteStream(xml))));
}
events.once("end", async () => {
  await Promise.all(written);
  if (passed === 0 && failed === 0) {
    console.error("no test has run");
  }
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
});
