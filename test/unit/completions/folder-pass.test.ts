import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCompletions } from '../../support/completions-rig.ts';

let room: ReturnType<typeof makeCompletions>;
beforeEach(() => {
  room = makeCompletions();
});
afterEach(() => room.close());

const at = (name: string): string => join(room.folder, name);
const touch = (name: string): void => writeFileSync(at(name), '', { flag: 'wx' });
/** What is known, oldest first. */
const known = () => room.completions.list().toReversed();

describe('a look at a folder', () => {
  test('takes each file in once, however often it looks and whichever way', async () => {
    room.drop('task-1');
    room.drop('task-2');
    await room.pass.run(null);
    await room.pass.run(new Set(['task-1.done', 'task-2.done']));
    await room.pass.run(null);
    expect(known().map(({ task, times }) => [task, times])).toEqual([
      ['task-1', 1],
      ['task-2', 1],
    ]);
    expect(room.notices()).toHaveLength(2);
  });

  test('looks only at the names it is asked for', async () => {
    room.drop('task-1');
    room.drop('task-2');
    await room.pass.run(new Set(['task-2.done']));
    expect(known().map(({ task }) => task)).toEqual(['task-2']);
  });

  test('does not mind what else lives there', async () => {
    for (const name of ['bot-activity.json', 'notes.txt', 'orphan.done.acked', 'task-1.done.processing']) touch(name);
    await room.pass.run(null);
    expect(known()).toEqual([]);
    expect(room.refusedFiles.list(10)).toEqual([]);
    expect(room.files()).toContain('orphan.done.acked');
  });

  test('says that the folder is gone, and goes on when it is back', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    rmSync(room.folder, { recursive: true });
    await expect(room.pass.run(null)).rejects.toMatchObject({ code: 'ENOENT', path: room.folder });
    expect(known()).toMatchObject([{ task: 'task-1', state: 'pending' }]);
    mkdirSync(room.folder);
    room.drop('task-2');
    await room.pass.run(null);
    expect(known().map(({ task }) => task)).toEqual(['task-1', 'task-2']);
  });

  test('reads what is written into the file later, without telling it again', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    writeFileSync(at('task-1.done'), '{"summary":"Now with words","team":"dev2"}');
    await room.pass.run(null);
    expect(known()).toMatchObject([{ summary: 'Now with words', team: 'dev2', times: 1 }]);
    expect(room.notices()).toHaveLength(1);
  });

  test('waits a moment for the rest of a body that ends too early, and no longer', async () => {
    room.drop('task-1', '{"summary":"half of');
    expect(await room.pass.run(null)).toEqual(['task-1']);
    expect(known()).toEqual([]);
    writeFileSync(at('task-1.done'), '{"summary":"half of it"}');
    expect(await room.pass.run(new Set(['task-1.done']))).toEqual([]);
    expect(known()).toMatchObject([{ summary: 'half of it' }]);

    room.drop('task-2', '{"never whole');
    room.clock.advance(5000);
    expect(await room.pass.run(null)).toEqual([]);
    expect(known()[1]).toMatchObject({ task: 'task-2', summary: '{"never whole' });
  });
});

describe('a second completion of a task (D4)', () => {
  const SECOND = [{ task: 'task-1', times: 1, state: 'archived', supersededBy: 2 }, { task: 'task-1', times: 2, state: 'pending' }] as const;

  test('after the archive is a new event', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.ack(1, 'person');
    await room.pass.run(null);
    room.clock.advance(86_400_000);
    await room.pass.archive(room.completions.get(1));
    room.drop('task-1');
    await room.pass.run(null);
    expect(known()).toMatchObject([{ times: 1, state: 'archived', supersededBy: null }, { times: 2, state: 'pending' }]);
    expect(room.notices()).toHaveLength(2);

    room.completions.ack(2, 'person');
    await room.pass.run(null);
    await room.pass.archive(room.completions.get(2));
    expect(room.files()).toEqual(['archive/task-1.done', 'archive/task-1.done.acked', 'archive/task-1.done.acked~2', 'archive/task-1.done~2']);
  });

  test('in the place of a removed file is a new event, and its markers are its own', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.delivered([1]);
    room.completions.ack(1, 'person');
    await room.pass.run(null);
    rmSync(at('task-1.done'));
    room.drop('task-1');
    await room.pass.run(null);
    expect(known()).toMatchObject(SECOND);
    expect(room.notices()).toHaveLength(2);
    expect(room.files()).toEqual(['archive/task-1.done.acked', 'archive/task-1.done.notified', 'task-1.done']);
  });

  test('renamed over the first is a new event', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    writeFileSync(at('.new.tmp'), '{"summary":"again"}');
    renameSync(at('.new.tmp'), at('task-1.done'));
    await room.pass.run(null);
    expect(known()).toMatchObject(SECOND);
  });

  test('written into a file that was acked is a new event', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.ack(1, 'person');
    await room.pass.run(null);
    writeFileSync(at('task-1.done'), 'again');
    await room.pass.run(null);
    expect(known()).toMatchObject(SECOND);
    expect(room.files()).toEqual(['archive/task-1.done.acked', 'task-1.done']);
  });

  test('cannot be acked through the first', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    rmSync(at('task-1.done'));
    room.drop('task-1');
    await room.pass.run(null);
    expect(() => room.completions.ack(1, 'person')).toThrow(expect.objectContaining({ code: 'CONFLICT', details: { completion_id: 1, superseded_by: 2 } }));
  });
});

describe('markers that other tools make', () => {
  test('an ack counts', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    touch('task-1.done.acked');
    await room.pass.run(new Set(['task-1.done.acked']));
    expect(known()).toMatchObject([{ state: 'acked', ackedBy: 'file' }]);
  });

  test('an ack that is there with the file counts as well, and people hear of the completion', async () => {
    room.drop('task-1');
    touch('task-1.done.acked');
    await room.pass.run(null);
    expect(known()).toMatchObject([{ state: 'acked', ackedBy: 'file' }]);
    expect(room.notices()).toHaveLength(1);
  });

  test('a file that is older than a marker of another tool was told by that tool', async () => {
    room.drop('task-1');
    touch('task-1.done.notified');
    await room.pass.run(null);
    expect(known()).toMatchObject([{ state: 'notified' }]);
    expect(room.notices()).toEqual([]);
  });

  test('markers that are older than the file are left from an earlier one, and do not silence it', async () => {
    touch('task-1.done.notified');
    touch('task-1.done.acked');
    utimesSync(at('task-1.done.notified'), 1_000, 1_000);
    utimesSync(at('task-1.done.acked'), 1_000, 1_000);
    room.drop('task-1');
    await room.pass.run(null);
    await room.pass.run(null);
    expect(known()).toMatchObject([{ state: 'pending' }]);
    expect(room.notices()).toHaveLength(1);
    expect(room.files()).toEqual(['archive/task-1.done.acked', 'archive/task-1.done.notified', 'task-1.done']);
  });

  test('a link in the place of a marker is no ack, and nothing is written through it', async () => {
    const victim = at('victim.txt');
    writeFileSync(victim, 'mine');
    room.drop('task-1');
    symlinkSync(victim, at('task-1.done.acked'));
    symlinkSync(join(room.folder, 'nothing-here'), at('task-1.done.notified'));
    await room.pass.run(null);
    room.completions.delivered([1]);
    await room.pass.run(null);
    expect(known()).toMatchObject([{ state: 'notified' }]);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(existsSync(at('nothing-here'))).toBe(false);
  });

  test('ours are made again when somebody removes them', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.delivered([1]);
    await room.pass.run(null);
    rmSync(at('task-1.done.notified'));
    await room.pass.run(null);
    expect(room.files()).toEqual(['task-1.done', 'task-1.done.notified']);
  });

  test('none is made for a file that is gone', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    rmSync(at('task-1.done'));
    room.completions.delivered([1]);
    await room.pass.run(new Set(['task-1.done']));
    await room.pass.run(null);
    expect(room.files()).toEqual([]);
    expect(known()).toMatchObject([{ state: 'notified' }]);
  });
});

describe('what is refused', () => {
  const refused = () => Object.fromEntries(room.refusedFiles.list(100).map(({ name, why }) => [name, why]));

  test('links, folders, pipes, oversize and unsafe names: shown with the reason, told once, never opened', async () => {
    symlinkSync('/etc/passwd', at('link.done'));
    symlinkSync('/nowhere', at('dangling.done'));
    mkdirSync(at('folder.done'));
    execFileSync('mkfifo', [at('pipe.done')]);
    writeFileSync(at('big.done'), Buffer.alloc(65_537, 'x'));
    for (const name of ["'''+__import__('os').system('id')+'''.done", 'two words.done', 'line\nbreak.done', '"quoted".done']) touch(name);
    room.drop('fine');
    room.drop('보고서-1');
    for (let looks = 0; looks < 3; looks += 1) await room.pass.run(null);
    expect(refused()).toEqual({
      'link.done': 'symlink',
      'dangling.done': 'symlink',
      'folder.done': 'directory',
      'pipe.done': 'special',
      'big.done': 'size',
      "'''+__import__('os').system('id')+'''.done": 'name',
      'two words.done': 'name',
      'line\nbreak.done': 'name',
      '"quoted".done': 'name',
    });
    expect(known().map(({ task }) => task).toSorted()).toEqual(['fine', '보고서-1']);
    expect(room.log().filter((action) => action === 'refused')).toHaveLength(9);
    expect(room.notices()).toHaveLength(2);
  });

  test('is forgotten when it is gone, and taken when it is mended', async () => {
    symlinkSync('/etc/passwd', at('task-1.done'));
    touch('bad name.done');
    await room.pass.run(new Set(['task-1.done', 'bad name.done']));
    expect(refused()).toEqual({ 'task-1.done': 'symlink', 'bad name.done': 'name' });
    rmSync(at('task-1.done'));
    room.drop('task-1');
    await room.pass.run(new Set(['task-1.done']));
    expect(refused()).toEqual({ 'bad name.done': 'name' });
    rmSync(at('bad name.done'));
    await room.pass.run(new Set(['bad name.done']));
    expect(refused()).toEqual({});
    expect(known()).toMatchObject([{ task: 'task-1' }]);
  });
});

describe('the archive', () => {
  test('waits in no folder twice: a move that was cut off is taken up again', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.delivered([1]);
    room.completions.ack(1, 'person');
    await room.pass.run(null);
    // As a crash leaves it between two files.
    mkdirSync(at('archive'));
    renameSync(at('task-1.done.acked'), at('archive/task-1.done.acked'));
    await room.pass.run(null);
    await room.pass.archive(room.completions.get(1));
    expect(room.completions.get(1).state).toBe('archived');
    expect(room.files().filter((name) => !name.startsWith('archive/'))).toEqual([]);
    await room.pass.run(null);
    expect(known()).toHaveLength(1);
  });

  test('a file that was away while its completion was archived does not come back as a new one', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.ack(1, 'person');
    renameSync(at('task-1.done'), join(room.folder, '..', 'elsewhere'));
    await room.pass.archive(room.completions.get(1));
    expect(room.completions.get(1).state).toBe('archived');
    renameSync(join(room.folder, '..', 'elsewhere'), at('task-1.done'));
    await room.pass.run(null);
    expect(known()).toHaveLength(1);
    expect(room.files()).toEqual(['archive/task-1.done']);
  });

  test('leaves a later file of the task where it is', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.completions.ack(1, 'person');
    rmSync(at('task-1.done'));
    room.drop('task-1', 'the second');
    await room.pass.archive(room.completions.get(1));
    expect(room.files()).toEqual(['task-1.done']);
    await room.pass.run(null);
    expect(known()).toMatchObject([{ times: 1, supersededBy: 2 }, { times: 2, summary: 'the second' }]);
  });
});
