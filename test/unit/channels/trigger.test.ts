import { describe, expect, test } from 'vitest';
import { matchesTrigger } from '../../../main/channels/trigger.ts';

describe('a trigger', () => {
  test.each([
    ['@Andy', '@Andy hello'],
    ['@Andy', '@andy'],
    ['@Andy', '  @ANDY: hello'],
    ['@Andy', "@Andy's turn"],
    ['@Andy', '@Andy, please'],
    ['@Andy', '@Andy\nhello'],
    ['@Andy', '@Andy야 안녕'],
    ['Andy', '@Andy without the sign in the setting'],
    ['@앤디', '@앤디 안녕'],
    ['@앤디', '@앤디'],
    ['@앤디', '@앤디야, 오늘 뭐해?'],
    ['@앤디', '@앤디는 어때'],
    ['@앤디', '@앤디에게 부탁'],
    ['@앤디', '@앤디님!'],
    ['@민준', '@민준아 밥 먹자'],
    ['@민준', '@민준이가 왔어'],
    ['@앤디', '@앤디 야'.normalize('NFD')],
    ['@앤디', '＠앤디 안녕'],
    ['@Zoë', '@zoë hi'],
    ['@Zoë', '@Zoë hi'],
    ['@Bot!', '@Bot! go'],
    ['@小明', '@小明你好'],
    ['@アンディ', '@アンディさん'],
    ['@محمد', '@محمد مرحبا'],
    ['@My Bot', '@my  bot go'],
    ['@a.b*c', '@a.b*c go'],
    ['@Andy', '⁨@Andy⁩ an address wrapped in direction marks'],
  ])('%s is matched by %j (ROUTER-01)', (trigger, text) => {
    expect(matchesTrigger(text, trigger)).toBe(true);
  });

  test.each([
    ['@Andy', 'hello @Andy'],
    ['@Andy', '@Andyman hello'],
    ['@Andy', '@Andy2'],
    ['@Andy', '@Andy_b'],
    ['@Andy', 'Andy hello'],
    ['@Andy', '@Bob'],
    ['@Andy', ''],
    ['@앤디', '@앤디슨 안녕'],
    ['@앤디', '안녕 @앤디'],
    ['@민준', '@민준혁 안녕'],
    ['@Zoë', '@Zoëlle'],
    ['@a.b*c', '@axbbbc go'],
    ['', '@anything'],
    ['@', '@anything'],
  ])('%s is not matched by %j', (trigger, text) => {
    expect(matchesTrigger(text, trigger)).toBe(false);
  });
});
