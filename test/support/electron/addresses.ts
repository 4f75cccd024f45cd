/**
 * Chromium cannot be taught a custom scheme from outside, so `scheme://host/x` is shown as
 * `https://host.scheme.stand-in/x`, and every address that the application sees is mapped back.
 */
const SUFFIX = 'stand-in';
const SHOWN = new RegExp(`^https://([^/]+)\\.([a-z][a-z0-9+-]*)\\.${SUFFIX}(/.*)?$`);

/** The address Chromium is given for one of the application. */
export function toPageUrl(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  const scheme = protocol.slice(0, -1);
  return scheme === 'https' || scheme === 'about' ? url : `https://${host}.${scheme}.${SUFFIX}${pathname}${search}${hash}`;
}

/** The address the application is told for one of Chromium. */
export function fromPageUrl(url: string): string {
  const match = SHOWN.exec(url);
  return match === null ? url : `${match[2]}://${match[1]}${match[3] ?? '/'}`;
}

/** The origin as Chromium writes it for a standard scheme; Node knows none for schemes that are not its own. */
export function originOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
