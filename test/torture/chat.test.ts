import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessageView } from '../../preload/contract.ts';
import { openCore, type Core } from '../../main/cli/core.ts';
import { startPodmanWithAgent } from '../support/agents/container-rig.ts';
import { spawnCli, type CliProcess } from '../support/cli-process.ts';
import { missingPart } from '../support/setup/parts.ts';
import type { PrivatePodman } from '../support/setup/podman.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const AGENT = resolve(import.meta.dirname, '../support/channels/answering-agent.mjs');
/** When the core is killed, after which step of a message's way. */
const MOMENTS = ['accepted', 'starting', 'began', 'answered', 'replied'] as const;

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = performance.now() + ms; ; await wait(5)) {
    if (await holds()) return;
    if (performance.now() > end) throw new Error(`it did not come to: ${what}`);
  }
}

const history = async (on: Core): Promise<readonly ChatMessageView[]> => (await on.call('chat.history', { group: 'home', limit: 500 })).messages.toReversed();
/** How often each question was answered. */
const answersTo = (question: string, messages: readonly ChatMessageView[]): number => messages.filter(({ kind, content }) => kind === 'reply' && content.split(' ').includes(question)).length;

/** The same on every runner; `settings` names it to the core, once the suite has begun. */
function killMatrix(rounds: number, settings: () => Readonly<Record<string, string>>): void {
  let dir: ReturnType<typeof makeTempDir>;
  let core: CliProcess | null = null;
  beforeAll(() => (dir = makeTempDir()));
  afterAll(async () => {
    core?.kill('SIGKILL');
    await core?.ended;
    dir.remove();
  });

  async function start(): Promise<Core> {
    core = spawnCli(['serve', '--port', '0'], { WAIAAS_DATA_DIR: dir.path, WAIAAS_AGENTS_IDLE_TIMEOUT_SEC: '10', ...settings() });
    await core.prints(/MCP clients: +(http:\S+)/);
    return openCore({ dataDir: dir.path, mode: 'running', env: {}, warn: () => undefined });
  }
  const steps = (): string => (existsSync(join(dir.path, 'groups/home/steps.log')) ? readFileSync(join(dir.path, 'groups/home/steps.log'), 'utf8') : '');

  it(`kill -9 at every step of a message's way, ${rounds * MOMENTS.length} times: each question gets exactly one answer, or a problem that shows`, async () => {
    let on = await start();
    await on.call('chat.create', { name: 'home' });
    const asked: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const moment of MOMENTS) {
        const question = `q-${asked.length + 1}`;
        await on.call('chat.send', { group: 'home', text: `${question} slow do:chat`, key: question });
        asked.push(question);
        if (moment === 'starting') await until(`a run for ${question}`, async () => (await on.call('runs.list', {})).runs.some(({ state }) => state === 'starting' || state === 'running'));
        if (moment === 'began' || moment === 'answered') await until(`${moment} ${question}`, () => new RegExp(`^${moment}.*${question}\\b`, 'm').test(steps()));
        if (moment === 'replied') await until(`a reply to ${question}`, async () => answersTo(question, await history(on)) > 0);
        core!.kill('SIGKILL');
        await core!.ended;
        on = await start();
        // A message that the person repeats because the answer to the call was lost is still one.
        await on.call('chat.send', { group: 'home', text: `${question} slow do:chat`, key: question });
      }
    }
    /** A question without an answer must be followed by a problem that the person can see. */
    const settled = (question: string, messages: readonly ChatMessageView[]): boolean => {
      const at = messages.findIndex(({ fromPerson, content }) => fromPerson && content.split(' ')[0] === question);
      return answersTo(question, messages) > 0 || messages.slice(at).some(({ kind }) => kind === 'error');
    };
    await until(
      'an answer or a visible problem for every question',
      async () => {
        const messages = await history(on);
        return asked.every((question) => settled(question, messages));
      },
      120_000,
    ).catch(async (error: unknown) => {
      const told = (await history(on)).map(({ kind, content }) => `${kind}: ${content}`);
      throw new Error(`${String(error)}\n${told.join('\n')}\n${steps()}`);
    });
    const messages = await history(on);
    expect(messages.filter(({ fromPerson }) => fromPerson).map(({ content }) => content.split(' ')[0])).toEqual(asked);
    for (const question of asked) expect(answersTo(question, messages), question).toBeLessThanOrEqual(1);
    expect(asked.filter((question) => answersTo(question, messages) === 1).length).toBeGreaterThan(asked.length / 2);
    await until('every answer is delivered', async () => (await history(on)).every(({ fromBot, delivery }) => !fromBot || delivery === 'sent' || delivery === 'possibly_repeated'));
  }, 300_000);
}

describe('with programs as agents', () => {
  killMatrix(2, () => ({
    WAIAAS_AGENTS_RUNNER: 'process',
    WAIAAS_AGENTS_ALLOW_PROCESS_RUNNER: 'true',
    WAIAAS_AGENTS_PROCESS_COMMAND: JSON.stringify([process.execPath, AGENT]),
  }));
});

describe.skipIf(missingPart('containers') !== null)('with contained agents, on a real engine', () => {
  let podman: PrivatePodman;
  beforeAll(async () => {
    podman = await startPodmanWithAgent();
  });
  afterAll(async () => podman.stop());

  killMatrix(2, () => ({ DOCKER_HOST: `unix://${podman.socketPath}`, WAIAAS_AGENTS_IMAGE: podman.image, WAIAAS_AGENTS_NETWORK: 'none' }));
});
