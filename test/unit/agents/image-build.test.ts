import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildHint, BuildReader } from '../../../main/agents/image-build.ts';

const line = (message: object): string => `${JSON.stringify(message)}\n`;

it.each([
  ['Docker', 'Step 2/9 : RUN apt-get update\n', 2, 9],
  ['Podman', 'STEP 2/9: RUN apt-get update\n', 2, 9],
])('a step of %s is counted', (_engine, stream, step, steps) => {
  const reader = new BuildReader();
  expect(reader.push(line({ stream }))).toEqual([stream.trim()]);
  expect(reader.progress).toEqual({ step, steps, line: stream.trim() });
});

it('what comes between the steps leaves the count as it is, layers that are fetched too', () => {
  const reader = new BuildReader();
  reader.push(line({ stream: 'STEP 1/2: FROM node' }));
  expect(reader.push(line({ status: 'Downloading', id: 'abc123' }) + line({ stream: 'a\nb\n' }) + line({ aux: { ID: 'sha256:1' } }))).toEqual(['abc123: Downloading', 'a', 'b']);
  expect(reader.progress).toEqual({ step: 1, steps: 2, line: 'b' });
});

it('an error is told with the lines before it', () => {
  const reader = new BuildReader();
  for (let n = 1; n <= 9; n += 1) reader.push(line({ stream: `line ${n}` }));
  expect(reader.failure).toBeNull();
  reader.push(line({ error: 'exit status 100' }));
  expect(reader.failure).toBe('line 5\nline 6\nline 7\nline 8\nline 9\nexit status 100');
});

it('the answer is read alike in any pieces, and what is no message is left out', () => {
  const answer = `${line({ stream: 'STEP 1/2: FROM x' })}garbage\n${line({ stream: '한글 step' })}${line({ stream: 'STEP 2/2: RUN y' })}`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sizes) => {
      const reader = new BuildReader();
      const told: string[] = [];
      for (let at = 0, piece = 0; at < answer.length; piece += 1) {
        const size = sizes[piece % sizes.length]!;
        told.push(...reader.push(answer.slice(at, at + size)));
        at += size;
      }
      expect(told).toEqual(['STEP 1/2: FROM x', '한글 step', 'STEP 2/2: RUN y']);
      expect(reader.progress).toMatchObject({ step: 2, steps: 2 });
    }),
  );
});

it.each([
  ['dial tcp: lookup docker.io: no such host', /network/],
  ['write /x: no space left on device', /disk/],
  ['COPY missing: no such file', /^$/],
])('%j is explained by %s', (failure, hint) => {
  expect(buildHint(failure)).toMatch(hint);
});
