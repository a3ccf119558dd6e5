import type { Change } from '../domain/change.ts';
import type { AnnounceFailure, AnnounceNote } from '../domain/outcome.ts';
import { Refusal, reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { Version } from '../domain/version.ts';
import type { CommentLock, ConversationKind } from '../ports/announcing.ts';
import { documentedPermission } from '../rules/permission.ts';

/** What this run has read and done so far; it looks more than once, and must not do or say anything twice. */
export interface Ledger {
  readonly dryRun: boolean;
  /** By version; undefined where a release is damaged. */
  readonly changes: Map<Version, readonly Change[] | undefined>;
  /** Conversations in which we have made a comment. */
  readonly created: Set<number>;
  readonly written: Set<number>;
  readonly seen: Set<number>;
  /** Conversations that this run may not write to any more. */
  readonly left: Set<number>;
  /** Kinds of conversations the token may not write to. */
  readonly closed: Set<ConversationKind>;
  /** By what they speak of. */
  readonly notes: Map<string, AnnounceNote | { readonly kind: 'changes-unread'; readonly version: string }>;
  readonly failures: Map<string, AnnounceFailure>;
  /** What became of the release that is live. */
  moved: AnnounceNote | undefined;
  writes: number;
  /** Undefined until there is something to write below a conversation. */
  lock: CommentLock | undefined;
  /** Whether it was had; `no`: others had it for as long as we can wait. */
  mayComment: 'not-asked' | 'yes' | 'no';
}

export const openLedger = (dryRun: boolean): Ledger => ({
  dryRun,
  changes: new Map(),
  created: new Set(),
  written: new Set(),
  seen: new Set(),
  left: new Set(),
  closed: new Set(),
  notes: new Map(),
  failures: new Map(),
  moved: undefined,
  writes: 0,
  lock: undefined,
  mayComment: 'not-asked'
});

/** Why it failed, when nothing worse than an announcement depends on it; anything else goes on being thrown. */
export const excused = (ledger: Ledger, error: unknown): Reason => {
  if (!(error instanceof Refusal) || error.reason.code === 'cancelled') throw error;
  const why = error.reason;
  if (why.code !== 'permission-missing') return why;
  // a permission is granted once, for the whole command
  const permission = documentedPermission('announce', why.details.permission);
  ledger.notes.set(`permission ${permission}`, { kind: 'permission-needed', permission });
  return reason(why.code, { ...why.details, permission });
};

type Part = 'nothing-announced' | 'latest-not-moved' | 'not-made-full' | 'not-told' | 'message-not-sent' | 'lock-kept';

/** Does what it can of one part; undefined when it failed, which is written down. */
export const attempt = async <T>(ledger: Ledger, kind: Part, work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    ledger.failures.set(kind, { kind, why: excused(ledger, error) });
    return undefined;
  }
};
