import { useCallback, useMemo, useState } from 'react';
import { ClipboardCheck, FolderX } from 'lucide-react';
import type { CompletionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { COMPLETION_FILTERS, escalatedOf, isOpen, matchesCompletion, readCompletionFilter, teamsOf, type CompletionFilter } from '../../state/completions.ts';
import { useHistory, useLookBack } from '../../state/use-history.ts';
import { CompletionDetail } from './completion-detail.tsx';
import { CompletionTable } from './completion-table.tsx';
import { HowTo } from './how-to.tsx';
import { RefusedFiles, REFUSED } from './refused-files.tsx';
import css from './completions.module.css';

const PAGE = 200;
const clearFilters = (): void => setFilters({ state: '', team: '' });

/** What agents have finished, and whether anybody has seen it. */
export function CompletionsPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const filter = readCompletionFilter(filters['state']);
  const team = filters['team'] ?? '';
  const live = useSnapshot((snapshot) => snapshot.completions);
  const { refused } = useSnapshot((snapshot) => snapshot.completionFolders);
  const teams = useMemo(() => teamsOf(live), [live]);
  const history = useCompletions(filter, team);
  useLookBack(history, history.items.length);
  const shown = useOpenCompletion([...live, ...history.items], open);
  const waiting = live.filter(isOpen).length;
  const escalated = escalatedOf(live).length;
  return (
    <Page
      title={t('nav.completions')}
      meta={waiting > 0 && t('completion.summary', { waiting, escalated })}
      toolbar={
        <>
          <Select
            aria-label={t('completion.show')}
            value={filter}
            onChoose={(value) => setFilters({ state: value === 'current' ? '' : value })}
            options={COMPLETION_FILTERS.map((value) => ({ value, label: t(`completion.shown.${value}`) }))}
          />
          {(teams.length > 0 || team !== '') && (
            <Select
              aria-label={t('completion.team')}
              value={team}
              onChoose={(value) => setFilters({ team: value })}
              options={[{ value: '', label: t('completion.allTeams') }, ...[...new Set([...teams, ...(team === '' ? [] : [team])])].map((name) => ({ value: name, label: name }))]}
            />
          )}
        </>
      }
    >
      <ListDetail
        list={
          <ListScroll>
            <FolderTroubles />
            {refused.length > 0 && (
              <p className={css['refused']}>
                {t('completion.refused.count', { count: refused.length })}
                <Button size="small" aria-expanded={open === REFUSED} onClick={() => showDetail(REFUSED)}>
                  {t('completion.refused.show')}
                </Button>
              </p>
            )}
            {history.items.length > 0 ? (
              <CompletionTable completions={history.items} openId={open} />
            ) : history.loading || history.hasMore ? null : filter === 'current' && team === '' && live.length === 0 ? (
              <EmptyState icon={ClipboardCheck} title={t('completion.empty.title')} text={t('completion.empty.text')} action={<HowTo />} />
            ) : (
              <EmptyState icon={ClipboardCheck} title={t('completion.noMatch')} action={<Button onClick={clearFilters}>{t('common.clearFilters')}</Button>} />
            )}
            {history.hasMore && !history.loading && (
              <div className={css['more']}>
                <Button onClick={history.loadMore}>{t('completion.earlier')}</Button>
              </div>
            )}
          </ListScroll>
        }
        detail={
          open === REFUSED ? (
            <RefusedFiles files={refused} onClose={closeDetail} />
          ) : (
            shown && <CompletionDetail key={shown.id} completion={shown} onClose={closeDetail} />
          )
        }
      />
    </Page>
  );
}

/** A folder that is away is why nothing comes. */
function FolderTroubles() {
  const { t } = useLanguage();
  const { folders } = useSnapshot((snapshot) => snapshot.completionFolders);
  return folders
    .filter(({ state }) => state !== 'watched')
    .map(({ path, state }) => (
      <p key={path} className={css['trouble']} role="status">
        <FolderX size={16} aria-hidden />
        {t(state === 'missing' ? 'completion.folderMissing' : 'completion.folderUnreadable', { folder: path })}
      </p>
    ));
}

function useCompletions(filter: CompletionFilter, team: string) {
  const { t } = useLanguage();
  const call = useCall();
  const live = useSnapshot((snapshot) => snapshot.completions);
  const matches = useCallback((completion: CompletionView) => matchesCompletion(completion, filter, team), [filter, team]);
  const load = useCallback(
    async (beforeId: number | undefined) => {
      const answer = await call(
        'completions.list',
        { which: filter, limit: PAGE, ...(team !== '' && { team }), ...(beforeId !== undefined && { before_id: beforeId }) },
        t('completion.loadFailed'),
      );
      return answer.ok ? { page: answer.result.completions, hasMore: answer.result.has_more } : null;
    },
    [call, t, filter, team],
  );
  const history = useHistory(useMemo(() => ({ live, matches, load }), [live, matches, load]));
  // An entry that changed since may have left what is looked for.
  const items = useMemo(() => history.items.filter(matches), [history.items, matches]);
  return useMemo(() => ({ ...history, items }), [history, items]);
}

/** The open one stays open when it leaves the list, as after an ack. */
function useOpenCompletion(known: readonly CompletionView[], open: string | null): CompletionView | null {
  const [kept, keep] = useState<CompletionView | null>(null);
  if (open === null || open === REFUSED) return null;
  const found = known.find(({ id }) => String(id) === open) ?? null;
  if (found === null) return String(kept?.id) === open ? kept : null;
  if (found !== kept) keep(found);
  return found;
}
