import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { setTimeout as pause } from 'node:timers/promises';
import { startCoreProcess } from './core-process.ts';
import { RawConnection, toolCall, type Target } from './raw-connection.ts';
import { percentile } from './statistics.ts';

export interface PushFigures {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The longest pause between two posts: some follow one another inside the quiet time of the feed, some do not. */
const LONGEST_PAUSE_MS = 40;

/** From sending a post to hearing of it in another client's subscription, both over HTTP. */
export async function benchPush(samples: number): Promise<PushFigures> {
  const core = await startCoreProcess();
  try {
    const [sender, receiver] = [await core.target('Producer'), await core.target('BE')];
    const client = await connect(core.url, receiver);
    let heard = (): void => {};
    client.setNotificationHandler('notifications/resources/updated', () => heard());
    await client.listen({ resourceSubscriptions: ['bus://inbox/BE'] });

    const connection = await RawConnection.open(sender);
    const latencies: number[] = [];
    for (let n = 0; n < samples; n += 1) {
      const told = new Promise<void>((resolve) => {
        heard = resolve;
      });
      const began = performance.now();
      await Promise.all([told, connection.call(toolCall(sender, n, 'post_message', { to_role: 'BE', body: `news ${n}` }))]);
      latencies.push(performance.now() - began);
      await pause((n * 7) % LONGEST_PAUSE_MS);
    }
    connection.close();
    await client.close();
    return { samples, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) };
  } finally {
    await core.stop();
  }
}

async function connect(url: string, { token }: Target): Promise<Client> {
  const client = new Client({ name: 'bench', version: '0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));
  return client;
}
