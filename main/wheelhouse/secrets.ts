import type { Unsubscribe } from '../base/emitter.ts';
import type { Channels } from '../channels/channels.ts';
import type { SecretStore } from '../config/secret-store.ts';
import type { NoticeChannel } from '../notify/types.ts';
import type { Store } from '../store/store.ts';
import type { NotifyRoom } from './notify.ts';

export interface SecretFollowers {
  readonly secrets: SecretStore;
  readonly store: Store;
  readonly notices: NotifyRoom;
  readonly channels: Channels;
}

/** Which channels for notices a secret belongs to. */
const NOTICE_CHANNELS: Readonly<Record<string, readonly NoticeChannel[]>> = { ANU_BOT_TOKEN: ['telegram'], DISCORD_WEBHOOK_URL: ['discord'], NTFY_TOKEN: ['ntfy'] };

/** Lets a changed secret count at once, where the table of secrets says so, and writes down that it was changed; never what it is. */
export function followSecrets({ secrets, store, notices, channels }: SecretFollowers): Unsubscribe {
  return secrets.onChange((name) => {
    const reopened = NOTICE_CHANNELS[name];
    if (reopened !== undefined) notices.reopen(reopened);
    if (name === 'ANU_BOT_TOKEN') channels.reconnect('telegram');
    const change = secrets.get(name) === null ? 'removed' : 'set';
    store.transact((tx) => tx.event({ kind: 'settings', action: 'secret_changed', text: `The secret ${name} was ${change}`, data: { name, change } }));
  });
}
