import { existsSync, readFileSync } from 'node:fs';

/** What one runner counted; skipped tests by name, because nothing is skipped silently. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: [] };

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
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
  });
}

interface PlaywrightSuite {
  readonly title: string;
  readonly specs?: readonly { readonly title: string; readonly tests: readonly { readonly status: string }[] }[];
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
    skipped: suites.flatMap((suite) => skippedSpecs(suite)),
  });
}

function skippedSpecs(suite: PlaywrightSuite): string[] {
  const own = (suite.specs ?? []).filter((spec) => spec.tests.some((test) => test.status === 'skipped'));
  return [...own.map((spec) => `${suite.title} ${spec.title}`), ...(suite.suites ?? []).flatMap((inner) => skippedSpecs(inner))];
}

function withoutReport(exitCode: number): Counts {
  return atLeastOneFailure(exitCode, NO_COUNTS);
}

function atLeastOneFailure(exitCode: number, counts: Counts): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
