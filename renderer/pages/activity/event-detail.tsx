import type { LogEvent } from '../../../preload/contract.ts';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { EventIcon } from '../../components/event-icon.tsx';
import { eventText, numberOfSubject } from '../../i18n/event-text.ts';
import { pathTo } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import css from './event-detail.module.css';

interface EventDetailProps {
  readonly event: LogEvent;
  readonly onClose: () => void;
}

export function EventDetail({ event, onClose }: EventDetailProps) {
  const language = useLanguage();
  const { t, find, format } = language;
  const kind = find(`kind.${event.kind}`, {}) ?? event.kind;
  const hasData = Object.keys(event.data).length > 0;
  return (
    <DetailPane
      label={t('activity.detail.label')}
      onClose={onClose}
      title={
        <>
          <EventIcon kind={event.kind} />
          {kind} <Mono>{event.id}</Mono>
        </>
      }
    >
      <p className={css['text']}>{eventText(language, event)}</p>
      <Facts>
        <Fact label={t('activity.detail.time')}>
          {format.exact(event.ts)} (<RelativeTime time={event.ts} />)
        </Fact>
        <Fact label={t('activity.detail.action')}>
          <Mono>{`${event.kind}.${event.action}`}</Mono>
        </Fact>
        {event.role !== null && (
          <Fact label={t('common.role')}>
            <RoleChip role={event.role} />
          </Fact>
        )}
        {event.subject !== null && (
          <Fact label={t('activity.detail.subject')}>
            <Subject subject={event.subject} />
          </Fact>
        )}
      </Facts>
      {hasData && (
        <Section title={t('activity.detail.data')}>
          <pre className={css['data']}>{JSON.stringify(event.data, null, 2)}</pre>
        </Section>
      )}
      <Section title={t('activity.detail.original')}>
        <p className={css['original']} lang="en">
          {event.text}
        </p>
      </Section>
    </DetailPane>
  );
}

function Subject({ subject }: { readonly subject: string }) {
  const id = numberOfSubject(subject);
  const name = <Mono>{subject}</Mono>;
  if (subject.startsWith('task:') && id !== null) return <a href={pathTo('board', String(id))}>{name}</a>;
  if (subject.startsWith('lock:')) return <a href={pathTo('locks', subject.slice('lock:'.length))}>{name}</a>;
  return name;
}
