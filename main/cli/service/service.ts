import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';
import { prepareDataDir } from '../../config/data-dir.ts';
import { loadConfig } from '../../config/load.ts';
import type { CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { environmentFile, neededVariables } from './environment.ts';
import type { Command, ServicePlan } from './definition.ts';
import { servicePlan } from './plan.ts';

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** A service manager that does not answer by then hangs. */
const TIMEOUT_MS = 60_000;

/** `wheelhouse service install`. */
export async function serviceInstall({ io, input, output, dataDir }: CommandContext): Promise<number> {
  const plan = planFor(io, dataDir);
  // Found now rather than by a service that ends at once, every five seconds.
  loadConfig({ dataDir, env: io.env });
  const variables = neededVariables(io.env);
  const secrets = environmentFile(variables);
  const names = [...variables.keys()];
  const file = environmentPath(dataDir);
  if (input.flag('dry-run')) {
    const lines = [
      `Would write ${plan.file}:`,
      '',
      plan.text.trimEnd(),
      '',
      `Would write ${file} (readable by you alone) with ${names.length === 0 ? 'nothing: no variable of Wheelhouse is set here' : names.join(', ')}`,
      ...plan.install.map((command) => `Would run   ${shown(command)}`),
    ];
    output.result({ dryRun: true, manager: plan.manager, file: plan.file, text: plan.text, environmentFile: file, variables: names, commands: plan.install }, lines.join('\n'));
    return EXIT.ok;
  }
  await assertManager(plan, io.env);
  prepareDataDir(dataDir, (text) => output.note(text));
  for (const command of plan.prepare) await run(command, io.env);
  await writeFileAtomic(file, secrets, { mode: 0o600 });
  mkdirSync(dirname(plan.file), { recursive: true });
  writeFileSync(plan.file, bytesOf(plan), { mode: 0o644 });
  for (const command of plan.install) await insist(command, io.env);
  output.result({ manager: plan.manager, file: plan.file, environmentFile: file, variables: names }, `Wheelhouse runs as a service now (${plan.manager}), and from each login on.\n${plan.file}\n${file}: ${names.join(', ') || 'no variables'}`);
  if (plan.hint !== null && !output.json) output.note(plan.hint);
  return EXIT.ok;
}

/** `wheelhouse service uninstall`. */
export async function serviceUninstall({ io, input, output, dataDir }: CommandContext): Promise<number> {
  const plan = planFor(io, dataDir);
  const file = environmentPath(dataDir);
  const present = [plan.file, file].filter((path) => existsSync(path));
  if (input.flag('dry-run')) {
    const lines = [...plan.uninstall.map((command) => `Would run    ${shown(command)}`), ...present.map((path) => `Would remove ${path}`)];
    output.result({ dryRun: true, manager: plan.manager, commands: plan.uninstall, files: present }, lines.join('\n'));
    return EXIT.ok;
  }
  if (present.length === 0) {
    output.result({ removed: [] }, 'There is no service to remove.');
    return EXIT.ok;
  }
  await assertManager(plan, io.env);
  for (const command of plan.uninstall) {
    const { code, said } = await run(command, io.env);
    if (code !== 0) output.note(`${shown(command)}: ${said}`);
  }
  for (const path of present) rmSync(path, { force: true });
  for (const command of plan.afterwards) await insist(command, io.env);
  output.result({ removed: present }, `The service is removed. Data stays in ${dataDir}.`);
  return EXIT.ok;
}

/** `wheelhouse service status`. */
export async function serviceStatus({ io, output, dataDir }: CommandContext): Promise<number> {
  const plan = planFor(io, dataDir);
  const installed = existsSync(plan.file);
  const current = installed && readFileSync(plan.file).equals(bytesOf(plan));
  const runs = installed && (await run(plan.query, io.env)).code === 0;
  const words = !installed
    ? 'No service is installed. Install it with: wheelhouse service install'
    : `The service is installed (${plan.manager}) and ${runs ? 'runs' : 'does not run'}.${current ? '' : ' Its definition is not the one of this program; renew it with: wheelhouse service install'}`;
  output.result({ manager: plan.manager, installed, current, runs, file: plan.file }, words);
  return installed && current && runs ? EXIT.ok : EXIT.failure;
}

function planFor(io: CommandContext['io'], dataDir: string): ServicePlan {
  const { uid, username } = userInfo();
  const domain = io.env['USERDOMAIN'];
  const plan = servicePlan(
    io.platform,
    { program: io.program, dataDir, home: io.env['HOME'] || homedir(), uid, user: domain === undefined ? username : `${domain}\\${username}` },
    environmentPath(dataDir),
  );
  if (plan === null) throw new AppError('SERVICE_MANAGER_UNAVAILABLE', `Wheelhouse knows no service manager for ${io.platform}. Start it from your own with: wheelhouse serve`, { platform: io.platform });
  return plan;
}

const environmentPath = (dataDir: string): string => join(dataDir, 'service.env');

function bytesOf({ text, encoding }: ServicePlan): Buffer {
  return encoding === 'utf8' ? Buffer.from(text) : Buffer.from(`\uFEFF${text}`, 'utf16le');
}

async function assertManager({ manager, probe }: ServicePlan, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, said } = await run(probe, env);
  if (code === 0) return;
  throw new AppError(
    'SERVICE_MANAGER_UNAVAILABLE',
    `${manager} does not answer for this user, so nothing was changed: ${said}\nIn a container, or as root without a login session, there is none. Start the core from what runs there with: wheelhouse serve`,
    { manager },
  );
}

async function insist(command: Command, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, said } = await run(command, env);
  if (code !== 0) throw new AppError('SERVICE_MANAGER_UNAVAILABLE', `${shown(command)} failed: ${said}`, { command: shown(command) });
}

async function run([program, ...args]: Command, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: TIMEOUT_MS, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, said: stdout.trim() });
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      resolve({ code: typeof error.code === 'number' ? error.code : null, said: missing ? `${program} is not installed` : (stderr.trim() || error.message) });
    });
  });
}

const shown = (command: Command): string => command.map((word) => (/^[\w./:=-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
