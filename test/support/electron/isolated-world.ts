import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import type { Wire } from './wire.ts';

/** What a preload sends to main. */
export type PreloadMessage =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: Wire }
  | { readonly kind: 'send'; readonly channel: string; readonly args: Wire }
  | { readonly kind: 'preload-error'; readonly message: string };

/** What main sends to a preload. */
export type MainMessage =
  | { readonly kind: 'send'; readonly channel: string; readonly args: Wire }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: string };

const WORLD = 'Electron Isolated Context';

/** A file of page/ as a classic script: the files are put together by hand, so what imports and exports them goes. */
function script(name: string): string {
  return readFileSync(join(import.meta.dirname, 'page', name), 'utf8').replaceAll(/^import .*\n|^export /gm, '');
}

/**
 * The world in which a preload runs: it shares the document with the page and nothing else. A binding that only this
 * world has carries messages to main.
 */
export class IsolatedWorld {
  readonly #session: CDPSession;
  readonly #receiver: string;
  #contextId: number | null = null;

  private constructor(session: CDPSession, receiver: string, topFrameId: string) {
    this.#session = session;
    this.#receiver = receiver;
    // A navigation makes a new context; the newest of the top frame is the one of the page that is shown.
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD && context.auxData?.['frameId'] === topFrameId) this.#contextId = context.id;
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.#contextId) this.#contextId = null;
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.#contextId = null;
    });
  }

  /** Prepares a page before its first document: both halves of the bridge and the preload run in every later one. */
  static async install(page: Page, preloadFile: string, onMessage: (message: PreloadMessage, reply: (message: MainMessage) => void) => void): Promise<IsolatedWorld> {
    const session = await page.context().newCDPSession(page);
    const secret = randomUUID();
    const binding = `toMain-${secret}`;
    const receiver = `fromMain-${secret}`;
    const { frameTree } = await session.send('Page.getFrameTree');
    const world = new IsolatedWorld(session, receiver, frameTree.frame.id);
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== binding) return;
      onMessage(JSON.parse(payload) as PreloadMessage, (reply) => void world.#deliver(reply, executionContextId));
    });
    await session.send('Page.enable');
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: binding, executionContextName: WORLD });
    const options = { toMainWorld: `toMainWorld-${secret}`, toPreload: `toPreload-${secret}`, binding, receiver, platform: process.platform };
    const link = script('link.js');
    // The order matters: the page's half must listen when the preload exposes something.
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(() => {\n${link}\n${script('main-world.js')}\nstartMainWorld(${JSON.stringify(options)});\n})()`,
    });
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: WORLD,
      source: [
        `(() => {\n${link}\n${script('preload-world.js')}`,
        `startPreloadWorld({ ...${JSON.stringify(options)}, preload(require, module, exports, process) {`,
        readFileSync(preloadFile, 'utf8'),
        '} });\n})()',
      ].join('\n'),
    });
    return world;
  }

  /** Sends to the listeners of the page that is shown; lost when there is none, as in Electron. */
  send(channel: string, args: Wire): void {
    if (this.#contextId !== null) void this.#deliver({ kind: 'send', channel, args }, this.#contextId);
  }

  async #deliver(message: MainMessage, executionContextId: number): Promise<void> {
    try {
      await this.#session.send('Runtime.callFunctionOn', {
        functionDeclaration: `function (message) { globalThis[${JSON.stringify(this.#receiver)}](message); }`,
        executionContextId,
        arguments: [{ value: message }],
      });
    } catch {
      // The page went away with the message under way: in Electron nobody would hear it either.
    }
  }
}
