import type { PreviewEnd, PreviewRecord, PullRequest } from '../domain/preview.ts';
import { previewName } from '../domain/preview.ts';
import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { Verdict } from '../contract.ts';
import { isOpen } from './live.ts';

type Records = readonly PreviewRecord[];

/** Of one preview: whatever may still stand behind a record. */
export const standingOf = (records: Records, pull: number): Records =>
  records.filter(({ payload, state }) => payload.pull === pull && state !== 'inactive');

/** The pull requests whose previews may still stand, the lowest number first. */
export const standingPulls = (records: Records): readonly number[] =>
  [...new Set(records.filter(({ state }) => state !== 'inactive').map(({ payload }) => payload.pull))].toSorted(
    (a, b) => a - b
  );

export type PreviewDecision =
  | { readonly kind: 'proceed' }
  | { readonly kind: 'stop'; readonly verdict: Verdict; readonly reason: Reason };

const idle = (why: Reason): PreviewDecision => ({ kind: 'stop', verdict: 'nothing-to-do', reason: why });

export interface PreviewScene {
  /** Of this preview or of all; highest id first. */
  readonly records: Records;
  readonly number: number;
  /** Null: GitHub knows no such pull request. */
  readonly pull: PullRequest | null;
  /** The record this run has filed, if it has. */
  readonly ours?: number;
}

/** Those of others that may still have something behind them. */
const others = ({ records, number, ours }: PreviewScene): Records =>
  standingOf(records, number).filter(({ id }) => id !== ours);

/** What it is now was decided by the newest record whose script may have begun. */
const lastTouched = (records: Records): PreviewRecord | undefined =>
  records.find(({ state }) => state !== 'pending' && state !== 'queued');

const isThere = (record: PreviewRecord, commit: string): boolean =>
  record.payload.kind === 'up' && record.state === 'success' && record.commit === commit;

/** Where the preview is seen, once it has an address. */
export const addressOf = (scene: PreviewScene): string | undefined => lastTouched(others(scene))?.url;

export const shortCommit = (commit: string): string => commit.slice(0, 7);

/** May the preview of this commit be made? Whatever says no is no fault of anybody: the run stays green. */
export const mayGoUp = (scene: PreviewScene, commit: string | undefined): PreviewDecision => {
  const { number, pull } = scene;
  const preview = previewName(number);
  if (pull === null) {
    return { kind: 'stop', verdict: 'refused', reason: reason('pull-unknown', { pull: String(number) }) };
  }
  if (pull.fork) return idle(reason('pull-from-fork', { pull: String(number) }));
  if (!pull.open) return idle(reason('pull-closed', { pull: String(number) }));
  if (commit !== undefined && commit !== pull.head) {
    return idle(
      reason('pull-moved', { pull: String(number), commit: shortCommit(commit), head: shortCommit(pull.head) })
    );
  }
  const last = lastTouched(others(scene));
  return last !== undefined && isThere(last, pull.head)
    ? idle(reason('preview-there', { preview, commit: shortCommit(pull.head) }))
    : { kind: 'proceed' };
};

const lastUp = (records: Records): PreviewRecord | undefined => records.find(({ payload }) => payload.kind === 'up');

/**
 * A run that died or was broken off left it half made or half gone (`error`), or taking it down failed. Where its script
 * failed to make it, it stays: whoever wrote the change may want to look.
 */
const isAbandoned = (records: Records, dead: ReadonlySet<number>): boolean => {
  const last = lastTouched(records);
  if (last === undefined) return false;
  return last.state === 'error' || dead.has(last.id) || (last.payload.kind === 'down' && !isOpen(last));
};

export interface PreviewFate extends PreviewScene {
  readonly now: Date;
  /** Open records whose runs are proven to have ended. */
  readonly dead: ReadonlySet<number>;
}

/**
 * Why a preview has to go that nobody asked to take down; undefined while it is wanted. A closed pull request, the end of
 * its time, or a run that died over it (promise R7). A pull request that GitHub does not show may be open.
 */
export const endOf = (scene: PreviewFate): PreviewEnd | undefined => {
  const records = others(scene);
  if (records.length === 0) return undefined;
  if (scene.pull?.open === false) return 'closed';
  if (isAbandoned(records, scene.dead)) return 'abandoned';
  const expires = lastUp(records)?.payload.expires ?? null;
  return expires !== null && Date.parse(expires) <= scene.now.getTime() ? 'expired' : undefined;
};

/** What is asked to go, goes; a pull request that was closed and is open again keeps what it has. */
export const mayGoDown = (scene: PreviewScene, because: 'asked' | 'closed'): PreviewDecision => {
  const preview = previewName(scene.number);
  if (others(scene).length === 0) return idle(reason('preview-absent', { preview }));
  return because === 'closed' && scene.pull?.open === true
    ? idle(reason('preview-wanted', { preview }))
    : { kind: 'proceed' };
};

/** What a script calls the version it shows: semantic, below every release, and it names the commit. */
export const previewVersion = (pull: number, commit: string): string => `0.0.0-pr.${pull}.g${shortCommit(commit)}`;
