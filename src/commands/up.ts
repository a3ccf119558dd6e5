import type { PreviewCommand } from '../domain/command.ts';
import type { Outcome } from '../domain/outcome.ts';
import { previewName } from '../domain/preview.ts';
import { reason, refuse } from '../domain/refusal.ts';
import { addressOf, mayGoUp, shortCommit, standingOf } from '../rules/preview.ts';
import type { PreviewDecision, PreviewScene } from '../rules/preview.ts';
import type { Context } from './context.ts';
import { closeDead, eventOf, look, scriptsOf } from './preview-scene.ts';
import { aboutPreview, doPreview, settle } from './preview-work.ts';
import type { PreviewJob } from './preview-work.ts';

interface Asked {
  readonly number: number;
  /** The commit the event is about; absent: the newest one. */
  readonly commit?: string;
}

const askedFor = async (context: Context, command: PreviewCommand): Promise<Asked> => {
  const event = await eventOf(context);
  if (command.pull !== undefined && command.pull !== event?.number) return { number: command.pull };
  if (event !== undefined) return { number: event.number, commit: event.head };
  const problem = 'this run is about no pull request; write `pr-` and its number';
  throw refuse('invalid-input', { input: 'environment', problem });
};

const stopped = async (
  context: Context,
  scene: PreviewScene,
  { decision, commit, dryRun }: { readonly decision: PreviewDecision & { kind: 'stop' } } & Wanted
): Promise<Outcome> => {
  const notes = dryRun ? [] : await closeDead(context, standingOf(scene.records, scene.number));
  const { verdict, reason: why } = decision;
  const url = why.code === 'preview-there' ? addressOf(scene) : undefined;
  const about = {
    ...aboutPreview({ act: 'up', scene, commit }),
    ...(url === undefined ? {} : { environmentUrl: url })
  };
  return { ...about, verdict, reason: why, changed: false, notes };
};

interface Wanted {
  readonly commit: string;
  readonly dryRun: boolean;
}

const expiryOf = (context: Context, { expiresSeconds }: PreviewCommand): string => {
  const seconds = expiresSeconds ?? scriptsOf(context).expiresSeconds;
  return new Date(context.ports.clock.now().getTime() + seconds * 1000).toISOString();
};

const jobOf = (context: Context, { scene, asked, commit, expires }: Making): PreviewJob => ({
  act: 'up',
  scene,
  commit,
  expires,
  decide: (fresh) => mayGoUp(fresh, asked.commit ?? commit),
  end: async (settled, { url }) => {
    const address = url === undefined ? {} : { environmentUrl: url };
    await settle(context, settled, { state: 'success', ...address });
    return {
      reason: reason('preview-up', { preview: previewName(scene.number), commit: shortCommit(commit), until: expires }),
      ...address
    };
  }
});

interface Making {
  readonly scene: PreviewScene;
  readonly asked: Asked;
  readonly commit: string;
  readonly expires: string;
}

/** Makes the preview of a pull request, or brings it to the newest commit. */
export const up = async (context: Context, command: PreviewCommand): Promise<Outcome> => {
  scriptsOf(context);
  const asked = await askedFor(context, command);
  const scene = await look(context, asked.number, []);
  const commit = asked.commit ?? scene.pull?.head ?? '';
  const decision = mayGoUp(scene, asked.commit);
  if (decision.kind === 'stop') return stopped(context, scene, { decision, commit, dryRun: command.dryRun });
  if (command.dryRun) {
    const why = reason('dry-run', { command: 'up' });
    return { ...aboutPreview({ act: 'up', scene, commit }), verdict: 'done', reason: why, changed: false };
  }
  return doPreview(context, jobOf(context, { scene, asked, commit, expires: expiryOf(context, command) }));
};
