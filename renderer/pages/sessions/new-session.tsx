import { useState, type FormEvent } from 'react';
import { TriangleAlert } from 'lucide-react';
import type { AgentView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Command } from '../../components/command.tsx';
import { Field, Select } from '../../components/field.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { useCall, useLanguage } from '../../services.tsx';
import css from './sessions.module.css';

interface NewSessionProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

/** What can be chosen, in the words of the core; `usual` leaves it to the settings. */
const LIVES = { usual: undefined, hour: 3_600, day: 86_400, week: 604_800, whole: null } as const;
const RENEWALS = { usual: undefined, none: 0, ten: 10, hundred: 100, unlimited: null } as const;
type Life = keyof typeof LIVES;
type Renewals = keyof typeof RENEWALS;

const choices = <K extends string>(from: Readonly<Record<K, unknown>>): readonly K[] => Object.keys(from) as K[];

/** Issues a session. Its token exists in this pane and nowhere else in the window. */
export function NewSession({ agent, onClose }: NewSessionProps) {
  const { t } = useLanguage();
  const call = useCall();
  const [life, setLife] = useState<Life>('usual');
  const [renewals, setRenewals] = useState<Renewals>('usual');
  const [sending, setSending] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (sending) return;
    setSending(true);
    const [ttl, most] = [LIVES[life], RENEWALS[renewals]];
    const answer = await call(
      'sessions.create',
      { agent: agent.id, ...(ttl !== undefined && { ttl_sec: ttl }), ...(most !== undefined && { max_renewals: most }) },
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
          <Field label={t('session.life')} hint={t('session.lifeHint')}>
            {(control) => <Select {...control} value={life} onChoose={setLife} options={choices(LIVES).map((value) => ({ value, label: t(`session.lives.${value}`) }))} />}
          </Field>
          <Field label={t('session.most')} hint={t('session.mostHint')}>
            {(control) => (
              <Select {...control} value={renewals} onChoose={setRenewals} options={choices(RENEWALS).map((value) => ({ value, label: t(`session.mosts.${value}`) }))} />
            )}
          </Field>
          <div className={css['buttons']}>
            <Button kind="primary" type="submit" disabled={sending}>
              {t('session.issue')}
            </Button>
            <Button kind="quiet" onClick={onClose}>
              {t('common.cancel')}
            </Button>
          </div>
        </form>
      ) : (
        <div className={css['form']}>
          <p className={css['warning']} role="alert">
            <TriangleAlert size={16} aria-hidden />
            {t('session.tokenWarning')}
          </p>
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
