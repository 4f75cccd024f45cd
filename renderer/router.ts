import { useMemo, useSyncExternalStore } from 'react';
import type { Page } from '../preload/contract.ts';

/** The pages as the sidebar shows them: what the team does, who works for whom, and what the owner decides. */
export const SECTIONS = [
  { name: 'team', pages: ['overview', 'activity', 'board', 'messages', 'locks'] },
  { name: 'agents', pages: ['agents', 'chat', 'schedule', 'channels', 'completions'] },
  { name: 'control', pages: ['sessions', 'approvals', 'owners', 'notifications', 'kill-switch'] },
] as const satisfies readonly { readonly name: string; readonly pages: readonly Page[] }[];

/** The pages in the order of the sidebar; the keys 1 to 9 lead to the first nine. */
export const PAGES: readonly Page[] = SECTIONS.flatMap<Page>(({ pages }) => pages);

/** Where the window is: the page, what is open on it, and its filters. Lives in the address, so Back works. */
export interface Route {
  readonly page: Page;
  /** What the detail pane shows, for example `12` or `new`; null when it is closed. */
  readonly open: string | null;
  readonly filters: Readonly<Record<string, string>>;
}

const isPage = (word: string | undefined): word is Page => PAGES.some((page) => page === word);

/** Null also for an address that somebody cut in the middle of an escape. */
function decode(part: string | undefined): string | null {
  try {
    return part === undefined || part === '' ? null : decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Reads `#/board/12?role=BE`; anything unknown leads to the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page, open] = path.split('/', 2);
  if (!isPage(page)) return { page: 'overview', open: null, filters: {} };
  return {
    page,
    open: decode(open),
    filters: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function formatRoute({ page, open, filters }: Route): string {
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return `#/${page}${open === null ? '' : `/${encodeURIComponent(open)}`}${query === '' ? '' : `?${query}`}`;
}

/** The address of a page, for links. */
export const pathTo = (page: Page, open: string | null = null, filters: Route['filters'] = {}): string =>
  formatRoute({ page, open, filters });

const hear = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  const hash = useSyncExternalStore(hear, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Goes somewhere, leaving a step for Back. */
export function goTo(route: string): void {
  window.location.hash = route;
}

/** Changes what is open or filtered without a new step for Back, as while typing a search. */
function refine(route: Route): void {
  window.history.replaceState(null, '', formatRoute(route));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Opens something in the detail pane of the present page, or closes it; filters stay. */
export function showDetail(open: string | null): void {
  refine({ ...parseRoute(window.location.hash), open });
}

/** Sets filters of the present page; an empty value removes one. */
export function setFilters(filters: Route['filters']): void {
  const route = parseRoute(window.location.hash);
  refine({ ...route, filters: { ...route.filters, ...filters } });
}
