import type { ZodRawShape } from 'zod';
import { TOOLS } from '../../../main/server/mcp/tools.ts';
import type { ToolHints } from './sdk.ts';

export interface TeamTool {
  readonly name: string;
  readonly description: string;
  readonly input: ZodRawShape;
  readonly annotations: ToolHints;
}

/** The tools of `/mcp`, in the same words; the role is that of the group's agent, so no argument names it. */
export const TEAM_TOOLS: readonly TeamTool[] = TOOLS.map(({ name, description, input, annotations }) => ({
  name,
  description,
  input: input.shape as ZodRawShape,
  annotations: annotations as ToolHints,
}));
