import type { SignalDataTypeMap, WAVersion } from '@whiskeysockets/baileys';
import { openCredentials } from './credentials.ts';
import type { ConnectWhatsApp } from './socket.ts';

export interface BaileysOptions {
  /** Of the credentials. */
  readonly folder: string;
  /** The text that we sent under this id, which a receiver asks for again when it could not read it. */
  readonly sentText: (id: string) => string | null;
}

const VERSION_MS = 5000;

/** Connections by Baileys. The library is loaded with the first one: most programs that run here have no WhatsApp. */
export function connectByBaileys({ folder, sentText }: BaileysOptions): ConnectWhatsApp {
  return async () => {
    const lib = await import('@whiskeysockets/baileys');
    const { creds, keys, save } = await openCredentials({
      folder,
      codec: lib.BufferJSON,
      fresh: lib.initAuthCreds,
      revive: <T extends keyof SignalDataTypeMap>(type: T, value: unknown) =>
        (type === 'app-state-sync-key' ? lib.proto.Message.AppStateSyncKeyData.fromObject(value as object) : value) as SignalDataTypeMap[T],
    });
    const logger = silence;
    const socket = lib.makeWASocket({
      auth: { creds, keys: lib.makeCacheableSignalKeyStore(keys, logger) },
      ...(await currentVersion(lib.fetchLatestWaWebVersion)),
      browser: lib.Browsers.macOS('Chrome'),
      logger,
      syncFullHistory: false,
      // What was said before the pairing is none of our business.
      shouldSyncHistoryMessage: () => false,
      getMessage: async ({ id }) => {
        const text = id === null || id === undefined ? null : sentText(id);
        return text === null ? undefined : { conversation: text };
      },
    });
    return {
      socket,
      save,
      phoneOf: async (lid) => socket.signalRepository.lidMapping.getPNForLID(lid),
      async download(message, maxBytes) {
        const stream = await lib.downloadMediaMessage(message, 'stream', {}, { logger, reuploadRequest: socket.updateMediaMessage });
        const chunks: Buffer[] = [];
        let bytes = 0;
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes > maxBytes) break;
        }
        return Buffer.concat(chunks);
      },
    };
  };
}

/** The version of WhatsApp Web of today: an old one is refused with 405. None: the one that the library came with. */
async function currentVersion(fetchVersion: (options: RequestInit) => Promise<{ readonly version: WAVersion }>): Promise<{ readonly version?: WAVersion }> {
  try {
    const { version } = await fetchVersion({ signal: AbortSignal.timeout(VERSION_MS) });
    return { version };
  } catch {
    return {};
  }
}

const nothing = (): void => undefined;
/** The library logs keys and messages; nothing of that may be written down. What matters comes as events. */
const silence = { level: 'silent', child: () => silence, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
