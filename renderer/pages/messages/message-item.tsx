import { memo, useEffect, useRef, useState } from 'react';
import { ArrowRight, Check, CheckCheck, CornerUpLeft, Eye, ShieldAlert, ThumbsUp, type LucideIcon } from 'lucide-react';
import type { Message } from '../../../preload/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { ImportanceBadge, Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { usePerson } from '../../components/use-person.ts';
import { useCall, useLanguage } from '../../services.tsx';
import { reachedBy, type Reached } from '../../state/conversations.ts';
import type { Observe } from './use-mark-read.ts';
import css from './message-item.module.css';

/** Longer bodies are folded. */
const LONG_CHARS = 1_500;
const LONG_LINES = 20;
const isLong = (body: string): boolean => body.length > LONG_CHARS || body.split('\n', LONG_LINES + 1).length > LONG_LINES;

interface MessageItemProps {
  readonly message: Message;
  readonly observe: Observe;
  readonly onReply: (message: Message) => void;
  /** It is what a search led to. */
  readonly marked: boolean;
}

export const MessageItem = memo(function MessageItem({ message, observe, onReply, marked }: MessageItemProps) {
  const { t } = useLanguage();
  const call = useCall();
  const item = useRef<HTMLLIElement>(null);
  const [whole, setWhole] = useState(false);
  useEffect(() => (item.current === null ? undefined : observe(item.current, message)), [observe, message]);
  const long = isLong(message.body);
  const toPerson = message.to_role === usePerson();
  return (
    <li ref={item} className={cx(css['message'], marked && css['marked'])} data-message={message.id}>
      <div className={css['head']}>
        <RoleChip role={message.from_role} />
        <ArrowRight size={12} role="img" aria-label={t('message.to')} />
        <RoleChip role={message.to_role} />
        <ImportanceBadge importance={message.importance} />
        {!message.verified && (
          <span className={css['unverified']} title={t('message.unverifiedHint')}>
            <ShieldAlert size={12} aria-hidden />
            {t('message.unverified')}
          </span>
        )}
        <span className={css['time']}>
          <RelativeTime time={message.ts} />
        </span>
        <IconButton icon={CornerUpLeft} label={t('message.reply')} onClick={() => onReply(message)} />
      </div>
      {message.reply_to !== null && (
        <p className={css['answers']}>
          {t('message.answers')} <Mono>#{message.reply_to}</Mono>
        </p>
      )}
      <p className={cx(css['body'], long && !whole && css['folded'])}>{message.body}</p>
      {long && (
        <Button size="small" kind="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {t(whole ? 'message.less' : 'message.more')}
        </Button>
      )}
      <div className={css['foot']}>
        <States message={message} />
        {toPerson && message.ack_required && message.acked_at === null && (
          <Button size="small" icon={ThumbsUp} onClick={() => void call('messages.ack', { message_id: message.id }, t('message.ackFailed'))}>
            {t('message.ack')}
          </Button>
        )}
      </div>
    </li>
  );
});

const SIGNS: Record<Reached, LucideIcon> = { accepted: Check, delivered: CheckCheck, read: Eye, acked: ThumbsUp };

/** How far the message got: the last state in a word, all of them with their times when opened. */
function States({ message }: { readonly message: Message }) {
  const { t, format } = useLanguage();
  const reached = reachedBy(message);
  const Sign = SIGNS[reached];
  const times: readonly (readonly [Reached, string | null])[] = [
    ['accepted', message.ts],
    ['delivered', message.delivered_at],
    ['read', message.read_at],
    ...(message.ack_required || message.acked_at !== null ? [['acked', message.acked_at] as const] : []),
  ];
  return (
    <details className={css['states']}>
      <summary>
        <Sign size={13} aria-hidden />
        {t(`message.state.${reached}`)}
        {message.ack_required && message.acked_at === null && <span className={css['wanted']}> · {t('message.ackWanted')}</span>}
      </summary>
      <dl>
        {times.map(([state, time]) => (
          <div key={state}>
            <dt>{t(`message.state.${state}`)}</dt>
            <dd>{time === null ? t('message.notYet') : format.exact(time)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
