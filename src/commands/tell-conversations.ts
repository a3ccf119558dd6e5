import type { CommentText, Conversation, PresenceRow } from '../domain/announcement.ts';
import type { Version } from '../domain/version.ts';
import type { ConversationKind } from '../ports/announcing.ts';
import { isSkipped, issuesOf, markerOf, presenceOf, pullsIn, stepsFor } from '../rules/announcement.ts';
import type { CommentStep, Shipped } from '../rules/announcement.ts';
import { recordsOf } from '../rules/promotion.ts';
import { catchUpSpan, readReleases } from './announce-changes.ts';
import { excused } from './announce-ledger.ts';
import type { Ledger } from './announce-ledger.ts';
import type { View } from './announce-view.ts';
import { haveLock } from './comment-lock.ts';
import { addressOf, assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';

/** More at once would look like spam, to people and to GitHub (500 contents an hour). */
const MOST_PULLS = 100;
/**
 * Writes of one run to conversations. GitHub takes 500 new contents an hour of one token (its secondary rate limits); the
 * rest is for deliveries beside this run. What is left is said, and made when `announce` runs again.
 */
const MOST_WRITES = 400;
const MOST_FAILURES = 3;

export interface Telling {
  readonly context: Context;
  readonly view: View;
  readonly ledger: Ledger;
}

const rowsOf = ({ context, view }: Telling, version: Version): readonly PresenceRow[] =>
  context.delivery.environments.flatMap((environment) => {
    const presence = presenceOf(recordsOf(view.hosted, environment.name), version);
    if (presence === undefined) return [];
    const { environmentUrl: url } = addressOf(environment, presence.by);
    return [{ environment: environment.name, ...(url === undefined ? {} : { url }), presence }];
  });

/** Undefined where nothing of it was ever in an environment that is spoken of. */
const textOf = (telling: Telling, version: Version): CommentText | undefined => {
  const { announced, released } = telling.view;
  const rows = rowsOf(telling, version);
  const concerned = rows.some((row) => announced.some(({ environment }) => environment.name === row.environment));
  const releaseUrl = released.find((each) => each.version === version)?.release.url;
  return concerned && releaseUrl !== undefined ? { version, releaseUrl, rows } : undefined;
};

interface Wanted {
  readonly conversation: Conversation;
  readonly version: Version;
}

const releasesIn = async ({ context, view, ledger }: Telling): Promise<readonly Shipped[]> => {
  const releases = new Map<Version, Shipped>();
  for (const announced of view.announced) {
    const span = catchUpSpan(context, view, announced);
    const found = span === undefined ? [] : await readReleases(context, { view, ledger }, span);
    for (const release of found) releases.set(release.version, release);
  }
  return [...releases.values()];
};

const newest = ({ ledger }: Telling, numbers: readonly number[]): readonly number[] => {
  const total = numbers.length;
  if (total > MOST_PULLS) ledger.notes.set('told-first', { kind: 'told-first', shown: MOST_PULLS, total });
  return numbers.toSorted((a, b) => b - a).slice(0, MOST_PULLS);
};

const markerIn = ({ delivery }: Context): string => markerOf(delivery.version.tag);

const find = async (
  { context }: Telling,
  kind: ConversationKind,
  numbers: readonly number[]
): Promise<readonly Conversation[]> => {
  if (numbers.length === 0) return [];
  const { skipLabel } = context.delivery.announce;
  const found = await context.ports.hosting.conversations({ kind, numbers, marker: markerIn(context) });
  return found.filter((each) => each.kind === kind && each.merged && !isSkipped(each, skipLabel));
};

const within =
  (versions: ReadonlyMap<number, Version>) =>
  (conversation: Conversation): Wanted[] => {
    const version = versions.get(conversation.number);
    return version === undefined ? [] : [{ conversation, version }];
  };

/** Numbers come from commit messages: only what GitHub says is a merged pull request counts. */
const wantedIn = async (telling: Telling): Promise<readonly Wanted[]> => {
  const versions = pullsIn(await releasesIn(telling));
  const numbers = [...versions].filter(([, version]) => textOf(telling, version) !== undefined);
  const pulls = await find(
    telling,
    'pull',
    newest(
      telling,
      numbers.map(([number]) => number)
    )
  );
  const issueVersions = issuesOf(pulls, versions);
  const issues = await find(telling, 'issue', [...issueVersions.keys()]);
  return [...pulls.flatMap(within(versions)), ...issues.flatMap(within(issueVersions))];
};

/** A new comment takes a reaction before it. */
const writesOf = ({ kind }: CommentStep): number => (kind === 'create' ? 2 : 1);

/** Whether the step changed anything. A comment of ours that a list does not show yet is not made again. */
const take = async ({ context, ledger }: Telling, { number, kind }: Conversation, step: CommentStep) => {
  const { hosting } = context.ports;
  if (step.kind === 'create' && ledger.created.has(number)) return;
  ledger.writes += writesOf(step);
  switch (step.kind) {
    case 'create':
      ledger.created.add(number);
      await hosting.createComment({ kind, number, marker: markerIn(context), body: step.body });
      break;
    case 'edit':
      await hosting.editComment({ kind, id: step.id, body: step.body });
      break;
    case 'delete':
      await hosting.deleteComment({ kind, id: step.id });
      break;
  }
  ledger.written.add(number);
};

const failed = ({ ledger }: Telling, { number, kind }: Conversation, error: unknown): void => {
  const why = excused(ledger, error);
  ledger.seen.delete(number);
  if (why.code === 'phase-timeout') throw error;
  if (why.code === 'permission-missing' || why.code === 'token-refused') {
    ledger.closed.add(kind);
    ledger.failures.set(`closed ${kind}`, { kind: 'not-told', why });
  } else ledger.failures.set(`number ${number}`, { kind: 'conversation-not-told', number, why });
};

const isLeft = ({ closed, failures }: Ledger, { number, kind }: Conversation): boolean =>
  closed.has(kind) ||
  failures.has(`number ${number}`) ||
  [...failures.keys()].filter((key) => key.startsWith('number ')).length >= MOST_FAILURES;

/** A comment of this run that a list does not show yet costs nothing more. */
const isTooMuch = ({ writes, created }: Ledger, number: number, steps: readonly CommentStep[]): boolean => {
  const more = steps.reduce((sum, step) => sum + writesOf(step), 0);
  return more > 0 && !created.has(number) && writes + more > MOST_WRITES;
};

/** What is to be done; undefined where nothing is said, or not by this run. */
const stepsIn = (telling: Telling, { conversation, version }: Wanted): readonly CommentStep[] | undefined => {
  const { context, ledger } = telling;
  const text = textOf(telling, version);
  if (text === undefined || isLeft(ledger, conversation)) return undefined;
  return stepsFor(conversation, `${markerIn(context)}\n${context.words.comment(text)}`);
};

/** Whether a call is to be made for it: a comment of this run that a list does not show yet takes none. */
const isToWrite = (telling: Telling, wanted: Wanted): boolean => {
  const { created } = telling.ledger;
  const { number } = wanted.conversation;
  return (stepsIn(telling, wanted) ?? []).some(({ kind }) => kind !== 'create' || !created.has(number));
};

const bring = async (telling: Telling, wanted: Wanted): Promise<boolean> => {
  const { context, ledger } = telling;
  const { conversation } = wanted;
  const { number } = conversation;
  const steps = stepsIn(telling, wanted);
  if (steps === undefined) return false;
  assertNotCancelled(context, 'announce');
  ledger.seen.add(number);
  if (ledger.dryRun) {
    if (steps.length > 0) ledger.written.add(number);
    return false;
  }
  if (isTooMuch(ledger, number, steps)) {
    ledger.seen.delete(number);
    ledger.left.add(number);
    return false;
  }
  try {
    for (const step of steps) await take(telling, conversation, step);
  } catch (error) {
    failed(telling, conversation, error);
  }
  return steps.length > 0;
};

const bringAll = async (telling: Telling, all: readonly Wanted[]): Promise<Told> => {
  const { left, failures } = telling.ledger;
  left.clear();
  let busy = false;
  for (const wanted of all) busy = (await bring(telling, wanted)) || busy;
  if (left.size > 0) failures.set('left', { kind: 'told-later', left: left.size });
  return busy ? 'busy' : 'settled';
};

/** `busy`: something was to be done. `stale`: nothing was done yet, for others did, and the records may say more by now. */
export type Told = 'settled' | 'busy' | 'stale';

/**
 * Brings every comment to what the records say. Only whoever has the lock writes, and reads again when it has it: what
 * others wrote until then is theirs. When something was to be done, look again. Of two comments the older one stays, so
 * that all agree on which.
 */
export const tellConversations = async (telling: Telling): Promise<Told> => {
  const { ledger, view } = telling;
  const all = await wantedIn(telling);
  const [announced] = view.announced;
  const isWaiting = (wanted: Wanted): boolean => isToWrite(telling, wanted);
  if (ledger.dryRun || announced === undefined || !all.some(isWaiting)) return bringAll(telling, all);
  switch (ledger.mayComment) {
    case 'yes':
      return bringAll(telling, all);
    case 'no':
      return bringAll(
        telling,
        all.filter((wanted) => !isWaiting(wanted))
      );
    case 'not-asked':
      if ((await haveLock(telling, announced.turn.record.commit)) === 'waited') return 'stale';
      return bringAll(telling, await wantedIn(telling));
  }
};
