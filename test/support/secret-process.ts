/**
 * One process of the secret store tests: `set DIR NAMES` keeps every one of the names (with commas between them), each with
 * its own name in small letters as its value; `hang DIR NAME VALUE` stops between the write and the rename. Prints one JSON line.
 */
import { systemClock } from '../../main/base/clock.ts';
import { changeSecretFile, secretFile } from '../../main/config/secret-file.ts';
import { withSecretLine } from '../../main/config/secret-lines.ts';
import { SecretStore } from '../../main/config/secret-store.ts';

const [mode, dataDir = '', name = '', value = ''] = process.argv.slice(2);
const report = (result: unknown): void => void process.stdout.write(`${JSON.stringify(result)}\n`);

if (mode === 'set') {
  const names = name.split(',');
  const store = new SecretStore({ dataDir, env: {}, agentNames: names, clock: systemClock, warn: null });
  for (const each of names) await store.set(each, each.toLowerCase());
  report({ kept: names.length });
} else {
  await changeSecretFile({
    file: secretFile(dataDir),
    change: (text) => withSecretLine(text, name, value),
    now: systemClock.now(),
    warn: null,
    rename: async () => {
      report({ hanging: true });
      await new Promise(() => setInterval(() => undefined, 60_000));
    },
  });
}
