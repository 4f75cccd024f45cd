import { Component, type ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import { useLanguage } from '../services.tsx';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

interface State {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps a fault in one page from taking the window with it; React itself reports the fault to the console. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown): State {
    return { error, failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken error={this.state.error} /> : this.props.children;
  }
}

function Broken({ error }: { readonly error: unknown }) {
  const { t } = useLanguage();
  return (
    <EmptyState
      icon={CircleAlert}
      title={t('broken.title')}
      text={`${t('broken.text')} (${error instanceof Error ? error.message : String(error)})`}
      action={<Button onClick={() => window.location.reload()}>{t('broken.reload')}</Button>}
    />
  );
}
