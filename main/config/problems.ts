import { AppError } from '../base/errors.ts';

/** Where a value came from: a line of the file (counted from 1), an environment variable, or nowhere. */
export type Origin = { readonly file: string; readonly line: number } | { readonly variable: string } | null;

/** One broken rule of the configuration. */
export interface ConfigProblem {
  readonly origin: Origin;
  /** `section.key`, or what stands in its place. */
  readonly key: string;
  /** Names the key, the rule and the cure; never the value of an unknown key, which may be a misplaced secret. */
  readonly message: string;
}

/** All problems in one error, because correcting them one start at a time is tiresome. */
export function configInvalid(problems: readonly ConfigProblem[]): AppError {
  const lines = problems.map((problem) => `${whereabouts(problem.origin)}${problem.message}`);
  const message = lines.length === 1 ? lines[0]! : [`The configuration breaks ${lines.length} rules:`, ...lines.map((line) => `  ${line}`)].join('\n');
  return new AppError('CONFIG_INVALID', message, { problems });
}

function whereabouts(origin: Origin): string {
  if (origin === null) return '';
  return 'file' in origin ? `${origin.file}:${origin.line}: ` : `${origin.variable}: `;
}
