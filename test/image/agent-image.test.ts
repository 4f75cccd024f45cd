import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../main/agents/engine-client.ts';
import { openCore, type Core } from '../../main/cli/core.ts';
import type { RunView } from '../../preload/contract.ts';
import { noImageEngine, startImageEngine, type ImageEngine } from '../support/agents/image-engine.ts';
import { grep, processesWith } from '../support/agents/runner-contract.ts';
import { spawnCli, type CliProcess } from '../support/cli-process.ts';
import { makeCliRig, type CliRig } from '../support/cli-rig.ts';
import { startMessagesApi, type MessagesApi, type ModelBlock, type ModelTurn } from '../support/messages-api.ts';
import { until } from '../support/until.ts';

const KEY = 'sk-ant-planted-0123456789-image';
const IMAGE = 'wheelhouse-agent-test:latest';
const text = (words: string): ModelBlock => ({ type: 'text', text: words });
const use = (name: string, input: Record<string, unknown>): ModelBlock => ({ type: 'tool_use', name, input });
const bash = (command: string): ModelBlock => use('Bash', { command, description: 'Look around' });

const missing = await noImageEngine();
if (missing !== null) process.stdout.write(`The image of the agents is not tested here: ${missing}.\n`);

describe.skipIf(missing !== null)('the image of the agents, built and run as people do', () => {
  let engine: ImageEngine;
  let client: EngineClient;
  let rig: CliRig;
  let api: MessagesApi;
  let app: CliProcess | null = null;
  let script: (last: string, turn: ModelTurn) => readonly ModelBlock[];

  beforeAll(async () => {
    engine = await startImageEngine();
    const path = new URL(engine.host).pathname;
    client = new EngineClient({ kind: 'socket', path, text: path });
    const builder = makeCliRig({ env: { DOCKER_HOST: engine.host, WAIAAS_AGENTS_IMAGE: IMAGE } });
    const since = performance.now();
    const { exit, out, err } = await builder.run('engine', 'build');
    if (exit !== 0) throw new Error(`wheelhouse engine build ended with ${exit}:\n${out}${err}`);
    process.stdout.write(`${out.trim()} It took ${Math.round((performance.now() - since) / 1000)} s. Base image: ${engine.base}.\n`);
    expect(out).toMatch(/^Built wheelhouse-agent-test:latest \(\d+ MB\)\.$/m);
    expect(await builder.run('engine', 'check')).toMatchObject({ exit: 0 });
    await builder.close();
  });
  afterAll(async () => engine?.stop());

  beforeEach(async () => {
    rig = makeCliRig({ env: { DOCKER_HOST: engine.host, WAIAAS_AGENTS_IMAGE: IMAGE, WAIAAS_AGENTS_NETWORK: 'restricted' } });
    const tls = certificateFor('localhost', rig.dataDir);
    // Claude Code adds notes of its own; the model's turn is about the last thing somebody said or a tool brought.
    api = await startMessagesApi((turn) => script(turn.transcript.findLast((line) => /^(user: (?!<system-reminder>)|tool_result: )/.test(line)) ?? '', turn), tls);
    rig.env['WAIAAS_AGENTS_RESTRICTED_HOSTS'] = new URL(api.url).host;
    rig.env['WAIAAS_AGENTS_CREDENTIALS'] = 'ANTHROPIC_API_KEY,ANTHROPIC_BASE_URL,NODE_EXTRA_CA_CERTS';
    writeFileSync(join(rig.dataDir, '.env'), `ANTHROPIC_API_KEY=${KEY}\nANTHROPIC_BASE_URL=${api.url}\nNODE_EXTRA_CA_CERTS=/workspace/global/api.pem\n`, { mode: 0o600 });
    mkdirSync(join(rig.dataDir, 'groups/global'), { recursive: true });
    copyFileSync(join(rig.dataDir, 'api.pem'), join(rig.dataDir, 'groups/global/api.pem'));
  });
  afterEach(async () => {
    app?.kill('SIGTERM');
    await app?.ended;
    app = null;
    await api.stop();
    expect(await containers()).toEqual([]);
    await rig.close();
  });

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    Object.assign(rig.env, env);
    app = spawnCli(['serve'], rig.env as Record<string, string>);
    await app.prints(/runs on/);
  };
  const addGroup = async (name: string): Promise<unknown> => rig.json('group', 'add', `console:${name}`, '--name', name, '--role', 'BE', '--every-message');
  /** Says it in the chat and returns what is answered, with what the agent wrote on the way. */
  const say = async (group: string, words: string): Promise<readonly string[]> => {
    const { exit, out, err } = await rig.run('chat', group, words, '--wait', '120');
    if (exit !== 0) throw new Error(`no answer to "${words}": ${out}${err}\n${await story()}`);
    return out.trim().split('\n');
  };
  const tell = async (group: string, words: string): Promise<void> => {
    expect(await rig.run('chat', group, words, '--wait', '0')).toMatchObject({ exit: 0 });
  };
  const asked = async <T>(question: (core: Core) => Promise<T>): Promise<T> => {
    const core = await openCore({ dataDir: rig.dataDir, mode: 'running', env: rig.env, warn: () => undefined });
    try {
      return await question(core);
    } finally {
      await core.close();
    }
  };
  /** Everything that stands in a chat, oldest first. */
  const said = async (group: string): Promise<readonly string[]> =>
    asked(async (core) => (await core.call('chat.history', { group, limit: 100 })).messages.map(({ content }) => content).toReversed());
  /** What a live run printed so far. */
  const printed = async (run: string): Promise<string> => asked(async (core) => (await core.call('runs.output', { run })).chunks.map((chunk) => chunk.text).join(''));
  const runs = async (): Promise<readonly RunView[]> => (await rig.json<{ runs: readonly RunView[] }>('run', 'list')).runs;
  const containers = async (): Promise<readonly string[]> => (await client.list('dev.wheelhouse.group')).map(({ Names }) => Names[0]!);
  const story = async (): Promise<string> => `${JSON.stringify(await runs(), null, 1)}\n${grepLogs(rig.dataDir)}`;
  const over = async (id: string): Promise<RunView> => {
    let found: RunView | undefined;
    await until(async () => {
      found = (await runs()).find((run) => run.id === id);
      return found !== undefined && found.endedAt !== null;
    });
    return found!;
  };

  it('answers in a chat through tools, takes a follow-up while it lives, makes room for another group, and goes on with its conversation in the next run', async () => {
    script = (last) => {
      if (last.includes('What is on')) return [text('Let me look.'), use('mcp__wheelhouse__send_message', { text: 'One moment.' })];
      if (last.includes('"queued":true')) return [use('mcp__team__post_message', { to_role: 'FE', body: 'The club meets at six' })];
      if (last.startsWith('tool_result') && last.includes('"message_id"')) return [text('Chess at six.')];
      if (last.includes('And tomorrow')) return [text('Tomorrow is free.')];
      if (last.includes('Which days')) return [text('Today and tomorrow.')];
      return [text(`unexpected: ${last}`)];
    };
    await start({ WAIAAS_AGENTS_MAX_CONCURRENT: '1' });
    await addGroup('home');
    await addGroup('other');
    await tell('home', 'What is on for today?');
    await until(async () => (await said('home')).includes('Chess at six.')).catch(async () => expect(await story()).toBe(''));
    expect(await said('home')).toEqual(['What is on for today?', 'One moment.', 'Chess at six.']);
    expect(JSON.stringify(await rig.json('log'))).toContain('FE');

    expect(await say('home', 'And tomorrow?')).toEqual(['Andy: Tomorrow is free.']);
    const [first] = await runs();
    expect(first).toMatchObject({ state: 'running', idle: true, messages: 2, sent: 3, attempt: 1 });

    // One agent at a time: that of the first group is asked to end.
    expect(await say('other', 'Which days are free?')).toEqual(['Andy: Today and tomorrow.']);
    expect(await over(first!.id)).toMatchObject({ state: 'succeeded', cause: 'finished', exitCode: 0, error: null });

    expect(await say('home', 'Which days did we talk about?')).toEqual(['Andy: Today and tomorrow.']);
    expect(api.turns.at(-1)!.transcript.join('\n')).toMatch(/What is on for today\?[^]*Chess at six\.[^]*And tomorrow\?[^]*Which days did/);
  });

  it('finds what it needs in the image, and may write only where it should', async () => {
    const commands = [
      'id -u',
      'for p in git rg jq curl node npm; do command -v $p >/dev/null && echo has $p; done',
      'echo "const x = 1" > /workspace/group/note.js && rg --files-with-matches const /workspace/group && git -C /workspace/group init -q && echo git works',
      'for d in / /app /app/node_modules /usr /workspace /workspace/global /workspace/ipc; do touch $d/x 2>/dev/null && echo may write $d; done',
      'for d in ~ ~/.claude ~/.cache ~/.config /tmp /workspace/group; do mkdir -p $d && touch $d/x || echo cannot write $d; done',
      'npm --version >/dev/null && echo npm works; (ls /sys/class/net; grep -E "Cap(Eff|Bnd)|NoNewPrivs" /proc/self/status) | tr "\\n\\t" "  "; echo',
    ];
    script = (last) => (last.startsWith('tool_result') ? [text(last)] : [bash(commands.join('\n'))]);
    await start();
    await addGroup('home');
    await tell('home', 'Look around');
    await until(async () => (await said('home')).length > 1).catch(async () => expect(await story()).toBe(''));
    const seen = api.turns.at(-1)!.transcript.filter((line) => line.startsWith('tool_result')).join('\n');
    expect(seen).toMatch(/^tool_result: 1000\nhas git\nhas rg\nhas jq\nhas curl\nhas node\nhas npm\n\/workspace\/group\/note\.js\ngit works\nnpm works\nlo CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 *$/m);
  });

  it('is stopped in the middle of a command, and nothing of it is left', async () => {
    script = () => [bash('echo begun; sleep 54321')];
    await start();
    await addGroup('home');
    await tell('home', 'Sleep');
    await until(() => processesWith('54321').length > 0).catch(async () => expect(await story()).toBe(''));
    const [run] = await runs();
    await rig.json('run', 'abort', run!.id);
    expect(await over(run!.id)).toMatchObject({ state: 'aborted', cause: 'aborted' });
    expect(processesWith('54321')).toEqual([]);
    expect(await containers()).toEqual([]);
  });

  it('says that its memory limit was too small, whatever the engine knows of it', async () => {
    script = () => [text('unheard')];
    await start({ WAIAAS_AGENTS_MEMORY_MB: '96' });
    await addGroup('home');
    await tell('home', 'Hello');
    await until(async () => (await runs()).some(({ endedAt }) => endedAt !== null));
    const ended = (await runs()).find(({ endedAt }) => endedAt !== null)!;
    expect(ended, await story()).toMatchObject({ state: 'failed', cause: 'out_of_memory', exitCode: 1, error: expect.stringContaining('memory limit of 96 MiB. Raise memory_mb') as string });
    await rig.json('group', 'pause', 'home');
  });

  it('without a network says that the model does not answer and is asked again', async () => {
    script = () => [text('unreachable')];
    await start({ WAIAAS_AGENTS_NETWORK: 'none' });
    await addGroup('home');
    await tell('home', 'Hello');
    await until(async () => (await runs())[0]?.state === 'running');
    const [run] = await runs();
    await until(async () => (await printed(run!.id)).includes('is asked again')).catch(async () => expect(await story()).toBe(''));
    expect(api.turns).toEqual([]);
    await rig.json('run', 'abort', run!.id);
  });

  it('archives the conversation before it is shortened', async () => {
    script = (last) => (last.includes('plants are green') ? [text('I will.')] : [text('A summary of it.')]);
    await start();
    await addGroup('home');
    expect(await say('home', 'Remember that the plants are green')).toEqual(['Andy: I will.']);
    const [run] = await runs();
    await asked(async (core) => core.call('runs.tell', { run: run!.id, text: '/compact' }));
    const folder = join(rig.dataDir, 'groups/home/conversations');
    await until(() => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.md'))).catch(async () => expect(await story()).toBe(''));
    expect(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')).toMatch(/\*\*User\*\*: [^]*plants are green[^]*\*\*Andy\*\*: I will\./);
  });

  it('SEC-05: keeps the key from commands, environments and files, in the image too', async () => {
    const look = 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n" | grep -aE "KEY|TOKEN|runner.mjs"; grep -rl "$(printf "sk-ant-%s" planted)" / --include=* -s --exclude-dir=proc --exclude-dir=sys --exclude-dir=app --exclude-dir=usr; echo end';
    script = (last) => (last.startsWith('tool_result') ? [text('Looked.')] : [bash(look)]);
    await start();
    await addGroup('home');
    expect(await say('home', 'Look around')).toEqual(['Andy: Looked.']);
    const turn = api.turns.at(-1)!;
    expect(turn.apiKey).toBe(KEY);
    const seen = turn.transcript.join('\n');
    expect(seen).toMatch(/runner\.mjs[^]*end/);
    expect(seen).not.toContain(KEY);
    expect(grep(rig.dataDir, KEY)).toEqual([join(rig.dataDir, '.env')]);
  });
});

/** A certificate that signs itself, for a server of this machine. */
function certificateFor(name: string, dir: string): { readonly key: string; readonly cert: string } {
  const files = { key: join(dir, 'api.key'), cert: join(dir, 'api.pem') };
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', files.key, '-out', files.cert], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
}

function grepLogs(dataDir: string): string {
  const dir = join(dataDir, 'logs/runs');
  if (!existsSync(dir)) return '';
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log'))
    .map((name) => `── ${name}\n${readFileSync(join(dir, name), 'utf8')}`)
    .join('\n');
}
