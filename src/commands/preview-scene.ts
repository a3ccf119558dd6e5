import { readPullEvent } from '../config/pull-event.ts';
import type { PullEvent } from '../config/pull-event.ts';
import { PREVIEW_LINES } from '../config/deploy-lines.ts';
import type { Delivery } from '../config/delivery.ts';
import type { Note } from '../domain/outcome.ts';
import type { PreviewRecord, PullRequest } from '../domain/preview.ts';
import { previewName } from '../domain/preview.ts';
import { refuse } from '../domain/refusal.ts';
import type { PreviewFacts, PreviewQuestion } from '../ports/previews.ts';
import { isOpen } from '../rules/live.ts';
import type { PreviewScene } from '../rules/preview.ts';
import { standingOf } from '../rules/preview.ts';
import type { Context } from './context.ts';
import { isDead, mark } from './turn.ts';

/** Pages of a hundred records that are searched for previews that stand. */
const MOST_PAGES = 10;

export type PreviewScripts = NonNullable<Delivery['preview']>;

export const scriptsOf = ({ delivery }: Context): PreviewScripts => {
  if (delivery.preview !== undefined) return delivery.preview;
  throw refuse('preview-undefined', { lines: PREVIEW_LINES });
};

/** The pull request the run is about, if it is about one. */
export const eventOf = async ({ surroundings }: Context): Promise<PullEvent | undefined> =>
  surroundings.eventFile === undefined || !surroundings.event.startsWith('pull_request')
    ? undefined
    : readPullEvent(surroundings.eventFile);

const facts = ({ ports }: Context, question: PreviewQuestion): Promise<PreviewFacts> =>
  ports.phases.during('facts', () => ports.hosting.previewFacts(question));

/** Everything that may stand, newest first. */
export interface Listed {
  readonly records: readonly PreviewRecord[];
  /** The pull request asked for, where one was. */
  readonly pulls: PreviewFacts['pulls'];
  readonly notes: readonly Note[];
}

/** Previews live for days and are looked after every day, so a thousand records reach far back. */
export const listAll = async (context: Context, pulls: readonly number[]): Promise<Listed> => {
  const first = await facts(context, { pulls });
  const records = [...first.records];
  let { next } = first;
  for (let page = 1; page < MOST_PAGES && next !== null; page += 1) {
    const more = await facts(context, { pulls: [], after: next });
    records.push(...more.records);
    ({ next } = more);
  }
  const notes: readonly Note[] = next === null ? [] : [{ kind: 'previews-unlisted', records: MOST_PAGES * 100 }];
  return { records, pulls: first.pulls, notes };
};

/** GitHub's most for one query. */
const AT_ONCE = 100;

export const readPulls = async (context: Context, numbers: readonly number[]): Promise<PreviewFacts['pulls']> => {
  const pulls = new Map<number, PullRequest | null>();
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const { pulls: read } = await facts(context, { pulls: numbers.slice(at, at + AT_ONCE) });
    for (const [number, pull] of read) pulls.set(number, pull);
  }
  return pulls;
};

/** Of one preview; records that were known and stand on no page any more are kept. */
export const look = async (context: Context, number: number, known: PreviewScene['records']): Promise<PreviewScene> => {
  const fresh = await facts(context, { pulls: [number] });
  const seen = new Set(fresh.records.map(({ id }) => id));
  const older = known.filter(({ id }) => !seen.has(id));
  const records = [...fresh.records, ...older].filter(({ payload }) => payload.pull === number);
  return { records: records.toSorted((a, b) => b.id - a.id), number, pull: fresh.pulls.get(number) ?? null };
};

/** Open records of runs that ended without a word. */
export const deadOf = async (context: Context, records: readonly PreviewRecord[]): Promise<readonly PreviewRecord[]> =>
  context.ports.phases.during('facts', async () => {
    const dead: PreviewRecord[] = [];
    for (const record of records.filter(isOpen)) if (await isDead(context, record)) dead.push(record);
    return dead;
  });

const closeOne = async (context: Context, { id, payload }: PreviewRecord): Promise<readonly Note[]> => {
  const preview = previewName(payload.pull);
  const now = await context.ports.phases.during('facts', () => context.ports.hosting.recordState(id));
  if (!isOpen({ state: now })) return [];
  // a script that may have begun leaves something behind
  const state = now === 'in_progress' ? 'error' : 'inactive';
  await mark(context, id, { state, text: { kind: 'run-died', run: payload.run.id } });
  context.say({ kind: 'took-over', record: id, environment: preview });
  return [{ kind: 'preview-taken-over', record: String(id), preview }];
};

/** Closes the records of dead runs (promise R7), and says so. */
export const closeDead = async (context: Context, records: readonly PreviewRecord[]): Promise<readonly Note[]> => {
  const notes: Note[] = [];
  for (const record of await deadOf(context, records)) notes.push(...(await closeOne(context, record)));
  return notes;
};

/** Ids of what is over once the preview is another one, or gone. */
export const overWith = ({ records, number, ours }: PreviewScene): readonly number[] =>
  standingOf(records, number)
    .filter((record) => record.id !== ours && !isOpen(record))
    .map(({ id }) => id);
