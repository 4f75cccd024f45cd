import { Check, CircleAlert, Clock, Repeat2, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ChatMessageView, Delivery } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { BriefTime } from '../../components/time.tsx';
import { useLanguage } from '../../services.tsx';
import css from './chat.module.css';

const SIGNS: Readonly<Record<Delivery, LucideIcon>> = { waiting: Clock, sent: Check, possibly_repeated: Repeat2, failed: CircleAlert, cancelled: CircleAlert };

/** What somebody said, or an agent answered. */
export function ChatMessage({ message }: { readonly message: ChatMessageView }) {
  const { t } = useLanguage();
  const { senderName, fromPerson, fromBot, content, sentAt, kind, delivery, deliveryError } = message;
  return (
    <li className={cx(css['message'], fromPerson && css['own'], fromBot && css['agent'], css[`kind-${kind}`])} data-message={message.id}>
      <p className={css['head']}>
        {kind === 'error' && <TriangleAlert size={14} aria-hidden />}
        <strong>{fromPerson ? t('chat.you') : senderName}</strong>
        {kind === 'error' && <span>{t('chat.problem')}</span>}
        {kind === 'progress' && <span>{t('chat.progress')}</span>}
        <span className={css['time']}>
          <BriefTime time={sentAt} />
        </span>
      </p>
      <p className={css['body']}>{content}</p>
      {delivery !== null && !(delivery === 'sent' && message.jid.startsWith('console:')) && <DeliveryLine delivery={delivery} error={deliveryError} />}
    </li>
  );
}

function DeliveryLine({ delivery, error }: { readonly delivery: Delivery; readonly error: string | null }) {
  const { t, own } = useLanguage();
  const Sign = SIGNS[delivery];
  return (
    <p className={cx(css['delivery'], (delivery === 'failed' || delivery === 'cancelled') && css['lost'])}>
      <Sign size={12} aria-hidden />
      {t(`chat.delivery.${delivery}`)}
      {error !== null && `: ${own(error)}`}
    </p>
  );
}
