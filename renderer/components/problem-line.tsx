import { CircleAlert } from 'lucide-react';
import type { Problem } from './use-submit.ts';
import css from './form.module.css';

/** Why a form was refused, read out at once. */
export function ProblemLine({ problem }: { readonly problem: Problem | null }) {
  return (
    <div role="alert" className={css['slot']}>
      {problem && (
        <p className={css['problem']}>
          <CircleAlert size={16} aria-hidden />
          <span>
            {problem.text} <code>{problem.code}</code>
          </span>
        </p>
      )}
    </div>
  );
}
