import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, findProgram, missingPart } from '../../support/setup/parts.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('what suites need from the machine', () => {
  let dir: ReturnType<typeof makeTempDir>;
  const program = (name: string, text: string): string => {
    const path = join(dir.path, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => dir.remove());

  it('is missing when the test command said so, with its reason', () => {
    const env = { WHEELHOUSE_TEST_MISSING: '{"redis":"redis-server is not installed; it is installed unasked for root only"}' };
    expect(missingPart('redis', env)).toContain('for root only');
    expect(missingPart('containers', env)).toBeNull();
  });

  it('is looked for on the machine when a suite runs on its own', () => {
    const path = program('redis-server', '#!/bin/sh\n');
    expect(missingPart('redis', { PATH: dir.path })).toBeNull();
    expect(findProgram('redis-server', { PATH: dir.path })).toBe(path);
    expect(findProgram('no-such-program-anywhere', { PATH: dir.path })).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')('takes the browser of CHROME_PATH, and not a script that only asks for a snap', () => {
    const browser = program('chrome', '#!/bin/sh\necho Chromium 1.2.3\n');
    const stub = program('stub', '#!/bin/sh\necho requires the chromium snap >&2\nexit 1\n');
    expect(findChromium({ CHROME_PATH: browser })).toBe(browser);
    expect(findChromium({ CHROME_PATH: stub })).not.toBe(stub);
  });
});
