/** A process of its own that loads a server: it must not share the processor time of what is measured. */
import { RawConnection, toolCall, type Target } from './raw-connection.ts';

/** One round of calls over `connections` connections at once. `$N` in the arguments becomes a number. */
export interface Round {
  readonly target: Target;
  readonly tool: string;
  readonly args: string;
  readonly connections: number;
  readonly ms: number;
}

export interface RoundResult {
  readonly calls: number;
  readonly seconds: number;
  /** Milliseconds of each call. */
  readonly latencies: readonly number[];
}

let count = 0;

async function run({ target, tool, args, connections, ms }: Round): Promise<RoundResult> {
  const open = await Promise.all(Array.from({ length: connections }, () => RawConnection.open(target)));
  const latencies: number[] = [];
  const began = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() - began < ms) {
        count += 1;
        const request = toolCall(target, count, tool, JSON.parse(args.replaceAll('$N', String(count))) as object);
        const start = performance.now();
        await connection.call(request);
        latencies.push(performance.now() - start);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const connection of open) connection.close();
  return { calls: latencies.length, seconds, latencies };
}

process.on('message', (round: Round) => {
  run(round).then(
    (result) => process.send!({ result }),
    (error: Error) => process.send!({ error: error.message }),
  );
});
