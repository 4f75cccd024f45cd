import { describe, expect, it } from 'vitest';
import en from '../../../resources/locales/en.json';
import ko from '../../../resources/locales/ko.json';
import { countdownText, createFormats } from '../../../renderer/i18n/format.ts';
import { createTranslator } from '../../../renderer/i18n/translate.ts';

const english = createFormats('en', createTranslator('en', en).t);
const korean = createFormats('ko', createTranslator('ko', ko).t);
const now = Date.parse('2026-11-20T12:00:00Z');
const ago = (seconds: number): number => now - seconds * 1_000;

describe('relative times', () => {
  it('grow coarser with age', () => {
    expect([0, 45, 300, 7_300, 90_000].map((seconds) => english.relative(ago(seconds), now))).toEqual(['just now', '45 sec. ago', '5 min. ago', '2 hr. ago', 'yesterday']);
    expect([0, 45, 300, 7_300, 90_000].map((seconds) => korean.relative(ago(seconds), now))).toEqual(['방금', '45초 전', '5분 전', '2시간 전', '어제']);
  });

  it('take a clock that runs ahead for now', () => {
    expect(english.relative(now + 4_000, now)).toBe('just now');
  });
});

it('says how long until a time, in days and never "tomorrow"', () => {
  const until = [30, 300, 7_300, 90_000, 600_000].map((seconds) => now + seconds * 1_000);
  expect(until.map((time) => english.ahead(time, now))).toEqual(['in 30 sec.', 'in 5 min.', 'in 2 hr.', 'in 1 day', 'in 6 days']);
  expect(until.map((time) => korean.ahead(time, now))).toEqual(['30초 후', '5분 후', '2시간 후', '1일 후', '6일 후']);
  expect(english.ahead(now, now)).toBe('just now');
});

it('counts down to zero and not below, rounding up', () => {
  expect([245_000, 60_001, 100, 0, -5_000, 3_723_000].map(countdownText)).toEqual(['4:05', '1:01', '0:01', '0:00', '0:00', '1:02:03']);
});
