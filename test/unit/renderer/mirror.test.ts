import { describe, expect, it } from 'vitest';
import type { Bridge, LiveEvent } from '../../../preload/contract.ts';
import { createMirror, followCore, reduceLive, setIntent, settleIntent, tasksWithIntents } from '../../../renderer/state/mirror.ts';
import { ids, snapshot, task } from './samples.ts';

function rig() {
  const mirror = createMirror();
  const pages: string[] = [];
  let tell: (event: LiveEvent) => void = () => undefined;
  const bridge: Bridge = {
    call: async () => ({ ok: false, error: { code: 'INTERNAL', message: '', details: {}, retryable: false } }),
    listen(listener) {
      tell = listener;
      return () => undefined;
    },
  };
  followCore({ bridge, mirror, now: () => 1_000, onNavigate: (page) => pages.push(page) });
  return { mirror, pages, tell: (event: LiveEvent) => tell(event) };
}

describe('the mirror', () => {
  it('waits for the snapshot and then follows the patches', () => {
    const { mirror, tell } = rig();
    tell({ type: 'patch', patch: { tasks: [task(9)] } });
    expect(mirror.getState().snapshot).toBeNull();
    tell({ type: 'snapshot', snapshot: snapshot({ tasks: [task(2), task(1)] }) });
    tell({ type: 'patch', patch: { tasks: [task(3)] } });
    expect(ids(mirror.getState().snapshot?.tasks ?? [])).toEqual([1, 2, 3]);
  });

  it('begins anew with a fresh snapshot', () => {
    const { mirror, tell } = rig();
    tell({ type: 'snapshot', snapshot: snapshot({ tasks: [task(1)] }) });
    tell({ type: 'snapshot', snapshot: snapshot({ tasks: [task(7)] }) });
    expect(ids(mirror.getState().snapshot?.tasks ?? [])).toEqual([7]);
  });

  it('notes when locks were received', () => {
    const { mirror, tell } = rig();
    tell({ type: 'snapshot', snapshot: snapshot() });
    expect(mirror.getState().locksReceivedAt).toBe(1_000);
    const later = reduceLive(mirror.getState(), { type: 'patch', patch: { tasks: [] } }, 5_000);
    expect(later.locksReceivedAt).toBe(1_000);
    expect(reduceLive(later, { type: 'patch', patch: { locks: [] } }, 6_000).locksReceivedAt).toBe(6_000);
  });

  it('hands on where the core asks the window to go', () => {
    const { pages, tell } = rig();
    tell({ type: 'navigate', page: 'locks' });
    expect(pages).toEqual(['locks']);
  });

  it('shows what was asked at once, and the truth when the core has refused', () => {
    const { mirror, tell } = rig();
    tell({ type: 'snapshot', snapshot: snapshot({ tasks: [task(1)] }) });
    setIntent(mirror, 1, { status: 'done' });
    const seen = () => tasksWithIntents(mirror.getState().snapshot?.tasks ?? [], mirror.getState().intents)[0]?.status;
    expect(seen()).toBe('done');
    settleIntent(mirror, 1);
    expect(seen()).toBe('open');
  });

  it('keeps what the core answered, without flickering back', () => {
    const { mirror, tell } = rig();
    tell({ type: 'snapshot', snapshot: snapshot({ tasks: [task(1)] }) });
    setIntent(mirror, 1, { status: 'done' });
    const seen: (string | undefined)[] = [];
    mirror.subscribe(({ snapshot, intents }) => seen.push(tasksWithIntents(snapshot?.tasks ?? [], intents)[0]?.status));
    settleIntent(mirror, 1, task(1, { status: 'done', version: 2 }));
    tell({ type: 'patch', patch: { tasks: [task(1, { status: 'done', version: 2 })] } });
    expect(seen).toEqual(['done', 'done']);
  });
});
