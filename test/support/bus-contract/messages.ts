import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BusStore } from '../../../main/bus/store.ts';
import { COUNT_CAP, type Caller, type Message, type MessageQuery, type PostMessage, type ReadInbox } from '../../../main/bus/types.ts';
import { callerIn } from './callers.ts';
import type { MakeBus } from './make-bus.ts';

const producer = callerIn('Producer');
const be = callerIn('BE');
const fe = callerIn('FE');

function post(store: BusStore, body: string, more: Partial<PostMessage> = {}, from: Caller = producer) {
  return store.postMessage(from, { to_role: 'BE', body, ...more });
}

function read(store: BusStore, caller: Caller, more: Partial<ReadInbox> = {}) {
  return store.readInbox(caller, { after_id: 0, limit: 100, mark_read: false, unread_only: false, ...more });
}

async function one(store: BusStore, id: number): Promise<Message> {
  const [message] = await store.getMessages([id]);
  return message!;
}

async function found(store: BusStore, query: string, more: Partial<MessageQuery> = {}): Promise<string[]> {
  return bodies(await store.listMessages({ query, limit: 100, ...more }));
}

const bodies = (page: { readonly messages: readonly Message[] }): string[] => page.messages.map((message) => message.body);

/** What every bus store promises about messages. */
export function messageContract(make: MakeBus): void {
  async function open() {
    const bus = await make();
    onTestFinished(() => bus.close());
    return bus;
  }

  describe('inbox (seed 001)', () => {
    test('messages come in the order of posting, and the cursor is the last id', async () => {
      const { store } = await open();
      const { message_id: first } = await post(store, 'first');
      const { message_id: second } = await post(store, 'second');
      expect(second).toBeGreaterThan(first);
      const page = await read(store, be);
      expect(bodies(page)).toEqual(['first', 'second']);
      expect(page.cursor).toBe(second);
    });

    test('after_id leaves out what was read before', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'first');
      await post(store, 'second');
      expect(bodies(await read(store, be, { after_id: message_id }))).toEqual(['second']);
    });

    test('every role has its own inbox', async () => {
      const { store } = await open();
      await post(store, 'for-be');
      await post(store, 'for-fe', { to_role: 'FE' });
      expect(bodies(await read(store, be))).toEqual(['for-be']);
      expect(bodies(await read(store, fe))).toEqual(['for-fe']);
    });

    test('reading on from the cursor of a marking read gives only what is new', async () => {
      const { store } = await open();
      await post(store, 'first');
      const { cursor } = await read(store, be, { mark_read: true });
      await post(store, 'second');
      expect(bodies(await read(store, be, { after_id: cursor }))).toEqual(['second']);
    });

    test('a message carries its sender, thread, time and id', async () => {
      const { store, clock } = await open();
      const { message_id, ts } = await post(store, 'hi', { thread_id: 't1' });
      expect(ts).toBe(new Date(clock.now()).toISOString());
      expect((await read(store, be)).messages).toMatchObject([{ id: message_id, from_role: 'Producer', to_role: 'BE', thread_id: 't1', ts }]);
    });
  });

  describe('cursor', () => {
    test('an empty page does not move it, neither back nor on', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'only');
      const page = await read(store, be, { after_id: message_id });
      expect(page).toMatchObject({ messages: [], cursor: message_id, has_more: false });
      expect((await read(store, fe)).cursor).toBe(0);
    });

    test('pages of any size put together are the whole inbox, once', async () => {
      const { store } = await open();
      const posted: string[] = [];
      for (let n = 0; n < 23; n += 1) {
        await post(store, `be ${n}`);
        await post(store, `fe ${n}`, { to_role: 'FE' });
        posted.push(`be ${n}`);
      }
      for (const limit of [1, 4, 22, 23, 24]) {
        const seen: string[] = [];
        let page = await read(store, be, { limit });
        seen.push(...bodies(page));
        while (page.has_more) {
          page = await read(store, be, { limit, after_id: page.cursor });
          seen.push(...bodies(page));
        }
        expect(seen).toEqual(posted);
      }
    });

    test('a cursor ahead of the newest message is refused with the newest id and the cure', async () => {
      const { store } = await open();
      await expect(read(store, be, { after_id: 1 })).rejects.toMatchObject({ code: 'CURSOR_AHEAD', details: { after_id: 1, newest: 0 } });
      const { message_id } = await post(store, 'x', { to_role: 'FE' });
      expect((await read(store, be, { after_id: message_id })).cursor).toBe(message_id);
      await expect(read(store, be, { after_id: message_id + 1 })).rejects.toThrow(`newest message (#${message_id})`);
    });
  });

  describe('states', () => {
    test('a posted message is not delivered until a reader of its role got it', async () => {
      const { store, clock } = await open();
      const { message_id } = await post(store, 'hi');
      await store.listMessages({ limit: 10 });
      await read(store, fe);
      expect(await one(store, message_id)).toMatchObject({ delivered_at: null, read_at: null, acked_at: null });

      clock.advance(5000);
      const delivered_at = new Date(clock.now()).toISOString();
      const { messages } = await read(store, be);
      expect(messages).toMatchObject([{ delivered_at, read_at: null, acked_at: null }]);
      expect(await one(store, message_id)).toEqual(messages[0]);
    });

    test('each state keeps the time when it was first reached', async () => {
      const { store, clock } = await open();
      const { message_id } = await post(store, 'hi', { ack_required: true });
      const times: string[] = [];
      const later = () => {
        clock.advance(60_000);
        times.push(new Date(clock.now()).toISOString());
      };
      later();
      await read(store, be);
      later();
      await read(store, be, { mark_read: true });
      later();
      await store.ackMessage(be, { message_id });
      later();
      await read(store, be, { mark_read: true });
      const again = await store.ackMessage(be, { message_id });
      expect(again).toEqual({ message_id, acked_at: times[2], first: false });
      expect(await one(store, message_id)).toMatchObject({ delivered_at: times[0], read_at: times[1], acked_at: times[2] });
    });

    test('a marking read delivers and reads at once, and its answer shows it', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'hi');
      const { messages } = await read(store, be, { mark_read: true });
      expect(messages[0]!.read_at).not.toBeNull();
      expect(messages).toEqual([await one(store, message_id)]);
    });

    test('the message beyond the page is not delivered', async () => {
      const { store } = await open();
      await post(store, 'in the page');
      const { message_id } = await post(store, 'beyond');
      const page = await read(store, be, { limit: 1, mark_read: true });
      expect(page).toMatchObject({ has_more: true, unread: 1 });
      expect((await one(store, message_id)).delivered_at).toBeNull();
    });

    test('unread_only leaves out what was marked, and unread counts the rest', async () => {
      const { store } = await open();
      await post(store, 'one');
      await post(store, 'two');
      expect((await read(store, be, { limit: 1, mark_read: true })).unread).toBe(1);
      const page = await read(store, be, { unread_only: true });
      expect(bodies(page)).toEqual(['two']);
      expect(page.unread).toBe(1);
      expect((await read(store, be, { unread_only: true, mark_read: true })).unread).toBe(0);
    });

    test('an acknowledgement implies that the message was delivered and read', async () => {
      const { store, clock } = await open();
      const { message_id } = await post(store, 'hi');
      const acked_at = new Date(clock.now()).toISOString();
      expect(await store.ackMessage(be, { message_id, note: 'on it' })).toEqual({ message_id, acked_at, first: true });
      expect(await one(store, message_id)).toMatchObject({ delivered_at: acked_at, read_at: acked_at, acked_at });
    });

    test('only the receiver can acknowledge', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'hi');
      const refusal = { code: 'MESSAGE_NOT_FOUND' };
      await expect(store.ackMessage(fe, { message_id })).rejects.toMatchObject(refusal);
      await expect(store.ackMessage(producer, { message_id })).rejects.toMatchObject(refusal);
      await expect(store.ackMessage(be, { message_id: message_id + 1 })).rejects.toMatchObject(refusal);
      expect((await one(store, message_id)).acked_at).toBeNull();
    });

    test('markRead reads everything up to an id, of the own role only, however much it is', async () => {
      const { store } = await open();
      const ids: number[] = [];
      for (let n = 0; n < 1203; n += 1) ids.push((await post(store, `m${n}`)).message_id);
      const { message_id: other } = await post(store, 'for fe', { to_role: 'FE' });
      expect(await store.markRead(be, { up_to_id: ids[1200]! })).toEqual({ unread: 2 });
      const messages = await store.getMessages([ids[0]!, ids[1200]!, ids[1201]!, other]);
      expect(messages.map((message) => message.read_at !== null)).toEqual([true, true, false, false]);
      expect(messages.map((message) => message.delivered_at !== null)).toEqual([true, true, false, false]);
      await expect(store.markRead(be, { up_to_id: other + 1 })).rejects.toMatchObject({ code: 'CURSOR_AHEAD' });
    });

    test('a sender without a proven role is shown as unverified', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'trust me', {}, callerIn('Producer', 'shared:Producer', { verified: false }));
      expect((await one(store, message_id)).verified).toBe(false);
    });
  });

  describe('threads', () => {
    test('an inbox can be read one thread at a time', async () => {
      const { store } = await open();
      await post(store, 'a1', { thread_id: 'a' });
      await post(store, 'b1', { thread_id: 'b' });
      await post(store, 'a2', { thread_id: 'a' });
      await post(store, 'a for fe', { thread_id: 'a', to_role: 'FE' });
      expect(bodies(await read(store, be, { thread_id: 'a' }))).toEqual(['a1', 'a2']);
      await read(store, be, { thread_id: 'a', limit: 1, mark_read: true });
      expect(bodies(await read(store, be, { thread_id: 'a', unread_only: true }))).toEqual(['a2']);
    });

    test('an answer stays in the thread of what it answers unless it names another', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'question', { thread_id: 'deploy' });
      const inherited = await post(store, 'answer', { to_role: 'Producer', reply_to: message_id }, be);
      const moved = await post(store, 'aside', { to_role: 'Producer', reply_to: message_id, thread_id: 'aside' }, be);
      expect(await one(store, inherited.message_id)).toMatchObject({ reply_to: message_id, thread_id: 'deploy' });
      expect(await one(store, moved.message_id)).toMatchObject({ reply_to: message_id, thread_id: 'aside' });
    });

    test('an answer to a message that never was is refused and leaves nothing', async () => {
      const { store } = await open();
      await expect(post(store, 'answer', { reply_to: 7 })).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND', details: { message_id: 7 } });
      expect(await store.position()).toEqual({ message_id: 0, event_id: 0 });
    });
  });

  describe('list', () => {
    test('newest first, in pages', async () => {
      const { store } = await open();
      for (let n = 1; n <= 5; n += 1) await post(store, `m${n}`);
      const first = await store.listMessages({ limit: 2 });
      expect(bodies(first)).toEqual(['m5', 'm4']);
      expect(first.has_more).toBe(true);
      const last = await store.listMessages({ limit: 3, before_id: first.messages.at(-1)!.id });
      expect(bodies(last)).toEqual(['m3', 'm2', 'm1']);
      expect(last.has_more).toBe(false);
    });

    test('by role, sent or received, and by thread', async () => {
      const { store } = await open();
      await post(store, 'to be', { thread_id: 't' });
      await post(store, 'from be', { to_role: 'FE' }, be);
      await post(store, 'be to itself', { thread_id: 't' }, be);
      await post(store, 'others', { to_role: 'FE', thread_id: 't' });
      expect(bodies(await store.listMessages({ role: 'BE', limit: 10 }))).toEqual(['be to itself', 'from be', 'to be']);
      expect(bodies(await store.listMessages({ role: 'BE', limit: 2 }))).toEqual(['be to itself', 'from be']);
      const [, second] = (await store.listMessages({ role: 'BE', limit: 2 })).messages;
      expect(bodies(await store.listMessages({ role: 'BE', limit: 2, before_id: second!.id }))).toEqual(['to be']);
      expect(bodies(await store.listMessages({ thread_id: 't', limit: 10 }))).toEqual(['others', 'be to itself', 'to be']);
      expect(bodies(await store.listMessages({ thread_id: 't', role: 'BE', limit: 10 }))).toEqual(['be to itself', 'to be']);
    });

    test('counts per role what is unread, unacknowledged, and when the role was last seen', async () => {
      const { store, clock } = await open();
      const { message_id } = await post(store, 'one', { ack_required: true });
      await post(store, 'two', { ack_required: true });
      await post(store, 'three');
      await store.ackMessage(be, { message_id });
      await store.touch(be);
      expect(await store.inboxCounts(['FE', 'BE'])).toEqual([
        { role: 'FE', unread: 0, unacked: 0, waiting: 0, last_seen_at: null },
        { role: 'BE', unread: 2, unacked: 1, waiting: 2, last_seen_at: new Date(clock.now()).toISOString() },
      ]);
    });

    test('counts what waits for a role once, whether it is unread, unacknowledged or both', async () => {
      const { store } = await open();
      await post(store, 'read, to be acknowledged', { ack_required: true });
      const read = await post(store, 'read');
      await store.markRead(be, { up_to_id: read.message_id });
      await post(store, 'unread, to be acknowledged', { ack_required: true });
      await post(store, 'unread');
      expect(await store.inboxCounts(['BE'])).toMatchObject([{ unread: 2, unacked: 2, waiting: 3 }]);
    });

    test('counting stops at the cap', async () => {
      const { store } = await open();
      for (let n = 0; n <= COUNT_CAP; n += 1) await post(store, 'x');
      expect((await store.inboxCounts(['BE']))[0]!.unread).toBe(COUNT_CAP);
    });
  });

  describe('search', () => {
    test('finds Korean words of two syllables, single syllables, and endings', async () => {
      const { store } = await open();
      await post(store, '배포 완료했습니다');
      await post(store, '재배포는 내일');
      await post(store, '점심 먹자');
      expect(await found(store, '배포')).toEqual(['재배포는 내일', '배포 완료했습니다']);
      expect(await found(store, '완료')).toEqual(['배포 완료했습니다']);
      expect(await found(store, '심')).toEqual(['점심 먹자']);
      expect(await found(store, '배포 내일')).toEqual(['재배포는 내일']);
      expect(await found(store, '배송')).toEqual([]);
    });

    test('finds the message of a moment ago among many, and the first of them', async () => {
      const { store } = await open();
      for (let n = 0; n < 150; n += 1) {
        await post(store, `word${n}`);
        expect(await found(store, `word${n}`)).toContain(`word${n}`);
      }
      expect((await found(store, 'word3')).length).toBe(11);
      expect(await found(store, 'word0')).toEqual(['word0']);
    });

    test('finds mixed Korean and Latin, and Latin words by their beginning without regard to case', async () => {
      const { store } = await open();
      await post(store, 'API서버를 재시작');
      await post(store, 'Fixed store.ts and café');
      expect(await found(store, 'api서')).toEqual(['API서버를 재시작']);
      expect(await found(store, '서버를 ap')).toEqual(['API서버를 재시작']);
      expect(await found(store, 'STORE.T')).toEqual(['Fixed store.ts and café']);
      expect(await found(store, 'cafe fix')).toEqual(['Fixed store.ts and café']);
      expect(await found(store, 'tore')).toEqual([]);
    });

    test('decomposed text finds composed text and the other way round', async () => {
      const { store } = await open();
      await post(store, '한글 파일');
      await post(store, '한글 문서'.normalize('NFD'));
      expect((await found(store, '한글'.normalize('NFD'))).length).toBe(2);
      expect((await found(store, '한글')).length).toBe(2);
    });

    test('quotes and operators of the search engine are only text', async () => {
      const { store } = await open();
      await post(store, 'near and or not');
      await post(store, 'other');
      expect(await found(store, 'near OR other')).toEqual([]);
      expect(await found(store, '"near" AND* (not)')).toEqual(['near and or not']);
      expect(await found(store, 'other"; DROP TABLE messages; --')).toEqual([]);
    });

    test('a blank search is no filter, one without letters or digits finds nothing', async () => {
      const { store } = await open();
      await post(store, '!!!');
      expect(await found(store, '  ')).toEqual(['!!!']);
      expect(await found(store, '!')).toEqual([]);
    });

    test('is narrowed by role, thread and page', async () => {
      const { store } = await open();
      await post(store, 'deploy one', { thread_id: 't' });
      await post(store, 'deploy two', { to_role: 'FE', thread_id: 't' });
      await post(store, 'deploy three', { to_role: 'FE' }, be);
      expect(await found(store, 'deploy', { role: 'BE' })).toEqual(['deploy three', 'deploy one']);
      expect(await found(store, 'deploy', { thread_id: 't' })).toEqual(['deploy two', 'deploy one']);
      expect(await found(store, 'deploy', { role: 'BE', thread_id: 't' })).toEqual(['deploy one']);
      const first = await store.listMessages({ query: 'deploy', limit: 1 });
      expect(first.has_more).toBe(true);
      expect(await found(store, 'deploy', { before_id: first.messages[0]!.id })).toEqual(['deploy two', 'deploy one']);
    });

    test('any two neighbouring syllables of any Korean text find it', async () => {
      const { store } = await open();
      const syllable = fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCodePoint(code));
      const text = fc.array(fc.oneof({ weight: 5, arbitrary: syllable }, fc.constantFrom(' ', '.', ', ', '\n')), { minLength: 2, maxLength: 30 });
      await fc.assert(
        fc.asyncProperty(text, fc.nat(), fc.nat(), async (characters, from, length) => {
          const start = from % characters.length;
          const typed = characters.slice(start, start + 2 + (length % 8)).join('');
          fc.pre((typed.match(/[가-힣]/g) ?? []).length >= 2);
          const { message_id } = await post(store, characters.join(''));
          const page = await store.listMessages({ query: typed, limit: 1 });
          expect(page.messages[0]?.id).toBe(message_id);
        }),
        { numRuns: 200 },
      );
    });

    test('no text that somebody types breaks it', async () => {
      const { store } = await open();
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (typed) => {
          await post(store, `x ${typed}`);
          expect(await store.listMessages({ query: typed, limit: 5 })).toHaveProperty('messages');
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('log lines', () => {
    test('a post is one line with the first 60 characters, none of which breaks the line', async () => {
      const { store } = await open();
      const { message_id } = await post(store, `hi\u001b\n${'가'.repeat(80)}`);
      const { events } = await store.readLog({ after_id: 0, limit: 10 });
      expect(events).toMatchObject([
        {
          kind: 'message',
          action: 'posted',
          role: 'Producer',
          subject: `message:${message_id}`,
          text: `Producer→BE: hi  ${'가'.repeat(56)}`,
          data: { ids: [message_id], to_role: 'BE' },
        },
      ]);
    });

    test('a read is one line for everything it delivered and one for everything it read', async () => {
      const { store } = await open();
      const ids = [(await post(store, 'a')).message_id, (await post(store, 'b')).message_id];
      const { event_id: before } = await store.position();
      await read(store, be, { limit: 1 });
      await read(store, be, { mark_read: true });
      const { events } = await store.readLog({ after_id: before, limit: 10 });
      expect(events).toMatchObject([
        { action: 'delivered', role: 'BE', text: `BE received message #${ids[0]}`, data: { ids: [ids[0]] } },
        { action: 'delivered', role: 'BE', text: `BE received message #${ids[1]}`, data: { ids: [ids[1]] } },
        { action: 'read', role: 'BE', text: `BE read 2 messages (#${ids[0]}–#${ids[1]})`, data: { ids }, subject: `message:${ids[1]}` },
      ]);
    });

    test('an acknowledgement is a line with its note', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'a');
      const { event_id } = await store.position();
      await store.ackMessage(be, { message_id, note: 'on it' });
      await store.ackMessage(be, { message_id });
      expect((await store.readLog({ after_id: event_id, limit: 10 })).events).toMatchObject([
        { action: 'acked', text: `BE acknowledged message #${message_id}: on it`, data: { ids: [message_id], note: 'on it' } },
      ]);
    });

    test('reading what was read before writes nothing', async () => {
      const { store } = await open();
      const { message_id } = await post(store, 'a');
      await read(store, be, { mark_read: true });
      const before = await store.position();
      await read(store, be, { mark_read: true });
      await read(store, fe);
      await store.markRead(be, { up_to_id: message_id });
      expect(await store.position()).toEqual(before);
    });
  });

  test('any text comes back as it was sent', async () => {
    const { store } = await open();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (body) => {
        const { message_id } = await post(store, body);
        expect((await one(store, message_id)).body).toBe(body);
      }),
      { numRuns: 200 },
    );
  });
}
