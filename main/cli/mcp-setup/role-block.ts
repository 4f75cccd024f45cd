/** What the role block of a project says about its team (seed 001, task 10). */
export interface RoleBlock {
  readonly role: string;
  readonly otherRoles: readonly string[];
  readonly resources: readonly string[];
  /** Whether callers name their role themselves, as with the shared key. */
  readonly namesRole: boolean;
  /** The environment variable that holds the token or key. */
  readonly variable: string;
}

/** The block in the language of the project's owner. */
export function roleBlock(language: 'en' | 'ko', block: RoleBlock): string {
  return language === 'ko' ? korean(block) : english(block);
}

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

function english({ role, otherRoles, resources, namesRole, variable }: RoleBlock): string {
  return `
## Team bus (Wheelhouse): this session is **${role}**

Other sessions (${otherRoles.join(', ')}) work on the same product at the same time. Stay in step with them through the tools of the MCP server \`wheelhouse\`.

- **Before you change a shared resource, call \`acquire_lock\`** and change it only when \`acquired\` is true. Shared: ${code(resources)}. If somebody holds it, wait with \`wait_sec\` or do something else first. Renew with \`heartbeat_lock\` during long work, and \`release_lock\` as soon as you are done.
- **Read your inbox** with \`read_inbox\` when you start, between steps and before you stop; pass the last \`cursor\` as \`after_id\`. Acknowledge with \`ack_message\` what asks for it.
- **Work from the board**: \`list_tasks\`, \`claim_task\` before you begin, \`update_task\` with a note when it is done or blocked. Write to the others with \`post_message\`.
${namesRole ? `- Name your role in every call: \`role\`, \`from_role\` or \`created_by\` is \`"${role}"\`.\n` : ''}- The environment variable \`${variable}\` holds the ${namesRole ? 'key' : 'token'}. Never write it into a file of this project.
`;
}

function korean({ role, otherRoles, resources, namesRole, variable }: RoleBlock): string {
  return `
## 팀 버스 (Wheelhouse): 이 세션의 역할은 **${role}**

다른 세션(${otherRoles.join(', ')})이 같은 제품을 동시에 작업한다. MCP 서버 \`wheelhouse\`의 도구로 서로 맞춰 일한다.

- **공유 리소스를 바꾸기 전에 반드시 \`acquire_lock\`을 호출**하고, \`acquired\`가 true일 때만 바꾼다. 대상: ${code(resources)}. 다른 역할이 점유 중이면 \`wait_sec\`으로 기다리거나 다른 일을 먼저 한다. 긴 작업 중에는 \`heartbeat_lock\`으로 갱신하고, 끝나면 바로 \`release_lock\`한다.
- **우편함 확인**: 시작할 때, 단계 사이, 끝내기 전에 \`read_inbox\`를 호출하고 지난 \`cursor\`를 \`after_id\`로 넘긴다. 확인을 요구하는 메시지에는 \`ack_message\`로 답한다.
- **작업 보드**: \`list_tasks\`로 보고, 시작 전에 \`claim_task\`, 끝나거나 막히면 메모와 함께 \`update_task\`. 다른 역할에게는 \`post_message\`로 알린다.
${namesRole ? `- 모든 호출에 역할을 적는다: \`role\`, \`from_role\`, \`created_by\`는 \`"${role}"\`.\n` : ''}- ${namesRole ? '키' : '토큰'}는 환경 변수 \`${variable}\`에 있다. 이 프로젝트의 파일에는 절대 적지 않는다.
`;
}
