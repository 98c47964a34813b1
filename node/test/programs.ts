// The two programs as processes, for tests.

import { type ChildProcess, spawn } from "node:child_process";
import type { TestContext } from "node:test";

/** Where a program is, by the variable that the build sets. */
export function programOf(variable: "CLIENT" | "SERVER"): string {
  const path = process.env[variable];
  if (path === undefined) {
    throw new Error(`${variable} is not set`);
  }
  return path;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A process, killed with its test. */
export class Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #wake: () => void = () => undefined;

  constructor(test: TestContext, path: string, args: readonly string[]) {
    this.child = spawn(path, args);
    test.after(() => this.child.kill("SIGKILL"));
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout.push(chunk);
      this.#wake();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    this.ended = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code) => {
        this.#wake();
        resolve({
          code,
          stdout: Buffer.concat(this.#stdout),
          stderr: Buffer.concat(this.#stderr).toString(),
        });
      });
    });
  }

  /** The first line on standard output. */
  async line(): Promise<string> {
    for (;;) {
      const [line, rest] = Buffer.concat(this.#stdout).toString().split("\n", 2);
      if (rest !== undefined) {
        return line ?? "";
      }
      if (this.child.exitCode !== null) {
        throw new Error(`ended with ${this.child.exitCode}: ${Buffer.concat(this.#stderr)}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Runs a program to its end, with some standard input. */
export function run(
  test: TestContext,
  path: string,
  args: readonly string[],
  input: string | Buffer = "",
): Promise<Ended> {
  const program = new Program(test, path, args);
  program.child.stdin?.end(input);
  return program.ended;
}

/** A server and its port. */
export async function startServer(
  test: TestContext,
  ...args: string[]
): Promise<{ server: Program; port: number }> {
  const server = new Program(test, programOf("SERVER"), ["--port", "0", ...args]);
  const line = await server.line();
  return { server, port: Number(line.slice(line.lastIndexOf(":") + 1)) };
}
