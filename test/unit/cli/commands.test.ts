import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GLOBAL_OPTIONS } from '../../../main/cli/command.ts';
import { COMMANDS } from '../../../main/cli/commands.ts';
import { EXIT, exitCodeOf } from '../../../main/cli/exit-codes.ts';
import { cliReference } from '../../../main/cli/help.ts';
import { AppError } from '../../../main/base/errors.ts';

describe('the table of commands', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))('has for `%s` a program, and words that read as sentences', async (_name, command) => {
    expect(await command.load()).toBeTypeOf('function');
    expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
    for (const { about } of [...command.args, ...Object.values(command.options)]) expect(about).toMatch(/^[A-Z0-9].*\.$/);
    for (const example of command.examples) expect(example).toContain(`wheelhouse ${command.name}`);
    expect(Object.keys(command.options).filter((name) => name in GLOBAL_OPTIONS)).toEqual([]);
    const optional = command.args.findIndex((arg) => arg.optional);
    expect(optional === -1 || command.args.slice(optional).every((arg) => arg.optional)).toBe(true);
  });

  it('has every name once', () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
  });

  it('is what docs/cli.md says; run `npm run docs` after changing it', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')).toBe(cliReference());
  });
});

describe('exit codes', () => {
  it.each([
    ['NOT_RUNNING', EXIT.notRunning],
    ['INPUT_INVALID', EXIT.usage],
    ['TASK_NOT_FOUND', EXIT.refused],
    ['ALREADY_RUNNING', EXIT.refused],
    ['FORBIDDEN', EXIT.refused],
    ['SYSTEM_LOCKED', EXIT.refused],
    ['AUTH_TOKEN_INVALID', EXIT.auth],
    ['CONFIG_INVALID', EXIT.failure],
    ['DATABASE_CORRUPT', EXIT.failure],
    ['INTERNAL', EXIT.failure],
  ] as const)('tell %s as %i', (code, exit) => {
    expect(exitCodeOf(new AppError(code))).toBe(exit);
  });
});
