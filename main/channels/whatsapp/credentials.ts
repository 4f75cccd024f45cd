import type { AuthenticationCreds, SignalDataSet, SignalDataTypeMap, SignalKeyStore } from '@whiskeysockets/baileys';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';

/** How values with bytes in them become JSON and back. */
export interface JsonCodec {
  readonly replacer: (key: string, value: unknown) => unknown;
  readonly reviver: (key: string, value: unknown) => unknown;
}

export interface OpenCredentialsOptions {
  readonly folder: string;
  readonly codec: JsonCodec;
  /** Of a device that belongs to nobody yet. */
  readonly fresh: () => AuthenticationCreds;
  /** Some keys are messages of a protocol, which JSON makes plain objects of. */
  readonly revive: <T extends keyof SignalDataTypeMap>(type: T, value: unknown) => SignalDataTypeMap[T];
}

export interface Credentials {
  readonly creds: AuthenticationCreds;
  readonly keys: SignalKeyStore;
  readonly save: () => Promise<void>;
}

const MODE = 0o600;
const CREDS = 'creds.json';

/**
 * The identity of this device in a folder of its own (0700): one file per key, readable by the user alone, replaced whole, so
 * that a power cut leaves the old key or the new one. Whoever holds these files reads and writes as the account.
 */
export async function openCredentials({ folder, codec, fresh, revive }: OpenCredentialsOptions): Promise<Credentials> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is not a directory`);
  if (process.platform !== 'win32') chmodSync(folder, 0o700);
  const files = new KeyFiles(folder, codec);
  const creds = ((await files.read(CREDS)) as AuthenticationCreds | null) ?? fresh();
  const nameOf = (type: string, id: string): string => `${type}-${encodeURIComponent(id)}.json`;
  return {
    creds,
    save: async () => files.write(CREDS, creds),
    keys: {
      async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
        const found = await Promise.all(ids.map(async (id) => [id, await files.read(nameOf(type, id))] as const));
        return Object.fromEntries(found.flatMap(([id, value]) => (value === null ? [] : [[id, revive(type, value)]])));
      },
      async set(data: SignalDataSet) {
        const changes = Object.entries(data).flatMap(([type, values]) => Object.entries(values ?? {}).map(([id, value]) => [nameOf(type, id), value as unknown] as const));
        await Promise.all(changes.map(async ([name, value]) => files.write(name, value ?? null)));
      },
    },
  };
}

/** Forgets the identity of this device. */
export async function removeCredentials(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Changes of one file happen one after another; those of others side by side. */
class KeyFiles {
  readonly #folder: string;
  readonly #codec: JsonCodec;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(folder: string, codec: JsonCodec) {
    this.#folder = folder;
    this.#codec = codec;
  }

  /** Null when there is none, and when it is damaged: the library then makes the key anew. */
  async read(name: string): Promise<unknown> {
    await this.#underWay.get(name);
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8'), this.#codec.reviver) as unknown;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** Null removes it. */
  async write(name: string, value: unknown): Promise<void> {
    const path = join(this.#folder, name);
    // Taken now: the value may change while an earlier write is under way.
    const text = value === null ? null : JSON.stringify(value, this.#codec.replacer);
    const change = async (): Promise<void> => (text === null ? unlink(path).catch(ignoreMissing) : writeFileAtomic(path, text, { mode: MODE }));
    const earlier = this.#underWay.get(name) ?? Promise.resolve();
    const next = earlier.catch(() => undefined).then(change);
    const settled = next.catch(() => undefined).finally(() => {
      if (this.#underWay.get(name) === settled) this.#underWay.delete(name);
    });
    this.#underWay.set(name, settled);
    await next;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
