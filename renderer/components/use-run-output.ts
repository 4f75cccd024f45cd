import { useEffect } from 'react';
import type { RunChunkView } from '../../preload/contract.ts';
import { useMirror, useServices } from '../services.tsx';
import { addOutput } from '../state/run-output.ts';

const NONE: readonly RunChunkView[] = [];

/** What a live run prints, also what it printed before the window began to listen. */
export function useRunOutput(runId: string): readonly RunChunkView[] {
  const { bridge, mirror } = useServices();
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('runs.output', { run: runId });
      if (gone || !answer.ok || answer.result.chunks.length === 0) return;
      mirror.setState(({ outputs }) => ({ outputs: addOutput(outputs, [{ run: runId, chunks: answer.result.chunks }]) }));
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [bridge, mirror, runId]);
  return useMirror(({ outputs }) => outputs[runId] ?? NONE);
}
