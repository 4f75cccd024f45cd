import { useMemo } from 'react';
import { Plus } from 'lucide-react';
import type { SessionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { StatusPill } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Table } from '../../components/table.tsx';
import { Deadline, RelativeTime, useNow } from '../../components/time.tsx';
import { useRows, type Rows } from '../../components/use-rows.ts';
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
/** The sessions of each agent under its name. */
export function SessionTable({ groups, openId, onIssue }: SessionTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => groups.flatMap(({ agent, sessions }) => [AGENT + agent.id, ...sessions.map(({ id }) => id)]), [groups]);
  const rows = useRows(ids, openId);
  return (
    <Table className={css['columns']} columns={[t('session.issued'), t('session.state'), t('session.expires'), t('session.renewalsLeft'), t('session.lastUsed')]}>
      {groups.map(({ agent, sessions }) => (
        <tbody key={agent.id}>
          <tr data-open={AGENT + agent.id === openId || undefined} className={css['agent']}>
            <th scope="rowgroup" colSpan={COLUMNS}>
              <span className={css['agentLine']}>
                <button {...rows.opener(AGENT + agent.id)} className={css['agentName']}>
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
            <SessionRow key={session.id} session={session} rows={rows} />
          ))}
        </tbody>
      ))}
    </Table>
  );
}

interface SessionRowProps {
  readonly session: SessionView;
  readonly rows: Rows;
}

function SessionRow({ session, rows }: SessionRowProps) {
  const { t, format } = useLanguage();
  const now = useNow(10_000);
  const left = renewalsLeft(session);
  const issued = format.brief(session.createdAt, now);
  return (
    <tr {...rows.row(session.id)}>
      <th scope="row">
        <button {...rows.opener(session.id)} aria-label={t('session.issuedAt', { time: issued })} className={css['name']}>
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
