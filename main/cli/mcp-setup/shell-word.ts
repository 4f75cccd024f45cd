/** A word as a POSIX shell must read it. */
export function shellWord(word: string): string {
  return /^[\p{L}\p{N}@%+=:,./~<>_-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
