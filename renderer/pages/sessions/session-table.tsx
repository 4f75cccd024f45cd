import { useCallback, useMemo } from 'react';
import { Plus } from 'lucide-react';
import type { SessionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { StatusPill } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Deadline, RelativeTime, useNow } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import { AGENT, renewalsLeft, stateAt, type AgentSessions } from '../../state/sessions.ts';
import { SessionStatePill } from './session-state-pill.tsx';
import css from './sessions.module.css';

interface SessionTableProps {
  readonly groups: readonly AgentSessions[];
  readonly openId: string | null;
  readonly onIssue: (agentId: string) => void;
}

const COLUMNS = 5;
const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

/** The sessions of each agent under its name. */
export function SessionTable({ groups, openId, onIssue }: SessionTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => groups.flatMap(({ agent, sessions }) => [AGENT + agent.id, ...sessions.map(({ id }) => id)]), [groups]);
  const move = useCallback(
    (id: string) => {
      rowOf(id)?.focus();
      if (openId !== null) showDetail(id);
    },
    [openId],
  );
  const open = useCallback((id: string) => {
    showDetail(id);
    focusDetail();
  }, []);
  const keys = useRowKeys(ids, move, open);
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('session.issued')}</th>
          <th scope="col">{t('session.state')}</th>
          <th scope="col">{t('session.expires')}</th>
          <th scope="col">{t('session.renewalsLeft')}</th>
          <th scope="col">{t('session.lastUsed')}</th>
        </tr>
      </thead>
      {groups.map(({ agent, sessions }) => (
        <tbody key={agent.id}>
          <tr className={cx(css['agent'], AGENT + agent.id === openId && css['selected'])}>
            <th scope="rowgroup" colSpan={COLUMNS}>
              <span className={css['agentLine']}>
                <button
                  type="button"
                  data-row={AGENT + agent.id}
                  data-list={AGENT + agent.id === ids[0] || undefined}
                  aria-expanded={AGENT + agent.id === openId}
                  className={css['agentName']}
                  onKeyDown={keys}
                  onClick={(event) => (event.detail === 0 ? open(AGENT + agent.id) : showDetail(AGENT + agent.id))}
                >
                  {agent.name}
                </button>
                <RoleChip role={agent.role} />
                {agent.status === 'suspended' && (
                  <span title={agent.statusReason ?? undefined}>
                    <StatusPill tone="warn">{t('session.suspended')}</StatusPill>
                  </span>
                )}
                {sessions.length === 0 && <span className={css['faint']}>{t('session.none')}</span>}
                <Button size="small" kind="quiet" icon={Plus} className={css['issue']} aria-label={t('session.issueTitle', { agent: agent.name })} onClick={() => onIssue(agent.id)}>
                  {t('session.issueShort')}
                </Button>
              </span>
            </th>
          </tr>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} open={session.id === openId} onKeyDown={keys} onOpen={open} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface SessionRowProps {
  readonly session: SessionView;
  readonly open: boolean;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => void;
  readonly onOpen: (id: string) => void;
}

function SessionRow({ session, open, onKeyDown, onOpen }: SessionRowProps) {
  const { t, format } = useLanguage();
  const now = useNow(10_000);
  const left = renewalsLeft(session);
  const issued = format.brief(session.createdAt, now);
  return (
    <tr className={cx(open && css['selected'])} onClick={() => showDetail(session.id)}>
      <th scope="row">
        <button
          type="button"
          data-row={session.id}
          aria-label={t('session.issuedAt', { time: issued })}
          aria-expanded={open}
          className={css['name']}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            event.stopPropagation();
            if (event.detail === 0) onOpen(session.id);
            else showDetail(session.id);
          }}
        >
          {issued}
        </button>
      </th>
      <td>
        <SessionStatePill state={stateAt(session, now)} />
      </td>
      <td>{session.expiresAt === null ? t('session.neverEnds') : <Deadline time={session.expiresAt} />}</td>
      <td>{left === null ? t('session.unlimited') : t('session.leftOf', { left: format.number(left), max: format.number(session.maxRenewals ?? 0) })}</td>
      <td className={css['soft']}>
        {session.lastUsedAt === null ? t('time.never') : <RelativeTime time={session.lastUsedAt} />}
        {session.lastClient !== null && <span className={css['client']}>{session.lastClient}</span>}
      </td>
    </tr>
  );
}
