import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { draftOf } from '../../main/notify/draft.ts';
import type { Notice } from '../../main/notify/notices.ts';
import type { Item, Transport } from '../../main/notify/transports/transport.ts';
import { wordsIn } from '../../main/notify/words/words.ts';
import { sample } from './notice-samples.ts';

/** What a suite brings for one transport. */
export interface TransportRig {
  readonly transport: Transport;
  /** Titles and texts that arrived, one entry per message. */
  arrived(): readonly string[];
  /** The next message is answered like this. */
  fail(kind: 'refused' | 'throttled' | 'unusable' | 'failed' | 'lost'): void | Promise<void>;
  /** Nobody listens any more. */
  goAway(): Promise<void>;
  /** Must never appear in a reason. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

export const REJECT_URL = 'http://127.0.0.1:3100/v1/dashboard/sessions/s/reject?nonce=AbC-123';

/** Notices as a transport gets them. */
export function itemsOf(notices: readonly Notice[], mayRepeat = false): readonly Item[] {
  const words = wordsIn('ko', 'Asia/Seoul');
  return notices.map((notice, n) => ({ noticeId: n + 1, draft: draftOf({ id: n + 1, createdAt: '2026-11-20T09:00:00.000Z', ...notice }, words, mayRepeat, REJECT_URL) }));
}

/** What every transport promises (main/notify/transports/transport.ts). `kinds`: the answers that its service can give. */
export function describeTransport(name: string, make: () => Promise<TransportRig>, kinds: readonly ('refused' | 'throttled' | 'unusable' | 'failed' | 'lost')[]): void {
  describe(`the transport ${name}`, () => {
    let rig: TransportRig;
    beforeEach(async () => {
      rig = await make();
    });
    afterEach(async () => rig.close());
    const send = async (...notices: readonly Notice[]) => rig.transport.send(itemsOf(notices));

    test('carries one notice in Korean', async () => {
      expect(await send(sample('COMPLETION_DONE'))).toMatchObject({ kind: 'sent' });
      expect(rig.arrived()).toHaveLength(1);
      expect(rig.arrived()[0]).toContain('task-897.1 완료');
      expect(rig.arrived()[0]).toContain('로그인 화면을 고쳤습니다');
    });

    test('carries a list as one message, as long as its own capacity says', async () => {
      const many = Array.from({ length: 300 }, (_, n) => sample('COMPLETION_DONE', { task: `작업-${n}`, times: 1 }));
      const fits = rig.transport.capacity(itemsOf(many));
      expect(fits).toBeGreaterThan(1);
      expect(await send(...many.slice(0, fits))).toMatchObject({ kind: 'sent' });
      expect(rig.arrived()).toHaveLength(1);
      expect(rig.arrived()[0]).toContain('작업-0');
    });

    test('carries a text of any length and with any characters', async () => {
      for (const summary of ['<b>"\'`*_[]()~>#+-=|{}.!\\', '가'.repeat(20_000), '👨‍👩‍👧‍👦'.repeat(3000), "'''; import os", '\n\n\u0000\t']) {
        expect(await send(sample('COMPLETION_DONE', { summary, task: summary }))).toMatchObject({ kind: 'sent' });
      }
    });

    test('says when a message may be a repeat', async () => {
      await rig.transport.send(itemsOf([sample('UPDATE_READY')], true));
      expect(rig.arrived()[0]).toContain('중복 알림일 수 있음');
    });

    test.each(kinds.filter((kind) => kind !== 'lost'))('tells that it was %s', async (kind) => {
      await rig.fail(kind);
      expect((await send(sample('UPDATE_READY'))).kind).toBe(kind);
      expect(rig.arrived()).toEqual([]);
      expect(await send(sample('UPDATE_READY'))).toMatchObject({ kind: 'sent' });
    });

    test.each(kinds.filter((kind) => kind === 'lost'))('knows that a message whose answer was %s may have arrived', async (kind) => {
      await rig.fail(kind);
      expect(await send(sample('UPDATE_READY'))).toMatchObject({ kind: 'failed', uncertain: true });
    });

    test('knows that nothing arrived where nobody listens, and says so when asked', async () => {
      expect(await rig.transport.check()).toMatchObject({ kind: 'sent' });
      await rig.goAway();
      expect(await send(sample('UPDATE_READY'))).toMatchObject({ kind: 'failed', uncertain: false });
      expect(await rig.transport.check()).toMatchObject({ kind: 'failed' });
    });

    test('shows no secret in where it goes and in what went wrong', async () => {
      const said = [rig.transport.target];
      for (const kind of kinds) {
        await rig.fail(kind);
        said.push(JSON.stringify(await send(sample('SESSION_RENEWED'))));
      }
      await rig.goAway();
      said.push(JSON.stringify(await send(sample('SESSION_RENEWED'))));
      for (const secret of [...rig.secrets, 'AbC-123']) expect(said.join('\n')).not.toContain(secret);
    });
  });
}
