import { useState } from 'react';
import { Pause, Play } from 'lucide-react';
import type { AgentView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { DetailEnd, DetailPane } from '../../components/list-detail.tsx';
import { Mono, StatusPill } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { SuspendDialog } from './suspend-dialog.tsx';
import css from './sessions.module.css';

interface AgentDetailProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

/** Who the agent is, and whether it may act. */
export function AgentDetail({ agent, onClose }: AgentDetailProps) {
  const { t, format } = useLanguage();
  const call = useCall();
  const stopped = useSnapshot((snapshot) => snapshot.killSwitch.state !== 'NORMAL');
  const [suspending, setSuspending] = useState(false);
  const [busy, setBusy] = useState(false);
  const { name } = agent;
  const suspended = agent.status === 'suspended';
  const resume = async (): Promise<void> => {
    setBusy(true);
    await call('agents.resume', { agent: agent.id }, t('session.agent.resumeFailed', { agent: name }));
    setBusy(false);
  };
  return (
    <DetailPane
      label={t('session.agent.label', { agent: name })}
      onClose={onClose}
      title={
        <span className={css['inline']}>
          {name} <RoleChip role={agent.role} />
        </span>
      }
    >
      <Facts>
        <Fact label={t('session.state')}>
          <StatusPill tone={suspended ? 'warn' : 'ok'}>{t(suspended ? 'session.suspended' : 'session.agent.active')}</StatusPill>
          {agent.statusReason !== null && <span className={css['reason']}>{agent.statusReason}</span>}
        </Fact>
        <Fact label={t('session.agent.sessions')}>{format.number(agent.liveSessions)}</Fact>
        <Fact label={t('session.lastUsed')}>{agent.lastSeenAt === null ? t('time.never') : <RelativeTime time={agent.lastSeenAt} />}</Fact>
        <Fact label={t('session.agent.added')}>
          <RelativeTime time={agent.createdAt} />
        </Fact>
        <Fact label={t('owner.owner')}>
          <a href={pathTo('owners', agent.id)}>{t('session.agent.owner')}</a>
        </Fact>
        <Fact label={t('session.id')}>
          <Mono>{agent.id}</Mono>
        </Fact>
      </Facts>
      <DetailEnd>
        {suspended ? (
          <Button icon={Play} disabled={busy || stopped} onClick={() => void resume()}>
            {t('session.agent.resume')}
          </Button>
        ) : (
          <Button icon={Pause} onClick={() => setSuspending(true)}>
            {t('session.agent.suspend')}
          </Button>
        )}
        <p>{t(stopped ? 'session.agent.stopped' : suspended ? 'session.agent.resumeHint' : 'session.agent.suspendHint')}</p>
      </DetailEnd>
      {suspending && <SuspendDialog agent={agent} onClose={() => setSuspending(false)} />}
    </DetailPane>
  );
}
