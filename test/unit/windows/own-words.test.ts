import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainNoEngine } from '../../../main/agents/engine-report.ts';
import { judgeRun, type RunFacts } from '../../../main/agents/run-end.ts';
import { meaningOf } from '../../../main/channels/whatsapp/close-reason.ts';
import { createOwnWords } from '../../../renderer/i18n/own-words.ts';
import words from '../../../resources/locales/own-words-ko.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../../..');
const own = createOwnWords(words);
/** What is left in English, but for what is quoted, names of programs, and commands. */
const english = (text: string): string => text.replaceAll(/“[^”]*”|(?:sudo|systemctl|podman) [^)]*/g, '').match(/[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/)?.[0] ?? '';

const FACTS: RunFacts = { exit: { exitCode: 0, signal: null, outOfMemory: false, lost: null }, endedBy: null, lastOutput: null, closeRequested: false, hardTimeoutMs: 60_000, memoryLimitMb: null, stderrTail: '' };
const exit = (changes: Partial<RunFacts['exit']>): RunFacts => ({ ...FACTS, exit: { ...FACTS.exit, ...changes } });

describe('what the core says in English, in a Korean window', () => {
  test.each<[string, RunFacts]>([
    ['aborted', { ...FACTS, endedBy: 'aborted' }],
    ['kill switch', { ...FACTS, endedBy: 'kill_switch' }],
    ['stopped', { ...FACTS, endedBy: 'stopped' }],
    ['timeout', { ...FACTS, endedBy: 'timeout' }],
    ['engine lost', exit({ lost: 'socket hang up' })],
    ['out of memory', exit({ outOfMemory: true })],
    ['out of a limit of memory', { ...exit({ outOfMemory: true }), memoryLimitMb: 512 }],
    ['an error of the agent', { ...FACTS, lastOutput: { status: 'error', error: 'invalid API key' } as RunFacts['lastOutput'] }],
    ['an error without words', { ...FACTS, lastOutput: { status: 'error' } as RunFacts['lastOutput'] }],
    ['an exit code and what it last said', { ...exit({ exitCode: 3 }), stderrTail: 'Error: no such model.\n  at main' }],
    ['a signal', exit({ exitCode: null, signal: 'SIGSEGV' })],
    ['killed', exit({ exitCode: 137 })],
    ['killed at a limit', { ...exit({ exitCode: null, signal: 'SIGKILL' }), memoryLimitMb: 512 }],
    ['no answer', { ...FACTS, stderrTail: 'bye' }],
  ])('why a run failed: %s', (_what, facts) => {
    const { error } = judgeRun(facts);
    expect(own(error!)).toMatch(/[가-힣]/);
    expect(english(own(error!))).toBe('');
  });

  test.each(['EACCES', 'TIMEOUT', 'ECONNREFUSED', 'ENOENT', 'HTTP 500'])('why there is no engine: %s', (problem) => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const { cause, cure } = explainNoEngine([{ address: 'unix:///run/docker.sock', problem }], platform);
      for (const text of [cause, cure, `${cause} ${cure}`]) expect([text, english(own(text)), own(text).startsWith('“')]).toEqual([text, '', false]);
    }
  });

  test.each([401, 403, 405, 408, 411, 440, 428, null])('why WhatsApp is not connected: %s', (status) => {
    for (const pairing of [true, false]) {
      const meaning = meaningOf(status, pairing);
      if ('reason' in meaning) expect([meaning.reason, english(own(meaning.reason))]).toEqual([meaning.reason, '']);
    }
  });

  test('what an agent or another program said stays as it is, as a quotation', () => {
    expect(own('The agent reported an error: invalid API key.')).toBe('에이전트가 보고한 오류: “invalid API key”');
    expect(own('The agent ended with exit code 3. It last said: Error: no such model.')).toBe('에이전트가 종료 코드 3(으)로 끝났습니다. 마지막 출력: “Error: no such model.”');
    expect(own('Bad Request: chat not found')).toBe('“Bad Request: chat not found”');
    expect(own('3 runs in a row failed. The last: The run was aborted.')).toBe('3회 연속 실패했습니다. 마지막 오류: 사용자가 실행을 중지했습니다.');
  });

  test('every sentence is one that the core says, and has the same placeholders in both languages', () => {
    const sources = readdirSync(join(ROOT, 'main'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, 'main', file), 'utf8'))
      .join('\n');
    const names = (text: string): readonly string[] => Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name!).sort();
    for (const [sentence, korean] of Object.entries(words)) {
      const parts = sentence.split(/\{\w+\}/).flatMap((part) => part.split(/(?<=[.:]) /)).map((part) => part.replace(/ (?:at |\()$/, '').trim());
      const unknown = parts.filter((part) => part.length >= 12 && !sources.includes(part) && !sources.includes(part.replace(/\.$/, '')));
      expect([sentence, unknown]).toEqual([sentence, []]);
      expect([sentence, names(korean).filter((name) => !names(sentence).includes(name))]).toEqual([sentence, []]);
    }
  });
});
