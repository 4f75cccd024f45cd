import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './base.css';
import { App } from './app.tsx';
import { createBrowserBridge } from './bridge-browser.ts';
import { Localised } from './i18n/localised.tsx';
import { goTo, pathTo } from './router.ts';
import { ServicesContext, type Services } from './services.tsx';
import { createMirror, followCore } from './state/mirror.ts';
import { createTicker } from './state/ticker.ts';
import { createToasts } from './state/toasts.ts';
import { followTheme } from './theme.ts';

const mirror = createMirror();
followTheme(mirror, document.documentElement, window.localStorage);

const now = (): number => Date.now();
const joined = join();
const services: Services = {
  bridge: joined,
  mirror,
  seen: new Set(),
  drafts: new Map(),
  toasts: createToasts((delayMs, run) => void setTimeout(run, delayMs)),
  ticker: createTicker(now, (intervalMs, run) => {
    const timer = setInterval(run, intervalMs);
    return () => clearInterval(timer);
  }),
};
followCore({ bridge: joined, mirror, now, onNavigate: (page) => goTo(pathTo(page)) });

/** The desktop brings a bridge that is always there; in a browser it is made of HTTP and a WebSocket. */
function join(): Services['bridge'] {
  if (window.wheelhouse !== undefined) {
    mirror.setState({ connection: 'live' });
    return window.wheelhouse;
  }
  const bridge = createBrowserBridge({
    origin: window.location.origin,
    fetch: window.fetch.bind(window),
    openSocket: (url) => new WebSocket(url),
    later(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  });
  bridge.watchConnection((connection) => mirror.setState({ connection }));
  return bridge;
}

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <Localised>
        <App />
      </Localised>
    </ServicesContext>
  </StrictMode>,
);
