import { useCallback, useMemo } from 'react';
import type { OwnerView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { shortAddress } from '../../state/owners.ts';
import { OwnerStatePill } from './owner-state-pill.tsx';
import css from './owners.module.css';

interface OwnerTableProps {
  readonly owners: readonly OwnerView[];
  readonly openId: string | null;
}

const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

export function OwnerTable({ owners, openId }: OwnerTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => owners.map(({ agentId }) => agentId), [owners]);
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
          <th scope="col">{t('owner.agent')}</th>
          <th scope="col">{t('owner.owner')}</th>
          <th scope="col">{t('owner.chain')}</th>
          <th scope="col">{t('owner.address')}</th>
        </tr>
      </thead>
      <tbody>
        {owners.map((owner) => (
          <OwnerRow key={owner.agentId} owner={owner} first={owner.agentId === ids[0]} open={owner.agentId === openId} onKeyDown={keys} onOpen={open} />
        ))}
      </tbody>
    </table>
  );
}

interface OwnerRowProps {
  readonly owner: OwnerView;
  readonly first: boolean;
  readonly open: boolean;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => void;
  readonly onOpen: (id: string) => void;
}

function OwnerRow({ owner, first, open, onKeyDown, onOpen }: OwnerRowProps) {
  const { t } = useLanguage();
  const role = useSnapshot((snapshot) => snapshot.agents.find(({ id }) => id === owner.agentId)?.role);
  return (
    <tr className={cx(open && css['selected'])} onClick={() => showDetail(owner.agentId)}>
      <th scope="row">
        <button
          type="button"
          data-row={owner.agentId}
          data-list={first || undefined}
          aria-expanded={open}
          className={css['name']}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            event.stopPropagation();
            if (event.detail === 0) onOpen(owner.agentId);
            else showDetail(owner.agentId);
          }}
        >
          {owner.agentName} {role !== undefined && <RoleChip role={role} />}
        </button>
      </th>
      <td>
        <OwnerStatePill state={owner.state} />
      </td>
      <td className={css['soft']}>{owner.chain !== null && t(`owner.chains.${owner.chain}`)}</td>
      <td>{owner.address !== null && <Mono title={owner.address}>{shortAddress(owner.address)}</Mono>}</td>
    </tr>
  );
}
