import { useEffect, useState } from 'react';
import { BellRing } from 'lucide-react';
import type { NoticeAttemptView, NoticeView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { PAGES, pathTo } from '../../router.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { isReason } from '../../state/notices.ts';
import { NoticeStatePill } from './notice-state-pill.tsx';
import css from './notifications.module.css';

interface NoticeDetailProps {
  readonly notice: NoticeView;
  readonly onClose: () => void;
}

const TONES: Record<NoticeView['deliveries'][number]['state'], Tone> = { pending: 'info', leased: 'info', sent: 'ok', retry: 'warn', dead: 'danger', dropped: 'idle' };

export function NoticeDetail({ notice, onClose }: NoticeDetailProps) {
  const { t, locale } = useLanguage();
  const { title, summary, body } = notice.texts[locale === 'ko' ? 'ko' : 'en'];
  const page = PAGES.find((name) => name === notice.page && name !== 'notifications');
  return (
    <DetailPane
      label={t('notice.label', { title })}
      onClose={onClose}
      title={<span className={css['wrap']}>{title}</span>}
      footer={
        <div className={css['buttons']}>
          {page !== undefined && (
            <a className={css['go']} href={pathTo(page)}>
              {t('notice.open', { page: t(`nav.${page}`) })}
            </a>
          )}
          <TellAgain notice={notice} title={title} />
        </div>
      }
    >
      <p className={css['text']}>{body ?? summary}</p>
      <Facts>
        <Fact label={t('notice.state')}>
          <NoticeStatePill state={notice.state} />
        </Fact>
        {notice.reason !== null && (
          <Fact label={t('notice.why')}>
            <Reason reason={notice.reason} />
          </Fact>
        )}
        <Fact label={t('notice.severity')}>{t(`notice.severities.${notice.severity}`)}</Fact>
        <Fact label={t('notice.at')}>
          <RelativeTime time={notice.createdAt} />
        </Fact>
        {notice.deliveredAt !== null && (
          <Fact label={t('notice.deliveredAt')}>
            <RelativeTime time={notice.deliveredAt} />
          </Fact>
        )}
      </Facts>
      {notice.deliveries.length > 0 && (
        <Section title={t('notice.channelsTitle')}>
          <ul className={css['deliveries']}>
            {notice.deliveries.map(({ channel, state, dueAt, mayRepeat, reason }) => (
              <li key={channel}>
                <p className={css['line']}>
                  <strong>{t(`notice.channels.${channel}`)}</strong>
                  <StatusPill tone={TONES[state]}>{t(`notice.deliveryStates.${state}`)}</StatusPill>
                  {(state === 'retry' || state === 'pending') && <Deadline time={dueAt} />}
                </p>
                {mayRepeat && <p className={css['faint']}>{t('notice.mayRepeat')}</p>}
                {reason !== null && state !== 'sent' && <p className={css['faint']}>{reason}</p>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Attempts notice={notice} />
    </DetailPane>
  );
}

function Reason({ reason }: { readonly reason: string }) {
  const { t } = useLanguage();
  return <span className={css['wrap']}>{isReason(reason) ? t(`notice.reasons.${reason}`) : reason}</span>;
}

/** Each attempt with what came of it; read anew whenever the notice changes. */
function Attempts({ notice }: { readonly notice: NoticeView }) {
  const { t } = useLanguage();
  const call = useCall();
  const [attempts, setAttempts] = useState<readonly NoticeAttemptView[]>([]);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('notices.get', { notice_id: notice.id }, t('notice.loadFailed'));
      if (wanted && answer.ok) setAttempts(answer.result.attempts);
    };
    void load();
    return () => {
      wanted = false;
    };
    // Each of its changes is a new object.
  }, [call, t, notice]);
  if (attempts.length === 0) return null;
  return (
    <Section title={t('notice.attempts')}>
      <ol className={css['attempts']}>
        {attempts.map(({ channel, at, outcome, reason }) => (
          <li key={`${channel} ${at} ${outcome}`}>
            <RelativeTime time={at} /> {t(`notice.channels.${channel}`)}: {t(`notice.outcomes.${outcome}`)}
            {reason !== null && <span className={css['reason']}>{reason}</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function TellAgain({ notice, title }: { readonly notice: NoticeView; readonly title: string }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const tell = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('notices.resend', { notice_id: notice.id }, t('notice.resendFailed'));
    setBusy(false);
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t('notice.resendDone', { title }) });
  };
  return (
    <Button icon={BellRing} disabled={busy || notice.state === 'new'} onClick={() => void tell()}>
      {t('notice.resend')}
    </Button>
  );
}
