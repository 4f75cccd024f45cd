import type { Config, Secrets } from '../../config/schema.ts';
import type { NoticeAction, NoticeChannel } from '../types.ts';
import type { Words } from '../words/words.ts';
import { DesktopTransport, type DesktopNotices } from './desktop.ts';
import { DiscordTransport } from './discord.ts';
import { NtfyTransport } from './ntfy.ts';
import { TelegramTransport } from './telegram.ts';
import type { Transport } from './transport.ts';

export interface TransportSettings {
  readonly config: Config['notify'];
  readonly secrets: Secrets;
  /** Null: this process has no desktop to show anything on. */
  readonly desktop: DesktopNotices | null;
  readonly words: () => Words;
  /** Carries out what the person chose on a notice of the desktop. */
  readonly choose: (noticeId: number, action: NoticeAction) => void;
}

/** The channels that are set up. */
export function openTransports({ config, secrets, desktop, words, choose }: TransportSettings): readonly Transport[] {
  const { telegram_api: apiRoot, telegram_chat: chatId, ntfy_server: server, ntfy_topic: topic } = config;
  const { botToken: token, discordWebhook, ntfyToken } = secrets;
  return [
    ...(token !== null && chatId !== '' ? [new TelegramTransport({ apiRoot, chatId, token }, words)] : []),
    ...(discordWebhook !== null ? [new DiscordTransport(discordWebhook, words)] : []),
    ...(topic !== '' ? [new NtfyTransport({ server, topic, token: ntfyToken }, words)] : []),
    ...(config.desktop && desktop !== null ? [new DesktopTransport(desktop, words, choose)] : []),
  ];
}

/** What is missing for a channel to be set up, in one English sentence. */
export function howToSetUp(channel: NoticeChannel): string {
  return {
    telegram: 'Set the secret ANU_BOT_TOKEN (wheelhouse secret set ANU_BOT_TOKEN) and [notify] telegram_chat (or COKACDIR_CHAT_ID).',
    discord: 'Set the secret DISCORD_WEBHOOK_URL (wheelhouse secret set DISCORD_WEBHOOK_URL).',
    ntfy: 'Set [notify] ntfy_topic.',
    desktop: 'Set [notify] desktop = true, and run Wheelhouse in a desktop session.',
  }[channel];
}
