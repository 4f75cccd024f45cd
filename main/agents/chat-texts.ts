import type { RunCause, RunKind } from './types.ts';

export type ChatLanguage = 'en' | 'ko';

interface Words {
  readonly failed: Readonly<Record<RunKind, string>>;
  readonly why: Partial<Readonly<Record<RunCause, string>>>;
  readonly aborted: string;
  readonly working: string;
}

/** What Wheelhouse itself says in a chat. Causes stay general: what an error says in detail may hold paths of the machine. */
const WORDS: Readonly<Record<ChatLanguage, Words>> = {
  en: {
    failed: { messages: 'Sorry, I could not answer this.', task: 'A scheduled task did not work.' },
    why: {
      timeout: 'The agent gave no answer in time.',
      exit_code: 'The agent ended with an error.',
      out_of_memory: 'The agent needed more memory than it may use.',
      not_started: 'The agent could not be started.',
      engine_lost: 'The container engine went away.',
      agent_error: 'The agent reported an error.',
      stopped: 'Wheelhouse was shut down in the middle of it.',
      interrupted: 'Wheelhouse was interrupted in the middle of it.',
      not_recorded: 'The answer could not be stored.',
    },
    aborted: 'The work was stopped by hand.',
    working: 'Still working on it …',
  },
  ko: {
    failed: { messages: '죄송합니다. 답변하지 못했습니다.', task: '예약 작업이 실패했습니다.' },
    why: {
      timeout: '에이전트가 제시간에 응답하지 않았습니다.',
      exit_code: '에이전트가 오류로 종료되었습니다.',
      out_of_memory: '에이전트가 허용된 메모리를 넘겼습니다.',
      not_started: '에이전트를 시작하지 못했습니다.',
      engine_lost: '컨테이너 엔진과 연결이 끊어졌습니다.',
      agent_error: '에이전트가 오류를 보고했습니다.',
      stopped: '작업 중에 Wheelhouse가 종료되었습니다.',
      interrupted: '작업 중에 Wheelhouse가 중단되었습니다.',
      not_recorded: '답변을 저장하지 못했습니다.',
    },
    aborted: '사용자가 작업을 중지했습니다.',
    working: '아직 작업 중입니다 …',
  },
};

/** What the chat hears of a run that went wrong. */
export function failureText(language: ChatLanguage, kind: RunKind, cause: RunCause): string {
  const words = WORDS[language];
  if (cause === 'aborted') return words.aborted;
  return [words.failed[kind], words.why[cause]].filter((part) => part !== undefined).join(' ');
}

/** What the chat hears while a long answer is made. */
export function workingText(language: ChatLanguage): string {
  return WORDS[language].working;
}
