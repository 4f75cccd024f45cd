import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Resolves with the first match of `pattern` in what the process writes; rejects with all it wrote when it ends before. */
export function waitForOutput(child: ChildProcess, stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let written = '';
    const onData = (chunk: Buffer): void => {
      written += chunk.toString('utf8');
      const match = pattern.exec(written);
      if (match === null) return;
      child.off('exit', onExit);
      stream.off('data', onData);
      // Keeps the pipe flowing, or the process would block on a full one.
      stream.resume();
      resolve(match);
    };
    const onExit = (code: number | null): void => reject(new Error(`ended with ${code} before ${pattern}:\n${written}`));
    stream.on('data', onData);
    child.once('exit', onExit);
    child.once('error', reject);
  });
}
