import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchableText, searchExpression } from '../../../main/bus/search-text.ts';

describe('what the index is given', () => {
  test.each([
    ['배포 완료', ' 배포 포   완료 료 '],
    ['안', ' 안 '],
    ['API서버를 v2', 'API 서버 버를 를  v2'],
    ['日本語', ' 日本 本語 語 '],
    ['ㅋㅋㅋ', ' ㅋㅋ ㅋㅋ ㅋ '],
    ['Fix store.ts, "now"', 'Fix store.ts, "now"'],
    ['', ''],
  ])('%j becomes %j', (text, indexed) => {
    expect(searchableText(text)).toBe(indexed);
  });

  test('decomposed text is indexed as composed text', () => {
    expect(searchableText('배포 café'.normalize('NFD'))).toBe(searchableText('배포 café'));
  });
});

describe('what is searched for', () => {
  test.each([
    ['배포', '"배포"*'],
    ['배포했다', '"배포 포했 했다"*'],
    ['안', '"안"*'],
    ['API서버', '"api 서버"*'],
    ['서버API', '"서버 버 api"*'],
    ['store.ts', '"store ts"*'],
    ['배포  완료', '"배포"* AND "완료"*'],
    ['배포 배포', '"배포"*'],
    ['a" OR b*', '"a"* AND "or"* AND "b"*'],
    ['NEAR(a, 5)', '"near a"* AND "5"*'],
    ['-^:{}+', null],
    ['', null],
  ])('%j becomes %j', (typed, expression) => {
    expect(searchExpression(typed)).toBe(expression);
  });

  test('nothing but letters, digits and marks gets into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (typed) => {
        expect(searchExpression(typed) ?? '""*').toMatch(/^"[\p{L}\p{N}\p{M} ]*"\*(?: AND "[\p{L}\p{N}\p{M} ]*"\*)*$/u);
      }),
    );
  });
});
