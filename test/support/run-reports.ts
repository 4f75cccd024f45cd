import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What one runner counted; skipped tests by name, because nothing is skipped silently. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  /** Failed tests by name with what they said, because only the end of a long output is read. May name fewer than `failed` counts. */
  readonly failures: readonly string[];
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: [], failures: [] };

/** How much of what a failed test said is repeated, in characters. */
const FAILURE_CHARACTERS = 1500;

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** What a file said that did not load. */
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages?: readonly string[] }[];
  }[];
}

/** Counts of a Vitest run. A failure outside any test (a file that does not load, a stray error) counts as one. */
export function readVitestReport(file: string, exitCode: number): Counts {
  if (!existsSync(file)) return withoutReport(exitCode);
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const tests = report.testResults.flatMap((result) => result.assertionResults);
  return atLeastOneFailure(exitCode, {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.fullName),
    failures: report.testResults.flatMap((result) => {
      const file = relative(process.cwd(), result.name);
      const failed = result.assertionResults.filter((test) => test.status === 'failed');
      if (failed.length === 0 && result.status === 'failed') return [failure(file, [result.message ?? ''])];
      return failed.map((test) => failure(`${file} › ${test.fullName}`, test.failureMessages ?? []));
    }),
  });
}

interface PlaywrightTest {
  readonly status: string;
  readonly results?: readonly { readonly errors?: readonly { readonly message?: string }[] }[];
}
interface PlaywrightSuite {
  readonly title: string;
  readonly specs?: readonly { readonly title: string; readonly tests: readonly PlaywrightTest[] }[];
  readonly suites?: readonly PlaywrightSuite[];
}
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
  readonly suites: readonly PlaywrightSuite[];
}

/** Counts of a Playwright run. A test that passed only on a second try counts as failed. */
export function readPlaywrightReport(file: string, exitCode: number): Counts {
  if (!existsSync(file)) return withoutReport(exitCode);
  const { stats, suites } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport;
  return atLeastOneFailure(exitCode, {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: suites.flatMap((suite) => testsOf(suite, ['skipped'])).map(({ name }) => name),
    failures: suites
      .flatMap((suite) => testsOf(suite, ['unexpected', 'flaky']))
      .map(({ name, test }) => failure(name, (test.results ?? []).flatMap((result) => result.errors ?? []).map((error) => error.message ?? ''))),
  });
}

/** The tests of a suite, at any depth, that ended in one of the states. */
function testsOf(suite: PlaywrightSuite, states: readonly string[]): { readonly name: string; readonly test: PlaywrightTest }[] {
  const own = (suite.specs ?? []).flatMap((spec) => {
    const test = spec.tests.find(({ status }) => states.includes(status));
    return test === undefined ? [] : [{ name: `${suite.title} ${spec.title}`, test }];
  });
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, states))];
}

function failure(name: string, said: readonly string[]): string {
  const words = stripVTControlCharacters(said.join('\n')).trim();
  return `${name}\n${words.length > FAILURE_CHARACTERS ? `${words.slice(0, FAILURE_CHARACTERS)}…` : words}`.trimEnd();
}

function withoutReport(exitCode: number): Counts {
  return atLeastOneFailure(exitCode, NO_COUNTS);
}

function atLeastOneFailure(exitCode: number, counts: Counts): Counts {
  if (exitCode === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1, failures: [...counts.failures, `outside any test (exit code ${exitCode}); its output says more`] };
}
