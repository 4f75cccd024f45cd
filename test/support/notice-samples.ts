import type { Notice, NoticeContexts } from '../../main/notify/notices.ts';
import type { NoticeType } from '../../main/notify/types.ts';

const AT = '2026-11-20T09:00:00.000Z';
const SESSION = '0194a000-0000-7000-8000-0123456789ab';
const killSwitch = (text: string, failedSteps: readonly string[] = []): NoticeContexts['KILL_SWITCH_ACTIVATED'] => ({ at: AT, text, failedSteps });
const schedule = { taskId: 't-1', title: '매일 아침 보고', group: 'dev-team', reason: 'the container ended with exit code 1' };

/** One notice of each type, with all that it can hold. */
export const SAMPLES: { readonly [T in NoticeType]: NoticeContexts[T] } = {
  SESSION_RENEWED: {
    sessionId: SESSION,
    agentName: 'fe-1',
    renewalCount: 3,
    maxRenewals: 30,
    remainingAbsoluteLife: '27d 12h',
    rejectButton: true,
    rejectWindowExpiry: '2026-11-20T10:00:00.000Z',
  },
  SESSION_RENEWAL_REJECTED: { sessionId: SESSION, agentName: 'fe-1', renewalCount: 3, rejectedAt: AT },
  SESSION_EXPIRING_SOON: { sessionId: SESSION, agentName: 'fe-1', expiresAt: AT, absoluteExpiresAt: null, remainingRenewals: 2, reason: 'renewals' },
  KILL_SWITCH_ACTIVATED: killSwitch('Everything was stopped: agents run wild.', ['containers']),
  KILL_SWITCH_RECOVERY_STARTED: killSwitch('A recovery has begun; it can be finished in 30 minutes.'),
  KILL_SWITCH_RECOVERY_READY: killSwitch('The wait of the recovery is over: it can be finished now.'),
  KILL_SWITCH_RECOVERY_CANCELLED: killSwitch('The recovery was cancelled; the kill switch stays on.'),
  KILL_SWITCH_RECOVERED: killSwitch('The kill switch is off; agents may act again.'),
  AUTO_STOP_TRIGGERED: { agentName: 'fe-1', what: '3 runs in a row failed', action: 'suspend_agent' },
  APPROVAL_REQUESTED: { from: 'BE', what: 'May I drop the table <users> & its index?', page: 'messages' },
  COMPLETION_DONE: { completionId: '1', task: 'task-897.1', times: 2, team: 'dev1', summary: '로그인 화면을 고쳤습니다. 테스트 41개 통과.', report: '/srv/reports/task-897.1.md', finishedAt: AT },
  COMPLETION_ESCALATED: { completionId: '1', task: 'task-897.1', times: 1, team: 'dev1', waitedMinutes: 30, finishedAt: AT },
  RUN_FAILED: { runId: 'r-1', group: 'dev-team', reason: 'exit code 1', attempts: 2, retryAt: AT },
  RUN_DEAD: { runId: 'r-1', group: 'dev-team', reason: 'exit code 1', attempts: 5 },
  SCHEDULE_FAILED: schedule,
  SCHEDULE_PAUSED: { ...schedule, failures: 5 },
  CHANNEL_DOWN: { channel: 'whatsapp', reason: 'the account was logged out', since: AT },
  NOTICE_CHANNEL_DOWN: { channel: 'telegram', reason: 'HTTP 401: Unauthorized', failures: 3 },
  DISK_LOW: { path: '/home/dev/.waiaas', freeMiB: 312 },
  UPDATE_READY: { version: '1.4.0' },
  TEST: { channel: 'ntfy' },
};

/** The sample of a type, with changes. */
export function sample<T extends NoticeType>(type: T, changes: Partial<NoticeContexts[T]> = {}): Extract<Notice, { type: T }> {
  return { type, context: { ...SAMPLES[type], ...changes } } as unknown as Extract<Notice, { type: T }>;
}
