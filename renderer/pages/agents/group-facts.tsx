import type { GroupView } from '../../../preload/contract.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { Mono } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useLanguage } from '../../services.tsx';
import css from './agents.module.css';

/** What the group is, and how its container differs from the settings. */
export function GroupFacts({ group }: { readonly group: GroupView }) {
  const { t, format } = useLanguage();
  const { container } = group;
  const asSet = <span className={css['faint']}>{t('agents.asSet')}</span>;
  return (
    <Facts>
      <Fact label={t('agents.chat')}>
        <Mono>{group.jid}</Mono>
      </Fact>
      <Fact label={t('agents.folder')}>
        <Mono>{`groups/${group.folder}`}</Mono>
      </Fact>
      <Fact label={t('agents.wokenBy')}>{group.isMain || !group.requiresTrigger ? t('agents.everyMessage') : group.trigger}</Fact>
      <Fact label={t('agents.network')}>{container.network === null ? asSet : t(`agents.networks.${container.network}`)}</Fact>
      <Fact label={t('agents.memory')}>{container.memoryMb === null ? asSet : t('agents.mib', { n: format.number(container.memoryMb) })}</Fact>
      <Fact label={t('agents.timeout')}>{container.timeoutMs === null ? asSet : t('agents.seconds', { n: format.number(container.timeoutMs / 1000) })}</Fact>
      <Fact label={t('agents.mounts')}>
        {container.additionalMounts.length === 0 ? (
          <span className={css['faint']}>{t('agents.noMounts')}</span>
        ) : (
          <ul className={css['plain']}>
            {container.additionalMounts.map((mount) => (
              <li key={mount.hostPath + (mount.containerPath ?? '')}>
                <Mono>{mount.hostPath}</Mono> {mount.readonly === false && <span className={css['soft']}>{t('agents.writable')}</span>}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact label={t('agents.registered')}>
        <RelativeTime time={group.createdAt} />
      </Fact>
    </Facts>
  );
}
