import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { LaunchOptions } from './driver.ts';

export const CHECKOUT = resolve(import.meta.dirname, '../../../..');

/** The environment of an application under test: its own data, any free port, and a session bus that says what the test wants. */
export function appEnvironment({ dataDir, env = {}, trayHost = true }: LaunchOptions): Record<string, string> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const { CO_BUS_KEY: _key, REDIS_URL: _redis, NODE_OPTIONS: _options, ...rest } = inherited;
  return {
    ...rest,
    PATH: `${sessionBus(`${dataDir}-bus`, trayHost)}${delimiter}${rest['PATH'] ?? ''}`,
    WAIAAS_DATA_DIR: dataDir,
    WAIAAS_SERVER_PORT: '0',
    ...env,
  };
}

/** A folder with a `gdbus` that answers whether something shows tray icons. */
function sessionBus(dir: string, trayHost: boolean): string {
  mkdirSync(dir, { recursive: true });
  const program = join(dir, 'gdbus');
  writeFileSync(program, `#!/bin/sh\necho "(<${trayHost}>,)"\n`);
  chmodSync(program, 0o755);
  return dir;
}
