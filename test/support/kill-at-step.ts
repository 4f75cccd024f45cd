import { writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { FileHandle } from 'node:fs/promises';
import { Settlement } from '../../main/notify/settlement.ts';
import { Store } from '../../main/store/store.ts';

type AnyFunction = (...args: unknown[]) => unknown;
/** What changes the disk. Reading leaves nothing behind, so dying before or after it is the same. */
const CHANGES = ['link', 'unlink', 'rename', 'mkdir', 'open'] as const;
const FILE_CHANGES = ['writeFile', 'sync', 'close', 'chmod'] as const;

/**
 * Counts every step of this process that leaves something behind, on disk, in the database or at a service, and kills it
 * without warning in front of step `fatal`; a request has two, before it leaves and after it was answered, and so has what
 * became of it, before and as it is written down. A JSON list of its steps is the last that a killed process prints.
 * Returns what tells the steps so far.
 */
export async function killAtStep(fatal: number): Promise<() => readonly string[]> {
  const steps: string[] = [];
  const step = (what: string): void => {
    if (steps.length === fatal) {
      writeSync(1, `${JSON.stringify(steps)}\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    steps.push(what);
  };
  const before = (target: object, name: string, counts: (args: unknown[]) => boolean = () => true): void => {
    const own = (target as Record<string, AnyFunction>)[name]!;
    (target as Record<string, AnyFunction>)[name] = function counted(this: unknown, ...args: unknown[]) {
      if (counts(args)) step(name);
      return own.apply(this, args);
    };
  };

  const files = createRequire(import.meta.url)('node:fs/promises') as Record<string, AnyFunction> & { open(path: string): Promise<FileHandle> };
  const handle = await files.open(import.meta.filename);
  const FileHandlePrototype = Object.getPrototypeOf(handle) as object;
  await handle.close();
  for (const name of CHANGES) before(files, name, (args) => name !== 'open' || args[1] === 'wx');
  for (const name of FILE_CHANGES) before(FileHandlePrototype, name);
  syncBuiltinESMExports();

  before(Store.prototype, 'transact');
  before(Store.prototype, 'batch');
  before(Settlement.prototype, 'settle');
  const send = globalThis.fetch;
  globalThis.fetch = async (...args) => {
    step('request');
    const response = await send(...args);
    step('answer');
    return response;
  };
  return () => steps;
}
