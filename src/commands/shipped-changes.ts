import type { Change } from '../domain/change.ts';
import type { Note } from '../domain/outcome.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ReasonCode } from '../contract.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { replaced } from '../rules/live.ts';
import { changesShipped } from '../rules/may-deploy.ts';
import { recordsOf } from '../rules/promotion.ts';
import type { Span } from '../rules/promotion.ts';
import { distinct, isComplete, oldestOf, shipped, worthReading } from '../rules/proposal.ts';
import type { Context } from './context.ts';
import { fetchManifest } from './fetch-release.ts';
import type { Asked } from './gather.ts';

/** Two requests each; a delivery that holds more releases is too big to read anyway. */
const MOST_RELEASES = 10;

export interface Shipped {
  readonly span: Span;
  /** How many releases the delivery brings. */
  readonly releases: number;
  /** What those releases that were read say, newest first. */
  readonly changes: readonly Change[];
  readonly oldest: string | undefined;
  readonly notes: readonly Note[];
}

/** What is wrong with a release in between keeps nobody from delivering a later one. */
const DAMAGES: ReadonlySet<ReasonCode> = new Set(['release-incomplete', 'digest-mismatch', 'manifest-invalid']);

/** Undefined where the release is damaged. */
export const changesIn = async (context: Context, candidate: Candidate): Promise<readonly Change[] | undefined> => {
  try {
    return (await fetchManifest(context, candidate)).manifest.changes;
  } catch (error) {
    if (error instanceof Refusal && DAMAGES.has(error.reason.code)) return undefined;
    throw error;
  }
};

const readAll = async (
  context: Context,
  target: Candidate,
  releases: readonly Candidate[]
): Promise<{ readonly changes: readonly Change[]; readonly notes: readonly Note[] }> => {
  const changes: Change[] = [];
  const notes: Note[] = [];
  for (const release of releases) {
    const found =
      release.version === target.version
        ? (await fetchManifest(context, release)).manifest.changes
        : await changesIn(context, release);
    if (found === undefined) notes.push({ kind: 'changes-unread', version: release.version });
    else changes.push(...found);
  }
  return { changes: distinct(changes), notes };
};

/**
 * The changes between what is live and the version, from the releases' own documents. Throws what is wrong with the
 * version itself (`release-incomplete`, `digest-mismatch`, ...): a delivery would find the same.
 */
export const readShipped = async (context: Context, asked: Pick<Asked, 'facts' | 'environment' | 'candidate'>) => {
  const { facts, environment, candidate } = asked;
  const span: Span = { from: replaced(recordsOf(facts, environment.name), candidate), to: candidate.version };
  const all = shipped(facts, span);
  const chosen = worthReading(all, MOST_RELEASES);
  const { changes, notes } = await readAll(context, candidate, chosen);
  const cut: Note[] =
    chosen.length < all.length ? [{ kind: 'changes-cut', shown: chosen.length, total: all.length }] : [];
  const unlisted: Note[] = isComplete(facts, span) ? [] : [{ kind: 'older-unlisted', changes: changesShipped(facts) }];
  const read: Shipped = {
    span,
    releases: all.length,
    changes,
    oldest: oldestOf(changes),
    notes: [...notes, ...cut, ...unlisted]
  };
  return read;
};
