/** `npm test`: provides what the suites need, runs every check and suite, and ends with one count. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CLI_VARIABLE } from './cli-process.ts';
import { readPlaywrightReport, readVitestReport, type Counts, NO_COUNTS } from './run-reports.ts';
import { installMissingParts } from './setup/install.ts';
import { MISSING_PARTS_VARIABLE } from './setup/parts.ts';
import { makeTempDir } from './temp-dir.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** One program that checks something; without a report it counts as one check. */
interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly report?: (exitCode: number) => Counts;
}

function steps(reports: string): readonly Step[] {
  const bin = (name: string): string => join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const vitest = join(reports, 'vitest.json');
  const playwright = join(reports, 'playwright.json');
  return [
    { name: 'lint', command: ['npm', 'run', '-s', 'lint'] },
    { name: 'typecheck', command: ['npm', 'run', '-s', 'typecheck'] },
    { name: 'build', command: ['npm', 'run', '-s', 'build'] },
    {
      // All projects in one run: what is left of one waits while the next one works.
      name: 'unit, integration and torture tests',
      command: [bin('vitest'), 'run', ...['unit', 'integration', 'torture'].flatMap((project) => ['--project', project]), '--reporter=default', '--reporter=json', `--outputFile.json=${vitest}`],
      report: (exitCode) => readVitestReport(vitest, exitCode),
    },
    {
      name: 'windows',
      command: [bin('playwright'), 'test', '--pass-with-no-tests', '--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwright },
      report: (exitCode) => readPlaywrightReport(playwright, exitCode),
    },
  ];
}

async function run(step: Step, env: NodeJS.ProcessEnv): Promise<Counts> {
  const startedAt = performance.now();
  say(`\n── ${step.name}`);
  const [program, ...args] = step.command;
  const child = spawn(program!, args, {
    cwd: ROOT,
    env: { ...env, ...step.env },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const exitCode = code ?? 1;
  say(`── ${step.name}: ${exitCode === 0 ? 'ok' : 'FAILED'} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  if (step.report !== undefined) return step.report(exitCode);
  return exitCode === 0 ? { ...NO_COUNTS, passed: 1 } : { ...NO_COUNTS, failed: 1, failures: [`exit code ${exitCode}`] };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const reports = makeTempDir('wheelhouse-reports-');
const missing = installMissingParts(say);
const env = {
  ...process.env,
  [MISSING_PARTS_VARIABLE]: JSON.stringify(missing),
  // Hundreds of commands are started: as they are built, and compiled once, each takes half of the time.
  [CLI_VARIABLE]: join(ROOT, 'out/main/cli.js'),
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
};
let passed = 0;
let failed = 0;
const skipped: string[] = [];
const failures: string[] = [];
for (const step of steps(reports.path)) {
  const counts = await run(step, env);
  passed += counts.passed;
  failed += counts.failed;
  skipped.push(...counts.skipped.map((test) => `${step.name}: ${test}`));
  failures.push(...counts.failures.map((test) => `${step.name}: ${test}`));
}
rmSync(reports.path, { recursive: true });

say('');
say('Not part of this: the image of agents, which npm run test:image builds and runs for real.');
for (const [part, reason] of Object.entries(missing)) say(`Could not run what needs ${part}: ${reason}.`);
for (const test of skipped) say(`Skipped: ${test}`);
for (const test of failures) say(`Failed: ${test}`);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
