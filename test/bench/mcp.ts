import type { ChildProcess } from 'node:child_process';
import { nextMessage, startChild, stopChild } from './child.ts';
import { startCoreProcess } from './core-process.ts';
import type { Round, RoundResult } from './load-process.ts';
import { RawConnection, toolCall, type Target } from './raw-connection.ts';
import { median, percentile } from './statistics.ts';

/** One kind of call against the echo server in the same minute. */
export interface CallFigures {
  readonly name: string;
  readonly callsPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls per second as a share of what the echo server did; the median of the rounds. */
  readonly ratio: number;
}

export interface McpFigures {
  readonly echoPerSec: number;
  readonly calls: readonly CallFigures[];
}

const CONNECTIONS = 16;
const ROUND_MS = 1000;
const WARM_UP_MS = 3000;

const CALLS = [
  { name: 'post_message (two rows, one commit on disk)', tool: 'post_message', args: '{"to_role":"FE","body":"the release is ready, please look at #$N"}' },
  { name: 'acquire_lock (a renewal, one commit on disk)', tool: 'acquire_lock', args: '{"resource":"compose"}' },
  { name: 'read_inbox (a page of 50 at the cursor)', tool: 'read_inbox', args: '{"limit":50}' },
  { name: 'list_locks', tool: 'list_locks', args: '{}' },
];

async function load(process: ChildProcess, round: Round): Promise<RoundResult> {
  process.send(round);
  const { result, error } = await nextMessage<{ readonly result?: RoundResult; readonly error?: string }>(process);
  if (result === undefined) throw new Error(error);
  return result;
}

/** A full inbox that has been delivered, so that reading it writes nothing. */
async function fillInbox(reader: Target, writer: Target): Promise<void> {
  const [read, write] = await Promise.all([RawConnection.open(reader), RawConnection.open(writer)]);
  for (let n = 0; n < 60; n += 1) await write.call(toolCall(writer, n, 'post_message', { to_role: 'BE', body: `message ${n}` }));
  await read.call(toolCall(reader, 0, 'read_inbox', {}));
  for (const connection of [read, write]) connection.close();
}

/**
 * Tool calls over HTTP by 16 clients against the shipped core with full durability, and against an echo tool on the bare
 * SDK. The two take turns second by second, so that both meet the same noise of the machine.
 */
export async function benchMcp(rounds: number): Promise<McpFigures> {
  const [core, echo, loader] = [await startCoreProcess(), startChild('echo-process.ts'), startChild('load-process.ts')];
  try {
    const { port } = await nextMessage<{ readonly port: number }>(echo);
    const be = await core.target('BE');
    await fillInbox(be, await core.target('Producer'));
    const echoRound = { target: { ...be, port, path: '/' }, tool: 'echo', args: '{"text":"hello $N"}', connections: CONNECTIONS };

    await load(loader, { ...echoRound, ms: WARM_UP_MS });
    const echoSpeeds: number[] = [];
    const calls: CallFigures[] = [];
    for (const { name, tool, args } of CALLS) {
      const round = { target: be, tool, args, connections: CONNECTIONS };
      await load(loader, { ...round, ms: WARM_UP_MS });
      const measured: RoundResult[] = [];
      const ratios: number[] = [];
      for (let turn = 0; turn < rounds; turn += 1) {
        const plain = await load(loader, { ...echoRound, ms: ROUND_MS });
        const ours = await load(loader, { ...round, ms: ROUND_MS });
        echoSpeeds.push(plain.calls / plain.seconds);
        ratios.push(ours.calls / ours.seconds / (plain.calls / plain.seconds));
        measured.push(ours);
      }
      const latencies = measured.flatMap((result) => result.latencies);
      calls.push({
        name,
        callsPerSec: median(measured.map((result) => result.calls / result.seconds)),
        p50Ms: percentile(latencies, 0.5),
        p99Ms: percentile(latencies, 0.99),
        ratio: median(ratios),
      });
    }
    return { echoPerSec: median(echoSpeeds), calls };
  } finally {
    await Promise.all([core.stop(), stopChild(echo), stopChild(loader)]);
  }
}
