import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Toast {
  readonly id: number;
  readonly tone: 'done' | 'problem';
  readonly title: string;
  readonly text?: string | undefined;
  /** The error's code, for looking it up. */
  readonly code?: string | undefined;
}

export interface Toasts {
  readonly shown: readonly Toast[];
  show(toast: Omit<Toast, 'id'>): void;
  dismiss(id: number): void;
}
export type ToastStore = StoreApi<Toasts>;

/** More than this many at once would only be noise; the oldest goes. */
const MOST = 3;

/** Confirmations leave by themselves; problems stay until they are dismissed. `later` runs a function after a delay. */
export function createToasts(later: (delayMs: number, run: () => void) => void): ToastStore {
  let lastId = 0;
  return createStore<Toasts>((set) => ({
    shown: [],
    show(toast) {
      lastId += 1;
      const id = lastId;
      set((state) => ({ shown: [...state.shown, { ...toast, id }].slice(-MOST) }));
      if (toast.tone === 'done') later(4_000, () => set((state) => ({ shown: state.shown.filter((other) => other.id !== id) })));
    },
    dismiss: (id) => set((state) => ({ shown: state.shown.filter((toast) => toast.id !== id) })),
  }));
}
