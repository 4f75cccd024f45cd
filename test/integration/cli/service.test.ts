import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnCli } from '../../support/cli-process.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const TOKEN = `123456:${'A'.repeat(35)}`;

let home: ReturnType<typeof makeTempDir>;
let rig: CliRig;
let calls: string;
let unit: string;
let secrets: string;
beforeEach(() => {
  home = makeTempDir('wheelhouse-home-');
  calls = join(home.path, 'calls');
  const bin = join(home.path, 'bin');
  mkdirSync(bin);
  // The service manager of a machine is not touched by tests: this one writes down what it was told.
  writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> "${calls}"\n[ ! -e "${home.path}/broken" ] || { echo "Failed to connect to bus" >&2; exit 1; }\n`);
  chmodSync(join(bin, 'systemctl'), 0o755);
  rig = makeCliRig({ env: { HOME: home.path, PATH: `${bin}:${process.env['PATH']}`, ANU_BOT_TOKEN: TOKEN, UNRELATED_SECRET: 'not for the service' } });
  unit = join(home.path, '.config/systemd/user/wheelhouse.service');
  secrets = join(rig.dataDir, 'service.env');
});
afterEach(async () => {
  await rig.close();
  home.remove();
});

const called = (): readonly string[] => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);

describe('wheelhouse service, on systemd', () => {
  test('is installed with its definition and only what it needs of the environment, readable by its user alone', async () => {
    const { exit, out } = await rig.run('service', 'install');
    expect(exit).toBe(0);
    expect(out).not.toContain(TOKEN);
    expect(readFileSync(unit, 'utf8')).toContain(`"serve" "--data-dir" "${rig.dataDir}" "--env-file" "${secrets}"`);
    expect(readFileSync(unit, 'utf8')).not.toContain(TOKEN);
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    expect(readFileSync(secrets, 'utf8')).toContain(`ANU_BOT_TOKEN='${TOKEN}'`);
    expect(readFileSync(secrets, 'utf8')).not.toMatch(/UNRELATED|PATH=|HOME=/);
    expect(called()).toEqual(['--user show-environment', '--user daemon-reload', '--user enable wheelhouse.service', '--user restart wheelhouse.service']);
    expect((await rig.run('service', 'status')).out).toContain('and runs.');
  });

  test('a dry run shows all of it without values, and changes nothing', async () => {
    const { exit, out } = await rig.run('service', 'install', '--dry-run');
    expect(exit).toBe(0);
    expect(out).toContain('Restart=always');
    expect(out).toContain('ANU_BOT_TOKEN');
    expect(out).not.toContain(TOKEN);
    expect(out).toContain('Would run   systemctl --user enable wheelhouse.service');
    expect([existsSync(unit), existsSync(secrets), called()]).toEqual([false, false, []]);
  });

  test('a definition of another program is noticed', async () => {
    await rig.run('service', 'install');
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\n');
    const { exit, out } = await rig.run('service', 'status');
    expect(exit).toBe(1);
    expect(out).toContain('Its definition is not the one of this program');
  });

  test('is removed with both files, and data stays', async () => {
    await rig.run('service', 'install');
    expect((await rig.run('service', 'uninstall', '--dry-run')).out).toContain(`Would remove ${unit}`);
    expect(existsSync(unit)).toBe(true);
    expect((await rig.run('service', 'uninstall')).exit).toBe(0);
    expect([existsSync(unit), existsSync(secrets), existsSync(join(rig.dataDir, 'events'))]).toEqual([false, false, true]);
    expect(called().slice(-2)).toEqual(['--user disable --now wheelhouse.service', '--user daemon-reload']);
    expect((await rig.run('service', 'uninstall')).out).toContain('There is no service to remove.');
    expect((await rig.run('service', 'status')).out).toContain('No service is installed.');
  });

  test('where systemd does not answer it says so and how else, and changes nothing', async () => {
    writeFileSync(join(home.path, 'broken'), '');
    const { exit, err } = await rig.run('service', 'install');
    expect(exit).toBe(1);
    expect(err).toContain('systemd does not answer for this user');
    expect(err).toContain('Failed to connect to bus');
    expect(err).toContain('wheelhouse serve');
    expect([existsSync(unit), existsSync(secrets)]).toEqual([false, false]);
  });

  test('where systemd is missing it says that', async () => {
    rig.env['PATH'] = join(home.path, 'nothing');
    const { exit, err } = await rig.run('service', 'install');
    expect(exit).toBe(1);
    expect(err).toContain('systemctl is not installed');
  });

  test('settings that are wrong are found before anything is installed', async () => {
    rig.env['WAIAAS_SERVER_PORT'] = 'many';
    const { exit, err } = await rig.run('service', 'install');
    expect(exit).toBe(1);
    expect(err).toContain('WAIAAS_SERVER_PORT');
    expect(existsSync(unit)).toBe(false);
  });
});

test('the core takes its settings from the file that the service names', async () => {
  writeFileSync(secrets, "WAIAAS_LOG_LEVEL='debug'\nWAIAAS_SERVER_PORT='0'\n");
  const core = spawnCli(['serve', '--data-dir', rig.dataDir, '--env-file', secrets], {});
  await core.prints(/MCP clients: +http:\/\/127\.0\.0\.1:(?!3100\/)\d+/);
  core.kill('SIGTERM');
  expect(await core.ended).toBe(0);
  const missing = await rig.run('serve', '--env-file', join(rig.dataDir, 'no.env'));
  expect(missing.exit).toBe(2);
  expect(missing.err).toContain('wheelhouse service install');
});
