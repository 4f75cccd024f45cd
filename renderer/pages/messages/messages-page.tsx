import { MailOpen, MessagesSquare, PenLine } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { SearchBox, Select } from '../../components/field.tsx';
import { IndexDetail } from '../../components/index-detail.tsx';
import { Kbd } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { usePerson, useUnread } from '../../components/use-person.ts';
import { useResting } from '../../components/use-resting.ts';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { ConversationList } from './conversation-list.tsx';
import { ConversationView } from './conversation-view.tsx';
import { NewMessage } from './new-message.tsx';
import { SearchResults } from './search-results.tsx';
import css from './messages.module.css';

const compose = (): void => showDetail('new');

/** Who wrote what to whom, and how far it got. */
export function MessagesPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const { role = '', q = '' } = filters;
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const messages = useSnapshot((snapshot) => snapshot.messages);
  const person = usePerson();
  const words = useResting(q.trim());
  const empty = messages.length === 0 && open === null && q === '';
  return (
    <Page
      title={t('nav.messages')}
      action={
        <>
          <MarkAllRead />
          <Button kind="primary" icon={PenLine} data-page-action onClick={compose} trailing={<Kbd>C</Kbd>}>
            {t('message.compose')}
          </Button>
        </>
      }
      toolbar={
        <>
          <SearchBox value={q} label={t('message.search')} onSearch={(value) => setFilters({ q: value })} />
          <Select
            aria-label={t('common.role')}
            value={role}
            onChoose={(value) => setFilters({ role: value })}
            options={[{ value: '', label: t('common.allRoles') }, ...roles.map(({ name }) => ({ value: name, label: name }))]}
          />
        </>
      }
    >
      {empty ? (
        <div className={css['centre']}>
          <EmptyState
            icon={MessagesSquare}
            title={t('message.empty.title')}
            text={t('message.empty.text', { role: person })}
            action={
              <Button kind="primary" icon={PenLine} onClick={compose}>
                {t('message.compose')}
              </Button>
            }
          />
        </div>
      ) : (
        <IndexDetail
          index={words === '' ? <ConversationList role={role} openKey={open} /> : <SearchResults query={words} role={role} openKey={open} />}
          detail={open === null ? null : open === 'new' ? <NewMessage onClose={closeDetail} /> : <ConversationView key={open} conversationKey={open} onClose={closeDetail} />}
          nothing={{ icon: MessagesSquare, title: t('message.pick') }}
        />
      )}
    </Page>
  );
}

/** The person's own word that everything has been read; shown while something is unread. */
function MarkAllRead() {
  const { t } = useLanguage();
  const call = useCall();
  const unread = useUnread();
  const newest = useSnapshot((snapshot) => snapshot.messages.at(-1)?.id ?? 0);
  if (unread === 0 || newest === 0) return null;
  return (
    <Button kind="quiet" icon={MailOpen} onClick={() => void call('messages.markRead', { up_to_id: newest }, t('message.markFailed'))}>
      <span className={css['wideOnly']}>{t('message.markAllRead')}</span>
    </Button>
  );
}
