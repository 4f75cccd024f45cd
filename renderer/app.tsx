import { Suspense, lazy, useCallback, useEffect, useState, type ComponentType } from 'react';
import { LoaderCircle, Unplug } from 'lucide-react';
import type { Page } from '../preload/contract.ts';
import { Arrivals } from './components/arrivals.tsx';
import { Brand } from './components/brand.tsx';
import { Command } from './components/command.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { KillSwitchBanner } from './components/kill-switch-banner.tsx';
import { ShortcutsDialog, useShortcuts } from './components/shortcuts.tsx';
import { Sidebar } from './components/sidebar.tsx';
import { Toaster } from './components/toaster.tsx';
import { useNeeds } from './components/use-needs.ts';
import { loadPart } from './load-part.ts';
import { PAGES, useRoute } from './router.ts';
import { MovedContext, useLanguage, useMirror } from './services.tsx';
import css from './app.module.css';

const LOADERS: Record<Page, () => Promise<{ readonly default: ComponentType }>> = {
  overview: async () => ({ default: (await import('./pages/overview/overview-page.tsx')).OverviewPage }),
  activity: async () => ({ default: (await import('./pages/activity/activity-page.tsx')).ActivityPage }),
  board: async () => ({ default: (await import('./pages/board/board-page.tsx')).BoardPage }),
  messages: async () => ({ default: (await import('./pages/messages/messages-page.tsx')).MessagesPage }),
  locks: async () => ({ default: (await import('./pages/locks/locks-page.tsx')).LocksPage }),
  completions: async () => ({ default: (await import('./pages/completions/completions-page.tsx')).CompletionsPage }),
  schedule: async () => ({ default: (await import('./pages/schedule/schedule-page.tsx')).SchedulePage }),
  agents: async () => ({ default: (await import('./pages/agents/agents-page.tsx')).AgentsPage }),
  chat: async () => ({ default: (await import('./pages/chat/chat-page.tsx')).ChatPage }),
  channels: async () => ({ default: (await import('./pages/channels/channels-page.tsx')).ChannelsPage }),
  sessions: async () => ({ default: (await import('./pages/sessions/sessions-page.tsx')).SessionsPage }),
  approvals: async () => ({ default: (await import('./pages/approvals/approvals-page.tsx')).ApprovalsPage }),
  owners: async () => ({ default: (await import('./pages/owners/owners-page.tsx')).OwnersPage }),
  notifications: async () => ({ default: (await import('./pages/notifications/notifications-page.tsx')).NotificationsPage }),
  'kill-switch': async () => ({ default: (await import('./pages/kill-switch/kill-switch-page.tsx')).KillSwitchPage }),
};
const VIEWS: Record<Page, ComponentType> = {
  overview: lazy(async () => loadPart(LOADERS.overview)),
  activity: lazy(async () => loadPart(LOADERS.activity)),
  board: lazy(async () => loadPart(LOADERS.board)),
  messages: lazy(async () => loadPart(LOADERS.messages)),
  locks: lazy(async () => loadPart(LOADERS.locks)),
  completions: lazy(async () => loadPart(LOADERS.completions)),
  schedule: lazy(async () => loadPart(LOADERS.schedule)),
  agents: lazy(async () => loadPart(LOADERS.agents)),
  chat: lazy(async () => loadPart(LOADERS.chat)),
  channels: lazy(async () => loadPart(LOADERS.channels)),
  sessions: lazy(async () => loadPart(LOADERS.sessions)),
  approvals: lazy(async () => loadPart(LOADERS.approvals)),
  owners: lazy(async () => loadPart(LOADERS.owners)),
  notifications: lazy(async () => loadPart(LOADERS.notifications)),
  'kill-switch': lazy(async () => loadPart(LOADERS['kill-switch'])),
};

/** Fetches the other pages while nothing else is to do, so that going there is immediate. */
function useQuietLoading(): void {
  useEffect(() => {
    const idle = requestIdleCallback(() => {
      // Going to the page asks again, and tells what is wrong.
      for (const page of PAGES) loadPart(LOADERS[page]).catch(() => {});
    });
    return () => cancelIdleCallback(idle);
  }, []);
}

export function App() {
  const connection = useMirror((mirror) => mirror.connection);
  const ready = useMirror((mirror) => mirror.snapshot !== null);
  if (connection === 'signed-out') return <SignedOut />;
  return ready ? <Shell /> : <Connecting />;
}

/** Pages whose texts are in the second catalogue of a language. */
const LATER_PAGES: ReadonlySet<Page> = new Set<Page>(['schedule', 'channels', 'chat', 'notifications']);

function Shell() {
  const { t, complete } = useLanguage();
  const route = useRoute();
  const [showingShortcuts, setShowingShortcuts] = useState(false);
  const showShortcuts = useCallback(() => setShowingShortcuts(true), []);
  useShortcuts(showShortcuts);
  useTitle(route.page);
  useQuietLoading();
  const [start] = useState(route.page);
  const [moved, setMoved] = useState(false);
  if (!moved && route.page !== start) setMoved(true);
  const View = VIEWS[route.page];
  const readable = complete || !LATER_PAGES.has(route.page);
  return (
    <div className={css['shell']}>
      <a className={css['skip']} href="#main" onClick={skipToMain}>
        {t('app.skip')}
      </a>
      <div className={css['side']}>
        <Sidebar page={route.page} onShowShortcuts={showShortcuts} />
      </div>
      <main id="main" className={css['main']} tabIndex={-1}>
        <ReconnectingBar />
        <KillSwitchBanner />
        <div className={css['view']}>
          <ErrorBoundary key={route.page}>
            <Suspense fallback={null}>
              <MovedContext value={moved}>
                {readable && <View />}
              </MovedContext>
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <Toaster />
      <Arrivals />
      {showingShortcuts && <ShortcutsDialog onClose={() => setShowingShortcuts(false)} />}
    </div>
  );
}

/** The address holds the page, so the link must not change it. */
function skipToMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}

function useTitle(page: Page): void {
  const { t } = useLanguage();
  const needsYou = useNeeds().length;
  useEffect(() => {
    document.title = `${needsYou > 0 ? `(${needsYou}) ` : ''}${t(`nav.${page}`)} · ${t('app.name')}`;
  }, [t, page, needsYou]);
}

function ReconnectingBar() {
  const { t } = useLanguage();
  const away = useMirror((mirror) => mirror.connection === 'reconnecting');
  return (
    <div role="status">
      {away && (
        <p className={css['away']}>
          <LoaderCircle size={14} aria-hidden />
          {t('connection.reconnecting')}
        </p>
      )}
    </div>
  );
}

function Connecting() {
  const { t } = useLanguage();
  const away = useMirror((mirror) => mirror.connection === 'reconnecting');
  return (
    <main className={css['alone']} aria-busy>
      <Brand size={36} />
      <p>{t(away ? 'connection.unreachable' : 'connection.connecting')}</p>
    </main>
  );
}

/** The cookie of the one-time link is not good any more. */
function SignedOut() {
  const { t } = useLanguage();
  return (
    <main className={css['alone']} data-now>
      <Unplug size={36} strokeWidth={1.5} aria-hidden />
      <h1>{t('connection.signedOut.title')}</h1>
      <p>{t('connection.signedOut.text')}</p>
      <div className={css['command']}>
        <Command text="wheelhouse ui" />
      </div>
    </main>
  );
}
