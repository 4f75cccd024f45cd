import { GLOBAL_OPTIONS, isRequired, optionUsage, type ArgSpec, type CommandSpec } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';
import { table } from './text.ts';

/** What `wheelhouse` and `wheelhouse help` print. */
export function overview(): string {
  return [
    'Usage: wheelhouse <command> [options]',
    '',
    table(COMMANDS.map((command) => [`  ${command.name}`, command.summary])),
    '',
    'Every command takes --json, --data-dir DIR and --help.',
  ].join('\n');
}

/** What `wheelhouse <command> --help` prints. */
export function commandHelp(command: CommandSpec): string {
  const options = Object.entries({ ...command.options, ...GLOBAL_OPTIONS });
  return [
    `Usage: wheelhouse ${usage(command)}`,
    '',
    `${command.summary}.${command.details === undefined ? '' : `\n${command.details}`}`,
    '',
    ...(command.args.length === 0 ? [] : [table(command.args.map((arg) => [`  ${arg.name.toUpperCase()}`, arg.about])), '']),
    table(options.map(([name, option]) => [`  ${optionUsage(name, option)}`, option.about])),
    '',
    ...command.examples.map((example) => `Example: ${example}`),
  ].join('\n');
}

/** What a group word alone prints, as `wheelhouse task`. */
export function groupHelp(group: string): string {
  const commands = COMMANDS.filter((command) => command.name.startsWith(`${group} `));
  return table(commands.map((command) => [`  wheelhouse ${command.name}`, command.summary]));
}

/** docs/cli.md: the whole table of commands, so that the page cannot differ from the program. */
export function cliReference(): string {
  const commands = COMMANDS.flatMap((command) => [
    `## wheelhouse ${command.name}`,
    '',
    `${command.summary}.${command.details === undefined ? '' : ` ${command.details}`}`,
    '',
    '```',
    `wheelhouse ${usage(command)}`,
    '```',
    '',
    ...command.args.map((arg) => `- \`${arg.name.toUpperCase()}\`: ${arg.about}`),
    ...Object.entries(command.options).map(([name, option]) => `- \`${optionUsage(name, option)}\`: ${option.about}`),
    ...(command.args.length + Object.keys(command.options).length === 0 ? [] : ['']),
    ...command.examples.map((example) => `Example: \`${example}\`\n`),
  ]);
  return [
    '# Command line',
    '',
    'This page is generated from the table of commands by `npm run docs`; do not edit it.',
    '',
    'In a checkout the command is `npm run -s wheelhouse -- <command>`. It talks to the running core; the commands that make',
    'sense without one (agents, sessions, tasks, inbox, locks, log, doctor, backup) then work on the data directory itself.',
    '',
    'Every command takes:',
    '',
    ...Object.entries(GLOBAL_OPTIONS).map(([name, option]) => `- \`${optionUsage(name, option)}\`: ${option.about}`),
    '',
    'With `--json` the result is one document on standard output, and an error is `{"error":{"code","message","details"}}` on',
    'standard error. Tokens are never printed unless `--print-token` asks for it.',
    '',
    '| Exit code | Meaning |',
    '|---|---|',
    ...Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`),
    '',
    ...commands,
  ].join('\n');
}

function usage(command: CommandSpec): string {
  const required = Object.entries(command.options).filter(([, option]) => isRequired(option));
  return [command.name, ...command.args.map(argUsage), ...required.map(([name, option]) => optionUsage(name, option)), '[options]'].join(' ');
}

function argUsage(arg: ArgSpec): string {
  return arg.optional ? `[${arg.name.toUpperCase()}]` : arg.name.toUpperCase();
}
