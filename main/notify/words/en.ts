import type { Field, NoticeText } from '../draft.ts';
import type { NoticeContexts } from '../notices.ts';
import type { Catalogue, SayTime } from './words.ts';

const CHANNELS: Readonly<Record<string, string>> = { console: 'Console', whatsapp: 'WhatsApp', telegram: 'Telegram', discord: 'Discord', ntfy: 'ntfy', desktop: 'the desktop' };
const named = (channel: string): string => CHANNELS[channel] ?? channel;
const field = (label: string, value: string | number, on?: Field['on']): Field => ({ label, value: String(value), ...(on !== undefined && { on }) });
const renewals = (count: number, max: number | null): string => (max === null ? `${count}` : `${count}/${max}`);
const times = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function killSwitch(title: string) {
  return ({ at, text, failedSteps }: NoticeContexts['KILL_SWITCH_ACTIVATED'], time: SayTime): NoticeText => ({
    title,
    summary: text,
    fields: [field('Time', time(at)), ...(failedSteps.length > 0 ? [field('Did not work yet', failedSteps.join(', '))] : [])],
    body: text,
  });
}

const EXPIRING = {
  renewals: ({ remainingRenewals }) => `${times(remainingRenewals ?? 0, 'renewal')} left`,
  lifetime: ({ absoluteExpiresAt }, time) => `ends for good at ${time(absoluteExpiresAt ?? '')}`,
  token: ({ expiresAt }, time) => `token ends at ${time(expiresAt ?? '')} and was not renewed`,
} satisfies Record<string, (context: NoticeContexts['SESSION_EXPIRING_SOON'], time: SayTime) => string>;

/** English. Labels of SESSION_RENEWED follow seed 004. */
export const EN: Catalogue = {
  locale: 'en',
  notices: {
    SESSION_RENEWED: ({ agentName, renewalCount, maxRenewals, remainingAbsoluteLife, rejectButton, rejectWindowExpiry }, time) => ({
      title: 'Session renewed',
      summary: `${agentName} (${renewals(renewalCount, maxRenewals)})`,
      fields: [
        field('Agent', agentName),
        field('Renewals', renewals(renewalCount, maxRenewals)),
        field('Life left', remainingAbsoluteLife ?? 'no limit', ['telegram']),
        ...(rejectButton && rejectWindowExpiry !== undefined ? [field('Can be rejected until', time(rejectWindowExpiry))] : []),
      ],
    }),
    SESSION_RENEWAL_REJECTED: ({ agentName, renewalCount, rejectedAt }, time) => ({
      title: 'Session renewal rejected',
      summary: `${agentName}: renewal ${renewalCount} was rejected, the session is over`,
      fields: [field('Agent', agentName), field('Renewal', renewalCount), field('Rejected at', time(rejectedAt))],
    }),
    SESSION_EXPIRING_SOON: (context, time) => ({
      title: 'Session will end soon',
      summary: `${context.agentName}: ${EXPIRING[context.reason](context, time)}`,
      fields: [
        field('Agent', context.agentName),
        field('Session', context.sessionId.slice(-12)),
        ...(context.expiresAt === null ? [] : [field('Token ends', time(context.expiresAt))]),
        field('Renewals left', context.remainingRenewals ?? 'no limit'),
      ],
      body: `${EXPIRING[context.reason](context, time)}.`,
    }),
    KILL_SWITCH_ACTIVATED: killSwitch('Kill switch on'),
    KILL_SWITCH_RECOVERY_STARTED: killSwitch('Recovery from the kill switch has begun'),
    KILL_SWITCH_RECOVERY_READY: killSwitch('Recovery can be finished'),
    KILL_SWITCH_RECOVERY_CANCELLED: killSwitch('Recovery was cancelled'),
    KILL_SWITCH_RECOVERED: killSwitch('Kill switch off'),
    AUTO_STOP_TRIGGERED: ({ agentName, what, action }) => {
      const done = { warn: 'Nothing was stopped.', suspend_agent: 'The agent was suspended.', kill_switch: 'The kill switch was pulled.' }[action];
      return { title: 'Auto-stop', summary: `${agentName}: ${what}. ${done}`, fields: [field('Agent', agentName), field('Why', what)], body: done };
    },
    APPROVAL_REQUESTED: ({ from, what }) => ({ title: 'Waits for your decision', summary: `${from}: ${what}`, fields: [field('From', from)], body: what }),
    COMPLETION_DONE: ({ task, times: nth, team, summary, report, finishedAt }, time) => ({
      title: nth > 1 ? `${task} done (no. ${nth})` : `${task} done`,
      summary: summary ?? (report === null ? 'finished' : `report: ${report}`),
      fields: [...(team === null ? [] : [field('Team', team)]), ...(report === null ? [] : [field('Report', report)]), field('Finished', time(finishedAt), ['discord'])],
      ...(summary !== null && { body: summary }),
    }),
    COMPLETION_ESCALATED: ({ task, team, waitedMinutes, finishedAt }, time) => ({
      title: `${task} still not acknowledged`,
      summary: `done for ${times(waitedMinutes, 'minute')}, and nobody has reacted`,
      fields: [...(team === null ? [] : [field('Team', team)]), field('Finished', time(finishedAt)), field('Waiting for', times(waitedMinutes, 'minute'))],
    }),
    RUN_FAILED: ({ group, reason, attempts, retryAt }, time) => ({
      title: `A run of ${group} failed`,
      summary: reason,
      fields: [field('Attempt', attempts), ...(retryAt === null ? [] : [field('Next attempt', time(retryAt))])],
      body: reason,
    }),
    RUN_DEAD: ({ group, reason, attempts }) => ({
      title: `A run of ${group} was given up`,
      summary: `${reason} (${times(attempts, 'attempt')})`,
      fields: [field('Attempts', attempts)],
      body: reason,
    }),
    SCHEDULE_FAILED: ({ title, group, reason }) => ({ title: 'A scheduled task failed', summary: `${title}: ${reason}`, fields: [field('Task', title), field('Group', group)], body: reason }),
    SCHEDULE_PAUSED: ({ title, group, reason, failures }) => ({
      title: 'A scheduled task was paused',
      summary: `${title}: failed ${times(failures, 'time')} in a row`,
      fields: [field('Task', title), field('Group', group), field('Failures in a row', failures)],
      body: reason,
    }),
    CHANNEL_DOWN: ({ channel, reason, since }, time) => ({ title: `${named(channel)} is not connected`, summary: reason, fields: [field('Since', time(since))], body: reason }),
    NOTICE_CHANNEL_DOWN: ({ channel, reason, failures }) => ({
      title: `Notices by ${named(channel)} do not arrive`,
      summary: `${reason} (${times(failures, 'failure')} in a row)`,
      fields: [field('Failures in a row', failures)],
      body: reason,
    }),
    DISK_LOW: ({ path, freeMiB }) => ({ title: 'The disk is nearly full', summary: `${freeMiB} MiB are free at ${path}`, fields: [field('Free', `${freeMiB} MiB`), field('Where', path)] }),
    UPDATE_READY: ({ version }) => ({ title: 'A new version is available', summary: `Wheelhouse ${version}`, fields: [field('Version', version)] }),
    TEST: ({ channel }) => ({ title: 'Test from Wheelhouse', summary: `Notices by ${named(channel)} arrive.`, fields: [], body: `Notices by ${named(channel)} arrive.` }),
  },
  actions: { keep: 'Keep', reject: 'Reject', ack: 'Acknowledge' },
  mayRepeat: 'may be a repeat',
  list: (count, allDone) => (allDone ? `${count} tasks done` : `${count} notices`),
  more: (count) => `and ${count} more`,
};
