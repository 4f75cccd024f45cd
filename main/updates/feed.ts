import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { isLoopbackHost } from '../base/loopback.ts';
import { isVersion } from './version.ts';

/** What a feed offers: a version and the checksums of its installers. */
export interface Offer {
  readonly version: string;
  /** SHA-512 in base64, one for each file. */
  readonly sha512: readonly string[];
}

export interface FeedRequest {
  /** The folder on a server that holds the file and the installers. */
  readonly feed: string;
  /** As {@link feedFile} names it. */
  readonly file: string;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 15_000;
/** The builder writes less than one KiB. */
const LARGEST_BYTES = 256 * 1024;

const CHECKSUM = z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'must be a SHA-512 in base64');
const FEED = z.object({
  version: z.string().refine(isVersion, 'must be a version, as 1.2.3'),
  files: z.array(z.object({ url: z.string().min(1), sha512: CHECKSUM })).min(1),
});

/** The name of the file that electron-builder publishes for a system; electron-updater looks for the same. */
export function feedFile(platform: NodeJS.Platform, arch: string): string {
  if (platform === 'linux') return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`;
  return platform === 'darwin' ? 'latest-mac.yml' : 'latest.yml';
}

/**
 * Asks the feed what the newest version is. Nothing of this installation is sent along. Throws UPDATE_FEED_UNREACHABLE,
 * UPDATE_FEED_INVALID.
 */
export async function askFeed({ feed, file, signal }: FeedRequest): Promise<Offer> {
  const url = new URL(file, feed.endsWith('/') ? feed : `${feed}/`).href;
  const { response, text } = await load(url, signal);
  if (!response.ok) throw unreachable(url, `it answers with HTTP ${response.status}`);
  // A feed decides what is installed: on the way nobody may have changed it.
  const { protocol, hostname } = new URL(response.url);
  if (protocol !== 'https:' && !isLoopbackHost(hostname.replaceAll(/[[\]]/g, ''))) throw invalid(url, `it leads to ${protocol}//${hostname}, which is not encrypted`);
  return parseFeed(text, url);
}

/** What the text of a feed offers; `url` is for messages. Throws UPDATE_FEED_INVALID. */
export async function parseFeed(text: string, url: string): Promise<Offer> {
  const { load: parse } = await import('js-yaml');
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw invalid(url, 'it is not YAML', error);
  }
  const read = FEED.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw invalid(url, `${issue!.path.join('.') || 'the whole'}: ${issue!.message}`);
  }
  return { version: read.data.version, sha512: read.data.files.map(({ sha512 }) => sha512) };
}

async function load(url: string, signal: AbortSignal): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': 'Wheelhouse', 'cache-control': 'no-cache' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return { response, text: await limitedText(response, url) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = error instanceof Error && error.name === 'TimeoutError' ? `there is no answer within ${TIMEOUT_MS / 1000} s` : `the connection fails (${causeOf(error)})`;
    throw unreachable(url, why, error);
  }
}

async function limitedText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LARGEST_BYTES) throw invalid(url, `it is larger than ${LARGEST_BYTES / 1024} KiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Node hides the cause of a failed fetch one level down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}

function unreachable(url: string, why: string, cause?: unknown): AppError {
  return new AppError('UPDATE_FEED_UNREACHABLE', `The feed of updates at ${url} cannot be asked: ${why}. It is asked again later; [updates] feed says where it is.`, { url }, { cause });
}

function invalid(url: string, why: string, cause?: unknown): AppError {
  return new AppError('UPDATE_FEED_INVALID', `The feed of updates at ${url} cannot be used: ${why}. Is [updates] feed the folder with the files that electron-builder published?`, { url }, { cause });
}
