import type { Commit } from './change.ts';
import type { Version } from './version.ts';

export interface NewerVersion {
  readonly version: Version;
  readonly commit: string;
  /** Whether it contains HEAD: then HEAD is part of a version that is already out. */
  readonly containsHead: boolean;
}

/** What the repository says about HEAD; exact, or `history-unknown` is thrown: never guessed. */
export interface HistoryAnswer {
  readonly head: Commit;
  /** The highest version merged into HEAD, those on HEAD itself left out: a commit built again has the same base. */
  readonly base?: { readonly version: Version; readonly tag: string; readonly commit: string };
  /** Versions whose tags stand on HEAD itself, highest first. */
  readonly onHead: readonly Version[];
  /** Versions above `base` that are not merged into HEAD, highest first: a new version must not collide with them. */
  readonly newer: readonly NewerVersion[];
  /** Commits reachable from HEAD and not from `base`, newest first, touching `paths` when given. */
  readonly commits: readonly Commit[];
}
