export type Language = 'en' | 'ko';

/** What the bot says to its owner; every text in both languages. */
const TEXTS = {
  notOwner: {
    en: 'This bot takes commands only from its owner. Your id is {id}; if the bot is yours, put it into [telegram] owners.',
    ko: '이 봇은 소유자의 명령만 받습니다. 회원님의 ID는 {id}입니다. 본인의 봇이라면 [telegram] owners에 넣어 주세요.',
  },
  privateOnly: { en: 'Please write this to me in our private chat.', ko: '이 명령은 저와의 개인 대화에서 보내 주세요.' },
  start: {
    en: 'This is Wheelhouse. Your id is {id}, and the address of this chat is {chat}.',
    ko: 'Wheelhouse입니다. 회원님의 ID는 {id}, 이 대화의 주소는 {chat}입니다.',
  },
  help: {
    en: '/status: how everything stands\n/tasks: what is on the board\n/newsession: a new session for an agent, written to the token file\n/killswitch: stop everything at once',
    ko: '/status: 전체 상태 보기\n/tasks: 보드의 작업 보기\n/newsession: 에이전트의 새 세션을 만들어 토큰 파일에 쓰기\n/killswitch: 모든 것을 즉시 멈추기',
  },
  commandStatus: { en: 'How everything stands', ko: '전체 상태 보기' },
  commandTasks: { en: 'What is on the board', ko: '보드의 작업 보기' },
  commandNewSession: { en: 'A new session for an agent', ko: '에이전트의 새 세션 만들기' },
  commandKillSwitch: { en: 'Stop everything at once', ko: '모든 것을 즉시 멈추기' },
  noAgents: { en: 'There is no agent that could get a session. Add one first.', ko: '세션을 받을 에이전트가 없습니다. 먼저 에이전트를 추가해 주세요.' },
  chooseAgent: { en: 'Which agent gets a new session? The buttons work for 5 minutes.', ko: '어떤 에이전트의 새 세션을 만들까요? 버튼은 5분 동안 쓸 수 있습니다.' },
  tooManyAgents: { en: '{n} more agents are not shown; make their sessions on the machine.', ko: '에이전트 {n}개는 표시하지 않았습니다. 해당 세션은 컴퓨터에서 만들어 주세요.' },
  sessionWritten: {
    en: '{agent} has a new session.\nValid until: {until}\nToken file: {path}\nThe token itself stands only in that file.',
    ko: '{agent}의 새 세션을 만들었습니다.\n만료: {until}\n토큰 파일: {path}\n토큰은 이 파일에만 저장됩니다.',
  },
  sessionNotWritten: {
    en: '{agent} has a new session, but its token file could not be written ({reason}). Make another one on the machine.',
    ko: '{agent}의 새 세션은 만들었지만 토큰 파일을 쓰지 못했습니다({reason}). 컴퓨터에서 다시 만들어 주세요.',
  },
  noEnd: { en: 'without end', ko: '무기한' },
  failed: { en: 'That did not work: {reason}', ko: '처리하지 못했습니다: {reason}' },
  expired: { en: 'These buttons are too old. Send {command} again.', ko: '버튼의 유효 시간이 지났습니다. {command} 명령을 다시 보내 주세요.' },
  alreadyDone: { en: 'That has been done already.', ko: '이미 처리되었습니다.' },
  killAsk: {
    en: 'Stop everything? Every session ends, every agent is suspended, nothing runs or is sent until somebody recovers the system on the machine.',
    ko: '모든 것을 멈출까요? 모든 세션이 끝나고 모든 에이전트가 정지되며, 컴퓨터에서 복구할 때까지 아무것도 실행되거나 전송되지 않습니다.',
  },
  killYes: { en: 'Yes, stop everything', ko: '예, 모두 멈춥니다' },
  killNo: { en: 'No', ko: '아니요' },
  killDone: {
    en: 'Everything is stopped: {sessions} sessions ended, {agents} agents suspended. To go on, recover the system on the machine.',
    ko: '모두 멈췄습니다: 세션 {sessions}개 종료, 에이전트 {agents}개 정지. 다시 시작하려면 컴퓨터에서 복구하세요.',
  },
  killCancelled: { en: 'Nothing was stopped.', ko: '아무것도 멈추지 않았습니다.' },
  killAlready: { en: 'The kill switch is on already (since {since}): {reason}', ko: '킬 스위치가 이미 켜져 있습니다({since}부터): {reason}' },
  statusOk: { en: 'Everything works.', ko: '모두 정상입니다.' },
  statusDegraded: { en: 'Something is wrong:', ko: '문제가 있습니다:' },
  statusLocked: { en: 'The kill switch is on ({state}).', ko: '킬 스위치가 켜져 있습니다({state}).' },
  statusCounts: {
    en: 'Agents: {agents} · live sessions: {sessions} · open tasks: {tasks} · being worked on: {working}',
    ko: '에이전트 {agents} · 활성 세션 {sessions} · 열린 작업 {tasks} · 진행 중 {working}',
  },
  statusChannel: { en: '{channel}: {state}, {waiting} messages wait', ko: '{channel}: {state}, 대기 중인 메시지 {waiting}개' },
  stateOff: { en: 'off', ko: '꺼짐' },
  stateConnecting: { en: 'connecting', ko: '연결 중' },
  statePairing: { en: 'waits to be paired', ko: '페어링 대기' },
  stateConnected: { en: 'connected', ko: '연결됨' },
  stateWaiting: { en: 'reconnecting', ko: '다시 연결 중' },
  stateLoggedOut: { en: 'logged out', ko: '로그아웃됨' },
  stateFailed: { en: 'cannot be used', ko: '사용할 수 없음' },
  statePaused: { en: 'paused', ko: '일시 중지됨' },
  noTasks: { en: 'There is nothing to do on the board.', ko: '보드에 할 일이 없습니다.' },
  moreTasks: { en: '… and {n} more', ko: '… 외 {n}개' },
} as const satisfies Record<string, Record<Language, string>>;

export type TextKey = keyof typeof TEXTS;

/** Writes a text in one language; `{name}` is replaced by the parameter. */
export type Say = (key: TextKey, params?: Readonly<Record<string, string | number>>) => string;

export function textsIn(language: Language): Say {
  return (key, params = {}) => TEXTS[key][language].replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}
