import { useCallback, useMemo } from 'react';
import type { LogEvent } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/facts.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { eventText } from '../../i18n/event-text.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { useHistory, useLookBack } from '../../state/use-history.ts';
import css from './task-detail.module.css';

/** How many of the log's lines one step back looks through for those of this task. */
const PAGE = 500;

/** What happened to one task, newest first. */
export function TaskHistory({ taskId }: { readonly taskId: number }) {
  const language = useLanguage();
  const { t } = language;
  const call = useCall();
  const live = useSnapshot((snapshot) => snapshot.events);
  const subject = `task:${taskId}`;
  const matches = useCallback((event: LogEvent) => event.subject === subject, [subject]);
  const load = useCallback(
    async (beforeId: number | undefined) => {
      const answer = await call('log.list', { kinds: ['task'], limit: PAGE, ...(beforeId !== undefined && { before_id: beforeId }) }, t('activity.loadFailed'));
      return answer.ok ? { page: answer.result.events, hasMore: answer.result.has_more } : null;
    },
    [call, t],
  );
  const history = useHistory(useMemo(() => ({ live, matches, load }), [live, matches, load]));
  const created = history.items.some((event) => event.action === 'created');
  useLookBack(history, created ? Number.POSITIVE_INFINITY : history.items.length);
  return (
    <Section title={t('task.history')}>
      <ol className={css['history']}>
        {history.items.map((event) => (
          <li key={event.id}>
            {event.role === null ? <span /> : <RoleChip role={event.role} form="badge" />}
            <span>{eventText(language, event)}</span>
            <RelativeTime time={event.ts} />
          </li>
        ))}
        {!created && history.hasMore && (
          <li className={css['older']}>
            <Button size="small" kind="quiet" disabled={history.loading} onClick={history.loadMore}>
              {t('task.olderHistory')}
            </Button>
          </li>
        )}
      </ol>
    </Section>
  );
}
