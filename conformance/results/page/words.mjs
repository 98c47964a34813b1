// How outcomes and quantities are written.

/** Worst first. Each outcome has a symbol and a name, so that no colour is needed to tell them apart. */
export const OUTCOMES = [
  { key: "crashed", symbol: "↯", name: "crashed", bad: true },
  { key: "failed", symbol: "✕", name: "failed", bad: true },
  { key: "timed_out", symbol: "◔", name: "timed out", bad: true },
  { key: "unexpected_pass", symbol: "!", name: "unexpected pass", bad: true },
  { key: "known_failing", symbol: "≈", name: "known failing", bad: false },
  { key: "not_run", symbol: "○", name: "not run", bad: false },
  { key: "unsupported", symbol: "–", name: "unsupported", bad: false },
  { key: "passed", symbol: "✓", name: "passed", bad: false },
];

const BY_KEY = new Map(OUTCOMES.map((outcome) => [outcome.key, outcome]));

export const outcomeOf = (key) => BY_KEY.get(key);

/** `1 case`, `1,204 cases`. */
export function counted(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export const number = (value) => value.toLocaleString("en");

/** `0.4 ms`, `38 ms`, `1.2 s`. */
export function duration(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** `mtls, p256`, or `plaintext` alone. */
export const configName = (security, keyType) => (keyType === "none" ? security : `${security}, ${keyType}`);

/** Counts by outcome as `147 passed, 1 failed`, worst first. */
export function tallied(counts) {
  const parts = OUTCOMES.filter(({ key }) => counts.get(key)).map(
    ({ key, name }) => `${number(counts.get(key))} ${name}`,
  );
  return parts.join(", ") || "nothing";
}

/** A reason of the form `what: expected A, got B` in its parts, or null. */
export function expectation(reason) {
  const match = /^(?:(.*?): )?expected (.*), got (.*)$/s.exec(reason);
  return match && { what: match[1] ?? "", expected: match[2], got: match[3] };
}
