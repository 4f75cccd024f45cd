import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NoAnswer, type Box, type MailboxAnswer } from '../../../resources/agent/src/mailbox.ts';
import { readAgentInput } from '../../../resources/agent/src/run-input.ts';
import type { ToolAnswer } from '../../../resources/agent/src/sdk.ts';
import { deliverSecrets, unsetSecrets } from '../../../resources/agent/src/secrets.ts';
import { TEAM_TOOLS } from '../../../resources/agent/src/team-tools.ts';
import { AGENT_TOOLS, createTools } from '../../../resources/agent/src/tools.ts';
import { archiveOf, readTranscript } from '../../../resources/agent/src/transcript.ts';

describe('secrets (SEC-05)', () => {
  it('reach Claude Code by descriptor where it can read one, and by environment otherwise', () => {
    expect(deliverSecrets({ OTHER_TOKEN: 'o', ANTHROPIC_API_KEY: 'k', CLAUDE_CODE_OAUTH_TOKEN: 't' })).toEqual({
      env: { OTHER_TOKEN: 'o', CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR: '3', CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR: '4' },
      descriptors: ['k', 't'],
      names: ['OTHER_TOKEN', 'ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
    });
  });

  const before = async (input: unknown) => unsetSecrets(['OTHER_TOKEN'])({ hook_event_name: 'PreToolUse', session_id: 's', transcript_path: '', tool_input: input });

  it('are unset before every command, whose other arguments stay', async () => {
    expect(await before({ command: 'env', description: 'look' })).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        updatedInput: { command: 'unset ANTHROPIC_API_KEY CLAUDE_CODE_OAUTH_TOKEN OTHER_TOKEN 2>/dev/null; env', description: 'look' },
      },
    });
  });

  it('leave a call without a command as it is', async () => {
    expect(await before({ shell_id: '1' })).toEqual({});
  });
});

describe('the archive of a conversation', () => {
  const lines = [
    { type: 'queue-operation' },
    { type: 'user', message: { content: '<messages>\n<message sender="민지">화분에 물 줘!</message>\n</messages>' } },
    { type: 'user', isMeta: true, message: { content: 'a reminder of the program' } },
    { type: 'assistant', message: { content: [{ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'Done.' }, { type: 'tool_use', name: 'Bash' }] } },
    { type: 'user', message: { content: [{ type: 'tool_result', content: 'ok' }] } },
  ];

  it('holds what was said, not what tools and the program did, and survives a half-written last line', () => {
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"type":"assist`;
    expect(readTranscript(text)).toEqual([
      { who: 'user', text: lines[1]!.message!.content },
      { who: 'assistant', text: 'Done.' },
    ]);
  });

  it('is called after its day and its first words, in any script', () => {
    const at = new Date(2026, 0, 5, 7, 3);
    expect(archiveOf(readTranscript(JSON.stringify(lines[1])), 'Andy', at).name).toBe('2026-01-05-화분에-물-줘.md');
    expect(archiveOf([{ who: 'assistant', text: 'x' }], 'Andy', at).name).toBe('2026-01-05-conversation-0703.md');
    expect(archiveOf([{ who: 'user', text: 'a/../b '.repeat(40) }], 'Andy', at).name).toMatch(/^2026-01-05-[a-z-]{1,50}\.md$/);
  });

  it('cuts long texts and names the assistant', () => {
    const { text } = archiveOf([{ who: 'user', text: 'Hi' }, { who: 'assistant', text: 'y'.repeat(3000) }], '앤디', new Date(2026, 0, 5));
    expect(text).toContain(`**앤디**: ${'y'.repeat(2000)}…\n`);
    expect(text).toContain('# Hi\n');
  });
});

describe('the tools of the agent', () => {
  const input = readAgentInput(JSON.stringify({ prompt: 'x', groupFolder: 'family', chatJid: 'console:family' }));

  /** The tools of a group, with what each puts into the mailbox and what the model hears of the answer. */
  function toolsOf(isMain: boolean, answer: MailboxAnswer | Error = { ok: true, result: 'fine' }) {
    const requests: { box: Box; body: object }[] = [];
    const made = new Map<string, (args: object) => Promise<ToolAnswer>>();
    const sdk = {
      tool: (name: string, _: string, shape: z.ZodRawShape, handler: (args: never, extra: unknown) => Promise<ToolAnswer>) => {
        // Two servers: the board's list_tasks is another one than that of the schedule.
        made.set(made.has(name) ? `team ${name}` : name, async (args) => handler(z.object(shape).parse(args) as never, null));
        return {};
      },
    };
    const request = async (box: Box, body: object): Promise<MailboxAnswer> => {
      requests.push({ box, body });
      if (answer instanceof Error) throw answer;
      return answer;
    };
    createTools(sdk as Parameters<typeof createTools>[0], { request }, { ...input, isMain }, TEAM_TOOLS);
    return { requests, names: [...made.keys()], call: async (name: string, args: object) => made.get(name)!(args) };
  }

  it.each([
    ['send_message', { text: 'Hi' }, 'messages', { type: 'message', chatJid: 'console:family', text: 'Hi' }],
    ['send_message', { text: 'Hi', chat_jid: 'console:work' }, 'messages', { type: 'message', chatJid: 'console:work', text: 'Hi' }],
    [
      'schedule_task',
      { prompt: 'Water', schedule_type: 'cron', schedule_value: '0 9 * * *' },
      'tasks',
      { type: 'schedule_task', prompt: 'Water', schedule_type: 'cron', schedule_value: '0 9 * * *', context_mode: 'group', targetJid: 'console:family' },
    ],
    ['list_tasks', {}, 'tasks', { type: 'list_tasks' }],
    ['pause_task', { task_id: 't1' }, 'tasks', { type: 'pause_task', taskId: 't1' }],
    ['resume_task', { task_id: 't1' }, 'tasks', { type: 'resume_task', taskId: 't1' }],
    ['cancel_task', { task_id: 't1' }, 'tasks', { type: 'cancel_task', taskId: 't1' }],
    [
      'register_group',
      { jid: 'tg:1', name: 'Work', folder: 'work', trigger: '@Andy', requires_trigger: false },
      'tasks',
      { type: 'register_group', jid: 'tg:1', name: 'Work', folder: 'work', trigger: '@Andy', requiresTrigger: false },
    ],
    ['refresh_groups', {}, 'tasks', { type: 'refresh_groups' }],
    ['post_message', { to_role: 'BE', body: 'Hi' }, 'tasks', { type: 'team_call', tool: 'post_message', arguments: { to_role: 'BE', body: 'Hi' } }],
  ])('%s asks in the words of the mailbox', async (name, args, box, body) => {
    const tools = toolsOf(true);
    await tools.call(name, args);
    expect(tools.requests).toEqual([{ box, body }]);
  });

  it('show what only the main group may do to the main group alone', () => {
    expect(toolsOf(true).names).toEqual(expect.arrayContaining(['register_group', 'refresh_groups']));
    expect(toolsOf(false).names).not.toEqual(expect.arrayContaining(['register_group']));
    expect(toolsOf(false).names).toHaveLength(AGENT_TOOLS.length - 2 + TEAM_TOOLS.length);
  });

  it('say what really happened: the result, the refusal, or that nobody answered', async () => {
    expect(await toolsOf(false, { ok: true, result: { id: 7 } }).call('list_tasks', {})).toEqual({ content: [{ type: 'text', text: '{"id":7}' }] });
    expect(await toolsOf(false, { ok: false, error: { code: 'FORBIDDEN', message: 'Not your task.' } }).call('pause_task', { task_id: 't' })).toEqual({
      content: [{ type: 'text', text: 'FORBIDDEN: Not your task.' }],
      isError: true,
    });
    expect(await toolsOf(false, new NoAnswer('nobody')).call('list_tasks', {})).toEqual({ content: [{ type: 'text', text: 'nobody' }], isError: true });
  });
});
