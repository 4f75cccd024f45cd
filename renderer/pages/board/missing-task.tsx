import { SearchX } from 'lucide-react';
import { EmptyState } from '../../components/empty-state.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';

interface MissingTaskProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Where a link leads to a task that has left the board, or never was. */
export function MissingTask({ id, onClose }: MissingTaskProps) {
  const { t } = useLanguage();
  return (
    <DetailPane label={t('task.label', { id })} title={<Mono>#{id}</Mono>} onClose={onClose}>
      <EmptyState icon={SearchX} title={t('task.missing.title')} text={t('task.missing.text')} />
    </DetailPane>
  );
}
