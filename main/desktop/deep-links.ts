import type { Page } from '../../preload/contract.ts';

/** The scheme of the windows' own pages and of links from outside: `wheelhouse://app/…` and `wheelhouse://open/<page>`. */
export const SCHEME = 'wheelhouse';

const PAGES: Readonly<Record<Page, true>> = { overview: true, activity: true, board: true, messages: true, locks: true, agents: true, chat: true, schedule: true, channels: true, completions: true, sessions: true, approvals: true, owners: true, notifications: true, 'kill-switch': true };
const LINK = new RegExp(`^${SCHEME}://open/([a-z-]{1,32})/?$`);

/**
 * The page that a link from outside asks for, or null when it is anything else. A link can only open a page: there is
 * nothing in it that could act, and parts that are not understood make the whole link invalid.
 */
export function parseDeepLink(link: string): Page | null {
  const page = LINK.exec(link)?.[1];
  return page !== undefined && isPage(page) ? page : null;
}

/** Whether there is such a page. */
export function isPage(name: string): name is Page {
  return Object.hasOwn(PAGES, name);
}

/** The first argument of a command line that is a link of ours, valid or not; null when there is none. */
export function findDeepLink(argv: readonly string[]): string | null {
  return argv.find((argument) => argument.toLowerCase().startsWith(`${SCHEME}:`)) ?? null;
}
