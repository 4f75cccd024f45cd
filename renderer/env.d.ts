import type { Bridge } from '../preload/contract.ts';

declare global {
  interface Window {
    /** Exposed by the preload in the desktop; absent in a browser. */
    readonly wheelhouse?: Bridge;
  }
}
