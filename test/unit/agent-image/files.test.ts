import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveBeforeCompaction } from '../../../resources/agent/src/archive.ts';
import { Inbox } from '../../../resources/agent/src/inbox.ts';
import { MailboxClient } from '../../../resources/agent/src/mailbox.ts';
import { extraFolders, workspaceOf } from '../../../resources/agent/src/workspace.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => dir.remove());

describe('the inbox of the agent (QUEUE-02, QUEUE-03)', () => {
  function openInbox() {
    const heard: string[] = [];
    const warnings: string[] = [];
    const inbox = new Inbox(dir.path, { text: (text) => heard.push(text), close: () => heard.push('(close)') }, (message) => warnings.push(message));
    const input = join(dir.path, 'input');
    mkdirSync(input, { recursive: true });
    return { heard, warnings, inbox, input, put: (name: string, text: string) => writeFileSync(join(input, name), text) };
  }
  const message = (text: string): string => JSON.stringify({ type: 'message', text });

  it('takes what is there in the order of the names, then what comes', async () => {
    const { heard, inbox, input, put } = openInbox();
    put('2-b.json', message('second'));
    put('1-a.json', message('first'));
    inbox.start();
    put('3-c.json', message('third'));
    await until(() => heard.length === 3);
    inbox.stop();
    expect(heard).toEqual(['first', 'second', 'third']);
    expect(readdirSync(input)).toEqual([]);
  });

  it('leaves half-written files alone and throws broken ones away with a word', () => {
    const { heard, warnings, inbox, input, put } = openInbox();
    put('1.json.tmp', message('half'));
    put('2.json', '{"type":"message","te');
    put('3.json', '{"type":"message","text":7}');
    put('4.json', message('good'));
    inbox.start();
    inbox.stop();
    expect(heard).toEqual(['good']);
    expect(warnings).toEqual([expect.stringContaining('2.json')]);
    expect(readdirSync(input)).toEqual(['1.json.tmp']);
  });

  it('hears _close once, after the texts that came with it, and nothing after it', () => {
    const { heard, inbox, input, put } = openInbox();
    put('1.json', message('last words'));
    put('_close', '');
    inbox.start();
    put('2.json', message('too late'));
    inbox.look();
    expect(heard).toEqual(['last words', '(close)']);
    expect(readdirSync(input)).toEqual(['2.json']);
  });
});

describe('a request of the agent', () => {
  it('appears whole under its name, and gets the answer of that name, which it takes away', async () => {
    const client = new MailboxClient(dir.path);
    const asked = client.request('messages', { type: 'message', text: '안녕' });
    const [name] = readdirSync(join(dir.path, 'messages'));
    expect(name).toMatch(/^\d{13}-000001-[0-9a-f]{6}\.json$/);
    expect(JSON.parse(readFileSync(join(dir.path, 'messages', name!), 'utf8'))).toEqual({ type: 'message', text: '안녕' });
    writeFileSync(join(dir.path, 'answers', name!), JSON.stringify({ ok: true, result: { queued: true } }));
    expect(await asked).toEqual({ ok: true, result: { queued: true } });
    expect(existsSync(join(dir.path, 'answers', name!))).toBe(false);
  });

  it('sorts after the requests before it', async () => {
    const client = new MailboxClient(dir.path);
    const asked = Array.from({ length: 12 }, async (_, n) => client.request('tasks', { n }, 5).catch((error: Error) => error.name));
    const written = readdirSync(join(dir.path, 'tasks')).sort().map((name) => (JSON.parse(readFileSync(join(dir.path, 'tasks', name), 'utf8')) as { n: number }).n);
    expect(written).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['NoAnswer']));
  });

  it('is never called done without an answer', async () => {
    await expect(new MailboxClient(dir.path).request('tasks', {}, 5)).rejects.toThrow(/has not answered within 0\.005 s\. It may still/);
  });
});

describe('the archive of a conversation before it is shortened', () => {
  const archive = (transcript: string) => {
    const warnings: string[] = [];
    const hook = archiveBeforeCompaction(dir.path, 'Andy', () => new Date(2026, 10, 20, 9, 5), (message) => warnings.push(message));
    return { warnings, answer: hook({ hook_event_name: 'PreCompact', session_id: 's', transcript_path: transcript }) };
  };

  it('is written into the folder of the group', async () => {
    const transcript = join(dir.path, 't.jsonl');
    writeFileSync(transcript, `${JSON.stringify({ type: 'user', message: { content: 'Water the plants?' } })}\n`);
    expect(await archive(transcript).answer).toEqual({});
    expect(readFileSync(join(dir.path, 'conversations/2026-11-20-water-the-plants.md'), 'utf8')).toContain('**User**: Water the plants?');
  });

  it('takes the place of the earlier one only when all of it is there', async () => {
    const transcript = join(dir.path, 't.jsonl');
    writeFileSync(transcript, `${JSON.stringify({ type: 'user', message: { content: 'Water the plants?' } })}\n`);
    const name = '2026-11-20-water-the-plants.md';
    mkdirSync(join(dir.path, 'conversations', `.${name}.part`), { recursive: true });
    writeFileSync(join(dir.path, 'conversations', name), 'the earlier one');
    const { answer, warnings } = archive(transcript);
    expect(await answer).toEqual({});
    expect(warnings).toEqual([expect.stringContaining('could not be archived')]);
    expect(readFileSync(join(dir.path, 'conversations', name), 'utf8')).toBe('the earlier one');
  });

  it('does not stop the conversation when it cannot be written', async () => {
    const { answer, warnings } = archive(join(dir.path, 'missing.jsonl'));
    expect(await answer).toEqual({});
    expect(warnings).toEqual([expect.stringContaining('could not be archived')]);
  });
});

describe('the folders of the agent', () => {
  it('are those of the image unless it is told others', () => {
    expect(workspaceOf({})).toEqual({ group: '/workspace/group', ipc: '/workspace/ipc', global: '/workspace/global', extra: '/workspace/extra', home: null });
    expect(workspaceOf({ WHEELHOUSE_AGENT_IPC: '/data/ipc/family' })).toMatchObject({ ipc: '/data/ipc/family', group: '/workspace/group' });
  });

  it('hold the additional mounts, if there are any', () => {
    const workspace = workspaceOf({ WHEELHOUSE_AGENT_EXTRA: join(dir.path, 'extra') });
    expect(extraFolders(workspace)).toEqual([]);
    mkdirSync(join(dir.path, 'extra/photos'), { recursive: true });
    writeFileSync(join(dir.path, 'extra/note.txt'), '');
    expect(extraFolders(workspace)).toEqual([join(dir.path, 'extra/photos')]);
  });
});
