import { useEffect, useState } from 'react';
import { X } from 'lucide-react';
import type { CallAnswer, CompletionView } from '../../../preload/contract.ts';
import { IconButton } from '../../components/button.tsx';
import { Command } from '../../components/command.tsx';
import { Section } from '../../components/facts.tsx';
import { pathTo, setFilters, useRoute } from '../../router.ts';
import { useLanguage, useServices } from '../../services.tsx';
import css from './completions.module.css';

const KIB = 1024;
const ADDRESS = /^[a-z][a-z\d+.-]+:\/\//i;

interface ReportProps {
  readonly completion: CompletionView;
  readonly report: string;
}

/** The report as the completion names it: a link that shows its text below; what it says is never part of the page. */
export function Report({ completion, report }: ReportProps) {
  const { t, complete } = useLanguage();
  const { filters } = useRoute();
  const id = String(completion.id);
  const open = filters['report'] === id;
  if (ADDRESS.test(report)) {
    return (
      <Section title={t('completion.report')}>
        <Command text={report} />
        {complete && <p className={css['hint']}>{t('report.address')}</p>}
      </Section>
    );
  }
  return (
    <Section title={t('completion.report')}>
      <Command text={report} href={pathTo('completions', id, { ...filters, report: id })} />
      {open ? <ReportText id={completion.id} /> : <p className={css['hint']}>{t('completion.reportHint')}</p>}
    </Section>
  );
}

/** Read anew each time it is opened. */
function ReportText({ id }: { readonly id: number }) {
  const { t, find, format, complete } = useLanguage();
  const { bridge } = useServices();
  const [answer, setAnswer] = useState<CallAnswer<'completions.report'> | null>(null);
  useEffect(() => {
    let wanted = true;
    const ask = async (): Promise<void> => {
      const found = await bridge.call('completions.report', { completion_id: id });
      if (wanted) setAnswer(found);
    };
    void ask();
    return () => {
      wanted = false;
    };
  }, [bridge, id]);
  // Its words come behind the others.
  if (answer === null || !complete) return null;
  const kib = (bytes: number): string => format.number(Math.ceil(bytes / KIB));
  return (
    <section className={css['report']} aria-label={t('report.text')}>
      <IconButton icon={X} label={t('report.close')} onClick={() => setFilters({ report: '' })} />
      {!answer.ok ? (
        <p role="alert">{find(`report.why.${String(answer.error.details['why'])}`, {}) ?? answer.error.message}</p>
      ) : answer.result.text === '' ? (
        <p className={css['faint']}>{t('report.empty')}</p>
      ) : (
        <>
          {answer.result.cut && <p className={css['faint']}>{t('report.cut', { shown: kib(new Blob([answer.result.text]).size), all: kib(answer.result.bytes) })}</p>}
          {/* A box that scrolls is reached by the keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={css['reportText']} tabIndex={0}>
            {answer.result.text}
          </pre>
        </>
      )}
    </section>
  );
}
