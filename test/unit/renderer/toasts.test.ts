import { describe, expect, it } from 'vitest';
import { createToasts } from '../../../renderer/state/toasts.ts';

function rig() {
  const due: (() => void)[] = [];
  const toasts = createToasts((_delayMs, run) => void due.push(run));
  const titles = () => toasts.getState().shown.map(({ title }) => title);
  return { toasts: toasts.getState(), titles, pass: () => due.splice(0).forEach((run) => run()) };
}

describe('toasts', () => {
  it('let confirmations leave by themselves and keep problems', () => {
    const { toasts, titles, pass } = rig();
    toasts.show({ tone: 'done', title: 'sent' });
    toasts.show({ tone: 'problem', title: 'refused' });
    pass();
    expect(titles()).toEqual(['refused']);
  });

  it('show only the last few', () => {
    const { toasts, titles } = rig();
    for (const title of ['a', 'b', 'c', 'd']) toasts.show({ tone: 'problem', title });
    expect(titles()).toEqual(['b', 'c', 'd']);
  });
});
