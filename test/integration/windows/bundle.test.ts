import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.ts';
import { buildWindows } from '../../support/windows/build.ts';

/** What the first window may load, in bytes of gzip (DESIGN §18). */
const FIRST_WINDOW = 130_000;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

const out = makeTempDir('wheelhouse-bundle-');
let manifest: Readonly<Record<string, Chunk>> = {};

beforeAll(async () => {
  await buildWindows(out.path);
  manifest = JSON.parse(readFileSync(join(out.path, '.vite/manifest.json'), 'utf8')) as typeof manifest;
});
afterAll(() => out.remove());

/** The files that a chunk needs before it can run. */
function needs(name: string, found = new Set<string>()): ReadonlySet<string> {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`the build has no chunk '${name}'`);
  found.add(chunk.file);
  for (const other of chunk.imports ?? []) if (!found.has(manifest[other]?.file ?? '')) needs(other, found);
  return found;
}
const gzipSize = (file: string): number => gzipSync(readFileSync(join(out.path, file))).length;
const entry = (): string => {
  const found = Object.entries(manifest).find(([, chunk]) => chunk.isEntry === true);
  if (found === undefined) throw new Error('the build has no entry');
  return found[0];
};
const page = (name: string): string => `pages/${name}/${name}-page.tsx`;
const catalogue = (language: string): string => `../resources/locales/${language}.json`;

describe('the built windows', () => {
  it.each(['overview', 'activity', 'board', 'messages', 'locks', 'kill-switch', 'sessions'])('load at most 130 kB of JavaScript for the first one: %s', (name) => {
    for (const language of ['en', 'ko']) {
      const files = [...new Set([...needs(entry()), ...needs(page(name)), ...needs(catalogue(language))])];
      const size = files.reduce((sum, file) => sum + gzipSize(file), 0);
      expect(size, `${name} in ${language}: ${files.join(', ')}`).toBeLessThanOrEqual(FIRST_WINDOW);
    }
  });

  it('load each page and each language only when it is asked for', () => {
    const first = needs(entry());
    for (const name of ['overview', 'activity', 'board', 'messages', 'locks', 'kill-switch', 'sessions']) expect(first).not.toContain(manifest[page(name)]?.file);
    for (const language of ['en', 'ko', 'pages-en', 'pages-ko']) expect(first).not.toContain(manifest[catalogue(language)]?.file);
  });

  it('hold nothing that their content security policy would refuse', () => {
    const html = readFileSync(join(out.path, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/);
    expect(html).not.toMatch(/https?:\/\//);
    for (const chunk of Object.values(manifest)) {
      const text = readFileSync(join(out.path, chunk.file), 'utf8');
      expect(text, chunk.file).not.toMatch(/url\((["']?)(https?:|data:font)/);
      expect(text, chunk.file).not.toMatch(/\beval\(|new Function\(/);
    }
  });
});
