import { useCallback, useEffect, useState } from 'react';
import { Hammer, RefreshCw } from 'lucide-react';
import type { EngineView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono, StatusPill } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { AllowlistEditor } from './allowlist-editor.tsx';
import css from './agents.module.css';

/** How often a build is asked about while it goes on. */
const BUILD_LOOK_MS = 1000;
const MIB = 1024 * 1024;

/** The container engine, the image of the agents, and which folders they may be given. */
export function EnginePanel({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const { bridge } = useServices();
  const call = useCall();
  const [engine, setEngine] = useState<EngineView | null>(null);
  const [busy, setBusy] = useState(false);
  const look = useCallback(
    async (name: 'engine.get' | 'engine.check' | 'engine.build'): Promise<void> => {
      setBusy(name !== 'engine.get');
      const answer = await call(name, {}, t('agents.engine.failed'));
      setBusy(false);
      if (answer.ok) setEngine(answer.result);
    },
    [call, t],
  );
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('engine.check', {});
      if (!gone && answer.ok) setEngine(answer.result);
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [bridge]);
  const building = engine?.build?.state === 'running';
  useEffect(() => {
    if (!building) return;
    const timer = setInterval(() => void look('engine.get'), BUILD_LOOK_MS);
    return () => clearInterval(timer);
  }, [building, look]);
  return (
    <DetailPane label={t('agents.engine.title')} title={t('agents.engine.title')} onClose={onClose}>
      {engine === null ? (
        <p className={css['faint']}>{t('agents.engine.looking')}</p>
      ) : (
        <div className={css['stack']}>
          <EngineFacts engine={engine} />
          <div className={css['actions']}>
            <Button icon={RefreshCw} disabled={busy || building} onClick={() => void look('engine.check')}>
              {t('agents.engine.check')}
            </Button>
            {engine.runner === 'container' && (
              <Button icon={Hammer} disabled={busy || building || engine.facts === null} onClick={() => void look('engine.build')}>
                {t('agents.engine.build')}
              </Button>
            )}
          </div>
          {engine.build !== null && <BuildState build={engine.build} />}
          <Section title={t('agents.allowlist.title')}>
            <AllowlistEditor />
          </Section>
        </div>
      )}
    </DetailPane>
  );
}

function EngineFacts({ engine }: { readonly engine: EngineView }) {
  const { t, format, own } = useLanguage();
  const { facts, problem, image, limits } = engine;
  const amount = (number: number | null, text: 'agents.mib' | 'agents.engine.cpus' | 'agents.engine.pids'): string => (number === null ? t('agents.engine.unlimited') : t(text, { n: format.number(number) }));
  if (engine.runner === 'process') {
    return (
      <div className={css['stack']}>
        <StatusPill tone="danger">{t('agents.engine.notIsolated')}</StatusPill>
        <p className={css['soft']}>{t('agents.engine.processText')}</p>
      </div>
    );
  }
  return (
    <div className={css['stack']}>
      {problem !== null && (
        <Callout tone="warn" alert>
          <p>{own(problem.cause)}</p>
          <p>{own(problem.cure)}</p>
        </Callout>
      )}
      <Facts>
        {facts !== null && (
          <>
            <Fact label={t('agents.engine.name')}>
              <StatusPill tone="ok">{`${facts.name} ${facts.version}`}</StatusPill>
            </Fact>
            <Fact label={t('agents.engine.address')}>
              <Mono>{facts.address}</Mono>
            </Fact>
            <Fact label={t('agents.engine.machine')}>{t('agents.engine.machineText', { cpus: format.number(facts.cpus), memory: format.number(facts.memoryMb), arch: facts.arch })}</Fact>
            {facts.missingLimits.length > 0 && <Fact label={t('agents.engine.missing')}>{facts.missingLimits.join(', ')}</Fact>}
          </>
        )}
        {image !== null && (
          <Fact label={t('agents.engine.image')}>
            <Mono>{image.name}</Mono>{' '}
            {image.builtAt === null ? (
              <StatusPill tone="warn">{t('agents.engine.notBuilt')}</StatusPill>
            ) : (
              <span className={css['soft']}>
                <RelativeTime time={image.builtAt} />
                {image.bytes !== null && ` · ${t('agents.mib', { n: format.number(Math.round(image.bytes / MIB)) })}`}
              </span>
            )}
          </Fact>
        )}
        <Fact label={t('agents.engine.limits')}>
          {[amount(limits.memoryMb, 'agents.mib'), amount(limits.cpus, 'agents.engine.cpus'), amount(limits.pids, 'agents.engine.pids'), t(`agents.networks.${limits.network}`)].join(' · ')}
        </Fact>
      </Facts>
    </div>
  );
}

function BuildState({ build }: { readonly build: NonNullable<EngineView['build']> }) {
  const { t, format, own } = useLanguage();
  const tone = { running: 'info', succeeded: 'ok', failed: 'danger' } as const;
  return (
    <div className={css['build']} role="status">
      <span className={css['line']}>
        <StatusPill tone={tone[build.state]}>{t(`agents.engine.builds.${build.state}`)}</StatusPill>
        {build.steps > 0 && <span className={css['soft']}>{t('agents.engine.step', { n: format.number(build.step), of: format.number(build.steps) })}</span>}
      </span>
      {build.state === 'running' && build.steps > 0 && <progress aria-label={t('agents.engine.build')} max={build.steps} value={build.step} />}
      <p className={build.error === null ? css['soft'] : css['problem']}>{build.error === null ? build.line : own(build.error)}</p>
    </div>
  );
}
