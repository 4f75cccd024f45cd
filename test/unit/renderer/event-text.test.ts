import { describe, expect, it } from 'vitest';
import en from '../../../resources/locales/en.json';
import ko from '../../../resources/locales/ko.json';
import { eventText, numberOfSubject } from '../../../renderer/i18n/event-text.ts';
import { createTranslator } from '../../../renderer/i18n/translate.ts';
import { event } from './samples.ts';

const english = createTranslator('en', en);
const korean = createTranslator('ko', ko);

describe('a line of the log', () => {
  it('is told in the language of the window', () => {
    const claimed = event(1, { subject: 'task:12' });
    expect(eventText(english, claimed)).toBe('claimed #12');
    expect(eventText(korean, claimed)).toBe('작업 #12 맡음');
  });

  it('keeps the words of a message, colons and all', () => {
    const posted = event(1, { kind: 'message', action: 'posted', text: 'BE→FE: done: see #4', data: { to_role: 'FE' } });
    expect(eventText(korean, posted)).toBe('FE에게: done: see #4');
  });

  it('names statuses in words', () => {
    const moved = event(1, { action: 'moved', subject: 'task:3', data: { from: 'in_progress', to: 'blocked' } });
    expect(eventText(english, moved)).toBe('moved #3 from In progress to Blocked');
    expect(eventText(korean, moved)).toBe('작업 #3 상태 변경: 진행 중 → 막힘');
  });

  it('counts the messages that were read at once', () => {
    const read = event(1, { kind: 'message', action: 'read', subject: 'message:9', data: { ids: [7, 8, 9] } });
    expect(eventText(english, read)).toBe('read 3 messages, up to #9');
  });

  it('falls back to the core’s own sentence for what is new or incomplete', () => {
    expect(eventText(english, event(1, { action: 'teleported', text: 'BE teleported task#1' }))).toBe('BE teleported task#1');
    expect(eventText(english, event(1, { kind: 'lock', action: 'acquired', text: 'BE acquired x', data: {} }))).toBe('BE acquired x');
  });
});

it('reads the number of a subject', () => {
  expect([numberOfSubject('task:12'), numberOfSubject('lock:src/**'), numberOfSubject(null)]).toEqual([12, null, null]);
});
