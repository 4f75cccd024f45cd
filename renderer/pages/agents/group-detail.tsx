import { useState } from 'react';
import { MessageSquarePlus, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useCall, useLanguage } from '../../services.tsx';
import type { GroupNow } from '../../state/groups.ts';
import { EditGroup } from './edit-group.tsx';
import { GroupFacts } from './group-facts.tsx';
import { GroupStatePill } from './group-table.tsx';
import { LiveRun } from './live-run.tsx';
import { RemoveGroupDialog } from './remove-group-dialog.tsx';
import { RunHistory } from './run-history.tsx';
import { WaitingRuns } from './waiting-runs.tsx';
import css from './agents.module.css';

interface GroupDetailProps {
  readonly now: GroupNow;
  readonly onClose: () => void;
}

export function GroupDetail({ now, onClose }: GroupDetailProps) {
  const { t } = useLanguage();
  const call = useCall();
  const { group, live, waiting, state } = now;
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { name } = group;
  const pause = async (): Promise<void> => {
    if (group.paused) await call('groups.resume', { group: group.id }, t('agents.resumeFailed', { name }));
    else await call('groups.pause', { group: group.id }, t('agents.pauseFailed', { name }));
  };
  const startAnew = async (): Promise<void> => {
    await call('groups.newConversation', { group: group.id }, t('agents.newConversationFailed', { name }));
  };
  return (
    <DetailPane
      label={t('agents.groupLabel', { name })}
      onClose={onClose}
      title={
        <span className={css['line']}>
          {name} <GroupStatePill state={state} />
        </span>
      }
    >
      <div className={css['stack']}>
        <div className={css['actions']}>
          <Button icon={group.paused ? Play : Pause} onClick={() => void pause()}>
            {t(group.paused ? 'agents.resume' : 'agents.pause')}
          </Button>
          {group.inConversation && (
            <Button icon={MessageSquarePlus} title={t('agents.newConversationHint')} onClick={() => void startAnew()}>
              {t('agents.newConversation')}
            </Button>
          )}
          <Button icon={Pencil} aria-expanded={editing} onClick={() => setEditing(!editing)}>
            {t('agents.edit')}
          </Button>
        </div>
        {editing && <EditGroup group={group} onDone={() => setEditing(false)} />}
        {live !== null && <LiveRun run={live} />}
        {waiting.length > 0 && <WaitingRuns runs={waiting} />}
        <RunHistory groupId={group.id} />
        {!editing && (
          <Section title={t('agents.settings')}>
            <GroupFacts group={group} />
          </Section>
        )}
        <div>
          <Button kind="quiet" icon={Trash2} disabled={live !== null} title={live !== null ? t('agents.removeBusy') : undefined} onClick={() => setRemoving(true)}>
            {t('agents.remove')}
          </Button>
        </div>
      </div>
      {removing && <RemoveGroupDialog group={group} onClose={() => setRemoving(false)} onRemoved={onClose} />}
    </DetailPane>
  );
}
