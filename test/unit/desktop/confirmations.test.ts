import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { CALL_RULES } from '../../../main/desktop/call-rules.ts';
import { callQuestion, quitQuestion } from '../../../main/desktop/confirmations.ts';
import { failureText } from '../../../main/desktop/start-failure.ts';
import { localeFor, textsIn } from '../../../main/desktop/texts.ts';
import en from '../../../resources/locales/shell-en.json' with { type: 'json' };
import ko from '../../../resources/locales/shell-ko.json' with { type: 'json' };
import type { CallName } from '../../../preload/contract.ts';
import { makeFacts, makeLease, makeRenewal, makeSession } from '../../support/shell-facts.ts';

const english = textsIn('en');
const facts = makeFacts({ working: 2 }, [makeLease(), makeLease({ lease_id: 'b', agent_name: null, held_by: 'FE' }), makeLease({ resource: 'api' })]);
const forceRelease = (args: unknown, texts = english) => callQuestion('locks.forceRelease', args, facts, texts).box;

describe('the question before a lock is taken away', () => {
  it('names the lock, its holders and the reason, and cancels by default', () => {
    expect(forceRelease({ resource: 'schema', reason: 'Ada is away' })).toMatchObject({
      type: 'warning',
      message: 'Take the lock on schema away?',
      detail: expect.stringMatching(/^Held by BE \(Ada\), FE\. .*\n\nReason: Ada is away$/s),
      buttons: ['Cancel', 'Release the lock'],
      defaultId: 0,
      cancelId: 0,
    });
  });

  it('is asked in Korean as well', () => {
    const { message, buttons } = forceRelease({ resource: 'schema', reason: '부재' }, textsIn('ko'));
    expect([message, buttons]).toEqual(['schema 락을 강제로 해제할까요?', ['취소', '락 해제']]);
  });

  it('says when nobody holds it', () => {
    expect(forceRelease({ resource: 'free', reason: 'x' }).detail).toContain('Nobody holds this lock.');
  });

  it('shows what a page sends as one short line, so that it cannot pose as the question', () => {
    const { message, detail } = forceRelease({ resource: `a\n\n\u202eb`, reason: `x\n\nNobody holds this lock.${'y'.repeat(2000)}` });
    expect(message).toBe('Take the lock on a b away?');
    expect(detail!.split('\n\n')).toHaveLength(2);
    expect(detail!.length).toBeLessThan(500);
  });

  it.each([undefined, null, {}, { resource: 'schema' }, { resource: 7, reason: 'x' }, 'schema'])('is not asked about %j', (args) => {
    expect(() => forceRelease(args)).toThrow(AppError);
  });
});

describe('the question before a scheduled task is cancelled', () => {
  const known = { ...facts, schedule: [{ id: 't-1', prompt: 'Sum up\n\nthe news' }] };
  const ask = (args: unknown, texts = english) => callQuestion('schedule.cancel', args, known, texts).box;

  it('names the task by its prompt, on one line, and cancels by default', () => {
    expect(ask({ task: 't-1' })).toMatchObject({ message: 'Cancel this scheduled task?', detail: expect.stringContaining('“Sum up the news” is forgotten'), defaultId: 0, cancelId: 0 });
    expect(ask({ task: 't-1' }, textsIn('ko')).buttons).toEqual(['취소', '예약 취소']);
  });

  it('shows what was asked when the task is not known, and refuses what names none', () => {
    expect(ask({ task: 'x'.repeat(500) }).detail!.length).toBeLessThan(300);
    expect(() => ask({})).toThrow(AppError);
  });
});

describe('the question before the kill switch is pulled', () => {
  const ask = (args: unknown, texts = english) => callQuestion('killSwitch.activate', args, facts, texts).box;

  it('says what stops, how it comes back, what is under way and why, and cancels by default', () => {
    expect(ask({ reason: 'agents run wild' })).toMatchObject({
      type: 'warning',
      message: 'Stop everything?',
      detail: expect.stringMatching(/^Every session is revoked, .*master password.*\n\n2 tasks in progress · 2 locks held\n\nReason: agents run wild$/s),
      buttons: ['Cancel', 'Stop everything'],
      defaultId: 0,
      cancelId: 0,
    });
    expect(ask({ reason: '오작동' }, textsIn('ko')).buttons).toEqual(['취소', '모두 멈춤']);
  });

  it.each([undefined, {}, { reason: 7 }])('is not asked about %j', (args) => {
    expect(() => ask(args)).toThrow(AppError);
  });
});

describe('the question before a session is ended', () => {
  const acting = { ...facts, sessions: [makeSession()], renewals: [makeRenewal()] };
  const revoke = (args: unknown, texts = english) => callQuestion('sessions.revoke', args, acting, texts).box;
  const reject = (args: unknown, texts = english) => callQuestion('renewals.reject', args, acting, texts).box;

  it('names the agent, by what it acts and the reason, and cancels by default', () => {
    expect(revoke({ session_id: 'session-1', reason: 'left on a train' })).toMatchObject({
      type: 'warning',
      message: 'End the session of Ada?',
      detail: expect.stringMatching(/^Role BE, last used by Claude Code\.\n\n.*cannot be brought back\.\n\nReason: left on a train$/s),
      buttons: ['Cancel', 'End session'],
      defaultId: 0,
      cancelId: 0,
    });
    expect(revoke({ session_id: 'session-1' }, textsIn('ko')).buttons).toEqual(['취소', '세션 종료']);
  });

  it('is asked before a renewal is rejected as well', () => {
    expect(reject({ renewal_id: 1 })).toMatchObject({ message: 'Reject the renewal of Ada?', detail: expect.stringContaining('Claude Code'), buttons: ['Cancel', 'Reject and end session'] });
    expect(reject({ renewal_id: 1 }, textsIn('ko')).message).toBe('Ada 세션 갱신을 거부할까요?');
  });

  it('names what it does not know by its id', () => {
    expect(revoke({ session_id: 'unknown\n\nid' }).message).toBe('End the session of unknown id?');
    expect(reject({ renewal_id: 7 }).message).toBe('Reject the renewal of #7?');
    expect(callQuestion('sessions.revoke', { session_id: 'x' }, null, english).box.buttons).toHaveLength(2);
  });

  it.each([undefined, {}, { session_id: 7 }, { session_id: 'x', reason: 7 }])('is not asked about %j', (args) => {
    expect(() => revoke(args)).toThrow(AppError);
    expect(() => reject(args)).toThrow(AppError);
  });
});

it('the question before every session is ended says what that means, and cancels by default', () => {
  expect(callQuestion('sessions.invalidateAll', {}, facts, english).box).toMatchObject({
    message: 'End every session?',
    detail: expect.stringContaining('needs a new token'),
    buttons: ['Cancel', 'End all sessions'],
    defaultId: 0,
    cancelId: 0,
  });
  expect(callQuestion('sessions.invalidateAll', {}, facts, textsIn('ko')).box.buttons).toEqual(['취소', '모든 세션 종료']);
});

it('the question before the mount allowlist is changed names every folder and what may be done there', () => {
  const allowlist = { allowedRoots: [{ path: '~/projects', allowReadWrite: true }, { path: '~/papers\n\n[OK]', allowReadWrite: false }], blockedPatterns: [], nonMainReadOnly: true };
  const { box } = callQuestion('mounts.set', { allowlist }, facts, english);
  expect(box.detail).toMatch(/^~\/projects \(reading and writing\)\n~\/papers \[OK\] \(reading\)\n\nAgents/);
  expect(callQuestion('mounts.set', { allowlist: { ...allowlist, allowedRoots: [] } }, facts, english).box.detail).toContain('No folder at all.');
  expect(() => callQuestion('mounts.set', {}, facts, english)).toThrow('allowedRoots');
});

it('the question before a secret is kept or removed names it and never shows it', () => {
  const set = callQuestion('secrets.set', { name: 'ANU_BOT_TOKEN\n\n[OK]', secret: 'hunter22' }, facts, english).box;
  expect(set).toMatchObject({ message: 'Keep a new ANU_BOT_TOKEN [OK]?', buttons: ['Cancel', 'Keep it'], defaultId: 0 });
  expect(JSON.stringify(set)).not.toContain('hunter22');
  expect(callQuestion('secrets.remove', { name: 'NTFY_TOKEN' }, facts, textsIn('ko')).box).toMatchObject({ message: 'NTFY_TOKEN 값을 삭제할까요?', buttons: ['취소', '삭제'] });
  expect(() => callQuestion('secrets.set', { secret: 'hunter22' }, facts, english)).toThrow('name must be text');
});

it('every dangerous call has its question', () => {
  const args = { resource: 'schema', reason: 'x', session_id: 'session-1', renewal_id: 1, task: 't-1', group: 'family', name: 'ANU_BOT_TOKEN', allowlist: { allowedRoots: [] } };
  for (const [name, { confirm }] of Object.entries(CALL_RULES)) {
    if (confirm) expect(callQuestion(name as CallName, args, facts, english).box.buttons).toHaveLength(2);
  }
  expect(() => callQuestion('messages.list', {}, facts, english)).toThrow('no question');
});

it('the question before quitting says what would be interrupted', () => {
  const { box, yes } = quitQuestion(facts, english);
  expect(box.detail).toMatch(/^2 tasks in progress · 2 locks held\. /);
  expect(box.buttons![yes]).toBe('Stop and quit');
});

describe('a start that failed', () => {
  it('is explained by the rule in the language of the person and the message with the cure', () => {
    const error = new AppError('PORT_TAKEN', 'Port 3100 is taken by node (4711). Stop it, or set [server] port.');
    expect(failureText(error, 'ko')).toEqual({
      message: 'Wheelhouse를 시작하지 못했습니다',
      detail: '포트가 이미 사용 중입니다.\n\nPort 3100 is taken by node (4711). Stop it, or set [server] port.',
    });
  });

  it('is not told twice when the message is the rule', () => {
    expect(failureText(new AppError('DISK_FULL'), 'en').detail).toBe('The disk is full.');
  });

  it('shows a bug as it is', () => {
    expect(failureText(new TypeError('x is not a function'), 'en').detail).toBe('TypeError: x is not a function');
  });
});

describe('the texts', () => {
  const placeholders = (entry: unknown): string[] => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g))].sort();

  it('exist in both languages with the same placeholders', () => {
    expect(Object.keys(ko)).toEqual(Object.keys(en));
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, placeholders(ko[key])]).toEqual([key, placeholders(en[key])]);
  });

  it.each([
    ['system', ['ko-KR', 'en-US'], 'ko'],
    ['system', ['de-DE', 'ko'], 'ko'],
    ['system', ['en-GB', 'ko-KR'], 'en'],
    ['system', ['kok-IN'], 'en'],
    ['system', [], 'en'],
    ['en', ['ko-KR'], 'en'],
    ['ko', ['en-US'], 'ko'],
  ] as const)('speak by the setting %s and the system %j: %s', (setting, preferred, locale) => {
    expect(localeFor(setting, preferred)).toBe(locale);
  });
});
