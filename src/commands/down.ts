import type { ReasonCode } from '../contract.ts';
import type { PreviewCommand } from '../domain/command.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import { previewName } from '../domain/preview.ts';
import type { PreviewEnd } from '../domain/preview.ts';
import { Refusal, reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import { endOf, mayGoDown, standingOf, standingPulls } from '../rules/preview.ts';
import type { PreviewDecision, PreviewScene } from '../rules/preview.ts';
import { isOpen } from '../rules/live.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import { closeDead, deadOf, eventOf, listAll, readPulls, scriptsOf } from './preview-scene.ts';
import type { Listed } from './preview-scene.ts';
import { aboutPreview, doPreview, settle } from './preview-work.ts';

type Decide = (scene: PreviewScene) => PreviewDecision;

/** The commit the preview shows, or was to show. */
const commitOf = ({ records, number }: PreviewScene): string => standingOf(records, number).at(0)?.commit ?? '';

const takeDown = (context: Context, scene: PreviewScene, decide: Decide): Promise<Outcome> =>
  doPreview(context, {
    act: 'down',
    scene,
    commit: commitOf(scene),
    expires: null,
    decide,
    end: async (settled) => {
      await settle(context, settled, { state: 'inactive' });
      return { reason: reason('preview-down', { preview: previewName(scene.number) }) };
    }
  });

const dryRun = (about: Partial<Outcome>, notes: readonly Note[]): Outcome => ({
  command: 'down',
  ...about,
  verdict: 'done',
  reason: reason('dry-run', { command: 'down' }),
  changed: false,
  notes
});

interface One {
  readonly command: PreviewCommand;
  readonly number: number;
  readonly because: 'asked' | 'closed';
}

const takeOneDown = async (context: Context, { command, number, because }: One): Promise<Outcome> => {
  const { records, pulls, notes } = await listAll(context, [number]);
  const scene: PreviewScene = { records, number, pull: pulls.get(number) ?? null };
  const about = aboutPreview({ act: 'down', scene, commit: commitOf(scene) });
  const decide: Decide = (fresh) => mayGoDown(fresh, because);
  const decision = decide(scene);
  if (decision.kind === 'stop') {
    const closed = command.dryRun ? [] : await closeDead(context, standingOf(records, number));
    const { verdict, reason: why } = decision;
    return { ...about, verdict, reason: why, changed: false, notes: [...notes, ...closed] };
  }
  if (command.dryRun) return dryRun(about, notes);
  const outcome = await takeDown(context, scene, decide);
  return { ...outcome, notes: [...notes, ...(outcome.notes ?? [])] };
};

/** What became of one of many. */
interface Swept {
  readonly preview: string;
  readonly kind: 'gone' | 'kept' | 'failed';
  readonly notes: readonly Note[];
}

const staying = (preview: string, why: Reason, notes: readonly Note[] = []): Swept => ({
  preview,
  kind: 'failed',
  notes: [{ kind: 'preview-stays', preview, why }, ...notes]
});

/** What is wrong with the whole run. */
const HOPELESS: ReadonlySet<ReasonCode> = new Set(['cancelled', 'permission-missing', 'token-refused']);

/** One that fails does not keep the others. */
const attempt = async (preview: string, work: () => Promise<Swept>): Promise<Swept> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal) || HOPELESS.has(error.reason.code)) throw error;
    return staying(preview, error.reason);
  }
};

const removal = async (context: Context, scene: PreviewScene, why: PreviewEnd): Promise<Swept> => {
  const preview = previewName(scene.number);
  context.say({ kind: 'taking-down', preview, why });
  const wanted: PreviewDecision = {
    kind: 'stop',
    verdict: 'nothing-to-do',
    reason: reason('preview-wanted', { preview })
  };
  const still: Decide = (fresh) =>
    endOf({ ...fresh, now: context.ports.clock.now(), dead: new Set() }) === undefined ? wanted : { kind: 'proceed' };
  const { verdict, reason: ended, notes = [] } = await takeDown(context, scene, still);
  if (verdict === 'done') return { preview, kind: 'gone', notes: [{ kind: 'preview-gone', preview, why }, ...notes] };
  return verdict === 'failed' ? staying(preview, ended, notes) : { preview, kind: 'kept', notes };
};

const sweepOne = async (context: Context, scene: PreviewScene, dry: boolean): Promise<Swept> => {
  const preview = previewName(scene.number);
  const open = standingOf(scene.records, scene.number).filter(isOpen);
  const dead = new Set((await deadOf(context, open)).map(({ id }) => id));
  const busy = open.find(({ id }) => !dead.has(id));
  if (busy !== undefined) {
    return { preview, kind: 'kept', notes: [{ kind: 'preview-busy', preview, run: busy.payload.run.url }] };
  }
  const why = endOf({ ...scene, now: context.ports.clock.now(), dead });
  if (why !== undefined) {
    return dry
      ? { preview, kind: 'gone', notes: [{ kind: 'preview-gone', preview, why }] }
      : removal(context, scene, why);
  }
  return { preview, kind: 'kept', notes: dry ? [] : await closeDead(context, open) };
};

const sweepAll = async (context: Context, { records }: Listed, dry: boolean): Promise<readonly Swept[]> => {
  const numbers = standingPulls(records);
  const pulls = await readPulls(context, numbers);
  const swept: Swept[] = [];
  for (const number of numbers) {
    assertNotCancelled(context, 'down');
    const scene = { records, number, pull: pulls.get(number) ?? null };
    swept.push(await attempt(previewName(number), () => sweepOne(context, scene, dry)));
  }
  return swept;
};

const named = (swept: readonly Swept[]): string => swept.map(({ preview }) => preview).join(', ');

const endingOf = (swept: readonly Swept[]): Pick<Outcome, 'verdict' | 'reason'> => {
  const failed = swept.filter(({ kind }) => kind === 'failed');
  const gone = swept.filter(({ kind }) => kind === 'gone');
  if (failed.length > 0) {
    return { verdict: 'failed', reason: reason('previews-not-down', { previews: named(failed) }) };
  }
  if (gone.length > 0) {
    const why = reason('previews-down', { count: String(gone.length), previews: named(gone) });
    return { verdict: 'done', reason: why };
  }
  const why = reason('previews-wanted', { count: String(swept.length) });
  return { verdict: 'nothing-to-do', reason: why };
};

const sweep = async (context: Context, dry: boolean): Promise<Outcome> => {
  const listed = await listAll(context, []);
  const swept = await sweepAll(context, listed, dry);
  const notes = [...listed.notes, ...swept.flatMap((each) => each.notes)];
  if (dry) return dryRun({}, notes);
  return { command: 'down', ...endingOf(swept), changed: swept.some(({ kind }) => kind !== 'kept'), notes };
};

/**
 * Takes down the preview asked for, or that of the pull request the run is about; in a run about none, every preview that
 * nobody wants any more: of closed pull requests, past their time, or left by runs that died (promise R7).
 */
export const down = async (context: Context, command: PreviewCommand): Promise<Outcome> => {
  scriptsOf(context);
  if (command.pull !== undefined) return takeOneDown(context, { command, number: command.pull, because: 'asked' });
  const event = await eventOf(context);
  if (event === undefined) return sweep(context, command.dryRun);
  const because = event.action === 'closed' ? 'closed' : 'asked';
  return takeOneDown(context, { command, number: event.number, because });
};
