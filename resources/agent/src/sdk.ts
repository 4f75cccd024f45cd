import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ZodRawShape, ZodObject, infer as Infer } from 'zod';

/**
 * The part of `@anthropic-ai/claude-agent-sdk` that the runner uses. The package is installed in the image, not in a
 * checkout (it brings a program of 400 MB); a test checks these words against the package's own types.
 */
export interface Sdk {
  query(params: { readonly prompt: AsyncIterable<UserMessage>; readonly options: QueryOptions }): SdkQuery;
  createSdkMcpServer(options: { readonly name: string; readonly version: string; readonly tools: SdkTool[]; readonly alwaysLoad?: boolean }): object;
  tool<Shape extends ZodRawShape>(
    name: string,
    description: string,
    input: Shape,
    handler: (args: Infer<ZodObject<Shape>>, extra: unknown) => Promise<ToolAnswer>,
    extras?: { readonly annotations?: ToolHints },
  ): SdkTool;
}

/** A tool definition; only the SDK looks inside. */
export type SdkTool = object;

export interface ToolHints {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** What a tool says to the model. */
export interface ToolAnswer {
  readonly [key: string]: unknown;
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly isError?: boolean;
}

export interface UserMessage {
  readonly type: 'user';
  readonly message: { readonly role: 'user'; readonly content: string };
  readonly parent_tool_use_id: null;
}

/** A live conversation: an iteration of what happens in it, until its prompt stream ends. */
export interface SdkQuery extends AsyncIterable<SdkMessage> {
  close(): void;
}

/** A part of what was said. */
export interface SdkBlock {
  readonly type: string;
  /** Of a `text`. */
  readonly text?: unknown;
  /** Of a `tool_use`: which tool. */
  readonly name?: unknown;
}

/** The messages that matter here; all others only have a type. */
export interface SdkMessage {
  readonly type: string;
  readonly subtype?: string;
  readonly session_id?: string;
  /** Of an `assistant`: what it said, and the tools that it calls. */
  readonly message?: string | { readonly content: string | readonly SdkBlock[] };
  /** Of a `stream_event`: a piece of what is said just now, as the Messages API streams it. */
  readonly event?: { readonly type: string; readonly content_block?: { readonly type: string }; readonly delta?: object };
  /** By which call a helper of the agent was started that says this; null: the agent itself. */
  readonly parent_tool_use_id?: string | null;
  /** Of a `result`: the last text of the turn. */
  readonly result?: string;
  readonly is_error?: boolean;
  /** Of a `result` that is an error. */
  readonly errors?: readonly string[];
  /** Of `api_retry`: how often the API was asked in vain, when it is asked again, and what it answered. */
  readonly attempt?: number;
  readonly retry_delay_ms?: number;
  readonly error_status?: number | null;
}

export interface QueryOptions {
  readonly cwd: string;
  readonly additionalDirectories: string[];
  readonly resume?: string;
  readonly systemPrompt: { readonly type: 'preset'; readonly preset: 'claude_code'; readonly append: string };
  readonly permissionMode: 'bypassPermissions';
  readonly allowDangerouslySkipPermissions: true;
  readonly disallowedTools: string[];
  /** Whether `stream_event` messages come. */
  readonly includePartialMessages: true;
  readonly settingSources: ('user' | 'project')[];
  readonly mcpServers: Record<string, object>;
  readonly env: Record<string, string | undefined>;
  readonly hooks: Record<string, HookMatcher[]>;
  readonly spawnClaudeCodeProcess: (options: SpawnOptions) => SpawnedProcess;
}

export interface HookMatcher {
  readonly matcher?: string;
  readonly hooks: ((input: HookInput) => Promise<HookAnswer>)[];
  readonly onFailure?: 'continue' | 'block';
}

export interface HookInput {
  readonly hook_event_name: string;
  readonly transcript_path: string;
  readonly session_id: string;
  readonly tool_input?: unknown;
}

export interface HookAnswer {
  readonly hookSpecificOutput?: { readonly hookEventName: 'PreToolUse'; readonly updatedInput: Record<string, unknown> };
}

export interface SpawnOptions {
  readonly command: string;
  readonly args: string[];
  readonly cwd?: string;
  readonly env: Record<string, string | undefined>;
  readonly signal: AbortSignal;
}

export type SpawnedProcess = ChildProcessByStdio<Writable, Readable, Readable>;
