import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { safeFileName } from '../../../main/channels/attachments.ts';
import type { Attachment } from '../../../main/channels/types.ts';
import { FAMILY, incoming, makeChannels } from '../../support/channels/channels-rig.ts';
import { eventually } from '../../support/until.ts';

let rig: ReturnType<typeof makeChannels>;
beforeEach(() => {
  rig = makeChannels({ maxAttachmentMb: 1 });
  rig.channels.start();
});
afterEach(async () => rig.close());

const photo = (more: Partial<Attachment> = {}): Attachment => ({
  kind: 'image',
  fileName: null,
  mimeType: 'image/jpeg',
  bytes: 3,
  seconds: null,
  fetch: async () => Buffer.from('jpg'),
  ...more,
});
const content = (): string | undefined => rig.channels.messages.page(FAMILY, { limit: 1 })[0]?.content;

describe('an attachment', () => {
  test('is saved in the folder of the group, and the agent reads where', async () => {
    const { id, folder } = rig.serve({ requiresTrigger: false });
    await rig.telegram.events.received(incoming({ text: 'look', attachments: [photo(), photo({ kind: 'document', fileName: '보고서.pdf', mimeType: 'application/pdf' })] }));
    await eventually(() => expect(rig.arrived).toEqual([id]));
    expect(content()).toBe('look\n[Image: attachments/2026-11-20/1-image.jpg]\n[Document "보고서.pdf": attachments/2026-11-20/1-1-보고서.pdf]');
    const file = join(rig.dir, folder, 'attachments/2026-11-20/1-image.jpg');
    expect(readFileSync(file, 'utf8')).toBe('jpg');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('that is larger than allowed is named to the agent instead, without fetching it', async () => {
    rig.serve({ requiresTrigger: false });
    const fetch = vi.fn<Attachment['fetch']>();
    await rig.telegram.events.received(incoming({ text: '', attachments: [photo({ kind: 'video', bytes: 5 * 1024 * 1024, fetch })] }));
    await eventually(() => expect(content()).toBe('[Video was not saved: it has 5.0 MB, the limit is 1 MB]'));
    expect(fetch).not.toHaveBeenCalled();
  });

  test('that turns out larger than the network said is not saved either', async () => {
    const { folder } = rig.serve({ requiresTrigger: false });
    await rig.telegram.events.received(incoming({ text: '', attachments: [photo({ bytes: null, fetch: async () => Buffer.alloc(2 * 1024 * 1024) })] }));
    await eventually(() => expect(content()).toMatch(/was not saved: it has 2.0 MB/));
    expect(existsSync(join(rig.dir, folder, 'attachments'))).toBe(false);
  });

  test('that cannot be fetched is named to the agent, and the message still arrives', async () => {
    const { id } = rig.serve({ requiresTrigger: false });
    const broken = photo({
      kind: 'voice',
      seconds: 12.4,
      fetch: async () => {
        throw new Error('gone');
      },
    });
    await rig.telegram.events.received(incoming({ text: 'listen', attachments: [broken] }));
    await eventually(() => expect(rig.arrived).toEqual([id]));
    expect(content()).toBe('listen\n[Voice message, 12 s was not saved: it could not be fetched]');
  });

  test('is waited for by what comes after it', async () => {
    const { id } = rig.serve({ requiresTrigger: false });
    let finish = (_bytes: Uint8Array): void => undefined;
    await rig.telegram.events.received(incoming({ text: 'a picture', attachments: [photo({ fetch: async () => new Promise((resolve) => (finish = resolve)) })] }));
    await rig.telegram.events.received(incoming({ text: 'what is on it?' }));
    expect(rig.channels.conversations.next(id)).toBeNull();
    finish(Buffer.from('jpg'));
    await eventually(() => expect(rig.channels.conversations.next(id)?.count).toBe(2));
  });

  test('that was being fetched when the program died does not hold up the chat, and is named', async () => {
    const { id } = rig.serve({ requiresTrigger: false });
    await rig.telegram.events.received(incoming({ text: 'a picture', attachments: [photo({ fetch: async () => new Promise(() => undefined) })] }));
    const again = rig.restart();
    again.start();
    expect(again.conversations.next(id)?.prompt).toContain('a picture\n[Image was not saved: Wheelhouse was stopped');
    // The first room still waits for the picture.
    rig.store.db.prepare('DELETE FROM chat_messages').run();
  });

  test('never leaves the folder of the group through a link that its agent put there', async () => {
    const { folder } = rig.serve({ requiresTrigger: false });
    const outside = join(rig.dir, 'outside');
    mkdirSync(outside);
    mkdirSync(join(rig.dir, folder), { recursive: true });
    symlinkSync(outside, join(rig.dir, folder, 'attachments'));
    await rig.telegram.events.received(incoming({ text: '', attachments: [photo()] }));
    await eventually(() => expect(content()).toMatch(/could not be written/));
    rmSync(join(rig.dir, folder, 'attachments'));
    mkdirSync(join(rig.dir, folder, 'attachments'));
    symlinkSync(outside, join(rig.dir, folder, 'attachments', '2026-11-20'));
    await rig.telegram.events.received(incoming({ text: '', attachments: [photo()] }));
    await eventually(() => expect(rig.arrived).toHaveLength(2));
    expect(content()).toMatch(/could not be written/);
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe('the name of a file', () => {
  test.each([
    ['photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['.bashrc', 'bashrc'],
    ['a/b\\c:d.txt', 'a_b_c_d.txt'],
    ['line\nbreak\u0000.txt', 'line_break_.txt'],
    ['', 'document.pdf'],
    ['...', 'document.pdf'],
    [`${'가'.repeat(300)}.docx`, `${'가'.repeat(80)}.docx`],
  ])('%j becomes %j', (given, expected) => {
    expect(safeFileName('document', given, 'application/pdf')).toBe(expected);
  });

  test.each([
    ['image', 'image/png', 'image.png'],
    ['voice', 'audio/ogg; codecs=opus', 'voice.ogg'],
    ['document', null, 'document.bin'],
    ['audio', 'weird/type', 'audio.mp3'],
  ] as const)('of %s (%s) without a name is %s', (kind, mimeType, expected) => {
    expect(safeFileName(kind, null, mimeType)).toBe(expected);
  });
});
