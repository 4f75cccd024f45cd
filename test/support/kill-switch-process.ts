/**
 * One process of the kill switch tests on a database file: `pull FILE HANG` pulls it, `start FILE HANG` finishes what was
 * interrupted. HANG names the point at which it stands still until it is killed: `cancel` is inside the transaction.
 * Prints a JSON line for each point that it reaches and one at its end.
 */
import { Agents } from '../../main/access/agents.ts';
import { createGuard } from '../../main/access/guard.ts';
import { KillSwitch } from '../../main/access/kill-switch.ts';
import { MasterPassword } from '../../main/access/master-password.ts';
import { Nonces } from '../../main/access/nonces.ts';
import { OwnerProofs } from '../../main/access/owner-proof.ts';
import { Owners } from '../../main/access/owners.ts';
import { Sessions } from '../../main/access/sessions.ts';
import { SigningKeys } from '../../main/access/signing-keys.ts';
import { systemClock } from '../../main/base/clock.ts';
import { openStore } from '../../main/store/open.ts';

const [mode, file = '', hang = ''] = process.argv.slice(2);
const say = (point: string): void => void process.stdout.write(`${JSON.stringify({ point })}\n`);
const fail = (what: string, error: unknown): void => say(`failed: ${what}: ${String(error)}`);

const store = openStore({ file, durability: 'full', clock: systemClock, onListenerError: (error) => fail('listener', error) });
const guard = createGuard(store);
const agents = new Agents({ store, guard, assertRole: () => undefined });
const sessions = new Sessions({
  store,
  clock: systemClock,
  keys: new SigningKeys(store),
  policy: { ttlSec: 604_800, maxRenewals: 30, absoluteLifetimeSec: 2_592_000, rejectWindowSec: 3600, maxPerAgent: 5 },
  guard,
  onSessionEnded: async () => undefined,
});
const proofs = new OwnerProofs({ store, clock: systemClock, nonces: new Nonces(store), origin: () => 'http://127.0.0.1:3100' });

const stop = (name: string) => ({
  name,
  async run() {
    // A promise alone would let the process end.
    if (name === hang) await new Promise(() => setInterval(() => undefined, 1000));
    say(name);
  },
});
const killSwitch = new KillSwitch({
  store,
  clock: systemClock,
  sessions,
  agents,
  owners: new Owners({ store, guard, proofs }),
  proofs,
  masterPassword: new MasterPassword({ store, clock: systemClock, revokeSessions: () => 0 }),
  waits: { owner: 1800, noOwner: 86_400 },
  cancels: [
    {
      name: 'cancel',
      run() {
        say('cancel');
        if (hang === 'cancel') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return 1;
      },
    },
  ],
  stops: ['containers', 'schedule', 'channels'].map(stop),
  announce: async ({ type }) => stop(`announce ${type}`).run(),
  report: fail,
});

if (mode === 'pull') {
  await killSwitch.start();
  killSwitch.activate({ reason: 'drill', actor: 'admin' });
  say('answered');
} else {
  void killSwitch.start();
}
await killSwitch.stop();
say('end');
store.close();
