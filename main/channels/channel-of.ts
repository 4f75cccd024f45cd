import type { ChannelName } from './types.ts';

const WHATSAPP = /@(?:g\.us|s\.whatsapp\.net)$/;

/** The channel that an address belongs to; null when no channel owns it, as an untranslated `…@lid`. */
export function channelOf(jid: string): ChannelName | null {
  if (jid.startsWith('console:')) return 'console';
  if (/^tg:-?\d+(?:\/\d+)?$/.test(jid)) return 'telegram';
  return WHATSAPP.test(jid) ? 'whatsapp' : null;
}
