import { useState, type FormEvent } from 'react';
import { TriangleAlert } from 'lucide-react';
import type { AgentView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Command } from '../../components/command.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { useCall, useLanguage } from '../../services.tsx';
import type { Limit } from '../../state/sessions.ts';
import { LimitField } from './limit-field.tsx';
import css from './sessions.module.css';

interface NewSessionProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

/** What can be chosen, in the words of the core; `usual` leaves it to the settings. */
const LIVES = { usual: undefined, hour: 3_600, day: 86_400, week: 604_800, whole: null } as const;
const RENEWALS = { usual: undefined, none: 0, ten: 10, hundred: 100, unlimited: null } as const;
const WINDOWS = { usual: undefined, minutes: 300, hour: 3_600, day: 86_400 } as const;
/** The ranges of the core (main/access/session-terms.ts), times in minutes. */
const OTHER_LIFE = { min: 5, max: 10_080, factor: 60, label: 'session.minutes', rule: 'session.minutesRule' } as const;
const OTHER_RENEWALS = { min: 0, max: 100, factor: 1, label: 'session.times', rule: 'session.timesRule' } as const;
const OTHER_WINDOW = { min: 5, max: 1_440, factor: 60, label: 'session.minutes', rule: 'session.minutesRule' } as const;
const USUAL: Limit = { valid: true, value: undefined };

/** Issues a session. Its token exists in this pane and nowhere else in the window. */
export function NewSession({ agent, onClose }: NewSessionProps) {
  const { t } = useLanguage();
  const call = useCall();
  const [life, setLife] = useState(USUAL);
  const [most, setMost] = useState(USUAL);
  const [window, setWindow] = useState(USUAL);
  const valid = life.valid && most.valid && window.valid;
  const [sending, setSending] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (sending || !valid) return;
    setSending(true);
    const answer = await call(
      'sessions.create',
      {
        agent: agent.id,
        ...(life.value !== undefined && { ttl_sec: life.value }),
        ...(most.value !== undefined && { max_renewals: most.value }),
        ...(typeof window.value === 'number' && { reject_window_sec: window.value }),
      },
      t('session.issueFailed', { agent: agent.name }),
    );
    setSending(false);
    if (answer.ok) setToken(answer.result.token);
  };
  const title = t('session.issueTitle', { agent: agent.name });
  return (
    <DetailPane
      label={title}
      onClose={onClose}
      title={
        <span className={css['inline']}>
          {agent.name} <RoleChip role={agent.role} />
        </span>
      }
    >
      {token === null ? (
        <form className={css['form']} onSubmit={(event) => void submit(event)}>
          <LimitField label={t('session.life')} hint={t('session.lifeHint')} choices={LIVES} wordOf={(value) => t(`session.lives.${value}`)} other={OTHER_LIFE} onChange={setLife} />
          <LimitField label={t('session.most')} hint={t('session.mostHint')} choices={RENEWALS} wordOf={(value) => t(`session.mosts.${value}`)} other={OTHER_RENEWALS} onChange={setMost} />
          <LimitField label={t('session.window')} hint={t('session.windowHint')} choices={WINDOWS} wordOf={(value) => t(`session.windows.${value}`)} other={OTHER_WINDOW} onChange={setWindow} />
          <FormButtons submit={t('session.issue')} disabled={sending || !valid} onCancel={onClose} />
        </form>
      ) : (
        <div className={css['form']}>
          <Callout tone="warn" alert>
            <p className={css['warning']}>
              <TriangleAlert size={16} aria-hidden />
              {t('session.tokenWarning')}
            </p>
          </Callout>
          <section aria-label={t('session.token')} className={css['token']}>
            <Command text={token} />
          </section>
          <p className={css['soft']}>{t('session.tokenHint', { agent: agent.name })}</p>
          <div className={css['buttons']}>
            <Button kind="primary" onClick={onClose}>
              {t('session.tokenDone')}
            </Button>
          </div>
        </div>
      )}
    </DetailPane>
  );
}
