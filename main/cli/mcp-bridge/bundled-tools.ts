import { TOOLS } from '../../server/mcp/tools.ts';
import { toWireTool } from '../../server/mcp/tool-schemas.ts';

/** The tools as a core of this version lists them to a session. */
export function bundledTools(roles: readonly string[]): readonly object[] {
  return TOOLS.map((tool) => toWireTool(tool, roles, 'session'));
}
