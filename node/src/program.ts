// What the two programs have in common: their streams and their ends.

import { oneLine, reasonOf } from "./log.js";
import { ExitCode } from "./options/grammar.js";

/** The standard streams of a program. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Exits with the code that a program's function gives, whatever is still open. */
export async function exitWith(code: Promise<number>): Promise<never> {
  try {
    return process.exit(await code);
  } catch (error) {
    await tell(process.stderr, `${oneLine(reasonOf(error))}\n`);
    return process.exit(ExitCode.INTERNAL);
  }
}

/** Writes why a program ends. Nobody may read it; the exit code tells all the same. */
export function tell(stderr: NodeJS.WritableStream, reason: string): Promise<void> {
  return print(stderr, reason).catch(() => undefined);
}

/** Writes, and waits until it is written; rejects where nobody reads any more. */
export function print(stream: NodeJS.WritableStream, data: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once("error", reject);
    stream.write(data, (error) => {
      if (error == null) {
        stream.off("error", reject);
        resolve();
      } else {
        // The stream emits the error a moment later: somebody must still listen.
        reject(error);
      }
    });
  });
}
