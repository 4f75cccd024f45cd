interface KeyStroke {
  readonly key: string;
  readonly code: string;
}

/**
 * The key as a shortcut means it: a Latin letter in lower case, whatever the input method. While Hangul is switched
 * on, `key` is a jamo or `Process`, and only `code` still tells which key it was.
 */
export function keyOf({ key, code }: KeyStroke): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (key.length === 1 && key.charCodeAt(0) < 128) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined && (key === 'Process' || key.length === 1)) return letter.toLowerCase();
  return key;
}

/** Whether typing belongs to this element, so that single keys are no shortcuts there. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
