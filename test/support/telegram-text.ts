/** What the Bot API makes of a marked-up text: the plain text, or the description of its 400. */
export type Parsed = { readonly text: string } | { readonly error: string };

const HTML_TAGS = /^\/?(?:b|strong|i|em|u|ins|s|strike|del|code|pre|a|blockquote|tg-spoiler|span)(?:\s[^<>]*)?$/;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
/** These must be escaped in MarkdownV2 wherever they do not mean something (Bot API, "Formatting options"). */
const RESERVED = '_*[]()~`>#+-=|{}.!';

/** Parses as the real server does where our messages go; enough of it to refuse what the real one refuses. */
export function parseTelegramText(text: string, mode: string | undefined): Parsed {
  if (mode === undefined) return { text };
  if (mode === 'HTML') return parseHtml(text);
  if (mode === 'MarkdownV2') return parseMarkdown(text);
  return { error: 'Bad Request: unsupported parse_mode' };
}

function parseHtml(source: string): Parsed {
  const open: string[] = [];
  let plain = '';
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!;
    if (char === '<') {
      const end = source.indexOf('>', at);
      const tag = end === -1 ? '' : source.slice(at + 1, end);
      if (!HTML_TAGS.test(tag)) return { error: `Bad Request: can't parse entities: Unsupported start tag "${tag}" at byte offset ${at}` };
      const name = tag.replace(/^\//, '').split(/\s/, 1)[0]!;
      if (!tag.startsWith('/')) open.push(name);
      else if (open.pop() !== name) return { error: `Bad Request: can't parse entities: Unmatched end tag at byte offset ${at}` };
      at = end;
    } else if (char === '&') {
      const entity = /^&(lt|gt|amp|quot);/.exec(source.slice(at, at + 6));
      plain += entity === null ? '&' : ENTITIES[entity[1]!]!;
      if (entity !== null) at += entity[0].length - 1;
    } else {
      plain += char;
    }
  }
  if (open.length > 0) return { error: `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "${open.at(-1)}"` };
  return { text: plain };
}

function parseMarkdown(source: string): Parsed {
  let plain = '';
  let bold = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!;
    if (char === '\\') {
      at += 1;
      if (at >= source.length) return { error: "Bad Request: can't parse entities: Character '\\' is reserved and must be escaped with the preceding '\\'" };
      plain += source[at]!;
    } else if (char === '*') {
      bold = !bold;
    } else if (RESERVED.includes(char)) {
      return { error: `Bad Request: can't parse entities: Character '${char}' is reserved and must be escaped with the preceding '\\'` };
    } else {
      plain += char;
    }
  }
  return bold ? { error: "Bad Request: can't parse entities: Can't find end of Bold entity" } : { text: plain };
}

/** Why the server refuses the address of a button; null when it takes it. A host needs a dot (tdlib, LinkManager). */
export function buttonUrlRefusal(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const known = parsed !== null && ['http:', 'https:', 'tg:'].includes(parsed.protocol);
  const host = parsed?.hostname ?? '';
  if (known && (parsed.protocol === 'tg:' || host.includes('.') || host.startsWith('['))) return null;
  return `Bad Request: inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`;
}
