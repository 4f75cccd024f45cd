/** What follows a name in Korean without a space: vocatives, particles, honorifics; longer ones first. */
const PARTICLES =
  '이라도|이라고|이랑|이야|이여|이는|이가|이를|에게서|에게는|에게|한테는|한테|께서는|께서|께|님께|님이|님은|님을|님도|님|씨가|씨는|씨도|씨|으로|부터|까지|보고|더러|라도|라고|랑|야|아|여|이|가|은|는|을|를|와|과|도|만|의|로';
/** Scripts that write words without spaces between them, so that nothing marks where a name ends. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const PART_OF_WORD = String.raw`[\p{L}\p{N}\p{M}_]`;
const ESCAPE = /[\\^$.*+?()[\]{}|/-]/g;

/** A name as it is compared: one form per character, full-width signs as plain ones, no invisible characters. */
const normal = (text: string): string => text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '').trim();

/**
 * Whether a message speaks to the agent: it begins with the trigger, whatever the case, and the name ends there. `@Andy's`
 * and `@앤디야` do, `@Andyman` does not. A name that begins without `@` is meant with it. (ROUTER-01; JavaScript's `\b` knows
 * ASCII letters only, so a Korean name never matched.)
 */
export function matchesTrigger(text: string, trigger: string): boolean {
  const name = normal(trigger).replace(/^@+\s*/, '');
  if (name === '') return false;
  const pattern = name.replaceAll(ESCAPE, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`);
  const open = UNSPACED.test(name) || !new RegExp(`${PART_OF_WORD}$`, 'u').test(name);
  const end = open ? '' : `(?=(?:${PARTICLES})?(?!${PART_OF_WORD}))`;
  return new RegExp(`^@\\s?${pattern}${end}`, 'iu').test(normal(text));
}
