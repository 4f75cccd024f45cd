import { useMemo, useState, type FormEvent } from 'react';
import type { LucideIcon } from 'lucide-react';
import { encode } from 'uqr';
import type { ChannelView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { useCall, useLanguage } from '../../services.tsx';
import css from './channels.module.css';

/** Pairing with a phone: a code to scan or to type, or the offer of one. */
export function Pairing({ channel, icon }: { readonly channel: ChannelView; readonly icon: LucideIcon }) {
  const { t } = useLanguage();
  if (channel.state === 'pairing') {
    return (
      <div className={css['pairing']}>
        {channel.code !== null ? (
          <>
            <p>{t('channel.pairing.typeCode')}</p>
            <p className={css['code']} aria-label={[...channel.code].join(' ')}>
              {channel.code.replace(/^(.{4})(?=.)/, '$1-')}
            </p>
          </>
        ) : (
          <>
            <p>{t('channel.pairing.scan')}</p>
            {channel.qr !== null && <QrCode text={channel.qr} label={t('channel.pairing.qr')} />}
          </>
        )}
        <p className={css['about']}>{t('channel.pairing.where')}</p>
      </div>
    );
  }
  if (channel.state === 'connected') return <p>{t('channel.pairing.paired', { account: channel.as ?? '' })}</p>;
  return <PairForm icon={icon} busyAlready={channel.state === 'connecting'} />;
}

function PairForm({ icon, busyAlready }: { readonly icon: LucideIcon; readonly busyAlready: boolean }) {
  const { t } = useLanguage();
  const call = useCall();
  const [phone, setPhone] = useState('');
  const [busy, setBusy] = useState(false);
  const digits = phone.replaceAll(/[\s()+.-]/g, '');
  const pair = async (by: string | null): Promise<void> => {
    setBusy(true);
    await call('channels.pair', { channel: 'whatsapp', ...(by !== null && { phone: by }) }, t('channel.pairing.failed'));
    setBusy(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (digits !== '') void pair(digits);
  };
  return (
    <form className={css['form']} onSubmit={submit}>
      <p>{t('channel.pairing.intro')}</p>
      <Button kind="primary" icon={icon} disabled={busy || busyAlready} onClick={() => void pair(null)}>
        {t('channel.pairing.byQr')}
      </Button>
      <Field label={t('channel.pairing.phone')} hint={t('channel.pairing.phoneHint')}>
        {(control) => <TextInput {...control} inputMode="tel" maxLength={24} placeholder="+82 10 1234 5678" value={phone} onChange={(event) => setPhone(event.target.value)} />}
      </Field>
      <div>
        <Button type="submit" disabled={busy || busyAlready || digits === ''}>
          {t('channel.pairing.byCode')}
        </Button>
      </div>
    </form>
  );
}

/** Black on white whatever the colours of the window are: cameras need it so. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const { data, size: modules } = encode(text, { ecc: 'L', border: 2 });
    const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: modules, path: squares.join('') };
  }, [text]);
  return (
    <svg className={css['qr']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
