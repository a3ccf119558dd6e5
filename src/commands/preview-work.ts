import type { PreviewCommand } from '../domain/command.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import { previewName } from '../domain/preview.ts';
import type { PreviewPayload } from '../domain/preview.ts';
import { reason } from '../domain/refusal.ts';
import { previewVersion, standingOf } from '../rules/preview.ts';
import type { PreviewDecision, PreviewScene } from '../rules/preview.ts';
import { ahead } from '../rules/ticket.ts';
import { verdictOf } from '../rules/verdict.ts';
import { closing } from './closing.ts';
import type { Held } from './closing.ts';
import type { Context } from './context.ts';
import { closeDead, look, overWith, scriptsOf } from './preview-scene.ts';
import { runStep } from './procedure.ts';
import type { StepEnd } from './procedure.ts';
import { mark, markAll, waitForTurn } from './turn.ts';

/** One preview that is to be made or taken down. */
export interface PreviewJob {
  readonly act: PreviewCommand['name'];
  readonly scene: PreviewScene;
  readonly commit: string;
  readonly expires: string | null;
  /** The decision, asked again under the ticket. */
  readonly decide: (scene: PreviewScene) => PreviewDecision;
  readonly end: (scene: Filed['scene'], step: StepEnd) => Promise<Partial<Outcome> & Pick<Outcome, 'reason'>>;
}

export const aboutPreview = ({ act, scene, commit }: Pick<PreviewJob, 'act' | 'scene' | 'commit'>) => ({
  command: act,
  environment: previewName(scene.number),
  ...(commit === '' ? {} : { commit })
});

const payloadOf = ({ surroundings }: Context, { act, scene, expires }: PreviewJob): PreviewPayload => ({
  schema: 1,
  pull: scene.number,
  kind: act,
  requestedBy: surroundings.actor,
  expires,
  run: { id: surroundings.run.id, attempt: surroundings.run.attempt, url: surroundings.run.url }
});

const fileRecord = async (context: Context, job: PreviewJob): Promise<number> => {
  const { hosting, phases } = context.ports;
  const preview = previewName(job.scene.number);
  const description = context.words.status({ kind: 'preview-asked', act: job.act, preview });
  const wanted = { commit: job.commit, description, payload: payloadOf(context, job) };
  const record = await phases.during('record', () => hosting.createPreviewRecord(wanted));
  context.say({ kind: 'ticket', record, environment: preview });
  return record;
};

/** What GitHub says once nobody who is alive stands before us. */
const awaitTurn = (context: Context, { act, scene }: PreviewJob, record: number) =>
  waitForTurn(context, {
    record,
    command: act,
    place: previewName(scene.number),
    look: async () => {
      const fresh = await look(context, scene.number, scene.records);
      const closed = await closeDead(context, ahead(fresh.records, record));
      return { records: fresh.records, closed, facts: { ...fresh, ours: record } };
    },
    behind: ({ payload }) => previewName(payload.pull)
  });

/** The files of a preview are the workspace: it shows a commit, not a release. */
const variablesOf = ({ surroundings }: Context, { act, scene, commit }: PreviewJob): Record<string, string> => ({
  DELIVERY_VERSION: previewVersion(scene.number, commit),
  DELIVERY_TAG: '',
  DELIVERY_COMMIT: commit,
  DELIVERY_ENVIRONMENT: previewName(scene.number),
  DELIVERY_PREVIOUS_VERSION: '',
  DELIVERY_FILES: surroundings.workspace,
  DELIVERY_URL: '',
  DELIVERY_KIND: act === 'up' ? 'deploy' : ''
});

const runScript = (context: Context, job: PreviewJob): Promise<StepEnd> => {
  const scripts = scriptsOf(context);
  return runStep(context, {
    label: job.act,
    script: scripts[job.act],
    directory: context.surroundings.workspace,
    variables: variablesOf(context, job),
    timeoutSeconds: scripts.timeoutSeconds
  });
};

/** A job with its record. */
interface Filed extends PreviewJob {
  readonly scene: PreviewScene & { readonly ours: number };
}

/** The script failed: what it left may be anything, and the record says so. */
const failed = async (context: Context, job: Filed, problem: string): Promise<Pick<Outcome, 'reason'>> => {
  const details = { preview: previewName(job.scene.number), problem };
  const why = job.act === 'up' ? reason('preview-failed', details) : reason('preview-not-down', details);
  await mark(context, job.scene.ours, { state: 'failure', text: { kind: 'ended', why } });
  return { reason: why };
};

const notesOf = ({ note }: StepEnd): readonly Note[] =>
  note === undefined ? [] : [{ kind: 'script-note', text: note }];

const carryOut = async (context: Context, job: Filed): Promise<Outcome> => {
  const preview = previewName(job.scene.number);
  const record = job.scene.ours;
  await mark(context, record, { state: 'in_progress', text: { kind: 'preview-started', act: job.act, preview } });
  const step = await runScript(context, job);
  const { problem } = step;
  const ended = problem === undefined ? await job.end(job.scene, step) : await failed(context, job, problem);
  return {
    ...aboutPreview(job),
    verdict: problem === undefined ? 'done' : 'failed',
    changed: true,
    deployment: record,
    ...ended,
    notes: notesOf(step)
  };
};

/** What was there before is over: first it, then the record of this run, so that a death in between is seen. */
export const settle = async (
  context: Context,
  scene: Filed['scene'],
  ending: { readonly state: 'success' | 'inactive'; readonly environmentUrl?: string }
): Promise<void> => {
  const preview = previewName(scene.number);
  const act = ending.state === 'success' ? 'up' : 'down';
  await markAll(context, overWith(scene), { state: 'inactive', text: { kind: 'preview-replaced', preview } });
  await mark(context, scene.ours, { ...ending, text: { kind: 'preview-ended', act, preview } });
};

const leftOpen = (job: PreviewJob, record: number): Outcome => {
  const why = reason('cancelled', { command: job.act });
  const about = aboutPreview(job);
  const note = { kind: 'record-left-open', record: String(record), environment: about.environment } as const;
  return { ...about, verdict: verdictOf(why.code), reason: why, deployment: record, notes: [note] };
};

const underTicket = async (context: Context, job: Filed, begun: () => void): Promise<Outcome> => {
  const record = job.scene.ours;
  const { facts, notes } = await awaitTurn(context, job, record);
  const decision = job.decide(facts);
  if (decision.kind === 'stop') {
    await mark(context, record, { state: 'inactive', text: { kind: 'ended', why: decision.reason } });
    const { verdict, reason: why } = decision;
    return { ...aboutPreview(job), verdict, reason: why, changed: false, deployment: record, notes };
  }
  begun();
  const outcome = await carryOut(context, { ...job, scene: facts });
  return { ...outcome, notes: [...notes, ...(outcome.notes ?? [])] };
};

/** Files the record, waits for its turn, decides again, runs the script, and writes down how it ended. */
export const doPreview = async (context: Context, asked: PreviewJob): Promise<Outcome> => {
  // first, so that a token which may not see other runs is refused before anything is written
  const closed = await closeDead(context, standingOf(asked.scene.records, asked.scene.number));
  const record = await fileRecord(context, asked);
  let touched = false;
  const held: Held = {
    record,
    state: () => (touched ? 'error' : 'inactive'),
    leftOpen: () => leftOpen(asked, record)
  };
  const job: Filed = { ...asked, scene: { ...asked.scene, ours: record } };
  const outcome = await closing(context, held, () =>
    underTicket(context, job, () => {
      touched = true;
    })
  );
  return { ...outcome, notes: [...closed, ...(outcome.notes ?? [])] };
};
