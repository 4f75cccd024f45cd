import { BellRing, CircleCheck, ClipboardCheck, CircleMinus, Mail, ShieldQuestionMark, TriangleAlert, Undo2, UserX, type LucideIcon } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { ImportanceBadge } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useNeeds } from '../../components/use-needs.ts';
import { pathTo } from '../../router.ts';
import { useCall, useLanguage } from '../../services.tsx';
import { conversationKey } from '../../state/conversations.ts';
import { AGENT } from '../../state/sessions.ts';
import type { Need } from '../../state/lookout.ts';
import css from './overview.module.css';

/** More than this is not a list to act on but a place to go to. */
const MOST = 8;

export function NeedsPanel() {
  const { t } = useLanguage();
  const needs = useNeeds();
  return (
    <section className={css['panel']} aria-labelledby="needs-title">
      <header>
        <h2 id="needs-title">{t('overview.needs.title')}</h2>
      </header>
      {needs.length === 0 ? (
        <p className={css['calm']}>
          <CircleCheck size={16} aria-hidden />
          {t('overview.needs.none')}
        </p>
      ) : (
        <ul className={css['rows']}>
          {needs.slice(0, MOST).map((need) => (
            <li key={keyOf(need)}>
              <NeedRow need={need} />
            </li>
          ))}
        </ul>
      )}
      {needs.length > MOST && <p className={css['more']}>{t('overview.needs.more', { count: needs.length - MOST })}</p>}
    </section>
  );
}

function keyOf(need: Need): string {
  switch (need.kind) {
    case 'problem':
      return `problem ${need.problem.code}`;
    case 'renewal':
      return `renewal ${need.renewal.id}`;
    case 'completion':
      return `completion ${need.completion.id}`;
    case 'message':
      return `message ${need.message.id}`;
    case 'blocked':
    case 'dropped':
      return `task ${need.task.id}`;
    case 'suspended':
      return `agent ${need.agent.id}`;
  }
}

function NeedRow({ need }: { readonly need: Need }) {
  const { t } = useLanguage();
  const call = useCall();
  switch (need.kind) {
    case 'problem':
      return <Row icon={TriangleAlert} what={t('overview.needs.problem')} text={need.problem.message} />;
    case 'renewal': {
      const { renewal } = need;
      const { agentName: agent, renewalCount: n, maxRenewals: max } = renewal;
      return (
        <Row
          icon={ShieldQuestionMark}
          role={renewal.role}
          what={t('overview.needs.renewal')}
          text={max === null ? agent : `${agent}: ${t('approval.countOf', { n, max })}`}
          time={renewal.renewedAt}
          href={pathTo('approvals')}
        >
          <Button size="small" aria-label={t('approval.keepLabel', { agent })} onClick={() => void call('renewals.keep', { renewal_id: renewal.id }, t('approval.keepFailed', { agent }))}>
            {t('approval.keep')}
          </Button>
        </Row>
      );
    }
    case 'completion': {
      const { id, task, team, summary, seenAt } = need.completion;
      return (
        <Row
          icon={ClipboardCheck}
          what={t('overview.needs.completion', { task })}
          text={[team, summary].filter((part) => part !== null).join(': ')}
          time={seenAt}
          href={pathTo('completions', String(id))}
        >
          <Button size="small" aria-label={t('completion.ackLabel', { task })} onClick={() => void call('completions.ack', { completion_id: id }, t('completion.ackFailed', { task }))}>
            {t('completion.ack')}
          </Button>
        </Row>
      );
    }
    case 'message': {
      const { message } = need;
      return (
        <Row
          icon={need.wantsAck ? BellRing : Mail}
          role={message.from_role}
          what={t(need.wantsAck ? 'overview.needs.ack' : 'overview.needs.unread')}
          text={message.body}
          badge={<ImportanceBadge importance={message.importance} />}
          time={message.ts}
          href={pathTo('messages', conversationKey(message))}
        >
          {need.wantsAck && (
            <Button size="small" onClick={() => void call('messages.ack', { message_id: message.id }, t('message.ackFailed'))}>
              {t('message.ack')}
            </Button>
          )}
        </Row>
      );
    }
    case 'blocked':
      return (
        <Row
          icon={CircleMinus}
          role={need.task.held_by ?? need.task.assignee_role}
          what={t('overview.needs.blocked', { id: String(need.task.id) })}
          text={need.task.note === '' ? need.task.title : `${need.task.title}: ${need.task.note}`}
          time={need.task.updated_at}
          href={pathTo('board', String(need.task.id))}
        />
      );
    case 'dropped':
      return (
        <Row
          icon={Undo2}
          role={need.task.assignee_role}
          what={t('overview.needs.dropped', { id: String(need.task.id) })}
          text={`${need.task.title} (${need.task.released_reason ?? ''})`}
          time={need.task.updated_at}
          href={pathTo('board', String(need.task.id))}
        />
      );
    case 'suspended':
      return (
        <Row
          icon={UserX}
          role={need.agent.role}
          what={t('overview.needs.suspended')}
          text={`${need.agent.name}: ${need.agent.statusReason ?? ''}`}
          href={pathTo('sessions', AGENT + need.agent.id)}
        />
      );
  }
}

interface RowProps {
  readonly icon: LucideIcon;
  readonly role?: string;
  readonly what: string;
  readonly text: string;
  readonly badge?: React.ReactNode;
  readonly time?: string;
  readonly href?: string;
  readonly children?: React.ReactNode;
}

function Row({ icon: Icon, role, what, text, badge, time, href, children }: RowProps) {
  const words = (
    <>
      <span className={css['what']}>
        {role && <RoleChip role={role} />}
        <span>{what}</span>
        {badge}
      </span>
      <span className={css['text']}>{text}</span>
    </>
  );
  return (
    <div className={css['need']}>
      <Icon size={16} aria-hidden />
      {href === undefined ? (
        <div className={css['words']}>{words}</div>
      ) : (
        <a className={css['words']} href={href}>
          {words}
        </a>
      )}
      <span className={css['side']}>
        {time && <RelativeTime time={time} />}
        {children}
      </span>
    </div>
  );
}
