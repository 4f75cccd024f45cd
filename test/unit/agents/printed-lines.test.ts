import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrintedLines } from '../../../main/agents/printed-lines.ts';
import { SecretMask } from '../../../main/base/secret-mask.ts';

const SECRET = 'sk-ant-geheim-0123456789';

function printed(text: string, sizes: readonly number[], secrets: readonly string[] = [SECRET]): string {
  const lines = new PrintedLines(new SecretMask(secrets));
  const bytes = Buffer.from(text);
  let shown = '';
  for (let at = 0, chunk = 0; at < bytes.length; chunk += 1) {
    const size = sizes[chunk % sizes.length]!;
    shown += lines.push(bytes.subarray(at, at + size));
    at += size;
  }
  return shown + lines.finish();
}

describe('SEC-05: what is written of an output', () => {
  it('SEC-05: a secret is hidden wherever a chunk cuts it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (before, after, sizes) => {
        const shown = printed(`${before}${SECRET}${after}\n`, sizes);
        expect(shown).not.toContain(SECRET);
        expect(shown).toContain('[hidden]');
      }),
    );
  });

  it('SEC-05: also in a line without an end, and at every place of it', () => {
    for (let at = 65_400; at < 65_700; at += 7) {
      const shown = printed(`${'x'.repeat(at)}${SECRET}${'y'.repeat(70_000)}`, [4096]);
      expect(shown.replaceAll('\n', '')).toBe(`${'x'.repeat(at)}[hidden]${'y'.repeat(70_000)}`);
    }
  });

  it('SEC-05: a secret is hidden as it looks inside JSON too', () => {
    const mask = new SecretMask(['a"b\\c-long-one']);
    expect(mask.hide(`plain a"b\\c-long-one json ${JSON.stringify('a"b\\c-long-one')}`)).toBe('plain [hidden] json "[hidden]"');
  });

  it('a secret that holds another one is hidden whole', () => {
    expect(new SecretMask(['secret', 'secret-and-more']).hide('secret-and-more, secret')).toBe('[hidden], [hidden]');
  });

  it('a value too short to be a secret does not tear words apart', () => {
    expect(new SecretMask(['a', '', '12345']).hide('a banana for 12345')).toBe('a banana for 12345');
  });

  it('lines stay as they are, with every line end made the same', () => {
    expect(printed('one\r\ntwo\n\nthree', [3])).toBe('one\ntwo\n\nthree\n');
  });
});
