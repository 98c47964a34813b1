// The command line's grammar, which every language shares. It touches nothing outside: no file, no
// environment, no standard stream.
//
// It is our own because it is stricter than that of the libraries: commander takes `-5` for a flag, and has
// the flags of a command only after it; util.parseArgs takes `-5` for flags and does not say what it expects.

/** Exit codes of the two programs; an RPC that failed is RPC plus its status code. */
export const ExitCode = {
  OK: 0,
  NOT_SERVING: 1,
  USAGE: 2,
  CANNOT_BIND: 3,
  INTERNAL: 4,
  RPC: 64,
  INTERRUPTED: 130,
} as const;

/** A command line that breaks the grammar, in one line that names what breaks it. */
export class UsageError extends Error {}

/**
 * One flag of a program. It takes a value if it names one; `set` takes the value, or the empty string where
 * there is none, and returns what it expects instead of a value that it refuses.
 */
export interface Flag {
  readonly name: string;
  readonly value: string;
  readonly help: string;
  readonly set: (value: string) => string | undefined;
}

/** A flag. */
export function flag(name: string, value: string, help: string, set: Flag["set"]): Flag {
  return { name, value, help, set };
}

/** A command line taken apart. */
export interface Line {
  /** The names of the flags given. */
  readonly given: ReadonlySet<string>;
  /** The rest, in order, as bytes. */
  readonly words: readonly Buffer[];
}

/** Takes a command line apart and sets the flags given, the last of a repeated one at last. */
export function parse(flags: readonly Flag[], args: readonly Buffer[]): Line {
  const given = new Set<string>();
  const words: Buffer[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const text = word.toString();
    if (!text.startsWith("--")) {
      words.push(word);
    } else if (text === "--") {
      words.push(...rest.splice(0));
    } else {
      given.add(setFlag(flags, text.slice(2), rest));
    }
  }
  return { given, words };
}

/** Sets the flag that text names, `name` or `name=value`, taking the value from `rest` if need be. */
function setFlag(flags: readonly Flag[], text: string, rest: Buffer[]): string {
  const split = text.indexOf("=");
  const name = split < 0 ? text : text.slice(0, split);
  const flag = flags.find((one) => one.name === name);
  if (flag === undefined) {
    throw new UsageError(`unknown flag: --${printable(name)}`);
  }
  if (flag.value === "" && split >= 0) {
    throw new UsageError(`--${name} takes no value`);
  }
  const attached = split < 0 ? undefined : text.slice(split + 1);
  const value = flag.value === "" ? "" : (attached ?? rest.shift()?.toString());
  if (value === undefined) {
    throw new UsageError(`--${name} needs a value`);
  }
  const expected = flag.set(value);
  if (expected !== undefined) {
    throw new UsageError(`--${name}: ${quoted(value)} given, ${expected} expected`);
  }
  return name;
}

/** The lines that tell of flags. */
export function usage(flags: readonly Flag[]): string {
  return flags
    .map((flag) => `  ${`--${flag.name} ${flag.value}`.trimEnd().padEnd(26)} ${flag.help}\n`)
    .join("");
}

/** A word of the command line, quoted and fit for a line of text. */
export function quoted(word: string | Buffer): string {
  return JSON.stringify(word.toString());
}

/** As `quoted`, without the quotes. */
export function printable(word: string | Buffer): string {
  return quoted(word).slice(1, -1);
}

/** The setter of a flag without a value: sets a field to true. */
export function yes<Field extends string>(target: Record<Field, boolean>, field: Field): Flag["set"] {
  return () => {
    target[field] = true;
    return undefined;
  };
}

/** The setter of a flag with any value but the empty one. */
export function text<Field extends string>(target: Record<Field, string>, field: Field): Flag["set"] {
  return (value) => {
    target[field] = value;
    return value === "" ? "a value that is not empty" : undefined;
  };
}

/** The setter of a flag with a whole number. */
export function integer<Field extends string>(
  target: Record<Field, number>,
  field: Field,
  low: number,
  high: number,
): Flag["set"] {
  return (value) => {
    target[field] = Number(value);
    const fits = isDigits(value) && target[field] >= low && target[field] <= high;
    return fits ? undefined : `a number from ${low} to ${high}`;
  };
}

/** The setter of a flag with seconds: the field is in milliseconds. */
export function seconds<Field extends string>(target: Record<Field, number>, field: Field): Flag["set"] {
  return (value) => {
    // Up: a fraction of a millisecond is not 0.
    target[field] = Math.ceil(Number(value) * 1000);
    return /^[0-9]{1,9}(\.[0-9]+)?$/.test(value) ? undefined : "seconds like 5 or 0.25";
  };
}

/** Tells numbers as the grammar knows them from those with signs, exponents and separators. */
export function isDigits(value: string): boolean {
  return /^[0-9]+$/.test(value);
}
