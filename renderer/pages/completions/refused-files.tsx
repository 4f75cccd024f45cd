import type { CompletionFolders } from '../../../preload/contract.ts';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useLanguage } from '../../services.tsx';
import css from './completions.module.css';

/** What the address holds while they are shown; no completion has such an id. */
export const REFUSED = 'refused';

interface RefusedFilesProps {
  readonly files: CompletionFolders['refused'];
  readonly onClose: () => void;
}

/** Files that claim to be completions, and why they were not taken. */
export function RefusedFiles({ files, onClose }: RefusedFilesProps) {
  const { t } = useLanguage();
  return (
    <DetailPane label={t('completion.refused.title')} title={t('completion.refused.title')} onClose={onClose}>
      <p className={css['soft']}>{t('completion.refused.text')}</p>
      {files.length === 0 ? (
        <p className={css['soft']}>{t('completion.refused.none')}</p>
      ) : (
        <ul className={css['files']}>
          {files.map(({ folder, name, why, seenAt }) => (
            <li key={`${folder}/${name}`}>
              <Mono title={folder}>{name}</Mono>
              <span>{t(`completion.refused.why.${why}`)}</span>
              <span className={css['faint']}>
                {folder} · <RelativeTime time={seenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </DetailPane>
  );
}
