import { describe, expect, it } from 'vitest';
import { nextFacts, workRuns } from '../../../main/desktop/facts.ts';
import { textsIn } from '../../../main/desktop/texts.ts';
import { trayModel, trayState, type TrayModel } from '../../../main/desktop/tray-model.ts';
import type { Patch, Snapshot } from '../../../preload/contract.ts';
import { makeFacts, makeLease, makeRenewal } from '../../support/shell-facts.ts';

const NOW = Date.UTC(2026, 10, 20, 9);
const english = (...facts: Parameters<typeof makeFacts>): TrayModel => trayModel(makeFacts(...facts), textsIn('en'), 'en', NOW);
const korean = (...facts: Parameters<typeof makeFacts>): TrayModel => trayModel(makeFacts(...facts), textsIn('ko'), 'ko', NOW);
const labelOf = (model: TrayModel, id: string): string | undefined => model.menu.flatMap((entry) => (entry.kind !== 'separator' && entry.id === id ? [entry.label] : []))[0];

describe('the state of the icon', () => {
  it.each([
    ['idle', makeFacts()],
    ['working', makeFacts({ working: 1 })],
    ['working', makeFacts({}, [makeLease()])],
    ['needs-you', makeFacts({ working: 3, needsYou: 1 })],
    ['error', makeFacts({ needsYou: 1, state: 'degraded' })],
    ['locked', makeFacts({ needsYou: 1, state: 'locked', killSwitch: 'ACTIVATED' })],
    ['locked', makeFacts({ state: 'degraded', killSwitch: 'RECOVERING' })],
  ] as const)('is %s, the most urgent of what is true', (state, facts) => {
    expect(trayState(facts)).toBe(state);
  });

  it('is idle before the first snapshot, and says that it is starting', () => {
    const model = trayModel(null, textsIn('en'), 'en', NOW);
    expect(model).toMatchObject({ state: 'idle', count: 0, tooltip: 'Wheelhouse · Starting' });
  });

  it('counts only when somebody is needed', () => {
    expect(english({ needsYou: 12 }).count).toBe(12);
    expect(english({ needsYou: 12, state: 'degraded' }).count).toBe(0);
  });
});

describe('the words', () => {
  it('name everything that is going on, most urgent first', () => {
    const facts = [{ working: 2, needsYou: 1, problems: [{ code: 'DISK_FULL', message: 'x' }] }, [makeLease(), makeLease({ resource: 'api' })]] as const;
    expect(english(...facts).tooltip).toBe('Wheelhouse · 1 problem · 1 thing needs you · 2 tasks in progress · 2 locks held');
    expect(korean(...facts).tooltip).toBe('Wheelhouse · 문제 1건 · 확인할 일 1건 · 진행 중인 작업 2개 · 점유된 락 2개');
  });

  it('say so when nothing is', () => {
    expect(labelOf(english(), 'idle')).toBe('Nothing is running');
    expect(labelOf(korean(), 'idle')).toBe('진행 중인 작업 없음');
    expect(labelOf(english({ state: 'degraded', problems: [{ code: 'X', message: 'x' }] }), 'idle')).toBeUndefined();
  });

  it('count a lock shared by three once', () => {
    const shared = ['a', 'b', 'c'].map((id) => makeLease({ lease_id: id, mode: 'shared' }));
    expect(labelOf(english({}, shared), 'locks-held')).toBe('1 lock held');
  });

  it('tell a stopped system from a normal one and from one that recovers', () => {
    expect(labelOf(english({ needsYou: 1 }), 'normal')).toBe('Kill switch: Normal');
    expect(labelOf(korean(), 'normal')).toBe('킬 스위치: 정상');
    expect(labelOf(trayModel(null, textsIn('en'), 'en', NOW), 'normal')).toBeUndefined();
    expect(labelOf(english({ killSwitch: 'ACTIVATED', state: 'locked' }), 'normal')).toBeUndefined();
    expect(labelOf(english({ killSwitch: 'RECOVERING', state: 'locked' }), 'normal')).toBeUndefined();
    expect(labelOf(english({ killSwitch: 'ACTIVATED', state: 'locked' }), 'stopped')).toBe('Kill switch active');
    const recovering = (recoveryEligibleAt: string | null) => english({ killSwitch: 'RECOVERING', state: 'locked' }, [], { recoveryEligibleAt });
    expect(labelOf(recovering('2026-11-21T08:59:58.500Z'), 'recovering')).toBe('Recovering 23:59:59');
    expect(recovering('2026-11-20T09:30:00.000Z').tooltip).toBe('Wheelhouse · Recovering 00:30:00');
    expect(labelOf(recovering('2026-11-20T09:00:00.000Z'), 'recovering')).toBe('Recovery can be finished');
    expect(labelOf(recovering(null), 'recovering')).toBe('Kill switch active');
  });

  it('fit a tooltip of Windows', () => {
    const problems = Array.from({ length: 40 }, () => ({ code: 'INTERNAL', message: 'x' }));
    const model = english({ killSwitch: 'RECOVERING', problems, needsYou: 123_456_789_012, working: 123_456_789_012 }, [makeLease()]);
    expect(model.tooltip.length).toBeLessThanOrEqual(127);
    expect(model.tooltip).toMatch(/…$/);
  });
});

describe('the menu', () => {
  it('leads to the kill switch, which asks before it acts', () => {
    const action = { do: 'open', page: 'kill-switch' };
    expect(english().menu).toContainEqual({ kind: 'action', id: 'normal', label: 'Kill switch: Normal', action });
    expect(english().menu).toContainEqual({ kind: 'action', id: 'stop-everything', label: 'Stop everything…', action });
    const { menu } = english({ killSwitch: 'ACTIVATED', state: 'locked' });
    expect(menu[0]).toEqual({ kind: 'action', id: 'stopped', label: 'Kill switch active', action });
    expect(menu).toContainEqual({ kind: 'action', id: 'kill-switch', label: 'Kill switch', action });
    expect(menu).not.toContainEqual(expect.objectContaining({ id: 'stop-everything' }));
  });

  it('is flat and ends with the way out', () => {
    const ids = english().menu.map((entry) => (entry.kind === 'separator' ? '-' : entry.id));
    expect(ids).toEqual(['idle', 'normal', '-', 'open', 'activity', 'board', 'messages', 'locks', 'stop-everything', '-', 'copy-mcp-address', 'open-logs', '-', 'quit']);
  });

  it('begins with what is true now, each line leading to its page', () => {
    const { menu } = english({ needsYou: 2, working: 1 }, [makeLease()]);
    expect(menu.slice(0, 5)).toEqual([
      { kind: 'action', id: 'needs-you', label: '2 things need you', action: { do: 'open', page: 'messages' } },
      { kind: 'action', id: 'tasks-running', label: '1 task in progress', action: { do: 'open', page: 'board' } },
      { kind: 'action', id: 'locks-held', label: '1 lock held', action: { do: 'open', page: 'locks' } },
      { kind: 'action', id: 'normal', label: 'Kill switch: Normal', action: { do: 'open', page: 'kill-switch' } },
      { kind: 'separator' },
    ]);
  });

  it.each([
    ['approvals', 1, '2026-11-20T09:00:01.000Z'],
    ['overview', 2, '2026-11-20T09:00:01.000Z'],
    ['messages', 1, '2026-11-20T09:00:00.000Z'],
  ])('leads to %s for %d thing(s) of which one is a renewal that asks until %s', (page, needsYou, windowExpiresAt) => {
    const { menu } = trayModel({ ...makeFacts({ needsYou }), renewals: [makeRenewal({ windowExpiresAt })] }, textsIn('en'), 'en', NOW);
    expect(menu[0]).toMatchObject({ id: 'needs-you', action: { do: 'open', page } });
  });

  it('has a restart above quitting while a newer version is ready, in both languages', () => {
    const model = (locale: 'en' | 'ko') => trayModel(makeFacts(), textsIn(locale), locale, NOW, '1.4.0');
    expect(model('en').menu.slice(-2)).toEqual([
      { kind: 'action', id: 'restart-to-update', label: 'Restart to update to 1.4.0', action: { do: 'restart-to-update' } },
      expect.objectContaining({ id: 'quit' }),
    ]);
    expect(labelOf(model('ko'), 'restart-to-update')).toBe('다시 시작하여 1.4.0(으)로 업데이트');
    expect(labelOf(english(), 'restart-to-update')).toBeUndefined();
  });

  it('announces that quitting asks while work runs', () => {
    expect(labelOf(english(), 'quit')).toBe('Quit Wheelhouse');
    expect(labelOf(english({ working: 1 }), 'quit')).toBe('Quit Wheelhouse…');
    expect(labelOf(korean({}, [makeLease()]), 'quit')).toBe('Wheelhouse 종료…');
  });

  it('shows the first three problems, one line each, in the language of the person', () => {
    const problems = ['one\nline', 'two', 'three', 'four'].map((message) => ({ code: 'DISK_FULL', message }));
    const [model, translated] = [english({ state: 'degraded', problems }), korean({ state: 'degraded', problems })];
    expect(labelOf(model, 'problem-1')).toBe('⚠ one line');
    expect(labelOf(model, 'problem-3')).toBe('⚠ three');
    expect(labelOf(model, 'problem-4')).toBeUndefined();
    expect(labelOf(translated, 'problem-1')).toBe('⚠ 디스크가 가득 찼습니다.');
  });

  it('shows a problem without a row in the error table as the core wrote it', () => {
    expect(labelOf(korean({ state: 'degraded', problems: [{ code: 'MOON', message: 'Full moon' }] }), 'problem-1')).toBe('⚠ Full moon');
  });
});

describe('the facts behind it', () => {
  const snapshot = { ...makeFacts({ working: 1 }), locks: [makeLease()], runs: [] } as unknown as Snapshot;
  const patch = (changes: Patch) => nextFacts(nextFacts(null, { type: 'snapshot', snapshot }), { type: 'patch', patch: changes });

  it('come from the snapshot and follow its patches', () => {
    expect(patch({ locks: [] })).toEqual({ ...makeFacts({ working: 1 }), locks: [] });
    const runs = [{ state: 'running', idle: false }, { state: 'running', idle: true }, { state: 'queued', idle: false }] as unknown as Patch['runs'];
    expect(patch({ runs: runs! })).toMatchObject({ runsAtWork: 1 });
    expect(patch({ settings: { language: 'ko', theme: 'dark' } })).toMatchObject({ settings: { language: 'ko' }, locks: [makeLease()] });
  });

  it('stay the same object when a patch is about something else', () => {
    const facts = makeFacts();
    expect(nextFacts(facts, { type: 'patch', patch: { messages: [] } })).toBe(facts);
    expect(nextFacts(facts, { type: 'navigate', page: 'board' })).toBe(facts);
  });

  it('are unknown until the snapshot', () => {
    expect(nextFacts(null, { type: 'patch', patch: { locks: [makeLease()] } })).toBeNull();
    expect(workRuns(null)).toBe(false);
  });
});
