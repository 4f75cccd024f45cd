/** What a caller can act on: HTTP status, whether the same call may work later, and a sentence in both languages. */
interface ErrorRow {
  readonly status: number;
  readonly retryable: boolean;
  readonly en: string;
  readonly ko: string;
}

const row = (status: number, en: string, ko: string, retryable = false): ErrorRow => ({ status, retryable, en, ko });

/**
 * The one error table (DESIGN §19). A row's sentence names the rule; `AppError.message` adds the thing and the cure.
 * The desktop, the HTTP envelope, MCP tools and the command line all read it.
 */
export const ERRORS = {
  // Callers and their rights
  AUTH_TOKEN_MISSING: row(401, 'No token was sent.', '토큰이 없습니다.'),
  AUTH_TOKEN_INVALID: row(401, 'The token is not valid here.', '유효하지 않은 토큰입니다.'),
  AUTH_TOKEN_EXPIRED: row(401, 'The session has expired.', '세션이 만료되었습니다.'),
  SESSION_REVOKED: row(401, 'The session was revoked.', '세션이 취소되었습니다.'),
  AGENT_SUSPENDED: row(403, 'The agent is suspended.', '에이전트가 정지되었습니다.'),
  FORBIDDEN: row(403, 'The caller may not do this.', '권한이 없습니다.'),
  ROLE_MISMATCH: row(403, 'The session belongs to another role.', '세션의 역할과 다릅니다.'),
  ORIGIN_REFUSED: row(403, 'The request comes from an origin that is not allowed.', '허용되지 않은 출처의 요청입니다.'),
  HOST_REFUSED: row(403, 'The Host header is not allowed.', '허용되지 않은 Host 헤더입니다.'),
  SYSTEM_LOCKED: row(503, 'The kill switch is active.', '킬 스위치가 켜져 있습니다.'),
  RATE_LIMITED: row(429, 'Too many requests.', '요청이 너무 많습니다.', true),

  // Input
  INPUT_INVALID: row(400, 'The input breaks a rule.', '입력이 규칙에 맞지 않습니다.'),
  BODY_TOO_LARGE: row(413, 'The body is larger than allowed.', '본문이 허용 크기를 넘었습니다.'),
  MEDIA_TYPE: row(415, 'Only application/json is accepted.', 'application/json만 받습니다.'),
  METHOD_NOT_ALLOWED: row(405, 'This method is not allowed here.', '허용되지 않은 메서드입니다.'),
  NOT_FOUND: row(404, 'There is no such thing.', '찾을 수 없습니다.'),
  CONFLICT: row(409, 'The state does not allow this.', '현재 상태에서는 할 수 없습니다.'),
  CANCELLED: row(409, 'The person decided against it.', '사용자가 취소했습니다.'),

  // Team bus
  ROLE_UNKNOWN: row(404, 'There is no such role.', '없는 역할입니다.'),
  MESSAGE_NOT_FOUND: row(404, 'There is no such message.', '없는 메시지입니다.'),
  TASK_NOT_FOUND: row(404, 'There is no such task.', '없는 작업입니다.'),
  LOCK_NOT_HELD: row(404, 'Nobody holds this lock.', '점유되지 않은 락입니다.'),
  CURSOR_AHEAD: row(409, 'The cursor is ahead of the newest entry.', '커서가 마지막 항목보다 앞서 있습니다.'),
  TRANSITION_REFUSED: row(409, 'A task cannot go from its state to this one.', '허용되지 않은 작업 상태 변경입니다.'),
  VERSION_CONFLICT: row(409, 'The task was changed by somebody else.', '다른 곳에서 작업이 변경되었습니다.', true),
  DEADLOCK: row(409, 'Waiting for this lock would never end.', '이 락을 기다리면 교착 상태가 됩니다.'),
  DEPENDENCY_CYCLE: row(409, 'The tasks would wait for each other.', '작업이 서로를 기다리게 됩니다.'),
  IDEMPOTENCY_KEY_REUSED: row(409, 'The key was used for another call.', '멱등 키가 다른 호출에 사용되었습니다.'),

  // Agents and sessions
  AGENT_NOT_FOUND: row(404, 'There is no such agent.', '없는 에이전트입니다.'),
  AGENT_EXISTS: row(409, 'An agent of this name exists already.', '같은 이름의 에이전트가 있습니다.'),
  SESSION_NOT_FOUND: row(404, 'There is no such session.', '없는 세션입니다.'),
  SESSION_LIMIT: row(409, 'The agent has as many sessions as allowed.', '에이전트의 세션 수가 한도에 달했습니다.'),
  RENEWAL_LIMIT_REACHED: row(403, 'The session was renewed as often as allowed.', '세션 갱신 횟수가 한도에 달했습니다.'),
  SESSION_ABSOLUTE_LIFETIME_EXCEEDED: row(403, 'The session has reached its absolute lifetime.', '세션의 최대 수명에 도달했습니다.'),
  RENEWAL_TOO_EARLY: row(403, 'The session cannot be renewed yet.', '아직 세션을 갱신할 수 없습니다.', true),
  SESSION_RENEWAL_MISMATCH: row(403, 'A session can only renew itself.', '세션은 자기 자신만 갱신할 수 있습니다.'),
  RENEWAL_CONFLICT: row(409, 'The session changed while it was renewed.', '갱신하는 동안 세션이 변경되었습니다.'),
  RENEWAL_NOT_REQUIRED: row(400, 'The session needs no renewal.', '갱신이 필요 없는 세션입니다.'),
  RENEWAL_NOT_FOUND: row(404, 'There is no such renewal.', '없는 갱신입니다.'),
  REJECT_LINK_INVALID: row(403, 'This link does not belong to a renewal of the session.', '이 세션의 갱신에 속하지 않는 링크입니다.'),

  // Groups and runs
  GROUP_NOT_FOUND: row(404, 'There is no such group.', '없는 그룹입니다.'),
  GROUP_EXISTS: row(409, 'The chat or the folder belongs to a group already.', '채팅이나 폴더가 이미 다른 그룹에 속해 있습니다.'),
  RUN_NOT_FOUND: row(404, 'There is no such run.', '없는 실행입니다.'),
  RUN_NOT_STARTED: row(500, 'The agent could not be started.', '에이전트를 시작할 수 없습니다.', true),
  ENGINE_UNAVAILABLE: row(503, 'No container engine answers.', '응답하는 컨테이너 엔진이 없습니다.', true),
  ENGINE_UNSUITABLE: row(409, 'The container engine cannot isolate agents as asked.', '컨테이너 엔진이 요청된 격리를 지원하지 않습니다.'),
  IMAGE_MISSING: row(409, 'The image of the agent has not been built.', '에이전트 이미지가 아직 빌드되지 않았습니다.'),
  IMAGE_BUILD_FAILED: row(500, 'The image of the agent could not be built.', '에이전트 이미지를 빌드할 수 없습니다.'),
  SCHEDULE_NOT_FOUND: row(404, 'There is no such scheduled task.', '없는 예약 작업입니다.'),

  // Master password, owners, kill switch
  MASTER_PASSWORD_REQUIRED: row(401, 'This needs the master password.', '마스터 비밀번호가 필요합니다.'),
  INVALID_MASTER_PASSWORD: row(401, 'The master password is wrong.', '마스터 비밀번호가 틀렸습니다.'),
  MASTER_PASSWORD_NOT_SET: row(409, 'No master password has been set yet.', '마스터 비밀번호가 아직 설정되지 않았습니다.'),
  MASTER_PASSWORD_ALREADY_SET: row(409, 'The master password has been set already.', '마스터 비밀번호가 이미 설정되어 있습니다.'),
  TOO_MANY_ATTEMPTS: row(429, 'Too many wrong passwords.', '비밀번호를 너무 많이 틀렸습니다.', true),
  OWNER_AUTH_REQUIRED: row(401, 'This needs the signature of an owner.', '소유자의 서명이 필요합니다.'),
  INVALID_SIGNATURE: row(401, 'The signature of the owner is not valid here.', '소유자 서명이 유효하지 않습니다.'),
  INVALID_NONCE: row(401, 'The nonce was used already, is too old, or was not issued here.', '논스가 이미 사용되었거나 만료되었거나 여기서 발급되지 않았습니다.'),
  OWNER_MISMATCH: row(403, 'The signature is not that of the registered owner.', '등록된 소유자의 서명이 아닙니다.'),
  OWNER_LOCKED: row(403, 'A verified owner cannot be removed.', '검증된 소유자는 제거할 수 없습니다.'),
  NO_OWNER: row(404, 'The agent has no owner.', '에이전트에 소유자가 없습니다.'),
  KILL_SWITCH_ALREADY_ACTIVE: row(409, 'The kill switch is on already.', '킬 스위치가 이미 켜져 있습니다.'),
  KILL_SWITCH_NOT_ACTIVE: row(409, 'The kill switch is not on.', '킬 스위치가 켜져 있지 않습니다.'),
  RECOVERY_WAIT_REQUIRED: row(409, 'The wait of the recovery is not over.', '복구 대기 시간이 끝나지 않았습니다.', true),
  RECOVERY_ALREADY_STARTED: row(409, 'A recovery was started already.', '복구가 이미 시작되었습니다.'),
  INVALID_RECOVERY_STATE: row(409, 'The state of the recovery does not allow this.', '현재 복구 상태에서는 할 수 없습니다.'),

  // Notices
  NOTICE_NOT_FOUND: row(404, 'There is no such notice.', '없는 알림입니다.'),
  NOTICE_CHANNEL_UNUSABLE: row(409, 'Notices cannot go by this channel.', '이 채널로는 알림을 보낼 수 없습니다.'),

  // Completions
  COMPLETION_NOT_FOUND: row(404, 'There is no such completion.', '없는 완료 보고입니다.'),
  REPORT_UNREADABLE: row(409, 'The report cannot be shown.', '보고서를 표시할 수 없습니다.'),

  // Updates
  UPDATE_FEED_UNREACHABLE: row(503, 'The feed of updates does not answer.', '업데이트 피드가 응답하지 않습니다.', true),
  UPDATE_FEED_INVALID: row(502, 'The feed of updates cannot be used.', '업데이트 피드를 사용할 수 없습니다.', true),
  UPDATE_DOWNLOAD_FAILED: row(503, 'The update could not be downloaded.', '업데이트를 내려받지 못했습니다.', true),
  UPDATE_CHECKSUM: row(502, 'The downloaded update is not what the feed promises.', '내려받은 업데이트가 피드의 체크섬과 다릅니다.', true),

  // Machine and files
  CONFIG_INVALID: row(500, 'The configuration breaks a rule.', '설정이 규칙에 맞지 않습니다.'),
  DATA_DIR_UNUSABLE: row(500, 'The data directory cannot be used.', '데이터 폴더를 사용할 수 없습니다.'),
  DATABASE_NEWER: row(500, 'The database was written by a newer version.', '더 새로운 버전의 데이터베이스입니다.'),
  DATABASE_CORRUPT: row(500, 'The database is damaged.', '데이터베이스가 손상되었습니다.'),
  DATABASE_BUSY: row(503, 'The database is busy.', '데이터베이스가 사용 중입니다.', true),
  DISK_FULL: row(507, 'The disk is full.', '디스크가 가득 찼습니다.', true),
  ALREADY_RUNNING: row(409, 'Wheelhouse runs already on this data directory.', '이 데이터 폴더에서 이미 실행 중입니다.'),
  NOT_RUNNING: row(503, 'Wheelhouse is not running.', '실행 중이 아닙니다.', true),
  PORT_TAKEN: row(500, 'The port is taken.', '포트가 이미 사용 중입니다.'),
  SERVICE_MANAGER_UNAVAILABLE: row(500, 'The service manager of this system does not answer.', '이 시스템의 서비스 관리자가 응답하지 않습니다.'),
  TOKEN_FILE_REFUSED: row(500, 'The token file cannot be written safely.', '토큰 파일을 안전하게 쓸 수 없습니다.'),
  SECRET_FILE_REFUSED: row(500, 'The secret store cannot be used safely.', '비밀 값 저장소를 안전하게 사용할 수 없습니다.'),
  INTERNAL: row(500, 'Something went wrong inside Wheelhouse.', '내부 오류가 발생했습니다.', true),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** JSON that explains an error to a program: never a secret. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An error that a caller can act on. Anything else that is thrown is a bug and must be loud. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** `message` names the thing, the rule and the cure; without it the table's sentence is used. */
  constructor(code: ErrorCode, message?: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message ?? ERRORS[code].en, options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
