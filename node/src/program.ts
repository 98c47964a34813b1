// What the two programs have in common: their streams and their signals.

/** The standard streams of a program. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Runs a program's function and exits with its code, whatever is still open. */
export function exitWith(code: Promise<number>): void {
  void code.then((value) => process.exit(value));
}

/** Writes, and waits until it is written; rejects where nobody reads any more. */
export function print(stream: NodeJS.WritableStream, data: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once("error", reject);
    stream.write(data, (error) => {
      stream.off("error", reject);
      if (error == null) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}
