import type { CallResult, ScheduledTaskView, ScheduleRunView } from '../../preload/contract.ts';
import { nextRuns } from '../../main/schedule/next-run.ts';
import { parseTiming } from '../../main/schedule/timing.ts';

const ZONE = 'Asia/Seoul';
const DAY_MS = 86_400_000;
const PROMPTS = {
  en: {
    news: 'Sum up the news of the night in five lines, with a link for each.',
    shop: 'Ask whether anybody needs something from the shop',
    mail: 'Look at the mail and tell me what cannot wait',
    build: 'Look at the nightly build and sort out the tests that failed',
    concert: 'Remind us of the concert',
    report: 'Write the monthly report',
    groups: ['Home', 'Family', 'Release team'],
    result: 'Five lines sent. The longest story is about the new rail line to the coast.',
    failure: 'The agent ended with exit code 1: the mail server did not answer.',
  },
  ko: {
    news: '간밤의 뉴스를 다섯 줄로 요약하고 링크를 하나씩 붙여 줘.',
    shop: '장 볼 것이 있는지 물어봐 줘',
    mail: '메일을 살펴보고 급한 것을 알려 줘',
    build: '야간 빌드를 확인하고 실패한 테스트를 정리해 줘',
    concert: '공연 시간을 알려 줘',
    report: '월간 보고서를 써 줘',
    groups: ['우리 집', '가족', '릴리스 팀'],
    result: '다섯 줄을 보냈습니다. 가장 긴 기사는 해안으로 가는 새 철도에 관한 것입니다.',
    failure: '에이전트가 종료 코드 1로 끝났습니다. 메일 서버가 응답하지 않았습니다.',
  },
} as const;

/** A schedule with something of everything, and what a core would answer about it at `now` (ms). */
export function demoSchedule(locale: 'en' | 'ko', now: number): {
  readonly tasks: readonly ScheduledTaskView[];
  readonly upcoming: CallResult<'schedule.upcoming'>;
  readonly runs: readonly ScheduleRunView[];
  readonly preview: CallResult<'schedule.preview'>;
} {
  const words = PROMPTS[locale];
  const iso = (at: number): string => new Date(at).toISOString();
  const run = (taskId: string, daysAgo: number, failed = false): ScheduleRunView => {
    const at = Date.parse('2026-11-20T08:00:00+09:00') - daysAgo * DAY_MS;
    const durationMs = 41_000 + daysAgo * 7_300;
    const ended = { durationMs, endedAt: iso(at + 90 + durationMs), result: failed ? null : words.result, error: failed ? words.failure : null };
    return { id: `${taskId}-run-${daysAgo}`, taskId, cause: 'due', status: failed ? 'failed' : 'succeeded', dueAt: iso(at), slots: 1, queuedAt: iso(at + 40), startedAt: iso(at + 90), ...ended };
  };
  const task = (id: string, group: number, prompt: string, kind: ScheduledTaskView['kind'], value: string, more: Partial<ScheduledTaskView> = {}): ScheduledTaskView => {
    const active = more.status === undefined || more.status === 'active';
    const next = active ? nextRuns(parseTiming({ kind, value, zone: more.zone ?? ZONE }, now - 4_380_000), now, 1)[0] : undefined;
    return {
      id,
      groupId: ['group-home', 'group-family', 'group-team'][group]!,
      groupName: words.groups[group]!,
      prompt,
      kind,
      value,
      zone: ZONE,
      followsZone: true,
      contextMode: 'isolated',
      missed: 'latest',
      status: 'active',
      pausedBy: null,
      pauseReason: null,
      nextRun: next === undefined ? null : iso(next),
      failures: 0,
      underWay: false,
      lastRun: null,
      createdBy: null,
      createdAt: iso(now - 30 * DAY_MS),
      updatedAt: iso(now - 3 * DAY_MS),
      ...more,
    };
  };
  const tasks = [
    task('task-news', 0, words.news, 'cron', '0 8 * * *', { lastRun: run('task-news', 0) }),
    task('task-shop', 1, words.shop, 'cron', '30 17 * * 5', { contextMode: 'group', createdBy: words.groups[1] }),
    task('task-mail', 0, words.mail, 'interval', '7200000', { missed: 'skip', failures: 1, lastRun: run('task-mail', 0, true) }),
    task('task-build', 2, words.build, 'cron', '0 7 * * 1-5', { contextMode: 'group', lastRun: run('task-build', 0) }),
    task('task-concert', 1, words.concert, 'once', '2026-12-24T18:00'),
    task('task-report', 0, words.report, 'cron', '0 18 L * *', { zone: 'Europe/Berlin', followsZone: false, status: 'paused', pausedBy: 'person' }),
  ];
  const until = now + DAY_MS;
  return {
    tasks,
    preview: { zone: ZONE, next: nextRuns(parseTiming({ kind: 'cron', value: '0 8 * * *', zone: ZONE }, now), now, 5).map(iso) },
    runs: [0, 1, 2, 3, 4].map((daysAgo) => run('task-news', daysAgo, daysAgo === 3)),
    upcoming: {
      from: iso(now),
      until: iso(until),
      tasks: tasks
        .filter(({ status }) => status === 'active')
        .map(({ id, kind, value, zone }) => ({
          task_id: id,
          at: nextRuns(parseTiming({ kind, value, zone }, now - 4_380_000), now, 12).filter((at) => at <= until).map(iso),
          has_more: false,
        }))
        .filter(({ at }) => at.length > 0),
    },
  };
}
