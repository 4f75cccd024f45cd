import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTool } from '../../support/run-tool.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const SUITE = join(dirname(fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json'))), 'dist', 'index.js');

let core: TestCore;
const results = makeTempDir();
beforeAll(async () => {
  core = await startCore({ conformance: true });
});
afterAll(async () => {
  await core.stop();
  results.remove();
});

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** Every check of a run, by scenario. */
function checksIn(dir: string): ReadonlyMap<string, readonly Check[]> {
  return new Map(
    readdirSync(dir).map((name) => {
      const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      return [scenario, JSON.parse(readFileSync(join(dir, name, 'checks.json'), 'utf-8')) as Check[]] as const;
    }),
  );
}

/** How many scenarios a revision requires of a server, frozen with the suite's version. */
const REQUIRED = { '2026-07-28': 37, '2025-11-25': 30 } as const;

/** Not scored by the suite, and not offered: the tasks extension, and streams that resume after a reconnect. */
const NOT_OFFERED = /^tasks-|^server-sse-polling$/;

/** The official suite on the whole core. */
describe.each(['2026-07-28', '2025-11-25'] as const)('the official conformance suite for %s', (revision) => {
  test('passes whole', { timeout: 240_000 }, async () => {
    const dir = join(results.path, revision);
    const { code, stdout } = await runTool(SUITE, ['server', '--url', `${core.url}/mcp`, '--requirements', revision, '-o', dir]);
    const checks = checksIn(dir);
    const failed = [...checks]
      .filter(([scenario]) => !NOT_OFFERED.test(scenario))
      .flatMap(([scenario, list]) => list.filter(({ status }) => status === 'FAILURE' || status === 'WARNING').map((check) => `${scenario}: ${check.id} ${check.errorMessage ?? ''}`));
    expect(failed).toEqual([]);
    expect({ code, summary: code === 0 ? '' : stdout.slice(stdout.indexOf('=== SUMMARY ===')) }).toEqual({ code: 0, summary: '' });
    const passed = [...checks].filter(([, list]) => list.some(({ status }) => status === 'SUCCESS'));
    expect(passed.length).toBeGreaterThanOrEqual(REQUIRED[revision]);
  });
});
