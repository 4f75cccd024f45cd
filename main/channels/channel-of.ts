import type { ChannelName } from './types.ts';

/** How people call the channels; the same in every language. */
export const CHANNEL_TITLES: Readonly<Record<ChannelName, string>> = { console: 'Console', whatsapp: 'WhatsApp', telegram: 'Telegram' };

const WHATSAPP = /@(?:g\.us|s\.whatsapp\.net|lid)$/;

/** The channel that an address belongs to; null when no channel owns it, as a list of WhatsApp. */
export function channelOf(jid: string): ChannelName | null {
  if (jid.startsWith('console:')) return 'console';
  if (/^tg:-?\d+(?:\/\d+)?$/.test(jid)) return 'telegram';
  return WHATSAPP.test(jid) ? 'whatsapp' : null;
}
