import { createLink } from './link.js';

/** The page's half: receives what the preload exposes and puts it on `window`, frozen, before any script of the page. */
export function startMainWorld({ toMainWorld, toPreload }) {
  const freeze = (value) => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  createLink({
    incoming: toMainWorld,
    outgoing: toPreload,
    onExpose(key, api) {
      if (key in window) throw new Error('Cannot bind an API on top of an existing property on the window object');
      Object.defineProperty(window, key, { value: freeze(api), enumerable: true, writable: false, configurable: false });
    },
  });
}
