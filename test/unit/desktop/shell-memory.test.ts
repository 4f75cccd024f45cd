import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, type Log } from '../../../main/base/log.ts';
import { ShellMemory } from '../../../main/desktop/shell-memory.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const PLACE = { bounds: { x: 10, y: 20, width: 900, height: 700 }, maximized: true };
let temp: ReturnType<typeof makeTempDir>;
let file: string;
const warnings: string[] = [];
const log: Log = { ...silentLog(), warn: ((_fields: object, message: string) => void warnings.push(message)) as Log['warn'] };

beforeEach(() => {
  temp = makeTempDir();
  file = join(temp.path, 'desktop', 'shell.json');
  warnings.length = 0;
});
afterEach(() => temp.remove());

describe('the memory of the shell', () => {
  it('keeps the window and what was told over starts', () => {
    const first = new ShellMemory(file, log);
    expect(first.windowPlace).toBeNull();
    first.rememberWindow(PLACE);
    expect(first.firstTime('still-running')).toBe(true);
    const second = new ShellMemory(file, log);
    expect(second.windowPlace).toEqual(PLACE);
    expect(second.firstTime('still-running')).toBe(false);
    expect(second.firstTime('no-tray')).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('writes for its owner alone, whole, and only when something changed', () => {
    const memory = new ShellMemory(file, log);
    memory.rememberWindow(PLACE);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.tmp`)).toBe(false);
    writeFileSync(file, 'untouched');
    memory.rememberWindow({ ...PLACE });
    expect(readFileSync(file, 'utf8')).toBe('untouched');
  });

  it.each(['', 'no json', 'null', '[]', '{"window":7,"told":7}', '{"window":{"bounds":{}},"told":[7,"unknown"]}'])('starts empty with a file that says %j', (content) => {
    mkdirSync(join(temp.path, 'desktop'));
    writeFileSync(file, content);
    const memory = new ShellMemory(file, log);
    expect(memory.windowPlace).toBeNull();
    expect(memory.firstTime('no-tray')).toBe(true);
  });

  it('says so and goes on when it cannot write', () => {
    const blocked = join(temp.path, 'blocked');
    writeFileSync(blocked, 'a file where a folder should be');
    const memory = new ShellMemory(join(blocked, 'shell.json'), log);
    warnings.length = 0;
    memory.rememberWindow(PLACE);
    expect(memory.windowPlace).toEqual(PLACE);
    expect(warnings).toEqual(['window memory was not saved']);
  });
});
