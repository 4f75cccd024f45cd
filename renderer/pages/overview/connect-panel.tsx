import { Command } from '../../components/command.tsx';
import { useLanguage } from '../../services.tsx';
import css from './overview.module.css';

/** The first start: three steps from an empty house to a first agent at work. */
export function ConnectPanel() {
  const { t } = useLanguage();
  return (
    <section className={css['panel']} aria-labelledby="connect-title">
      <header>
        <h2 id="connect-title">{t('overview.connect.title')}</h2>
      </header>
      <div className={css['connect']}>
        <p>{t('overview.connect.text')}</p>
        <ol>
          <li>
            <h3>{t('overview.connect.add')}</h3>
            <Command text="wheelhouse agent add fe-1 --role FE" />
          </li>
          <li>
            <h3>{t('overview.connect.setup')}</h3>
            <Command text="wheelhouse mcp setup --client claude-code --agent fe-1" />
          </li>
          <li>
            <h3>{t('overview.connect.work')}</h3>
          </li>
        </ol>
      </div>
    </section>
  );
}
