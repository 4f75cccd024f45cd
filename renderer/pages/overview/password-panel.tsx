import { KeySquare } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { goTo, pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import css from './overview.module.css';

/** Part of the first start: without a master password there is no way back from a stop. */
export function PasswordPanel() {
  const { t } = useLanguage();
  const missing = useSnapshot((snapshot) => !snapshot.killSwitch.masterPasswordSet);
  if (!missing) return null;
  return (
    <section className={css['panel']} aria-labelledby="password-title">
      <header>
        <h2 id="password-title">{t('overview.password.title')}</h2>
      </header>
      <div className={css['invite']}>
        <p>{t('overview.password.text')}</p>
        <Button icon={KeySquare} onClick={() => goTo(pathTo('kill-switch'))}>
          {t('overview.password.set')}
        </Button>
      </div>
    </section>
  );
}
