import { mkdirSync } from 'node:fs';
import { systemClock } from '../../../main/base/clock.ts';
import { dataPaths } from '../../../main/config/data-dir.ts';
import { RunLogs } from '../../../main/agents/run-log.ts';
import { Runner } from '../../../main/agents/runner.ts';
import { makeContainerLauncher } from './container-rig.ts';
import { groupNamed } from './runner-rig.ts';

/** Starts a run that never ends, says so on stdout, and waits to be killed: `orphan-process.ts <socket> <image> <dir>`. */
const [socketPath = '', image = '', dir = ''] = process.argv.slice(2);
const paths = dataPaths(dir);
for (const folder of [paths.groups, paths.mailbox]) mkdirSync(folder, { recursive: true });
const { launcher } = makeContainerLauncher({ socketPath, image }, paths, {});
const runner = new Runner({
  launcher,
  roots: paths,
  credentials: { allowed: [], secrets: { get: () => null } },
  logs: new RunLogs({ dir: paths.runLogs, kept: 5, maxStreamBytes: 1000, clock: systemClock }),
  limits: { runTimeoutMs: 600_000, idleTimeoutMs: 600_000, stopTimeoutMs: 1000, maxOutputLength: 1000 },
  clock: systemClock,
});
runner.start(
  { runId: '00000000-0000-7000-8000-00000000dead', group: groupNamed('home'), input: { prompt: 'stubborn', groupFolder: 'home', chatJid: 'console:home', isMain: false } },
  { started: () => undefined, output: () => void process.stdout.write('ready\n'), printed: () => undefined },
);
