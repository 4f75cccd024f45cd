/** How one kind of value is checked, read from the environment and written to TOML. */
export interface ValueType<T> {
  /** The allowed values in words, for messages and the documentation, as `an integer from 5 to 3600`. */
  readonly accepts: string;
  /** The value when it is allowed, else undefined. Takes what the TOML parser returns. */
  check(value: unknown): T | undefined;
  /** The TOML-like value that `text` from the environment stands for, by this type and never by its looks. */
  fromText(text: string): unknown;
  /** The value as it is written in TOML. */
  toToml(value: T): string;
}

/** The word that stands for "no limit" in TOML and the environment; the program sees null (DESIGN §5). */
const UNLIMITED = 'unlimited';

const INTEGER = /^[+-]?\d+$/;

function integerFromText(text: string): unknown {
  return INTEGER.test(text) ? Number(text) : text;
}

/** A whole number from `min` to `max`; `also` is one more allowed value outside the range, with its meaning. */
export function integer(min: number, max: number, also?: { readonly value: number; readonly meaning: string }): ValueType<number> {
  const range = `an integer from ${min} to ${max}`;
  return {
    accepts: also ? `${range}, or ${also.value} (${also.meaning})` : range,
    check(value) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
      return (value >= min && value <= max) || value === also?.value ? value : undefined;
    },
    fromText: integerFromText,
    toToml: String,
  };
}

/** A whole number from `min` to `max`, or no limit (null). */
export function limit(min: number, max: number): ValueType<number | null> {
  const number = integer(min, max);
  return {
    accepts: `${number.accepts}, or "${UNLIMITED}"`,
    check: (value) => (value === UNLIMITED ? null : number.check(value)),
    fromText: integerFromText,
    toToml: (value) => (value === null ? JSON.stringify(UNLIMITED) : String(value)),
  };
}

/** true or false. */
export function flag(): ValueType<boolean> {
  return {
    accepts: 'true or false',
    check: (value) => (typeof value === 'boolean' ? value : undefined),
    fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
    toToml: String,
  };
}

/** One of a few words. */
export function choice<const C extends string>(...choices: readonly C[]): ValueType<C> {
  return {
    accepts: `one of ${choices.map((word) => JSON.stringify(word)).join(', ')}`,
    check: (value) => choices.find((word) => word === value),
    fromText: (text) => text,
    toToml: (value) => JSON.stringify(value),
  };
}

/** A text that matches `pattern`, which `words` describes. */
export function text(pattern: RegExp, words: string): ValueType<string> {
  return {
    accepts: words,
    check: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
    fromText: (value) => value,
    toToml: (value) => JSON.stringify(value),
  };
}

/** A list of different texts that match `pattern`; in the environment a JSON array or texts separated by commas. */
export function texts(pattern: RegExp, words: string, atLeast: number, atMost: number): ValueType<readonly string[]> {
  return {
    accepts: `a list of ${atLeast} to ${atMost} different texts, each ${words}`,
    check(value) {
      if (!Array.isArray(value) || value.length < atLeast || value.length > atMost) return undefined;
      if (!value.every((item) => typeof item === 'string' && pattern.test(item))) return undefined;
      return new Set(value).size === value.length ? (value as readonly string[]) : undefined;
    },
    fromText(value) {
      if (!value.trimStart().startsWith('[')) return value.split(',').map((item) => item.trim());
      try {
        return JSON.parse(value) as unknown;
      } catch {
        return value;
      }
    },
    toToml: (value) => `[${value.map((item) => JSON.stringify(item)).join(', ')}]`,
  };
}
