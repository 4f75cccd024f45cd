import { Command } from '../../components/command.tsx';
import { useLanguage, useSnapshot } from '../../services.tsx';
import css from './completions.module.css';

/** The two ways to report something as done, to be copied. */
export function HowTo() {
  const { t } = useLanguage();
  const folder = useSnapshot((snapshot) => snapshot.completionFolders.folders[0]?.path ?? 'events');
  return (
    <div className={css['howTo']}>
      <p>{t('completion.empty.command')}</p>
      <Command text="wheelhouse done task-1 --report reports/task-1.md --team dev1" />
      <p>{t('completion.empty.file')}</p>
      <Command text={`touch "${folder}/task-1.done"`} />
    </div>
  );
}
