import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.ts';

const REPO = join(import.meta.dirname, '../../..');

/** The floors as the design states them, lowest first; written out here so that the rule is not its own witness. */
const FLOORS = [
  ['base'],
  ['config'],
  ['store'],
  ['access', 'bus', 'notify'],
  ['agents', 'schedule', 'channels', 'completions', 'updates'],
  ['server'],
  ['wheelhouse'],
  ['desktop', 'cli'],
  ['index'],
];
const ROOMS = FLOORS.flat();
const floorOf = (room: string): number => FLOORS.findIndex((rooms) => rooms.includes(room));

/** Where a room keeps the file that is imported. */
const FILES: Record<string, string> = {
  ...Object.fromEntries(ROOMS.map((room) => [room, `main/${room}/thing.ts`])),
  wheelhouse: 'main/wheelhouse.ts',
  index: 'main/index.ts',
};

/** One line of a source file and whether lint must refuse it. */
interface Line {
  readonly code: string;
  readonly refused: boolean;
}

const importOf = (from: string, to: string, word = 'import'): string => {
  const path = relative(dirname(from), to);
  const name = `${word} ${to}`.replaceAll(/\W+/g, '_');
  return `${word} { thing as ${name} } from '${path.startsWith('.') ? path : `./${path}`}';`;
};

/** Writes the lines to a file of a copy of the house's tools and returns the line numbers that the floor rule refused. */
class LintedTree {
  readonly #dir = makeTempDir('wheelhouse-floors-');

  constructor() {
    for (const part of ['.oxlintrc.json', 'resources/scripts/lint']) {
      cpSync(join(REPO, part), join(this.#dir.path, part), { recursive: true });
    }
    for (const file of Object.values(FILES)) this.write(file, ['export const thing = 1;']);
    this.write('main/bus/types.ts', ['export type thing = 1;']);
    this.write('preload/contract.ts', ['export type thing = 1;']);
    this.write('preload/contract/bus.ts', ['export type thing = 1;']);
  }

  write(file: string, lines: readonly string[]): void {
    const path = join(this.#dir.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${lines.join('\n')}\n`);
  }

  refusedLines(): Map<string, number[]> {
    const oxlint = join(REPO, 'node_modules/oxlint/bin/oxlint');
    const run = spawnSync(process.execPath, [oxlint, '--format', 'json', 'main', 'preload', 'renderer'], {
      cwd: this.#dir.path,
      encoding: 'utf8',
    });
    const report = JSON.parse(run.stdout) as {
      diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[];
    };
    const refused = new Map<string, number[]>();
    for (const { code, filename, labels } of report.diagnostics) {
      if (code === 'house(floors)') refused.set(filename, [...(refused.get(filename) ?? []), labels[0]!.span.line]);
    }
    return refused;
  }

  remove(): void {
    this.#dir.remove();
  }
}

/** Every file that the test writes, with what lint must say to each line. */
function cases(): Map<string, Line[]> {
  const files = new Map<string, Line[]>();
  for (const from of ROOMS) {
    const file = from === 'wheelhouse' || from === 'index' ? `main/${from}.ts` : `main/${from}/importer.ts`;
    files.set(file, [
      ...ROOMS.filter((to) => FILES[to] !== file).map((to) => ({
        code: importOf(file, FILES[to]!),
        refused: from !== to && floorOf(to) >= floorOf(from),
      })),
      { code: importOf(file, 'preload/contract.ts', 'import type'), refused: floorOf(from) < floorOf('server') },
      { code: importOf(file, 'preload/contract.ts'), refused: true },
      { code: importOf(file, 'renderer/state.ts', 'import type'), refused: true },
      { code: importOf(file, 'test/support/temp-dir.ts'), refused: true },
      { code: `import { app } from 'electron';`, refused: from !== 'desktop' && from !== 'index' },
      { code: `import { setTimeout } from 'node:timers/promises';`, refused: false },
      { code: `import strings from '${relative(dirname(file), 'resources/locales/en.json')}';`, refused: false },
    ]);
  }
  // Every form an import can take, once.
  files.set('main/store/forms.ts', [
    { code: `import type { thing as typed } from '../server/thing.ts';`, refused: true },
    { code: `export { thing } from '../server/thing.ts';`, refused: true },
    { code: `export * from '../server/thing.ts';`, refused: true },
    { code: `const lazy = () => import('../server/thing.ts');`, refused: true },
    { code: `type T = import('../server/thing.ts').thing;`, refused: true },
    { code: `const electron = require('electron');`, refused: true },
    { code: `const lowLazy = () => import('../base/thing.ts');`, refused: false },
  ]);
  files.set('main/attic/thing.ts', [{ code: `import { thing } from '../base/thing.ts';`, refused: true }]);
  files.set('main/cli.ts', [
    { code: `import { thing } from './cli/thing.ts';`, refused: false },
    { code: `import { thing as server } from './server/thing.ts';`, refused: false },
    { code: `import { thing as desktop } from './desktop/thing.ts';`, refused: true },
  ]);
  files.set('renderer/state.ts', [
    { code: `import type { thing } from '../preload/contract.ts';`, refused: false },
    { code: `import type { thing as part } from '../preload/contract/bus.ts';`, refused: true },
    { code: `import { thing as value } from '../preload/contract.ts';`, refused: true },
    { code: `import type { thing as bus } from '../main/bus/types.ts';`, refused: true },
    { code: `import { readFileSync } from 'fs';`, refused: true },
    { code: `import { ipcRenderer } from 'electron';`, refused: true },
    { code: `import { createRoot } from 'react-dom/client';`, refused: false },
    { code: `import './window.css';`, refused: false },
  ]);
  files.set('preload/index.ts', [
    { code: `import { contextBridge } from 'electron';`, refused: false },
    { code: `import type { thing } from './contract.ts';`, refused: false },
    { code: `import { thing as base } from '../main/base/thing.ts';`, refused: true },
  ]);
  files.set('preload/contract.ts', [
    { code: `export type { thing } from '../main/bus/types.ts';`, refused: false },
    { code: `import { thing as value } from '../main/bus/types.ts';`, refused: true },
    { code: `import type { thing as store } from '../main/store/thing.ts';`, refused: true },
    { code: `import { z } from 'zod';`, refused: true },
  ]);
  files.set('preload/contract/access.ts', [
    { code: `import type { thing } from '../../main/access/types.ts';`, refused: false },
    { code: `import type { thing as store } from '../../main/store/thing.ts';`, refused: true },
    { code: `import type { thing as part } from './bus.ts';`, refused: false },
  ]);
  return files;
}

describe('the floor rule of lint', () => {
  const files = cases();
  let tree: LintedTree;
  let refused: Map<string, number[]>;

  beforeAll(() => {
    tree = new LintedTree();
    for (const [file, lines] of files) tree.write(file, lines.map((line) => line.code));
    refused = tree.refusedLines();
  });
  afterAll(() => tree.remove());

  it.each([...files.keys()])('refuses in %s exactly the imports that go up or sideways', (file) => {
    const lines = files.get(file)!;
    const expected = lines.filter((line) => line.refused).map((line) => line.code);
    const found = (refused.get(file) ?? []).toSorted((a, b) => a - b).map((number) => lines[number - 1]!.code);
    expect(found).toEqual(expected);
  });

  it('reports nothing anywhere else', () => {
    const known = new Set(files.keys());
    expect([...refused.keys()].filter((file) => !known.has(file))).toEqual([]);
  });
});
