import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTPUT_END, OUTPUT_START, OutputParser, type OutputBlock } from '../../../main/agents/output-markers.ts';
import type { RunOutput } from '../../../main/agents/types.ts';

const MAX = 10_000;

function parse(text: string, chunkSizes: readonly number[] = [], maxLength = MAX): OutputBlock[] {
  const parser = new OutputParser(maxLength);
  const bytes = Buffer.from(text, 'utf-8');
  const blocks: OutputBlock[] = [];
  let at = 0;
  for (let chunk = 0; at < bytes.length; chunk += 1) {
    const size = chunkSizes.length === 0 ? bytes.length : chunkSizes[chunk % chunkSizes.length]!;
    blocks.push(...parser.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...blocks, ...parser.finish()];
}

const block = (json: unknown): string => `${OUTPUT_START}\n${JSON.stringify(json)}\n${OUTPUT_END}\n`;
const outputs = (blocks: readonly OutputBlock[]): RunOutput[] => blocks.flatMap((found) => (found.ok ? [found.output] : []));
const problems = (blocks: readonly OutputBlock[]): string[] => blocks.flatMap((found) => (found.ok ? [] : [found.problem]));

describe('RUNNER-01: the documents in an output', () => {
  it('RUNNER-01: a document between markers is found with all its fields', () => {
    expect(parse(block({ status: 'success', result: '안녕', newSessionId: 's-1' }))).toEqual([
      { ok: true, output: { status: 'success', result: '안녕', newSessionId: 's-1' } },
    ]);
  });

  it('an absent result is null, and a result that is not text becomes JSON', () => {
    expect(outputs(parse(block({ status: 'success' }) + block({ status: 'error', result: { a: [1] }, error: 'boom', cause: 'whim' }) + block({ status: 'error', cause: 'out_of_memory' })))).toEqual([
      { status: 'success', result: null },
      { status: 'error', result: '{"a":[1]}', error: 'boom' },
      { status: 'error', result: null, cause: 'out_of_memory' },
    ]);
  });

  it('text around the markers is ignored, also such as has no line break before the marker', () => {
    const text = `npm warn old lockfile\nprogress 99%${block({ status: 'success', result: 'a' })}more\n${block({ status: 'success', result: 'b' })}`;
    expect(outputs(parse(text)).map(({ result }) => result)).toEqual(['a', 'b']);
  });

  it('an answer that quotes the markers is one answer', () => {
    const quoting = `The lines are ${OUTPUT_START} and ${OUTPUT_END} ${OUTPUT_END}`;
    expect(parse(block({ status: 'success', result: quoting }))).toHaveLength(1);
    expect(outputs(parse(block({ status: 'success', result: quoting })))[0]!.result).toBe(quoting);
  });

  it('lines may end as on Windows, and the last one may not end at all', () => {
    const text = block({ status: 'success', result: 'a' }).replaceAll('\n', '\r\n').trimEnd();
    expect(outputs(parse(text)).map(({ result }) => result)).toEqual(['a']);
  });

  it('a document may be printed over several lines', () => {
    const text = `${OUTPUT_START}\n${JSON.stringify({ status: 'success', result: 'a' }, null, 2)}\n${OUTPUT_END}\n`;
    expect(outputs(parse(text)).map(({ result }) => result)).toEqual(['a']);
  });
});

describe('RUNNER-01: output that breaks the rules', () => {
  it('RUNNER-01: broken JSON costs its own block only', () => {
    const found = parse(`${OUTPUT_START}\n{"status":"succ\n${OUTPUT_END}\n${block({ status: 'success', result: 'next' })}`);
    expect(problems(found)).toEqual(['A block of output was dropped: it is not JSON: {"status":"succ']);
    expect(outputs(found).map(({ result }) => result)).toEqual(['next']);
  });

  it.each([
    ['[]', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['"text"', 'it is not a JSON object'],
    ['', 'it is not JSON'],
    ['{"status":"done"}', 'its status is neither "success" nor "error"'],
    ['{"result":"x"}', 'its status is neither "success" nor "error"'],
  ])('%s between markers is dropped because %s', (json, why) => {
    const found = parse(`${OUTPUT_START}\n${json}\n${OUTPUT_END}\n`);
    expect(outputs(found)).toEqual([]);
    expect(problems(found)[0]).toContain(why);
  });

  it('a start inside an open block begins anew', () => {
    const found = parse(`${OUTPUT_START}\n{"half\n${block({ status: 'success', result: 'whole' })}`);
    expect(problems(found)).toEqual(['A block of output was dropped: another start marker came before the end marker.']);
    expect(outputs(found).map(({ result }) => result)).toEqual(['whole']);
  });

  it('an end without a start is ordinary text', () => {
    expect(parse(`${OUTPUT_END}\n${OUTPUT_END}\n`)).toEqual([]);
  });

  it('a block that never ends is reported when the output does', () => {
    expect(problems(parse(`${OUTPUT_START}\n{"status":"success"}\n`))).toEqual(['A block of output was dropped: the output ended before the end marker.']);
  });

  it.each([
    ['one line', (size: number) => JSON.stringify({ status: 'success', result: 'x'.repeat(size) })],
    ['many lines', (size: number) => 'x\n'.repeat(size / 2)],
  ])('a block above the limit, in %s, is dropped and the next one is found', (_how, body) => {
    const found = parse(`${OUTPUT_START}\n${body(5000)}\n${OUTPUT_END}\n${block({ status: 'success', result: 'next' })}`, [700], 1000);
    expect(problems(found)).toEqual(['A block of output was dropped: it is longer than 1000 characters.']);
    expect(outputs(found).map(({ result }) => result)).toEqual(['next']);
  });

  it('RUNNER-01: 100 MB without a marker or a line break do not make it keep more than some characters', () => {
    const parser = new OutputParser(1000);
    const chunk = Buffer.alloc(1 << 20, 'x');
    for (let written = 0; written < 100; written += 1) expect(parser.push(chunk)).toEqual([]);
    parser.push(Buffer.from(`\n${OUTPUT_START}\n`));
    for (let written = 0; written < 100; written += 1) expect(parser.push(chunk)).toEqual([]);
    expect(problems(parser.push(Buffer.from(`\n${OUTPUT_END}\n`)))).toEqual(['A block of output was dropped: it is longer than 1000 characters.']);
    expect(outputs(parser.push(Buffer.from(block({ status: 'success', result: 'still here' }))))[0]!.result).toBe('still here');
  });
});

describe('whatever the chunks are', () => {
  const piece = fc.oneof(
    fc.record({ status: fc.constantFrom('success', 'error'), result: fc.option(fc.string({ unit: 'grapheme' })) }).map(block),
    fc.constantFrom(OUTPUT_START, OUTPUT_END, `${OUTPUT_START}\n`, `\n${OUTPUT_END}\n`, '\n', '\r\n', '{', '🙂한글', OUTPUT_START.slice(0, 13), '   '),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.integer({ min: 20, max: 300 }).map((length) => 'y'.repeat(length)),
  );

  it('RUNNER-01: any output in any chunks is read as in one piece', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }), fc.constantFrom(80, 200, MAX), (pieces, sizes, max) => {
        const text = pieces.join('');
        expect(parse(text, sizes, max)).toEqual(parse(text, [], max));
      }),
      { numRuns: 500 },
    );
  });

  it('RUNNER-01: every document is found, in order, at every chunk size from one byte up', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 64 }), (texts, size) => {
        const printed = texts.map((result) => `noise${block({ status: 'success', result })}`).join('');
        expect(outputs(parse(printed, [size])).map(({ result }) => result)).toEqual(texts);
      }),
      { numRuns: 300 },
    );
  });

  it('a document is handed out with the chunk that holds the end of its end marker', () => {
    const bytes = Buffer.from(block({ status: 'success', result: '끝' }));
    const parser = new OutputParser(MAX);
    const at = [...bytes.keys()].find((index) => parser.push(bytes.subarray(index, index + 1)).length > 0);
    expect(at).toBe(bytes.length - 1);
  });
});
