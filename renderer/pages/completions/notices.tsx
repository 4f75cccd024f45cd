import type { CompletionDetail } from '../../../preload/contract.ts';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useLanguage } from '../../services.tsx';
import { isReason } from '../../state/notices.ts';
import css from './completions.module.css';

type NoticeOfCompletion = CompletionDetail['notices'][number];

const TONES: Record<NoticeOfCompletion['state'], Tone> = { new: 'info', waiting: 'info', delivered: 'ok', suppressed: 'idle', failed: 'danger' };

/** Who was told when, by which channel, and why not. */
export function Notices({ notices }: { readonly notices: readonly NoticeOfCompletion[] }) {
  const { t, find } = useLanguage();
  // Those words come behind the others.
  const said = (reason: string): string => (isReason(reason) ? find(`notice.reasons.${reason}`, {}) : null) ?? reason;
  if (notices.length === 0) return <p className={css['faint']}>{t('completion.toldElsewhere')}</p>;
  return (
    <ol className={css['notices']}>
      {notices.map((notice) => (
        <li key={notice.id}>
          <p className={css['notice']}>
            <StatusPill tone={TONES[notice.state]}>{t(`completion.noticeStates.${notice.state}`)}</StatusPill>
            <span>{t(notice.escalation ? 'completion.escalationNotice' : 'completion.doneNotice')}</span>
            <RelativeTime time={notice.createdAt} />
          </p>
          {notice.reason !== null && <p className={css['faint']}>{said(notice.reason)}</p>}
          {notice.attempts.length > 0 && (
            <ul className={css['attempts']}>
              {notice.attempts.map(({ channel, at, outcome, reason }) => (
                <li key={`${channel} ${at}`}>
                  {t(`completion.channels.${channel}`)}: {t(`completion.outcomes.${outcome}`)} <RelativeTime time={at} />
                  {reason !== null && <span className={css['reason']}>{reason}</span>}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
