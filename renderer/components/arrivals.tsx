import { useEffect, useState } from 'react';
import type { Snapshot } from '../../preload/contract.ts';
import { useLanguage, useServices } from '../services.tsx';

/** Arrivals within this time are read out as one. */
const BATCH_MS = 3_000;

const newestToPerson = ({ messages, coordinator }: Snapshot): number => messages.findLast((message) => message.to_role === coordinator)?.id ?? 0;

/** Tells screen readers of messages to the person, politely and in batches; nothing is seen. */
export function Arrivals() {
  const { mirror } = useServices();
  const { t } = useLanguage();
  const [batch, setBatch] = useState({ nth: 0, count: 0 });
  useEffect(() => {
    const start = mirror.getState().snapshot;
    let known = start === null ? 0 : newestToPerson(start);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const { snapshot } = mirror.getState();
      if (snapshot === null) return;
      const count = snapshot.messages.filter((message) => message.to_role === snapshot.coordinator && message.id > known).length;
      known = newestToPerson(snapshot);
      if (count > 0) setBatch(({ nth }) => ({ nth: nth + 1, count }));
    };
    const stop = mirror.subscribe(({ snapshot }) => {
      if (snapshot !== null && newestToPerson(snapshot) > known) timer ??= setTimeout(tell, BATCH_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [mirror]);
  return (
    <div className="visually-hidden" aria-live="polite">
      {batch.count > 0 && <span key={batch.nth}>{t('live.messages', { count: batch.count })}</span>}
    </div>
  );
}
