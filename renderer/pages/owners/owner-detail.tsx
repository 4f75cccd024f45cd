import { useState } from 'react';
import { UserMinus } from 'lucide-react';
import type { OwnerView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Command } from '../../components/command.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailEnd, DetailPane } from '../../components/list-detail.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { AddressForm } from './address-form.tsx';
import { OwnerStatePill } from './owner-state-pill.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { VerifyForm } from './verify-form.tsx';
import css from './owners.module.css';

interface OwnerDetailProps {
  readonly owner: OwnerView;
  readonly onClose: () => void;
}

export function OwnerDetail({ owner, onClose }: OwnerDetailProps) {
  const { t } = useLanguage();
  const { agentName: agent, state, chain, address } = owner;
  const role = useSnapshot((snapshot) => snapshot.agents.find(({ id }) => id === owner.agentId)?.role);
  const { state: killSwitch, masterPasswordSet } = useSnapshot((snapshot) => snapshot.killSwitch);
  return (
    <DetailPane
      label={t('owner.label', { agent })}
      onClose={onClose}
      title={
        <span className={css['inline']}>
          {agent} {role !== undefined && <RoleChip role={role} />}
        </span>
      }
    >
      <Facts>
        <Fact label={t('owner.owner')}>
          <OwnerStatePill state={state} />
        </Fact>
        {chain !== null && <Fact label={t('owner.chain')}>{t(`owner.chains.${chain}`)}</Fact>}
      </Facts>
      {address !== null && (
        <div className={css['address']}>
          <Command text={address} />
        </div>
      )}
      <p className={css['meaning']}>{t(`owner.meanings.${state}`)}</p>
      {killSwitch !== 'NORMAL' ? (
        <Callout tone="warn" className={css['note']}>
          <p>{t('owner.locked')}</p>
        </Callout>
      ) : (
        <>
          {state === 'GRACE' && (
            <Section title={t('owner.verify.title')}>
              <VerifyForm key={address} owner={owner} />
            </Section>
          )}
          {masterPasswordSet ? (
            <Changes key={`${state} ${address}`} owner={owner} />
          ) : (
            <Callout tone="warn" className={css['note']}>
              <p>
                {t('owner.noPassword')} <a href={pathTo('kill-switch')}>{t('owner.setPassword')}</a>
              </p>
            </Callout>
          )}
        </>
      )}
    </DetailPane>
  );
}

/** What takes the master password. Starts anew with every owner, so that nothing typed for one is left for the next. */
function Changes({ owner }: { readonly owner: OwnerView }) {
  const { t } = useLanguage();
  const [removing, setRemoving] = useState(false);
  if (owner.state === 'NONE') {
    return (
      <Section title={t('owner.register.title')}>
        <AddressForm owner={owner} />
      </Section>
    );
  }
  return (
    <>
      <details className={css['more']}>
        <summary>{t('owner.replace.title')}</summary>
        <p>{t(owner.state === 'LOCKED' ? 'owner.replace.consent' : 'owner.replace.text')}</p>
        <AddressForm owner={owner} />
      </details>
      <DetailEnd>
        {owner.state === 'GRACE' && (
          <Button icon={UserMinus} onClick={() => setRemoving(true)}>
            {t('owner.remove.open')}
          </Button>
        )}
        <p>{t(owner.state === 'GRACE' ? 'owner.remove.hint' : 'owner.remove.never')}</p>
      </DetailEnd>
      {removing && <RemoveDialog owner={owner} onClose={() => setRemoving(false)} />}
    </>
  );
}
