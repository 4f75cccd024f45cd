import { AppError } from '../base/errors.ts';

export interface GateSettings {
  /** What the server listens on. */
  readonly host: string;
  readonly port: number;
  /** Further names, with or without a port, for example behind a proxy. */
  readonly allowedHosts: readonly string[];
}

/** Names under which a browser on this machine may reach a loopback server. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** Listening everywhere gives no name; browsers even resolve 0.0.0.0 to this machine. */
const ANY_ADDRESS = ['0.0.0.0', '::'];

/**
 * Keeps web pages of other origins away: exact Host header (against DNS rebinding) and no foreign Origin (DESIGN §13).
 * Returns a function that throws HOST_REFUSED or ORIGIN_REFUSED.
 */
export function createOriginGate(settings: GateSettings): (headers: Headers) => void {
  const { host, port } = settings;
  const bound = ANY_ADDRESS.includes(host) ? [] : [host.includes(':') ? `[${host}]` : host];
  const own = new Set([...LOOPBACK, ...bound].map((name) => `${name}:${port}`.toLowerCase()));
  const named = new Set(settings.allowedHosts.flatMap((name) => [name, `${name}:${port}`]).map((name) => name.toLowerCase()));

  return (headers) => {
    const asked = (headers.get('host') ?? '').toLowerCase();
    if (!own.has(asked) && !named.has(asked)) {
      throw new AppError(
        'HOST_REFUSED',
        `The Host header '${printable(asked)}' is not a name of this server. Use http://127.0.0.1:${port}, or add the name to server.allowed_hosts in config.toml.`,
      );
    }
    const origin = headers.get('origin');
    if (origin === null) return;
    // A form on a page of ours, whose referrer policy hides even our own origin; browsers let no page set this header.
    if (origin === 'null' && headers.get('sec-fetch-site') === 'same-origin') return;
    // Behind a proxy the page may have come over TLS; on this machine it cannot.
    const allowed = named.has(asked) ? [`http://${asked}`, `https://${asked}`] : [`http://${asked}`];
    if (!allowed.includes(origin.toLowerCase())) {
      throw new AppError('ORIGIN_REFUSED', `A page from '${printable(origin)}' may not call this server; only its own windows may.`);
    }
  };
}

/** Header text from outside, fit for a message. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}
