import { useMemo } from 'react';
import { TriangleAlert, UserLock } from 'lucide-react';
import { EmptyState } from '../../components/empty-state.tsx';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { useOwners } from '../../components/use-owners.ts';
import { goTo, pathTo, setFilters, useRoute } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import { OWNER_FILTERS, ownersBy, readOwnerFilter } from '../../state/owners.ts';
import { OwnerDetail } from './owner-detail.tsx';
import { OwnerTable } from './owner-table.tsx';
import css from './owners.module.css';

/** Whom each agent belongs to, and what it takes to change that. */
export function OwnersPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const filter = readOwnerFilter(filters['show']);
  const { owners, failed, reload } = useOwners();
  const shown = useMemo(() => ownersBy(filter, owners ?? []), [owners, filter]);
  const opened = owners?.find(({ agentId }) => agentId === open) ?? null;
  const owned = owners?.filter(({ state }) => state !== 'NONE').length ?? 0;
  return (
    <Page
      title={t('nav.owners')}
      meta={owners !== null && owners.length > 0 && t('owner.summary', { owned, count: owners.length })}
      toolbar={
        <Select
          aria-label={t('owner.show')}
          value={filter}
          onChoose={(value) => setFilters({ show: value === 'all' ? '' : value })}
          options={OWNER_FILTERS.map((value) => ({ value, label: t(`owner.shown.${value}`) }))}
        />
      }
    >
      <ListDetail
        list={
          <ListScroll>
            {owners === null ? (
              failed && <EmptyState icon={TriangleAlert} title={t('owner.loadFailed')} action={<Button onClick={reload}>{t('common.retry')}</Button>} />
            ) : owners.length === 0 ? (
              <EmptyState
                icon={UserLock}
                title={t('owner.empty.title')}
                text={t('owner.empty.text')}
                action={
                  <Button kind="primary" onClick={() => goTo(pathTo('sessions', 'new'))}>
                    {t('session.addAgent')}
                  </Button>
                }
              />
            ) : shown.length === 0 ? (
              <EmptyState icon={UserLock} title={t('owner.noMatch')} action={<Button onClick={() => setFilters({ show: '' })}>{t('common.clearFilters')}</Button>} />
            ) : (
              <>
                <p className={css['intro']}>{t('owner.intro')}</p>
                <OwnerTable owners={shown} openId={opened?.agentId ?? null} />
              </>
            )}
          </ListScroll>
        }
        detail={opened && <OwnerDetail key={opened.agentId} owner={opened} onClose={closeDetail} />}
      />
    </Page>
  );
}
