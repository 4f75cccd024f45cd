/**
 * One process of the team bus tests, on a database file that others use too: `write FILE WHO COUNT` posts to BE,
 * `follow FILE` reads BE's inbox by its cursor until stdin closes and nothing is left. Prints one JSON line at the end.
 */
import { systemClock } from '../../main/base/clock.ts';
import { SqliteBusStore } from '../../main/bus/sqlite-store.ts';
import { openStore } from '../../main/store/open.ts';
import { callerIn } from './bus-contract/callers.ts';

const [mode, file = '', who = '', count = '0'] = process.argv.slice(2);
const store = openStore({
  file,
  durability: 'normal',
  clock: systemClock,
  onListenerError: (error) => {
    throw error;
  },
});
const bus = new SqliteBusStore(store, { clock: systemClock, platform: process.platform, claimSilenceMs: null, coordinator: 'Producer' });
const report = (result: unknown): void => void process.stdout.write(`${JSON.stringify(result)}\n`);

if (mode === 'write') {
  const ids: number[] = [];
  for (let n = 0; n < Number(count); n += 1) {
    ids.push((await bus.postMessage(callerIn('Producer', who), { to_role: 'BE', body: `${who} ${n}` })).message_id);
  }
  report({ ids });
} else {
  let writing = true;
  process.stdin.on('end', () => (writing = false)).resume();
  report('following');
  const seen: (readonly [number, string])[] = [];
  let after_id = 0;
  for (;;) {
    // Asked before the read: what is posted after the last writer ended cannot exist.
    const last = !writing;
    const page = await bus.readInbox(callerIn('BE', who), { after_id, limit: 7, mark_read: false, unread_only: false });
    seen.push(...page.messages.map((message) => [message.id, message.body] as const));
    after_id = page.cursor;
    if (last && page.messages.length === 0) break;
    await new Promise((resume) => setImmediate(resume));
  }
  report({ seen });
}
store.close();
