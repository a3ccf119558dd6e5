import type { AnnounceCommand } from '../domain/command.ts';
import type { Environment } from '../domain/environment.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import { reason, refuse } from '../domain/refusal.ts';
import { attempt, openLedger } from './announce-ledger.ts';
import type { Ledger } from './announce-ledger.ts';
import { environmentsAsked, observe } from './announce-view.ts';
import type { View } from './announce-view.ts';
import { giveLockBack } from './comment-lock.ts';
import { addressOf } from './context.ts';
import type { Context } from './context.ts';
import { sendMessages } from './send-messages.ts';
import { tellConversations } from './tell-conversations.ts';
import type { Telling } from './tell-conversations.ts';

/** Each look confirms the one before; more than a few are only needed where others write all the time. */
const MOST_LOOKS = 5;
/** Until a list shows what was just written: 2, 4 and 6 seconds before the later looks. */
const SETTLE_SECONDS = 2;

const LATEST = { done: 'latest-moved', would: 'would-move-latest', not: 'latest-not-moved' } as const;
/** Of a component that leaves "latest" to others. */
const FULL = { done: 'made-full', would: 'would-make-full', not: 'not-made-full' } as const;

const wordsFor = ({ delivery }: Context): typeof LATEST | typeof FULL => (delivery.announce.latest ? LATEST : FULL);

/** True when it was to be changed: what we wrote may have come after a newer run's word. */
const moveLatest = async ({ context, view, ledger }: Telling): Promise<boolean> => {
  const { latest } = view;
  if (latest === undefined) return false;
  const { version, candidate } = latest;
  if (candidate === undefined) throw refuse('version-unknown', { version });
  const { release } = candidate;
  const { latest: owns } = context.delivery.announce;
  if (!release.prerelease && (release.latest === true || !owns)) return false;
  const { done, would } = wordsFor(context);
  ledger.moved = { kind: ledger.dryRun ? would : done, version };
  if (ledger.dryRun) return false;
  const { hosting, phases } = context.ports;
  await phases.during('record', () => hosting.makeFull(release.id, owns));
  return true;
};

/** Comments first: the release that is latest, or full, tells how far the announcements have come. */
const bringUpToDate = async (telling: Telling): Promise<boolean> => {
  const told = await attempt(telling.ledger, 'not-told', () => tellConversations(telling));
  if (told === 'stale') return true;
  const moved = await attempt(telling.ledger, wordsFor(telling.context).not, () => moveLatest(telling));
  return told === 'busy' || moved === true;
};

/** What the records say, told; then looked at again, until nothing is left to do, or no time to do it in. */
const tellAll = async (context: Context, asked: readonly Environment[], ledger: Ledger): Promise<View | undefined> => {
  let view: View | undefined;
  for (let look = 1; look <= MOST_LOOKS; look += 1) {
    const now = await attempt(ledger, 'nothing-announced', () => observe(context, asked));
    if (now === undefined) return view;
    view = now;
    if (!(await bringUpToDate({ context, view, ledger })) || context.ports.phases.left() <= 0) break;
    if (look > 1) await context.ports.clock.sleep(SETTLE_SECONDS * (look - 1));
  }
  return view;
};

/** The lock is had only where comments are to be written, and until a look has shown them. */
const tellUnderLock = async (
  context: Context,
  asked: readonly Environment[],
  ledger: Ledger
): Promise<View | undefined> => {
  try {
    return await context.ports.phases.during('announce', () => tellAll(context, asked, ledger));
  } finally {
    await giveLockBack({ context, ledger });
  }
};

const announceAll = async (
  context: Context,
  asked: readonly Environment[],
  ledger: Ledger
): Promise<View | undefined> => {
  const view = await tellUnderLock(context, asked, ledger);
  if (view !== undefined) {
    const telling: Telling = { context, view, ledger };
    await attempt(ledger, 'message-not-sent', () => sendMessages(telling));
  }
  return view;
};

const latestNote = ({ moved, failures }: Ledger): readonly Note[] =>
  moved === undefined || failures.has('latest-not-moved') || failures.has('not-made-full') ? [] : [moved];

const toldNote = ({ dryRun, written, seen }: Ledger): readonly Note[] => {
  if (seen.size === 0) return [];
  if (!dryRun) return [{ kind: 'told', written: written.size, same: seen.size - written.size }];
  const conversations = [...written].map((number) => `#${number}`).join(', ');
  return written.size === 0 ? [] : [{ kind: 'would-tell', conversations }];
};

const notesOf = (ledger: Ledger, unknown: readonly string[]): readonly Note[] => [
  ...unknown.map((environment): Note => ({ kind: 'live-unknown', environment })),
  ...latestNote(ledger),
  ...toldNote(ledger),
  ...ledger.notes.values(),
  ...ledger.failures.values()
];

const names = (environments: readonly Environment[]): string => environments.map(({ name }) => name).join(', ');

const endingOf = (ledger: Ledger, asked: readonly Environment[], view: View | undefined): Outcome['reason'] => {
  if (ledger.dryRun) return reason('dry-run', { command: 'announce' });
  const failures = String(ledger.failures.size);
  if (failures !== '0') return reason('announced-in-part', { environment: names(asked), failures });
  const { announced = [], elsewhere } = view ?? {};
  if (elsewhere !== undefined) return reason('announced-elsewhere', { ...elsewhere, others: names(asked) });
  const versions = [...new Set(announced.map(({ turn }) => turn.record.payload.version))];
  const environment = names(announced.map((each) => each.environment));
  return reason('announced', { version: versions.join(', '), environment });
};

/** A single environment has a version, a record and an address of its own. */
const factsOf = ({ announced, released, elsewhere }: View): Partial<Outcome> => {
  const [first, ...others] = announced;
  if (first === undefined || others.length > 0 || elsewhere !== undefined) return {};
  const { record, from } = first.turn;
  const { version, tag, digest } = record.payload;
  const releaseUrl = released.find((each) => each.version === version)?.release.url;
  return {
    version,
    tag,
    digest,
    commit: record.commit,
    ...(from === undefined ? {} : { previous: from }),
    ...(releaseUrl === undefined ? {} : { releaseUrl }),
    environment: first.environment.name,
    ...addressOf(first.environment, version),
    deployment: record.id,
    approvedBy: record.payload.approvedBy
  };
};

const didSomething = ({ dryRun, moved, written, notes }: Ledger): boolean =>
  !dryRun &&
  (moved !== undefined || written.size > 0 || [...notes.values()].some(({ kind }) => kind === 'message-sent'));

const outcomeOf = (asked: readonly Environment[], ledger: Ledger, view: View | undefined): Outcome => {
  const notes = notesOf(ledger, view?.unknown ?? []);
  const announced = view?.announced ?? [];
  if (view !== undefined && announced.length === 0) {
    const why = reason('nothing-live', { environment: names(asked) });
    return { command: 'announce', verdict: 'nothing-to-do', reason: why, changed: false, notes };
  }
  return {
    command: 'announce',
    verdict: 'done',
    ...(view === undefined ? {} : factsOf(view)),
    reason: endingOf(ledger, asked, view),
    changed: didSomething(ledger),
    notes
  };
};

/**
 * Tells everybody what runs where, by the deployment records alone. Whatever fails is a warning: the delivery itself went
 * well. May be run as often as one likes, also beside itself.
 */
export const announce = async (context: Context, command: AnnounceCommand): Promise<Outcome> => {
  const asked = environmentsAsked(context, command);
  const ledger = openLedger(command.dryRun);
  const view = await announceAll(context, asked, ledger);
  return outcomeOf(asked, ledger, view);
};
