import { createLink } from './link.js';

/** The preload's half: `contextBridge` and `ipcRenderer` in a world of their own, and the little a sandboxed preload may load. */
export function startPreloadWorld({ toMainWorld, toPreload, binding, receiver, platform, preload }) {
  if (window.top !== window) return;
  const sendToMain = globalThis[binding];
  const link = createLink({
    incoming: toPreload,
    outgoing: toMainWorld,
    onExpose() {
      throw new Error('The page exposes nothing.');
    },
  });
  const invocations = new Map();
  const listeners = new Map();
  let lastInvocation = 0;

  /** A member that is not here throws, as everywhere in the stand-in. */
  const strict = (target, name) =>
    new Proxy(target, {
      get(_target, key) {
        if (typeof key === 'string' && !(key in target)) throw new Error(`not in the stand-in: ${name}.${key}`);
        return target[key];
      },
    });

  function toWire(args) {
    return args.map((value) => {
      if (value === undefined) return { missing: true };
      assertPlain(value);
      return { value };
    });
  }

  function assertPlain(value) {
    if (typeof value === 'function' || typeof value === 'symbol') throw new Error('An object could not be cloned.');
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new Error(`not in the stand-in: sending ${value} between processes`);
    }
    if (typeof value !== 'object' || value === null) return;
    const tag = Object.prototype.toString.call(value);
    if (tag !== '[object Object]' && tag !== '[object Array]') throw new Error(`not in the stand-in: sending ${tag} between processes`);
    Object.values(value).forEach(assertPlain);
  }

  const ipcRenderer = {
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        lastInvocation += 1;
        sendToMain(JSON.stringify({ kind: 'invoke', id: lastInvocation, channel, args: toWire(args) }));
        invocations.set(lastInvocation, { resolve, reject });
      }),
    send: (channel, ...args) => sendToMain(JSON.stringify({ kind: 'send', channel, args: toWire(args) })),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel, listener) {
      const left = [...(listeners.get(channel) ?? [])];
      const at = left.lastIndexOf(listener);
      if (at >= 0) left.splice(at, 1);
      listeners.set(channel, left);
      return ipcRenderer;
    },
  };

  globalThis[receiver] = (message) => {
    if (message.kind === 'send') {
      const args = message.args.map((entry) => entry.value);
      for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...args);
      return;
    }
    const { resolve, reject } = invocations.get(message.id);
    invocations.delete(message.id);
    if (message.ok) resolve(message.result.value);
    else reject(new Error(message.error));
  };

  const electron = strict(
    { ipcRenderer: strict(ipcRenderer, 'ipcRenderer'), contextBridge: strict({ exposeInMainWorld: link.expose }, 'contextBridge') },
    'electron in a preload',
  );
  const require = (name) => {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const process = strict({ platform, type: 'renderer', sandboxed: true, contextIsolated: true, env: {}, argv: [] }, 'process in a preload');
  const module = { exports: {} };
  try {
    preload(require, module, module.exports, process);
  } catch (error) {
    sendToMain(JSON.stringify({ kind: 'preload-error', message: String(error?.stack ?? error) }));
  }
}
