/** One thing said in a conversation. */
export interface Said {
  readonly who: 'user' | 'assistant';
  readonly text: string;
}

/** A longer text is cut in the archive; the session itself keeps all of it. */
const LONGEST_TEXT = 2000;
const LONGEST_SLUG = 50;

/** What people and the agent said, from the JSON lines in which Claude Code keeps a session. Other lines are left out. */
export function readTranscript(lines: string): Said[] {
  return lines.split('\n').flatMap((line) => {
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      // The last line may be half-written: the session is live.
      return [];
    }
    const { type, message, isMeta } = (entry ?? {}) as { type?: unknown; message?: { content?: unknown }; isMeta?: unknown };
    if ((type !== 'user' && type !== 'assistant') || isMeta === true) return [];
    const text = textOf(message?.content).trim();
    return text === '' ? [] : [{ who: type, text }];
  });
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.flatMap((block: { type?: unknown; text?: unknown }) => (block.type === 'text' && typeof block.text === 'string' ? [block.text] : [])).join('\n');
}

/** The archive of a conversation as Markdown, and what its file is called. `at` is local time. */
export function archiveOf(said: readonly Said[], assistantName: string, at: Date): { readonly name: string; readonly text: string } {
  const first = said.find(({ who }) => who === 'user')?.text ?? '';
  const title = plain(first).slice(0, 80).trim();
  const pad = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const slug = slugOf(title) || `conversation-${pad(at.getHours())}${pad(at.getMinutes())}`;
  const parts = said.map(({ who, text }) => {
    const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
    return `**${who === 'user' ? 'User' : assistantName}**: ${shown}`;
  });
  return { name: `${day}-${slug}.md`, text: `# ${title || 'Conversation'}\n\nArchived ${day} ${pad(at.getHours())}:${pad(at.getMinutes())}\n\n${parts.join('\n\n')}\n` };
}

/** The first line of what was said, without the markup in which chats arrive. */
function plain(text: string): string {
  const words = text.replaceAll(/<[^>]*>/g, ' ').trim();
  return words.split('\n', 1)[0]!;
}

/** Letters and digits of any script, with hyphens between words. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, LONGEST_SLUG)
    .replaceAll(/^-+|-+$/g, '');
}
