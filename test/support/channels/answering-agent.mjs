/**
 * An agent without a model, for the process runner: it answers every question `q-<n>` that it is given, in its prompt or as
 * a follow-up, and writes down in `steps.log` how far it is. `slow` in a question makes it take a moment before it answers;
 * `loud` makes it print what it does, and answer only when there is a file `go` in its folder.
 */
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const ipc = process.env.WHEELHOUSE_AGENT_IPC;
const group = process.env.WHEELHOUSE_AGENT_GROUP;
const step = (text) => appendFileSync(join(group, 'steps.log'), `${text}\n`);
const emit = (output) => process.stdout.write(`---NANOCLAW_OUTPUT_START---\n${JSON.stringify(output)}\n---NANOCLAW_OUTPUT_END---\n`);

async function answer(text) {
  const questions = [...text.matchAll(/q-\d+/g)].map(([question]) => question);
  if (questions.length === 0) return;
  step(`began ${questions.join(' ')}`);
  if (text.includes('slow')) await wait(150);
  if (text.includes('loud')) {
    process.stdout.write(`looks for ${questions.join(' ')}\n`);
    process.stderr.write('a warning\n');
    while (!existsSync(join(group, 'go'))) await wait(20);
    process.stdout.write('found it\n');
  }
  if (text.includes('broken')) process.exit(3);
  emit({ status: 'success', result: `<internal>easy</internal>answer ${questions.join(' ')}`, newSessionId: 'session-1' });
  step(`answered ${questions.join(' ')}`);
  // What ends the turn; a moment later, so that somebody can die in between.
  if (text.includes('slow')) await wait(150);
}

await answer(JSON.parse(readFileSync(0, 'utf8')).prompt);
for (;;) {
  for (const name of readdirSync(join(ipc, 'input')).filter((file) => file.endsWith('.json')).sort()) {
    const file = join(ipc, 'input', name);
    const { text } = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(file);
    await answer(text);
  }
  if (existsSync(join(ipc, 'input', '_close'))) process.exit(0);
  await wait(20);
}
