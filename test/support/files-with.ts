import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The files below `root` that hold one of the texts anywhere in their bytes, as paths below it. */
export function filesWith(root: string, texts: readonly string[]): readonly string[] {
  const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name));
  return all
    .filter((path) => lstatSync(path).isFile())
    .filter((path) => {
      const bytes = readFileSync(path);
      return texts.some((text) => bytes.includes(text));
    })
    .map((path) => relative(root, path))
    .toSorted((a, b) => (a < b ? -1 : 1));
}
