/** What stands in the place of a secret. */
const MASK = '[hidden]';
/** Shorter values would be masked in the middle of ordinary words. */
const SHORTEST = 6;

/** Hides secrets in what is written or shown: an agent may print what it was given, an error may hold an address with a token. */
export class SecretMask {
  readonly #values: readonly string[];

  /** Values shorter than 6 characters are left alone. */
  constructor(secrets: Iterable<string>) {
    // As it is, and as it looks inside JSON; the longest first, so that a part of one never uncovers the rest.
    const forms = [...secrets].filter((value) => value.length >= SHORTEST).flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
    this.#values = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  /** The length of the longest secret in characters; 0 without any. */
  get longest(): number {
    return this.#values[0]?.length ?? 0;
  }

  hide(text: string): string {
    return this.#values.reduce((shown, value) => shown.replaceAll(value, MASK), text);
  }
}
