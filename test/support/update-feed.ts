import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dump } from 'js-yaml';
import { feedFile } from '../../main/updates/feed.ts';

/** One request to the feed. */
export interface FeedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** What a test may have the server do instead of its duty. */
export interface FeedFaults {
  /** This text instead of the description of the newest version. */
  text?: string;
  /** This status for the description. */
  status?: number;
  /** Leads the description on to this address. */
  redirect?: string;
  /** This version is published right after the description was asked for. */
  thenPublish?: string;
  /** The installer is changed after its checksum was published. */
  tampered?: boolean;
  /** The connection ends in the middle of the installer. */
  cut?: boolean;
}

/** A server on loopback with what electron-builder publishes for this machine: the description and the installer of one version. */
export interface UpdateFeed {
  readonly url: string;
  readonly requests: readonly FeedRequest[];
  faults: FeedFaults;
  publish(version: string, installer?: Buffer): void;
  close(): Promise<void>;
}

export async function startUpdateFeed(version: string, installer = Buffer.from('#!/bin/sh\n')): Promise<UpdateFeed> {
  const requests: FeedRequest[] = [];
  let published = { version, installer };
  const feed: { faults: FeedFaults } = { faults: {} };
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://feed').pathname;
    requests.push({ path, headers: request.headers });
    if (path === `/stable/${feedFile(process.platform, process.arch)}`) describeTo(response);
    else if (path === `/stable/${nameOf(published.version)}`) installerTo(response);
    else response.writeHead(404).end();
  });
  const describeTo = (response: ServerResponse): void => {
    const { text, status = 200, redirect, thenPublish } = feed.faults;
    if (redirect !== undefined) response.writeHead(302, { location: redirect }).end();
    else response.writeHead(status, { 'content-type': 'text/yaml' }).end(text ?? description(published.version, published.installer));
    if (thenPublish !== undefined) published = { ...published, version: thenPublish };
  };
  const installerTo = (response: ServerResponse): void => {
    const { tampered = false, cut = false } = feed.faults;
    const bytes = Buffer.from(published.installer);
    if (tampered) bytes[bytes.length - 1]! ^= 1;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    if (!cut) response.end(bytes);
    else response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(feed, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stable`,
    requests,
    publish: (next: string, bytes = installer) => void (published = { version: next, installer: bytes }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
}

/** The keys and their order are those of electron-builder 26. */
export function description(version: string, installer: Buffer): string {
  const sha512 = createHash('sha512').update(installer).digest('base64');
  const url = nameOf(version);
  return dump({ version, files: [{ url, sha512, size: installer.length }], path: url, sha512, releaseDate: '2026-11-20T09:00:00.000Z' });
}

function nameOf(version: string): string {
  return `wheelhouse-${version}-linux-${process.arch}.AppImage`;
}
