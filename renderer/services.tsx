import { createContext, use, useCallback } from 'react';
import { useStore } from 'zustand';
import type { Bridge, CallAnswer, CallArgs, CallError, CallName, Snapshot } from '../preload/contract.ts';
import type { Formats } from './i18n/format.ts';
import { scalarsOf, type Translator } from './i18n/translate.ts';
import type { Mirror, MirrorStore } from './state/mirror.ts';
import type { Ticker } from './state/ticker.ts';
import type { ToastStore } from './state/toasts.ts';

/** What every component may use; made once in main.tsx. */
export interface Services {
  readonly bridge: Bridge;
  readonly mirror: MirrorStore;
  readonly toasts: ToastStore;
  readonly ticker: Ticker;
  /** Messages to the person that were on the screen and are not marked read yet. */
  readonly seen: Set<number>;
  /** What was typed and not sent yet, by where it was typed. */
  readonly drafts: Map<string, string>;
}

export const ServicesContext = createContext<Services | null>(null);
/** Whether the person has gone to another page since the window opened. */
export const MovedContext = createContext(false);
/** Texts, and times and numbers in the same language. Made once per language: the formats of Intl are expensive. */
export interface Language extends Translator {
  readonly format: Formats;
  /** Whether the texts of every page are there; some come behind the others. */
  readonly complete: boolean;
}
export const LanguageContext = createContext<Language | null>(null);

function present<T>(value: T | null, name: string): T {
  if (value === null) throw new Error(`${name} is missing above this component`);
  return value;
}

export const useServices = (): Services => present(use(ServicesContext), 'ServicesContext');

export const useLanguage = (): Language => present(use(LanguageContext), 'LanguageContext');

/** A part of the mirror; the component rests while that part keeps its identity. */
export function useMirror<T>(select: (mirror: Mirror) => T): T {
  return useStore(useServices().mirror, select);
}

/** A part of the core's truth. Only below the shell, which waits for the snapshot. */
export function useSnapshot<T>(select: (snapshot: Snapshot) => T): T {
  return useMirror((mirror) => select(present(mirror.snapshot, 'snapshot')));
}

/** What the core answers when the person said no to its own question; nothing to report. */
const DECLINED = 'CANCELLED';

/** Says why a call was refused where more is known than its code tells; null leaves it to the code. */
export type Explain = (error: CallError) => string | null;

type MakeCall = <N extends CallName>(name: N, args: CallArgs<N>, failure: string, explain?: Explain) => Promise<CallAnswer<N>>;

/** Makes a call; a failure is told in a toast whose title says what did not happen. */
export function useCall(): MakeCall {
  const { bridge, toasts } = useServices();
  const { find, own } = useLanguage();
  return useCallback<MakeCall>(
    async (name, args, failure, explain) => {
      const answer = await bridge.call(name, args);
      if (!answer.ok && answer.error.code !== DECLINED) {
        const { code, message, details } = answer.error;
        const text = explain?.(answer.error) ?? find(`errors.${code}`, scalarsOf(details)) ?? own(message);
        toasts.getState().show({ tone: 'problem', title: failure, text, code });
      }
      return answer;
    },
    [bridge, toasts, find, own],
  );
}
