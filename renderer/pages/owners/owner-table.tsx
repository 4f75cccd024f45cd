import { useMemo } from 'react';
import type { OwnerView } from '../../../preload/contract.ts';
import { Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Table } from '../../components/table.tsx';
import { useRows, type Rows } from '../../components/use-rows.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { shortAddress } from '../../state/owners.ts';
import { OwnerStatePill } from './owner-state-pill.tsx';
import css from './owners.module.css';

interface OwnerTableProps {
  readonly owners: readonly OwnerView[];
  readonly openId: string | null;
}

export function OwnerTable({ owners, openId }: OwnerTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => owners.map(({ agentId }) => agentId), [owners]);
  const rows = useRows(ids, openId);
  return (
    <Table className={css['columns']} columns={[t('owner.agent'), t('owner.owner'), t('owner.chain'), t('owner.address')]}>
      <tbody>
        {owners.map((owner) => (
          <OwnerRow key={owner.agentId} owner={owner} rows={rows} />
        ))}
      </tbody>
    </Table>
  );
}

interface OwnerRowProps {
  readonly owner: OwnerView;
  readonly rows: Rows;
}

function OwnerRow({ owner, rows }: OwnerRowProps) {
  const { t } = useLanguage();
  const role = useSnapshot((snapshot) => snapshot.agents.find(({ id }) => id === owner.agentId)?.role);
  return (
    <tr {...rows.row(owner.agentId)}>
      <th scope="row">
        <button {...rows.opener(owner.agentId)} className={css['name']}>
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
