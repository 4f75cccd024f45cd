import type { ChannelView, ChatMessageView, ChatView, CompletionView, GroupView, Lease, LogEvent, Message, OwnerView, RenewalView, RoleView, RunChunkView, RunView, SessionView, Snapshot, Task, Waiter } from '../../preload/contract.ts';
import { demoNotices } from './notices-fixture.ts';

/** The words of the fixture in one language. */
interface Words {
  readonly tasks: readonly string[];
  readonly detail: string;
  readonly notes: Readonly<Record<'sort' | 'schema' | 'blocked', string>>;
  readonly messages: readonly string[];
  readonly intents: readonly string[];
  readonly results: readonly string[];
  readonly chats: Readonly<Record<'family' | 'team' | 'book' | 'home', string>>;
  readonly said: readonly string[];
}

const ENGLISH: Words = {
  tasks: [
    'Write the release notes for 2.4',
    'Price history: endpoint with pagination',
    'Chart component for the price history',
    'Summaries in the daily digest, at most three lines',
    'Sort the watch list by change',
    'Load test of the new endpoint, 200 requests per second',
    'Add the index on stock_price(symbol, day)',
    'Empty state for a watch list without symbols',
    'Rename the digest template',
    'Rotate the API key of the data provider',
    'Old CSV import',
  ],
  detail:
    'The list should keep the order when prices arrive. Sort by the change of the day first, then by name.\n\nDone when: the order survives a reload, and a test covers equal changes.',
  notes: {
    sort: 'Sorting works; the test for equal changes is left',
    schema: 'Index is built on staging, 41 s for 12 million rows',
    blocked: 'The provider answers 429 above 80 requests per second. Do we have a higher tier?',
  },
  messages: [
    'The endpoint is on staging: GET /prices/:symbol?from&to&cursor. Pages hold 200 rows, the cursor is opaque.',
    'Thanks. The chart needs the closing price only; can I leave the others out with fields=close?',
    'Yes, fields=close is in. It makes the answer about five times smaller.',
    'Deploying 2.4 needs the nas-deploy lock for about ten minutes. Any objection to 15:00?',
    'The load test stops at 80 requests per second because the data provider throttles us. Should I ask for the higher tier, or test against the mock?',
    'Digest summaries are in review. Average length went from 5.2 lines to 2.6.',
    'Release notes: please send me one sentence per change until tonight.',
  ],
  chats: { family: 'Family', team: 'Release team', book: 'Book club', home: 'Home' },
  said: [
    '@Andy what is for dinner? We have eggs, tofu and half a cabbage.',
    'Okonomiyaki: shred the cabbage, mix it with two eggs, flour and water, and fry it on both sides. Tofu goes into a quick miso soup beside it. 25 minutes in all.',
    'Can you put the shopping list for tomorrow together?',
    'Still at it: looking through what was bought last week.',
  ],
  intents: ['Deploying 2.4 to staging', 'Adding the index on stock_price', 'Reading the shared notes', 'Reading the shared notes'],
  results: [
    'Price history endpoint with pagination; 24 tests, all green.\nOpen: the limit of 200 rows per page is a guess.',
    'Chart component in review',
    'Digest cut to three lines at most; the average is 2.6 now',
    'Index on stock_price(symbol, day) built on staging',
  ],
};

const KOREAN: Words = {
  tasks: [
    '2.4 릴리스 노트 작성',
    '가격 이력 API: 페이지 나누기 적용',
    '가격 이력 차트 컴포넌트',
    '데일리 요약을 세 줄 이내로 줄이기',
    '관심 종목을 등락률 순으로 정렬',
    '새 API 부하 테스트 (초당 200건)',
    'stock_price(symbol, day) 인덱스 추가',
    '관심 종목이 없을 때 보여 줄 빈 화면',
    '요약 템플릿 이름 변경',
    '데이터 제공사 API 키 교체',
    '옛 CSV 가져오기',
  ],
  detail:
    '시세가 갱신되어도 목록 순서가 유지되어야 합니다. 당일 등락률로 먼저 정렬하고, 같으면 이름순으로 정렬합니다.\n\n완료 조건: 새로 고쳐도 순서가 유지되고, 등락률이 같은 경우를 테스트로 확인합니다.',
  notes: {
    sort: '정렬 완료, 등락률이 같은 경우 테스트만 남음',
    schema: '스테이징에 인덱스 생성 완료 (1,200만 행, 41초)',
    blocked: '제공사가 초당 80건을 넘으면 429를 돌려줍니다. 상위 요금제를 쓸 수 있을까요?',
  },
  messages: [
    '스테이징에 API를 올렸습니다: GET /prices/:symbol?from&to&cursor. 한 페이지는 200행이고 cursor 값은 그대로 넘겨 주세요.',
    '고맙습니다. 차트에는 종가만 필요한데 fields=close로 나머지를 뺄 수 있을까요?',
    '네, fields=close를 추가했습니다. 응답 크기가 5분의 1 정도로 줄었습니다.',
    '2.4 배포 때문에 nas-deploy 락을 10분쯤 써야 합니다. 15시에 진행해도 될까요?',
    '데이터 제공사의 제한 때문에 부하 테스트가 초당 80건에서 멈춥니다. 상위 요금제를 신청할까요, 아니면 모의 서버로 테스트할까요?',
    '요약 줄이기는 리뷰 중입니다. 평균 길이가 5.2줄에서 2.6줄로 줄었습니다.',
    '릴리스 노트에 들어갈 내용을 변경 사항마다 한 문장씩 오늘 저녁까지 보내 주세요.',
  ],
  chats: { family: '우리 가족', team: '릴리스 팀', book: '독서 모임', home: '집' },
  said: [
    '@앤디야 저녁 뭐 먹지? 달걀이랑 두부, 양배추 반 통 있어.',
    '오코노미야키 어떠세요? 양배추를 채 썰어 달걀 두 개와 부침가루, 물에 섞어 앞뒤로 부치면 됩니다. 두부는 된장국에 넣으세요. 모두 25분이면 충분합니다.',
    '내일 장보기 목록도 정리해 줄래?',
    '지난주에 산 것을 확인하는 중입니다. 조금만 기다려 주세요.',
  ],
  intents: ['2.4를 스테이징에 배포', 'stock_price 인덱스 추가', '공유 메모 읽기', '공유 메모 읽기'],
  results: [
    '가격 이력 API에 페이지 나누기 적용, 테스트 24개 모두 통과.\n확인 필요: 한 페이지 200행 제한은 임시값입니다.',
    '차트 컴포넌트 리뷰 요청',
    '데일리 요약을 최대 세 줄로 축소, 평균 2.6줄',
    '스테이징에 stock_price(symbol, day) 인덱스 생성',
  ],
};

const ago = (now: number, minutes: number): string => new Date(now - minutes * 60_000).toISOString();

/** A team in the middle of a small release: what the screenshots show and the specs without a core start from. */
export function demoSnapshot(locale: 'en' | 'ko', now: number): Snapshot {
  const words = locale === 'ko' ? KOREAN : ENGLISH;
  const tasks = demoTasks(words, now);
  const messages = demoMessages(words, now);
  const locks = demoLocks(words, now);
  const waiters: readonly Waiter[] = [
    { ticket: 11, resource: 'nas-deploy', mode: 'exclusive', role: 'AI', session_id: 's-ai', queued_at: ago(now, 3) },
    { ticket: 12, resource: 'nas-deploy', mode: 'exclusive', role: 'FE', session_id: 's-fe', queued_at: ago(now, 1) },
  ];
  return {
    info: {
      name: 'Wheelhouse',
      version: '0.1.0',
      mode: 'headless',
      platform: 'linux',
      mcpUrl: 'http://127.0.0.1:3100/mcp',
      dataDir: '~/.waiaas',
      startedAt: ago(now, 262),
    },
    settings: { language: locale, theme: 'system' },
    status: { state: 'ok', problems: [], killSwitch: 'NORMAL', needsYou: 3, working: 3 },
    killSwitch: { state: 'NORMAL', activatedAt: null, reason: null, actor: null, recoveryEligibleAt: null, remainingSeconds: null, waitSeconds: 1_800, hasOwner: true, masterPasswordSet: true },
    roles: [role('FE', 1, 3, 1, ago(now, 0.4)), role('BE', 0, 4, 2, ago(now, 1.2)), role('AI', 2, 2, 1, ago(now, 6)), role('Producer', 3, 1, 0, ago(now, 0.1))],
    agents: ['fe-1:FE', 'be-1:BE', 'ai-1:AI', 'docs-1:FE'].map((name, index) => ({
      id: `agent-${index}`,
      name: name.split(':')[0]!,
      role: name.split(':')[1]!,
      status: 'active',
      statusReason: null,
      createdAt: ago(now, 20_000),
      liveSessions: [1, 2, 1, 0][index]!,
      lastSeenAt: index === 3 ? null : ago(now, 2),
    })),
    sessions: demoSessions(now),
    renewals: demoRenewals(now),
    completions: demoCompletions(words, now),
    completionFolders: {
      folders: [{ path: '~/.waiaas/events', state: 'watched' }],
      refused: [{ folder: '~/.waiaas/events', name: 'two words.done', why: 'name', seenAt: ago(now, 51) }],
    },
    notices: demoNotices(now),
    tasks,
    locks,
    waiters,
    channels: demoChannels(now),
    chats: demoChats(words, now),
    groups: demoGroups(words, now),
    runs: demoRuns(words, now),
    messages,
    events: demoEvents(words, now),
    schedule: [],
    scheduleZone: 'Asia/Seoul',
    coordinator: 'Producer',
    lockableResources: ['nas-deploy', 'stock-db-schema', 'lotto-db-schema', 'memory-mirror', 'nginx-conf', 'compose'],
  };
}

function demoChannels(now: number): readonly ChannelView[] {
  const channel = (name: ChannelView['name'], more: Partial<ChannelView>): ChannelView => ({
    name,
    paused: false,
    state: 'connected',
    reason: null,
    as: null,
    qr: null,
    code: null,
    retryAt: null,
    lastInAt: null,
    lastOutAt: null,
    waiting: 0,
    ...more,
  });
  return [
    channel('console', { lastInAt: ago(now, 61), lastOutAt: ago(now, 60) }),
    channel('whatsapp', { as: '+821055550000', lastInAt: ago(now, 2), lastOutAt: ago(now, 1), waiting: 1 }),
    channel('telegram', { state: 'waiting', reason: 'Telegram cannot be reached (ENOTFOUND).', retryAt: ago(now, -1), lastInAt: ago(now, 190), lastOutAt: ago(now, 185), waiting: 3 }),
  ];
}

function demoChats({ chats, said }: Words, now: number): readonly ChatView[] {
  const chat = (jid: string, channel: ChatView['channel'], name: string, minutes: number, group: (Partial<NonNullable<ChatView['group']>> & { readonly id: string }) | null, isGroup = true): ChatView => ({
    jid,
    channel,
    name,
    isGroup,
    lastMessageAt: ago(now, minutes),
    group: group === null ? null : { name, trigger: '@Andy', requiresTrigger: true, isMain: false, working: false, last: null, ...group },
  });
  return [
    chat('120363000000000001@g.us', 'whatsapp', chats.family, 1, { id: 'group-family', working: true, last: { id: 4, sender: 'Andy', text: said[3] ?? '' } }),
    chat('821011112222@s.whatsapp.net', 'whatsapp', 'Mia', 14, null, false),
    chat('console:home', 'console', chats.home, 60, { id: 'group-home', isMain: true, requiresTrigger: false }),
    chat('tg:-1001234567890', 'telegram', chats.team, 190, { id: 'group-team' }),
    chat('120363000000000002@g.us', 'whatsapp', chats.book, 2_900, null),
  ];
}

function demoGroups({ chats }: Words, now: number): readonly GroupView[] {
  const group = (id: string, name: string, folder: string, jid: string, index: number, more: Partial<GroupView> = {}): GroupView => ({
    id: `group-${id}`,
    jid,
    name,
    folder,
    trigger: '@Andy',
    requiresTrigger: true,
    isMain: false,
    agentId: `agent-${index}`,
    paused: false,
    container: { additionalMounts: [], timeoutMs: null, network: null, memoryMb: null, cpus: null, pids: null },
    inConversation: true,
    createdAt: ago(now, 20_000),
    ...more,
  });
  return [
    group('home', chats.home, 'main', 'console:home', 0, { isMain: true, requiresTrigger: false, container: { additionalMounts: [{ hostPath: '~/projects', readonly: false }, { hostPath: '~/Documents' }], timeoutMs: null, network: 'full', memoryMb: 4096, cpus: 2, pids: null } }),
    group('family', chats.family, 'family', '120363000000000001@g.us', 1),
    group('team', chats.team, 'team', 'tg:-1001234567890', 2, { paused: true }),
  ];
}

function demoRuns({ said }: Words, now: number): readonly RunView[] {
  const run = (id: number, group: string, minutes: number, more: Partial<RunView>): RunView => ({
    id: `run-${id}`,
    groupId: `group-${group}`,
    kind: 'messages',
    state: 'succeeded',
    prompt: said[0] ?? '',
    contextMode: 'group',
    attempt: 1,
    notBefore: ago(now, minutes),
    queuedAt: ago(now, minutes),
    startedAt: ago(now, minutes),
    endedAt: ago(now, minutes - 0.7),
    containerName: `wheelhouse-${id}`,
    pid: 4000 + id,
    sent: 1,
    messages: 1,
    result: said[1] ?? null,
    exitCode: 0,
    cause: 'finished',
    error: null,
    hasLog: true,
    idle: false,
    closing: false,
    waitReason: null,
    ...more,
  });
  const waiting: Partial<RunView> = { state: 'queued', startedAt: null, endedAt: null, containerName: null, pid: null, sent: 0, messages: 0, result: null, exitCode: null, cause: null, hasLog: false };
  return [
    run(9, 'team', 4, { ...waiting, waitReason: 'group_paused' }),
    run(8, 'home', 0.5, { ...waiting, attempt: 3, notBefore: ago(now, -0.2), waitReason: 'retry' }),
    run(7, 'family', 2, { state: 'running', endedAt: null, sent: 0, messages: 2, result: null, exitCode: null, cause: null, hasLog: false }),
    run(6, 'home', 9, { state: 'failed', attempt: 2, sent: 0, result: null, exitCode: 1, cause: 'exit_code', error: 'The agent ended with exit code 1.' }),
    run(5, 'family', 12, { messages: 3, sent: 2 }),
    run(4, 'home', 61, { kind: 'task', contextMode: 'isolated' }),
    run(3, 'team', 190, { state: 'dead', attempt: 6, sent: 0, result: null, cause: 'timeout', error: 'The agent gave no answer within 1800 s and was stopped.', exitCode: 137 }),
  ];
}

/** The answer of `runs.output` for the live run of {@link demoSnapshot}. */
export function demoRunOutput(locale: 'en' | 'ko', now: number): readonly RunChunkView[] {
  const { said } = locale === 'ko' ? KOREAN : ENGLISH;
  const chunk = (n: number, minutes: number, stream: RunChunkView['stream'], text: string): RunChunkView => ({ n, at: ago(now, minutes), stream, text });
  return [
    chunk(0, 1.9, 'stderr', '[agent] query starts, session 5d1c2a\n'),
    chunk(1, 1.7, 'stdout', 'WebSearch: family trip ideas, spring\nRead conversations/2026-11-18-trip.md\n'),
    chunk(2, 1.1, 'input', said[2] ?? ''),
    chunk(3, 0.8, 'stdout', 'Bash: node plan.mjs --days 3\n  day 1  08:10 train\n  day 2  museum, lunch, lake\n  day 3  market\n'),
    chunk(4, 0.3, 'result', said[3] ?? ''),
  ];
}

/** The answer of `chat.history` for the first chat of {@link demoSnapshot}. */
export function demoChatHistory(locale: 'en' | 'ko', now: number): readonly ChatMessageView[] {
  const { said } = locale === 'ko' ? KOREAN : ENGLISH;
  const message = (id: number, senderName: string, minutes: number, more: Partial<ChatMessageView> = {}): ChatMessageView => ({
    id,
    jid: '120363000000000001@g.us',
    senderName,
    fromPerson: false,
    fromBot: false,
    content: said[id - 1] ?? '',
    sentAt: ago(now, minutes),
    kind: 'message',
    delivery: null,
    deliveryError: null,
    runId: null,
    ...more,
  });
  return [
    message(4, 'Andy', 1, { fromBot: true, kind: 'progress', delivery: 'waiting' }),
    message(3, 'Mia', 2),
    message(2, 'Andy', 11, { fromBot: true, kind: 'reply', delivery: 'sent' }),
    message(1, 'Mia', 12),
  ];
}

/** The answer of `owners.list` that goes with {@link demoSnapshot}. */
export function demoOwners(): readonly OwnerView[] {
  const owner = (index: number, agentName: string, more: Partial<OwnerView>): OwnerView => ({ agentId: `agent-${index}`, agentName, state: 'NONE', chain: null, address: null, ...more });
  return [
    owner(0, 'fe-1', { state: 'LOCKED', chain: 'ethereum', address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' }),
    owner(1, 'be-1', { state: 'LOCKED', chain: 'ethereum', address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' }),
    owner(2, 'ai-1', { state: 'LOCKED', chain: 'ethereum', address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' }),
    owner(3, 'docs-1', { state: 'GRACE', chain: 'solana', address: 'vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg' }),
  ];
}

function demoSessions(now: number): readonly SessionView[] {
  const session = (id: number, agent: number, more: Partial<SessionView>): SessionView => ({
    id: `019a9f3e-51c2-7d0a-9b1e-0000000000${10 + id}`,
    agentId: `agent-${agent}`,
    agentName: ['fe-1', 'be-1', 'ai-1'][agent]!,
    role: ['FE', 'BE', 'AI'][agent]!,
    createdAt: ago(now, 6_200),
    expiresAt: ago(now, -5_900),
    revokedAt: null,
    revokeReason: null,
    ttlSec: 604_800,
    renewalCount: 0,
    maxRenewals: 30,
    lastRenewedAt: null,
    absoluteExpiresAt: ago(now, -37_000),
    rejectWindowSec: 3_600,
    lastUsedAt: ago(now, 2),
    lastClient: 'Claude Code',
    state: 'live',
    ...more,
  });
  return [
    session(0, 0, { createdAt: ago(now, 9_800), renewalCount: 1, lastRenewedAt: ago(now, 3_700), lastUsedAt: ago(now, 0.4) }),
    session(1, 1, { renewalCount: 0 }),
    session(2, 1, { createdAt: ago(now, 130), ttlSec: 3_600, expiresAt: ago(now, -31), renewalCount: 3, lastRenewedAt: ago(now, 29), maxRenewals: null, lastClient: 'wheelhouse bridge', lastUsedAt: ago(now, 11) }),
    session(3, 2, { createdAt: ago(now, 7_300), renewalCount: 2, maxRenewals: 10, lastRenewedAt: ago(now, 22), lastClient: 'Claude Desktop', lastUsedAt: ago(now, 6) }),
    session(4, 2, { createdAt: ago(now, 15_000), revokedAt: ago(now, 7_400), revokeReason: 'replaced', state: 'revoked' }),
  ];
}

function demoCompletions(words: Words, now: number): readonly CompletionView[] {
  const completion = (id: number, task: string, team: string, minutes: number, more: Partial<CompletionView>): CompletionView => ({
    id,
    folder: '~/.waiaas/events',
    task,
    times: 1,
    team,
    summary: words.results[id - 21] ?? null,
    report: null,
    state: 'notified',
    finishedAt: ago(now, minutes),
    seenAt: ago(now, minutes),
    notifiedAt: ago(now, minutes - 0.02),
    escalatedAt: null,
    escalatesAt: null,
    ackedAt: null,
    ackedBy: null,
    archivedAt: null,
    supersededBy: null,
    ...more,
  });
  const acked = (minutes: number): Partial<CompletionView> => ({ state: 'acked', ackedAt: ago(now, minutes), ackedBy: 'person' });
  return [
    completion(21, 'task-897.1', 'dev1', 44, { report: '/home/jay/reports/task-897.1.md', escalatedAt: ago(now, 14) }),
    completion(22, 'task-902', 'dev2', 130, acked(118)),
    completion(23, 'task-904', 'dev3', 21, { times: 2, escalatesAt: ago(now, -9) }),
    completion(24, 'task-905', 'dev1', 0.3, { state: 'pending', notifiedAt: null, escalatesAt: ago(now, -29.7) }),
  ];
}

function demoRenewals(now: number): readonly RenewalView[] {
  const renewal = (id: number, session: SessionView, windowLeft: number): RenewalView => ({
    id,
    sessionId: session.id,
    agentId: session.agentId,
    agentName: session.agentName,
    role: session.role,
    renewalCount: session.renewalCount,
    maxRenewals: session.maxRenewals,
    renewedAt: session.lastRenewedAt ?? session.createdAt,
    windowExpiresAt: ago(now, -windowLeft),
    decidedAt: null,
    state: windowLeft > 0 ? 'open' : 'lapsed',
    sessionState: 'live',
    expiresAt: session.expiresAt,
  });
  const sessions = demoSessions(now);
  return [renewal(6, sessions[3]!, 38), renewal(5, sessions[2]!, 31), renewal(4, sessions[0]!, -3_640)];
}

const role = (name: string, unread: number, openTasks: number, locksHeld: number, lastSeenAt: string): RoleView => ({
  name,
  unread,
  unacked: name === 'Producer' ? 1 : 0,
  openTasks,
  locksHeld,
  lastSeenAt,
});

function demoTasks(words: Words, now: number): readonly Task[] {
  const task = (id: number, assignee_role: string, status: Task['status'], more: Partial<Task> = {}): Task => ({
    id,
    title: words.tasks[id - 1] ?? `Task ${id}`,
    detail: id === 5 ? words.detail : '',
    status,
    assignee_role,
    created_by: 'Producer',
    note: '',
    priority: 3,
    depends_on: [],
    ready: true,
    version: 3,
    held_by: null,
    held_by_session: null,
    claimed_at: null,
    released_reason: null,
    ts: ago(now, 900 - id * 20),
    updated_at: ago(now, 200 - id * 10),
    ...more,
  });
  const held = (by: string, minutes: number): Partial<Task> => ({ held_by: by, held_by_session: `s-${by}`, claimed_at: ago(now, minutes) });
  return [
    task(1, 'Producer', 'open', { priority: 4, depends_on: [2, 3], ready: false }),
    task(2, 'BE', 'done', { priority: 1, updated_at: ago(now, 42) }),
    task(3, 'FE', 'open', { priority: 2 }),
    task(4, 'AI', 'in_progress', { ...held('AI', 18) }),
    task(5, 'FE', 'in_progress', { priority: 2, note: words.notes.sort, ...held('FE', 7) }),
    task(6, 'BE', 'blocked', { priority: 1, note: words.notes.blocked, ...held('BE', 65), updated_at: ago(now, 9) }),
    task(7, 'BE', 'in_progress', { priority: 1, note: words.notes.schema, ...held('BE', 12) }),
    task(8, 'FE', 'open', { priority: 3 }),
    task(9, 'AI', 'done', { priority: 5, updated_at: ago(now, 130) }),
    task(10, 'BE', 'open', { priority: 2, depends_on: [6], ready: false }),
    task(11, 'BE', 'cancelled', { updated_at: ago(now, 400) }),
  ];
}

function demoMessages(words: Words, now: number): readonly Message[] {
  const message = (id: number, from_role: string, to_role: string, minutes: number, more: Partial<Message> = {}): Message => ({
    id,
    from_role,
    to_role,
    body: words.messages[id - 1] ?? '',
    thread_id: '',
    reply_to: null,
    importance: 'normal',
    ack_required: false,
    verified: true,
    ts: ago(now, minutes),
    delivered_at: ago(now, minutes - 0.2),
    read_at: ago(now, minutes - 0.4),
    acked_at: null,
    ...more,
  });
  const unread = { delivered_at: null, read_at: null };
  return [
    message(1, 'BE', 'FE', 48, { thread_id: 'price-history' }),
    message(2, 'FE', 'BE', 44, { thread_id: 'price-history', reply_to: 1 }),
    message(3, 'BE', 'FE', 41, { thread_id: 'price-history', reply_to: 2 }),
    message(4, 'BE', 'Producer', 26, { importance: 'high', ack_required: true, ...unread }),
    message(5, 'BE', 'Producer', 9, { ...unread }),
    message(6, 'AI', 'Producer', 5, { ...unread, verified: false }),
    message(7, 'Producer', 'FE', 4, { ack_required: true, read_at: null }),
  ];
}

function demoLocks(words: Words, now: number): readonly Lease[] {
  const lease = (resource: string, held_by: string, fence: number, seconds: number, intent: string, mode: Lease['mode'] = 'exclusive'): Lease => ({
    lease_id: `lease-${resource}-${held_by}`,
    resource,
    mode,
    held_by,
    session_id: `s-${held_by}`,
    agent_name: `${held_by.toLowerCase()}-1`,
    fence,
    intent,
    acquired_at: ago(now, 4),
    expires_at: new Date(now + seconds * 1_000).toISOString(),
    ttl_remaining: seconds,
  });
  const [deploy = '', schema = '', notes = ''] = words.intents;
  return [
    lease('nas-deploy', 'BE', 118, 412, deploy),
    lease('stock-db-schema', 'BE', 41, 188, schema),
    lease('memory-mirror', 'FE', 77, 95, notes, 'shared'),
    lease('memory-mirror', 'AI', 78, 241, notes, 'shared'),
  ];
}

function demoEvents(words: Words, now: number): readonly LogEvent[] {
  const lines: readonly (readonly [minutes: number, kind: string, action: string, role: string, subject: string, text: string, data: Record<string, unknown>])[] = [
    [262, 'agent', 'added', 'FE', 'agent:fe-1', "Agent 'fe-1' was added in the role FE", {}],
    [130, 'task', 'moved', 'AI', 'task:9', 'AI set task#9 → done', { from: 'in_progress', to: 'done' }],
    [65, 'task', 'claimed', 'BE', 'task:6', 'BE claimed task#6', {}],
    [48, 'message', 'posted', 'BE', 'message:1', `BE→FE: ${words.messages[0]}`, { ids: [1], to_role: 'FE' }],
    [44, 'message', 'posted', 'FE', 'message:2', `FE→BE: ${words.messages[1]}`, { ids: [2], to_role: 'BE' }],
    [42, 'task', 'moved', 'BE', 'task:2', 'BE set task#2 → done', { from: 'in_progress', to: 'done' }],
    [42, 'task', 'ready', 'FE', 'task:3', 'task#3 is ready for FE', {}],
    [41, 'message', 'posted', 'BE', 'message:3', `BE→FE: ${words.messages[2]}`, { ids: [3], to_role: 'FE' }],
    [26, 'message', 'posted', 'BE', 'message:4', `BE→Producer: ${words.messages[3]}`, { ids: [4], to_role: 'Producer' }],
    [18, 'task', 'claimed', 'AI', 'task:4', 'AI claimed task#4', {}],
    [12, 'task', 'claimed', 'BE', 'task:7', 'BE claimed task#7', {}],
    [12, 'lock', 'acquired', 'BE', 'lock:stock-db-schema', 'BE locked stock-db-schema', { resource: 'stock-db-schema', fence: 41 }],
    [9, 'task', 'moved', 'BE', 'task:6', 'BE set task#6 → blocked', { from: 'in_progress', to: 'blocked' }],
    [9, 'message', 'posted', 'BE', 'message:5', `BE→Producer: ${words.messages[4]}`, { ids: [5], to_role: 'Producer' }],
    [7, 'task', 'claimed', 'FE', 'task:5', 'FE claimed task#5', {}],
    [5, 'message', 'posted', 'AI', 'message:6', `AI→Producer: ${words.messages[5]}`, { ids: [6], to_role: 'Producer' }],
    [4, 'message', 'posted', 'Producer', 'message:7', `Producer→FE: ${words.messages[6]}`, { ids: [7], to_role: 'FE' }],
    [4, 'lock', 'acquired', 'BE', 'lock:nas-deploy', 'BE locked nas-deploy', { resource: 'nas-deploy', fence: 118 }],
    [3, 'lock', 'queued', 'AI', 'lock:nas-deploy', 'AI waits for nas-deploy', { resource: 'nas-deploy' }],
    [1, 'lock', 'queued', 'FE', 'lock:nas-deploy', 'FE waits for nas-deploy', { resource: 'nas-deploy' }],
    [0.3, 'task', 'edited', 'FE', 'task:5', 'FE edited task#5', {}],
  ];
  return lines.map(([minutes, kind, action, role, subject, text, data], index) => ({ id: 1_040 + index, ts: ago(now, minutes), kind, action, role, subject, text, data }));
}
