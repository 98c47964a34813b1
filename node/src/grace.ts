// Time that others are given, on timers of Node.js.

import { setTimeout as delay } from "node:timers/promises";

/** The longest that a timer of Node.js waits; one that should wait longer does not wait at all. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Resolves with `done`, and when the grace is over at the latest. The grace alone keeps no process alive. */
export async function within(graceMs: number, done: Promise<unknown>): Promise<void> {
  await Promise.race([done, delay(Math.min(graceMs, MAX_TIMER_MS), undefined, { ref: false })]);
}
