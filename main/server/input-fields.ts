import { z } from 'zod';

/** Fields of input from outside; each message names the field and its rule. */
export function text(name: string, max: number) {
  const error = `${name} must be text of 1 to ${max} characters`;
  return z.string({ error }).min(1, { error }).max(max, { error });
}

export function integer(name: string, min: number, max: number) {
  const error = `${name} must be an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** An integer that arrives as text, as in the query of an address. */
export function integerText(name: string, min: number, max: number) {
  const error = `${name} must be an integer from ${min} to ${max}`;
  return z.string({ error }).regex(/^\d{1,9}$/, { error }).transform(Number).pipe(integer(name, min, max));
}

export function oneOf<const T extends readonly string[]>(name: string, words: T) {
  return z.enum(words, { error: `${name} must be one of ${words.join(', ')}` });
}
