import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Activity, Bell, Bot, CalendarClock, ClipboardCheck, KeyRound, Keyboard, LayoutDashboard, Lock, MessageCircle, MessagesSquare, OctagonX, RadioTower, Settings, ShieldCheck, SquareKanban, UserLock, type LucideIcon } from 'lucide-react';
import type { Page, ThemeChoice, UiSettings } from '../../preload/contract.ts';
import { PAGES, SECTIONS, pathTo } from '../router.ts';
import { useCall, useLanguage, useMirror, useSnapshot } from '../services.tsx';
import { Brand } from './brand.tsx';
import { IconButton } from './button.tsx';
import { CoreStatus } from './core-status.tsx';
import { CountBadge } from './marks.tsx';
import { Menu } from './menu.tsx';
import { useNow } from './time.tsx';
import { escalatedOf } from '../state/completions.ts';
import { troubledChannels } from '../state/chats.ts';
import { isLive } from '../state/groups.ts';
import { countOpen } from '../state/renewals.ts';
import { useNeeds } from './use-needs.ts';
import { useUnread } from './use-person.ts';
import css from './sidebar.module.css';

const ICONS: Record<Page, LucideIcon> = {
  overview: LayoutDashboard,
  activity: Activity,
  board: SquareKanban,
  messages: MessagesSquare,
  locks: Lock,
  schedule: CalendarClock,
  completions: ClipboardCheck,
  agents: Bot,
  chat: MessageCircle,
  channels: RadioTower,
  sessions: KeyRound,
  approvals: ShieldCheck,
  owners: UserLock,
  notifications: Bell,
  'kill-switch': OctagonX,
};

interface Badge {
  readonly count: number;
  readonly label: string;
  /** It waits for the person. */
  readonly strong: boolean;
  /** Shown instead of the count. */
  readonly sign?: string;
}

function useBadges(): Readonly<Partial<Record<Page, Badge>>> {
  const { t } = useLanguage();
  const needsYou = useNeeds().length;
  const unread = useUnread();
  const working = useSnapshot((snapshot) => snapshot.status.working);
  const renewals = useSnapshot((snapshot) => snapshot.renewals);
  const asked = countOpen(renewals, useNow(10_000));
  const completions = useSnapshot((snapshot) => snapshot.completions);
  const escalated = useMemo(() => escalatedOf(completions).length, [completions]);
  const missed = useSnapshot((snapshot) => snapshot.notices.missed);
  const locks = useSnapshot((snapshot) => snapshot.locks.length);
  const trouble = useSnapshot((snapshot) => troubledChannels(snapshot.channels).length);
  const atWork = useSnapshot((snapshot) => snapshot.runs.filter((run) => isLive(run) && !run.idle).length);
  const stopped = useSnapshot((snapshot) => snapshot.killSwitch.state !== 'NORMAL');
  return {
    overview: { count: needsYou, label: t('nav.needsYou', { count: needsYou }), strong: true },
    board: { count: working, label: t('nav.working', { count: working }), strong: false },
    messages: { count: unread, label: t('nav.unread', { count: unread }), strong: true },
    locks: { count: locks, label: t('nav.held', { count: locks }), strong: false },
    agents: { count: atWork, label: t('agents.working', { count: atWork }), strong: false },
    completions: { count: escalated, label: t('nav.escalated', { count: escalated }), strong: true },
    approvals: { count: asked, label: t('nav.asked', { count: asked }), strong: true },
    channels: { count: trouble, label: t('nav.channelTrouble', { count: trouble }), strong: true, sign: '!' },
    notifications: { count: missed, label: t('nav.missed', { count: missed }), strong: true },
    'kill-switch': { count: stopped ? 1 : 0, label: t('killSwitch.on'), strong: true, sign: '!' },
  };
}

interface SidebarProps {
  readonly page: Page;
  readonly onShowShortcuts: () => void;
}

export function Sidebar({ page, onShowShortcuts }: SidebarProps) {
  const { t } = useLanguage();
  const badges = useBadges();
  return (
    <div className={css['sidebar']}>
      <div className={css['brand']}>
        <Brand />
        <span>{t('app.name')}</span>
      </div>
      <nav aria-label={t('nav.label')}>
        {SECTIONS.filter(({ pages }) => pages.length > 0).map(({ name, pages }) => (
          <div role="group" key={name} className={css['section']} aria-label={t(`nav.sections.${name}`)}>
            <p aria-hidden className={css['heading']}>{t(`nav.sections.${name}`)}</p>
            <ul>
              {pages.map((link) => (
                <PageLink key={link} name={link} current={link === page} badge={badges[link]} />
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <footer className={css['footer']}>
        <div className={css['status']}>
          <CoreStatus />
        </div>
        <div className={css['tools']}>
          <SettingsMenu />
          <IconButton icon={Keyboard} label={t('shortcuts.title')} onClick={onShowShortcuts} />
        </div>
      </footer>
    </div>
  );
}

interface PageLinkProps {
  readonly name: Page;
  readonly current: boolean;
  readonly badge: Badge | undefined;
}

function PageLink({ name, current, badge }: PageLinkProps) {
  const { t } = useLanguage();
  const Icon = ICONS[name];
  const number = PAGES.indexOf(name) + 1;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <li>
      <a ref={link} href={pathTo(name)} aria-current={current ? 'page' : undefined} title={number > 9 ? t(`nav.${name}`) : `${t(`nav.${name}`)} (${number})`} className={css['link']}>
        <Icon size={16} aria-hidden />
        <span className={css['word']}>{t(`nav.${name}`)}</span>
        {badge && <CountBadge {...badge} />}
      </a>
    </li>
  );
}

const LANGUAGES: readonly UiSettings['language'][] = ['system', 'en', 'ko'];
const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

const UpdatesDialog = lazy(async () => ({ default: (await import('./updates-dialog.tsx')).UpdatesDialog }));

function SettingsMenu() {
  const { t, complete } = useLanguage();
  const call = useCall();
  const settings = useMirror((mirror) => mirror.snapshot?.settings);
  const version = useSnapshot((snapshot) => snapshot.info.version);
  const [showingUpdates, setShowingUpdates] = useState(false);
  const change = (settings: Partial<UiSettings>): void => void call('settings.set', settings, t('settings.failed'));
  return (
    <>
      <Menu
        side="above"
        align="start"
        groups={[
          {
            label: t('settings.language'),
            items: LANGUAGES.map((language) => ({
              label: t(`settings.languages.${language}`),
              checked: settings?.language === language,
              onSelect: () => change({ language }),
            })),
          },
          {
            label: t('settings.theme'),
            items: THEMES.map((theme) => ({
              label: t(`settings.themes.${theme}`),
              checked: settings?.theme === theme,
              onSelect: () => change({ theme }),
            })),
          },
          ...(complete ? [{ label: `${t('app.name')} ${version}`, items: [{ label: t('updates.menu'), onSelect: () => setShowingUpdates(true) }] }] : []),
        ]}
      >
        {(trigger) => <IconButton icon={Settings} label={t('settings.title')} {...trigger} />}
      </Menu>
      {showingUpdates && (
        <Suspense fallback={null}>
          <UpdatesDialog onClose={() => setShowingUpdates(false)} />
        </Suspense>
      )}
    </>
  );
}
