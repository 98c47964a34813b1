// The log: lines on standard error.

/** Writes one line of log. */
export type Log = (line: string) => void;

/** A log on a stream, with the time. */
export function logTo(stream: NodeJS.WritableStream): Log {
  return (line) => {
    stream.write(`${new Date().toISOString()} ${oneLine(line)}\n`);
  };
}

/** Text without the ends of lines that would make it several. */
export function oneLine(text: string): string {
  return text.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}

/** What an error says of itself. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
