import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPlaywrightReport, readVitestReport } from '../../support/run-reports.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('the count of a run', () => {
  let dir: ReturnType<typeof makeTempDir>;
  const report = (content: unknown): string => {
    const file = join(dir.path, 'report.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => dir.remove());

  const vitest = {
    numPassedTests: 2,
    numFailedTests: 0,
    testResults: [
      {
        name: 'a.test.ts',
        status: 'passed',
        assertionResults: [
          { status: 'passed', fullName: 'a' },
          { status: 'passed', fullName: 'b' },
          { status: 'skipped', fullName: 'needs redis' },
        ],
      },
    ],
  };

  it('sums Vitest’s tests and names what was skipped', () => {
    expect(readVitestReport(report(vitest), 0)).toEqual({ passed: 2, failed: 0, skipped: ['needs redis'], failures: [] });
  });

  it('counts a failure outside any test', () => {
    expect(readVitestReport(report(vitest), 1)).toMatchObject({ passed: 2, failed: 1 });
    expect(readVitestReport(report({ ...vitest, numFailedTests: 3 }), 1)).toMatchObject({ failed: 3 });
  });

  it('names every failed test with what it said, and a file that did not load', () => {
    const failed = { status: 'failed', fullName: 'suite adds', failureMessages: ['\u001b[31mexpected 3\u001b[39m to be 2'] };
    const testResults = [
      { name: 'sum.test.ts', status: 'failed', assertionResults: [failed, { ...failed, fullName: 'talks', failureMessages: ['x'.repeat(9999)] }] },
      { name: 'broken.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ];
    const { failures } = readVitestReport(report({ ...vitest, numFailedTests: 2, testResults }), 1);
    expect(failures).toEqual(['sum.test.ts › suite adds\nexpected 3 to be 2', expect.stringMatching(/^sum\.test\.ts › talks\nx+…$/), 'broken.test.ts\nno such module']);
    expect(failures[1]!.length).toBeLessThan(2000);
  });

  it('counts a runner that died before its report as one failure', () => {
    expect(readVitestReport(join(dir.path, 'none.json'), 137)).toEqual({ passed: 0, failed: 1, skipped: [], failures: [expect.stringContaining('137')] });
    expect(readPlaywrightReport(join(dir.path, 'none.json'), 1)).toMatchObject({ failed: 1 });
  });

  it('sums Playwright’s tests, a flaky one as failed, and names skipped ones at any depth', () => {
    const file = report({
      stats: { expected: 4, unexpected: 1, flaky: 1 },
      suites: [
        {
          title: 'board.spec.ts',
          specs: [
            { title: 'shows', tests: [{ status: 'expected' }] },
            { title: 'moves', tests: [{ status: 'unexpected', results: [{ errors: [{ message: 'no such card' }] }] }] },
          ],
          suites: [{ title: 'on Electron', specs: [{ title: 'opens', tests: [{ status: 'skipped' }] }] }],
        },
      ],
    });
    expect(readPlaywrightReport(file, 1)).toEqual({ passed: 4, failed: 2, skipped: ['on Electron opens'], failures: ['board.spec.ts moves\nno such card'] });
  });
});
