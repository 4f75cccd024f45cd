import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, LiveEvent } from './contract.ts';

/** The two channels; main/desktop/ipc.ts answers them. */
const CALL = 'wheelhouse:call';
const EVENT = 'wheelhouse:event';

const bridge: Bridge = {
  call: async (name, args) => ipcRenderer.invoke(CALL, name, args),
  listen: (listener) => {
    // The event itself never reaches the page: it would carry the whole of ipcRenderer along.
    const forward = (_event: unknown, live: LiveEvent): void => listener(live);
    ipcRenderer.on(EVENT, forward);
    ipcRenderer.send(EVENT);
    return () => void ipcRenderer.off(EVENT, forward);
  },
};

contextBridge.exposeInMainWorld('wheelhouse', Object.freeze(bridge));
