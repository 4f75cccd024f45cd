/**
 * One process of the token file tests: `write FILE COUNT WHO` writes tokens, `read FILE` reads until told to stop by its
 * stdin closing, `hang FILE TOKEN` stops between the write and the rename. Prints one JSON line at the end (or when hanging).
 */
import { rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { readMcpToken, writeMcpToken } from '../../main/access/token-file.ts';
import { createTokenWriter } from '../../main/access/token-writer.ts';

const [mode, file = '', argument = '', who = ''] = process.argv.slice(2);
const report = (result: unknown): void => void process.stdout.write(`${JSON.stringify(result)}\n`);

/** Tokens of different lengths whose parts all name their writer and number, so that a torn one shows. */
function tokenOf(writer: string, number: number): string {
  const part = `${writer}-${number}-${'x'.repeat((number * 37) % 300)}`;
  return `wai_sess_${part}.${part}.${part}`;
}

function isWhole(token: string): boolean {
  const [first, second, third] = token.slice('wai_sess_'.length).split('.');
  return first !== '' && first === second && second === third;
}

if (mode === 'write') {
  for (let number = 0; number < Number(argument); number += 1) await writeMcpToken(file, tokenOf(who, number));
  report({ written: Number(argument) });
} else if (mode === 'read') {
  let reading = true;
  process.stdin.on('end', () => (reading = false)).resume();
  const seen = { reads: 0, missing: 0, torn: 0 };
  while (reading) {
    for (let burst = 0; burst < 50; burst += 1) {
      const existed = existsSync(file);
      const token = readMcpToken(file);
      seen.reads += 1;
      if (token === null && existed) seen.missing += 1;
      if (token !== null && !isWhole(token)) seen.torn += 1;
    }
    await new Promise((resume) => setImmediate(resume));
  }
  report(seen);
} else {
  const write = createTokenWriter({
    platform: process.platform,
    rename: async (from, to) => {
      report({ hanging: true });
      await new Promise(() => setInterval(() => undefined, 60_000));
      await rename(from, to);
    },
    warn: () => undefined,
  });
  await write(file, argument);
}
