import type { Field, NoticeText } from '../draft.ts';
import type { NoticeContexts } from '../notices.ts';
import type { Catalogue, SayTime } from './words.ts';

const CHANNELS: Readonly<Record<string, string>> = { console: '콘솔', whatsapp: 'WhatsApp', telegram: '텔레그램', discord: '디스코드', ntfy: 'ntfy', desktop: '데스크톱' };
const named = (channel: string): string => CHANNELS[channel] ?? channel;
const field = (label: string, value: string | number, on?: Field['on']): Field => ({ label, value: String(value), ...(on !== undefined && { on }) });
const renewals = (count: number, max: number | null): string => (max === null ? `${count}` : `${count}/${max}`);

function killSwitch(title: string, text: string) {
  return ({ at, failedSteps }: NoticeContexts['KILL_SWITCH_ACTIVATED'], time: SayTime): NoticeText => ({
    title,
    summary: text,
    fields: [field('시각', time(at)), ...(failedSteps.length > 0 ? [field('아직 멈추지 못함', failedSteps.join(', '))] : [])],
    body: text,
  });
}

const EXPIRING = {
  renewals: ({ remainingRenewals }) => `갱신이 ${remainingRenewals ?? 0}회 남았습니다`,
  lifetime: ({ absoluteExpiresAt }, time) => `${time(absoluteExpiresAt ?? '')}에 완전히 끝납니다`,
  token: ({ expiresAt }, time) => `갱신되지 않아 ${time(expiresAt ?? '')}에 토큰이 만료됩니다`,
} satisfies Record<string, (context: NoticeContexts['SESSION_EXPIRING_SOON'], time: SayTime) => string>;

/** Korean. Labels of SESSION_RENEWED are those of seed 004. */
export const KO: Catalogue = {
  locale: 'ko',
  notices: {
    SESSION_RENEWED: ({ agentName, renewalCount, maxRenewals, remainingAbsoluteLife, rejectButton, rejectWindowExpiry }, time) => ({
      title: '세션 갱신됨',
      summary: `${agentName} (${renewals(renewalCount, maxRenewals)})`,
      fields: [
        field('에이전트', agentName),
        field('갱신 횟수', renewals(renewalCount, maxRenewals), ['telegram']),
        field('갱신', renewals(renewalCount, maxRenewals), ['discord']),
        field('남은 수명', remainingAbsoluteLife ?? '제한 없음', ['telegram']),
        ...(rejectButton && rejectWindowExpiry !== undefined ? [field('거부 가능 시한', time(rejectWindowExpiry))] : []),
      ],
    }),
    SESSION_RENEWAL_REJECTED: ({ agentName, renewalCount, rejectedAt }, time) => ({
      title: '세션 갱신 거부됨',
      summary: `${agentName}: ${renewalCount}번째 갱신이 거부되어 세션이 끝났습니다`,
      fields: [field('에이전트', agentName), field('갱신', `${renewalCount}번째`), field('거부 시각', time(rejectedAt))],
    }),
    SESSION_EXPIRING_SOON: (context, time) => ({
      title: '세션이 곧 끝납니다',
      summary: `${context.agentName}: ${EXPIRING[context.reason](context, time)}`,
      fields: [
        field('에이전트', context.agentName),
        field('세션', context.sessionId.slice(-12)),
        ...(context.expiresAt === null ? [] : [field('토큰 만료', time(context.expiresAt))]),
        field('남은 갱신', context.remainingRenewals === null ? '제한 없음' : `${context.remainingRenewals}회`),
      ],
      body: `${EXPIRING[context.reason](context, time)}.`,
    }),
    KILL_SWITCH_ACTIVATED: killSwitch('킬 스위치 켜짐', '모든 작업이 중단되었습니다.'),
    KILL_SWITCH_RECOVERY_STARTED: killSwitch('킬 스위치 복구 시작', '복구 대기가 시작되었습니다. 본인이 아니라면 취소하세요.'),
    KILL_SWITCH_RECOVERY_READY: killSwitch('킬 스위치 복구 가능', '복구 대기가 끝났습니다. 지금 복구를 마칠 수 있습니다. 본인이 시작한 것이 아니라면 취소하세요.'),
    KILL_SWITCH_RECOVERY_CANCELLED: killSwitch('복구 취소됨', '복구가 취소되었습니다. 킬 스위치는 켜진 상태입니다.'),
    KILL_SWITCH_RECOVERED: killSwitch('킬 스위치 꺼짐', '다시 작업할 수 있습니다.'),
    AUTO_STOP_TRIGGERED: ({ agentName, what, action }) => {
      const done = { warn: '중단된 것은 없습니다.', suspend_agent: '에이전트가 정지되었습니다.', kill_switch: '킬 스위치를 켰습니다.' }[action];
      return { title: '자동 중단', summary: `${agentName}: ${done} (${what})`, fields: [field('에이전트', agentName), field('이유', what)], body: done };
    },
    APPROVAL_REQUESTED: ({ from, what }) => ({ title: '결정을 기다립니다', summary: `${from}: ${what}`, fields: [field('요청', from)], body: what }),
    COMPLETION_DONE: ({ task, times, team, summary, report, finishedAt }, time) => ({
      title: times > 1 ? `${task} 완료 (${times}번째)` : `${task} 완료`,
      summary: summary ?? (report === null ? '작업이 끝났습니다' : `보고서: ${report}`),
      fields: [...(team === null ? [] : [field('팀', team)]), ...(report === null ? [] : [field('보고서', report)]), field('완료 시각', time(finishedAt), ['discord'])],
      ...(summary !== null && { body: summary }),
    }),
    COMPLETION_ESCALATED: ({ task, team, waitedMinutes, finishedAt }, time) => ({
      title: `${task} 아직 미처리`,
      summary: `완료 후 ${waitedMinutes}분이 지났지만 확인되지 않았습니다`,
      fields: [...(team === null ? [] : [field('팀', team)]), field('완료 시각', time(finishedAt)), field('경과', `${waitedMinutes}분`)],
    }),
    RUN_FAILED: ({ group, reason, attempts, retryAt }, time) => ({
      title: `${group} 실행 실패`,
      summary: reason,
      fields: [field('시도', `${attempts}번째`), ...(retryAt === null ? [] : [field('다음 시도', time(retryAt))])],
      body: reason,
    }),
    RUN_DEAD: ({ group, reason, attempts }) => ({ title: `${group} 실행 포기`, summary: `${reason} (${attempts}회 시도)`, fields: [field('시도 횟수', `${attempts}회`)], body: reason }),
    SCHEDULE_FAILED: ({ title, group, reason }) => ({ title: '예약 작업 실패', summary: `${title}: ${reason}`, fields: [field('작업', title), field('그룹', group)], body: reason }),
    SCHEDULE_PAUSED: ({ title, group, reason, failures }) => ({
      title: '예약 작업 일시 중지됨',
      summary: `${title}: 연속 ${failures}회 실패`,
      fields: [field('작업', title), field('그룹', group), field('연속 실패', `${failures}회`)],
      body: reason,
    }),
    CHANNEL_DOWN: ({ channel, reason, since }, time) => ({ title: `${named(channel)} 연결 끊김`, summary: reason, fields: [field('끊긴 시각', time(since))], body: reason }),
    NOTICE_CHANNEL_DOWN: ({ channel, reason, failures }) => ({
      title: `${named(channel)} 알림이 전달되지 않습니다`,
      summary: `${reason} (연속 ${failures}회 실패)`,
      fields: [field('연속 실패', `${failures}회`)],
      body: reason,
    }),
    DISK_LOW: ({ path, freeMiB }) => ({ title: '디스크 공간 부족', summary: `${path}에 ${freeMiB} MiB 남았습니다`, fields: [field('남은 공간', `${freeMiB} MiB`), field('위치', path)] }),
    UPDATE_READY: ({ version }) => ({ title: '새 버전이 있습니다', summary: `Wheelhouse ${version}`, fields: [field('버전', version)] }),
    TEST: ({ channel }) => ({ title: 'Wheelhouse 테스트 알림', summary: `${named(channel)} 알림이 도착합니다.`, fields: [], body: `${named(channel)} 알림이 도착합니다.` }),
  },
  actions: { keep: '유지', reject: '거부하기', ack: '확인' },
  mayRepeat: '중복 알림일 수 있음',
  list: (count, allDone) => (allDone ? `일괄 완료 (${count}건)` : `알림 ${count}건`),
  more: (count) => `외 ${count}건`,
};
