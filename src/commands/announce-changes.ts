import type { Change } from '../domain/change.ts';
import type { Version } from '../domain/version.ts';
import { spanOf } from '../rules/announcement.ts';
import type { Shipped } from '../rules/announcement.ts';
import { isWithin } from '../rules/promotion.ts';
import type { Span } from '../rules/promotion.ts';
import { distinct, isComplete } from '../rules/proposal.ts';
import type { Candidate } from '../rules/choose-version.ts';
import type { Ledger } from './announce-ledger.ts';
import type { Announced, View } from './announce-view.ts';
import { formOf } from './context.ts';
import type { Context } from './context.ts';
import { changesIn } from './shipped-changes.ts';

const changesOf = async (context: Context, ledger: Ledger, candidate: Candidate): Promise<readonly Change[]> => {
  const { version } = candidate;
  if (!ledger.changes.has(version)) ledger.changes.set(version, await changesIn(context, candidate));
  const changes = ledger.changes.get(version);
  if (changes === undefined) ledger.notes.set(`unread ${version}`, { kind: 'changes-unread', version });
  return changes ?? [];
};

/** The releases within the span, each with its changes; read once a run. */
export const readReleases = async (
  context: Context,
  { view, ledger }: { readonly view: View; readonly ledger: Ledger },
  span: Span
): Promise<readonly Shipped[]> => {
  const form = formOf(context);
  if (!isComplete({ releases: view.hosted.releases, form }, span))
    ledger.notes.set('unlisted', { kind: 'releases-unlisted' });
  const within = view.released.filter(({ version }) => isWithin(span, version));
  const releases: Shipped[] = [];
  for (const candidate of within)
    releases.push({ version: candidate.version, changes: await changesOf(context, ledger, candidate) });
  return releases;
};

/** What came or, after a rollback, went: everything between what stood there and what runs there now. */
export const turnSpan = ({ turn }: Announced): Span | undefined => spanOf([turn.from, turn.record.payload.version]);

/** The release that the last announcement ended with. */
const announcedLast = ({ delivery }: Context, { latest, released }: View): readonly Version[] => {
  if (latest === undefined) return [];
  const done = released.filter(({ release }) =>
    delivery.announce.latest ? release.latest === true : !release.prerelease
  );
  return done.slice(0, 1).map(({ version }) => version);
};

/**
 * The same, and back to the release that GitHub calls latest, or that is the newest full one of a component: it becomes so
 * at the end of an announcement, so what lies between was perhaps not announced.
 */
export const catchUpSpan = (context: Context, view: View, { turn }: Announced): Span | undefined =>
  spanOf([turn.from, turn.record.payload.version, ...announcedLast(context, view)]);

export const allChanges = (releases: readonly Shipped[]): readonly Change[] =>
  distinct(releases.flatMap(({ changes }) => changes));
