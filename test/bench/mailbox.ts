import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeMailboxRooms, type MailboxRooms } from '../support/agents/mailbox-rooms.ts';
import { percentile } from './statistics.ts';

export interface MailboxFigures {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the answer to the agent. */
  readonly answerP99Ms: number;
  readonly groups: number;
  /** Messages per second when all groups write at once: safely queued, and handed to the one network that they share. */
  readonly queuedPerSec: number;
  readonly sentPerSec: number;
}

const GROUPS = 20;
const FLOOD_EACH = 25;
/** The longest pause between two requests, as agents leave them. */
const LONGEST_PAUSE_MS = 40;

/** From the rename of a request to the text being handed to the network, with full durability; then all groups at once. */
export async function benchMailbox(samples: number): Promise<MailboxFigures> {
  const rooms = await makeMailboxRooms({ durability: 'full', perMinute: 1_000_000 });
  try {
    for (let n = 0; n < GROUPS; n += 1) rooms.groups.create({ jid: `tg:-20${n}`, name: `Group ${n}`, folder: `group-${n}` });
    while (!existsSync(join(rooms.ipc, `group-${GROUPS - 1}`, 'input'))) await pause(10);
    // The last group's answer comes when its folder is watched.
    await rooms.ask(`group-${GROUPS - 1}`, 'tasks', { type: 'list_tasks' });
    const sent = followSends(rooms);
    const latencies: number[] = [];
    const answers: number[] = [];
    for (let n = 0; n < samples; n += 1) {
      const began = performance.now();
      const handed = sent.next();
      const answered = rooms.ask(`group-${n % GROUPS}`, 'messages', { type: 'message', chatJid: `tg:-20${n % GROUPS}`, text: `news ${n}` });
      latencies.push((await handed) - began);
      await answered;
      answers.push(performance.now() - began);
      await pause((n * 7) % LONGEST_PAUSE_MS);
    }
    const began = performance.now();
    const all = sent.after(GROUPS * FLOOD_EACH);
    for (let n = 0; n < FLOOD_EACH; n += 1) for (let group = 0; group < GROUPS; group += 1) put(rooms, group, n);
    const queued = rooms.store.db.prepare("SELECT COUNT(*) FROM outbound WHERE text LIKE 'flood%'").pluck();
    while ((queued.get() as number) < GROUPS * FLOOD_EACH) await pause(5);
    const queuedMs = performance.now() - began;
    const floodMs = (await all) - began;
    return {
      samples,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      answerP99Ms: percentile(answers, 0.99),
      groups: GROUPS,
      queuedPerSec: (GROUPS * FLOOD_EACH * 1000) / queuedMs,
      sentPerSec: (GROUPS * FLOOD_EACH * 1000) / floodMs,
    };
  } finally {
    await rooms.close();
  }
}

function put({ ipc }: MailboxRooms, group: number, n: number): void {
  const file = join(ipc, `group-${group}`, 'messages', `${String(n).padStart(6, '0')}-flood.json`);
  writeFileSync(`${file}.tmp`, JSON.stringify({ type: 'message', chatJid: `tg:-20${group}`, text: `flood ${n}` }));
  renameSync(`${file}.tmp`, file);
}

/** When texts are handed to the network. */
function followSends(rooms: MailboxRooms) {
  let heard = (_at: number): void => {};
  rooms.telegram.onSend = async () => heard(performance.now());
  const after = async (many: number): Promise<number> =>
    new Promise((resolve) => {
      let left = many;
      heard = (at) => {
        left -= 1;
        if (left === 0) resolve(at);
      };
    });
  return { after, next: async () => after(1) };
}
