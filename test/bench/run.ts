/** `npm run bench [-- --quick] [-- --only mcp,push,bus,footprint,mailbox,queue,schedule,completions,containers]`: the figures of DESIGN §18, as a table. */
import { existsSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBus } from './bus.ts';
import { benchCompletions } from './completions.ts';
import { benchContainers } from './containers.ts';
import { benchFootprint } from './footprint.ts';
import { benchMailbox } from './mailbox.ts';
import { benchMcp } from './mcp.ts';
import { benchPush } from './push.ts';
import { benchQueue } from './queue.ts';
import { benchSchedule } from './schedule.ts';
import { median } from './statistics.ts';

/** One line of the table. */
interface Line {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean | null;
  /** Whether missing it fails the run: only what is compared with a baseline of the same minute can be trusted anywhere. */
  readonly decides: boolean;
}

const PARTS = ['mcp', 'push', 'bus', 'footprint', 'mailbox', 'queue', 'schedule', 'completions', 'containers'] as const;
const CORE = resolve(import.meta.dirname, '../../out/main/cli.js');

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const chosen = options.only?.split(',') ?? [...PARTS];
const unknown = chosen.filter((part) => !(PARTS as readonly string[]).includes(part));

const number = (value: number, digits = 0): string => value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
const ratio = (what: string, value: number, least: number): Line => ({ what, measured: `${number(value, 2)} x`, target: `>= ${least} x`, met: value >= least, decides: true });
const atMost = (what: string, value: number | null, most: number, unit: string, digits = 0): Line => ({
  what,
  measured: value === null ? 'not on this system' : `${number(value, digits)} ${unit}`,
  target: `<= ${most} ${unit}`,
  met: value === null ? null : value <= most,
  decides: false,
});
const note = (what: string, measured: string): Line => ({ what, measured, target: '', met: null, decides: false });

async function mcpLines(): Promise<Line[]> {
  const { echoPerSec, calls } = await benchMcp(options.quick ? 4 : 15);
  const [post, ...others] = calls;
  return [
    note('Tool calls over HTTP, 16 clients: echo on the bare SDK', `${number(echoPerSec)}/s`),
    ratio(`  ${post!.name}, against echo`, post!.ratio, 0.9),
    { what: '    calls per second', measured: `${number(post!.callsPerSec)}/s`, target: '>= 500/s', met: post!.callsPerSec >= 500, decides: false },
    atMost('    p99', post!.p99Ms, 100, 'ms', 1),
    ...others.map((call) => note(`  ${call.name}`, `${number(call.ratio, 2)} x, ${number(call.callsPerSec)}/s, p50 ${number(call.p50Ms, 1)} ms, p99 ${number(call.p99Ms, 1)} ms`)),
  ];
}

async function pushLines(): Promise<Line[]> {
  const { samples, p50Ms, p99Ms } = await benchPush(options.quick ? 100 : 500);
  return [note(`Post to subscriber, ${samples} posts: p50`, `${number(p50Ms, 1)} ms`), atMost('  p99', p99Ms, 50, 'ms', 1)];
}

async function queueLines(): Promise<Line[]> {
  const { samples, start, followUp, groups, runsPerSec } = await benchQueue(options.quick ? 100 : 500);
  return [
    note(`Message to the runner being asked, ${samples} messages: p50`, `${number(start.p50Ms, 1)} ms`),
    atMost('  p99', start.p99Ms, 30, 'ms', 1),
    note('Follow-up to the live run being given it: p50', `${number(followUp.p50Ms, 1)} ms`),
    atMost('  p99', followUp.p99Ms, 100, 'ms', 1),
    note(`${groups} groups busy at once, limit 5: what the queue itself can do`, `${number(runsPerSec)} runs/s`),
  ];
}

async function busLines(): Promise<Line[]> {
  const figures = await benchBus();
  return [
    note('Posts in process', `${number(figures.postsPerSec)}/s, plain better-sqlite3 ${number(figures.rawPostsPerSec)}/s`),
    ratio('  against plain better-sqlite3', figures.postRatio, 0.7),
    note('A page of 50 at a cursor', `${number(figures.readSmallUs)} µs of 1,000 messages, ${number(figures.readLargeUs)} µs of 1,000,000`),
    { ...atMost('  1,000,000 against 1,000', figures.readRatio, 1.5, 'x', 2), decides: true },
  ];
}

async function footprintLines(): Promise<Line[]> {
  const { healthyAfterMs, idleMb, workedMb, idleCpuPercent } = await benchFootprint(options.quick ? 2 : 7, options.quick ? 10_000 : 60_000);
  return [
    atMost('Headless start to healthy', healthyAfterMs, 600, 'ms'),
    atMost('Idle memory (RSS)', idleMb, 120, 'MB'),
    note('  after 2,000 calls', workedMb === null ? 'not on this system' : `${number(workedMb)} MB`),
    atMost('Idle processor time', idleCpuPercent, 0.3, '%', 2),
  ];
}

async function mailboxLines(): Promise<Line[]> {
  const { samples, p50Ms, p99Ms, answerP99Ms, groups, queuedPerSec, sentPerSec } = await benchMailbox(options.quick ? 100 : 500);
  return [
    note(`Mailbox file to outbound send, ${samples} messages: p50`, `${number(p50Ms, 1)} ms`),
    atMost('  p99', p99Ms, 100, 'ms', 1),
    note('  the agent has its answer, p99', `${number(answerP99Ms, 1)} ms`),
    note(`  ${groups} groups at once`, `${number(queuedPerSec)}/s queued durably, ${number(sentPerSec)}/s handed to the one network`),
  ];
}

async function scheduleLines(): Promise<Line[]> {
  const { tasks, spread, together, idleCpuPercent } = await benchSchedule(options.quick ? 5000 : 30_000);
  return [
    note(`${number(tasks)} scheduled tasks over 20 s, from due to claimed and queued: p50`, `${number(spread.p50Ms)} ms`),
    atMost('  p99', spread.p99Ms, 200, 'ms'),
    note('  all of them in one moment: p50', `${number(together.p50Ms)} ms`),
    atMost('  p99', together.p99Ms, 200, 'ms'),
    atMost('  processor time while they wait', idleCpuPercent, 0.3, '%', 2),
  ];
}

async function completionLines(): Promise<Line[]> {
  const { samples, p50Ms, p99Ms, flush, flood } = await benchCompletions(options.quick ? 100 : 500);
  const { files, storedMs, messages, lost, twice, mostPerSecond, mostPerMinute } = flood;
  return [
    note(`Rename of a .done file to its notice at the transport, ${samples} files: p50`, `${number(p50Ms, 1)} ms`),
    atMost('  p99', p99Ms, 150, 'ms', 1),
    note('  one flush to the same disk meanwhile; a completion waits for three', `p50 ${number(flush.p50Ms, 1)} ms, p99 ${number(flush.p99Ms, 1)} ms`),
    note(`  ${number(files)} at once: all stored with their notices`, `${number(storedMs)} ms`),
    { ...atMost('    lost or told twice', lost + twice, 0, 'files'), decides: true },
    { ...atMost(`    told in ${messages} messages, the most in any second`, mostPerSecond, 1, 'messages'), decides: true },
    { ...atMost('    the most in any minute', mostPerMinute, 20, 'messages'), decides: true },
  ];
}

async function containerLines(): Promise<Line[]> {
  const figures = await benchContainers(options.quick ? 8 : 30);
  if (figures === null) return [note('Containers', 'no engine for tests on this machine')];
  const { samples, rawMs, startMs, ratio: against, abortP99Ms, followUpP99Ms, orphansMs } = figures;
  return [
    note(`A container, ${samples} times: dockerode alone, create and start`, `p50 ${number(rawMs)} ms`),
    note('  a run until its container runs', `p50 ${number(startMs)} ms`),
    { ...atMost('    against dockerode alone', against, 1.15, 'x', 2), decides: true },
    atMost('  an abort until nothing is left, p99', abortP99Ms, 500, 'ms'),
    atMost('  a follow-up until the answer, p99', followUpP99Ms, 100, 'ms'),
    note(`  after a kill -9, from the restart until its container is gone, ${orphansMs.length} times: p50`, `${number(median(orphansMs))} ms`),
    atMost('    the longest', Math.max(...orphansMs), 5000, 'ms'),
  ];
}

function print(lines: readonly Line[]): void {
  const width = (key: 'what' | 'measured'): number => Math.max(...lines.map((line) => line[key].length));
  for (const { what, measured, target, met } of lines) {
    const mark = met === null ? '' : met ? 'ok' : 'MISSED';
    console.log(`${what.padEnd(width('what'))}  ${measured.padEnd(width('measured'))}  ${target.padEnd(9)} ${mark}`.trimEnd());
  }
}

if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}.`);
  process.exitCode = 2;
} else if (!existsSync(CORE)) {
  console.error('The core is not built. Run: npm run build');
  process.exitCode = 2;
} else {
  const parts = { mcp: mcpLines, push: pushLines, bus: busLines, footprint: footprintLines, mailbox: mailboxLines, queue: queueLines, schedule: scheduleLines, completions: completionLines, containers: containerLines };
  const lines: Line[] = [];
  for (const part of PARTS.filter((name) => chosen.includes(name))) lines.push(...(await parts[part]()));
  console.log(`\nNode ${process.versions.node}, ${platform()} ${arch()}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown processor'}, ${number(totalmem() / 2 ** 30)} GB\n`);
  print(lines);
  const missed = lines.filter((line) => line.decides && line.met === false);
  console.log(missed.length === 0 ? '\nEvery ratio meets its target.' : `\n${missed.length} of the ratios miss their target.`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}
