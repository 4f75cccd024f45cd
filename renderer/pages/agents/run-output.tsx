import { useLayoutEffect, useRef } from 'react';
import type { RunChunkView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { useLanguage } from '../../services.tsx';
import css from './agents.module.css';

/** How near the end the person must be to be taken along, in pixels. */
const NEAR_END = 40;

/** What a live run prints. Follows the end while the person looks at it. */
export function RunOutput({ chunks }: { readonly chunks: readonly RunChunkView[] }) {
  const { t, format } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (chunks.length > 0 && follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [chunks]);
  return (
    <div
      ref={box}
      className={css['output']}
      role="log"
      aria-label={t('agents.output')}
      // A box that scrolls is reached by the keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
      }}
    >
      {chunks.length === 0 && <p className={css['faint']}>{t('agents.noOutput')}</p>}
      {chunks.map((chunk) => (
        <div key={chunk.n} className={cx(css['chunk'], css[chunk.stream])}>
          {(chunk.stream === 'result' || chunk.stream === 'input') && (
            <span className={css['who']} title={format.exact(chunk.at)}>
              {t(chunk.stream === 'result' ? 'agents.said' : 'agents.given')}
            </span>
          )}
          <span>{chunk.text.trimEnd()}</span>
        </div>
      ))}
    </div>
  );
}
