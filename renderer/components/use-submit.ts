import { useCallback, useState } from 'react';
import type { CallArgs, CallError, CallName, CallResult } from '../../preload/contract.ts';
import { useLanguage, useServices, type Explain } from '../services.tsx';
import { scalarsOf } from '../i18n/translate.ts';

export interface Problem {
  readonly code: string;
  readonly text: string;
}

export interface Submit<N extends CallName> {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** The result; null when it was refused. */
  readonly send: (args: CallArgs<N>) => Promise<CallResult<N> | null>;
}

/**
 * A call of a form, which shows its refusal beside its fields. That the person said no to the native question is none.
 */
export function useSubmit<N extends CallName>(name: N, explain?: Explain): Submit<N> {
  const { bridge } = useServices();
  const { find, own } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CallError | null>(null);
  const send = useCallback(
    async (args: CallArgs<N>) => {
      setBusy(true);
      setError(null);
      const answer = await bridge.call(name, args);
      setBusy(false);
      if (answer.ok) return answer.result;
      if (answer.error.code !== 'CANCELLED') setError(answer.error);
      return null;
    },
    [bridge, name],
  );
  const problem = error && { code: error.code, text: explain?.(error) ?? find(`errors.${error.code}`, scalarsOf(error.details)) ?? own(error.message) };
  return { busy, problem, send };
}
