import { Phone, Send, SquareTerminal, type LucideIcon } from 'lucide-react';
import type { ChannelName } from '../../preload/contract.ts';
import { useLanguage } from '../services.tsx';

const ICONS: Readonly<Record<ChannelName, LucideIcon>> = { console: SquareTerminal, whatsapp: Phone, telegram: Send };

/** The channel of a chat as a sign; its name is said to screen readers and on hover. */
export function ChannelIcon({ channel, named = true }: { readonly channel: ChannelName; readonly named?: boolean }) {
  const { t } = useLanguage();
  const Icon = ICONS[channel];
  return named ? <Icon size={14} role="img" aria-label={t(`channel.names.${channel}`)} /> : <Icon size={16} aria-hidden />;
}
