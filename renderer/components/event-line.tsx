import type { LogEvent } from '../../preload/contract.ts';
import { eventText, numberOfSubject } from '../i18n/event-text.ts';
import { useLanguage, useSnapshot } from '../services.tsx';
import { taskById } from '../state/board.ts';
import css from './event-line.module.css';

/** One line of the log in words, with the title of the task it is about. */
export function EventLine({ event }: { readonly event: LogEvent }) {
  const language = useLanguage();
  const id = event.kind === 'task' ? numberOfSubject(event.subject) : null;
  const title = useSnapshot((snapshot) => (id === null ? undefined : taskById(snapshot.tasks, id)?.title));
  return (
    <>
      {eventText(language, event)}
      {title !== undefined && <span className={css['title']}>{title}</span>}
    </>
  );
}
