/** A commit as history gives it: untrusted text, nothing interpreted. */
export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  /** Committer date, ISO 8601 in UTC. */
  readonly date: string;
  /** Author date, where it is another: a rebase keeps it and makes a new committer date. */
  readonly authored?: string;
  readonly author: string;
  readonly message: string;
}

/** One change of a version, as written in `release.json`. */
export interface Change {
  readonly commit: string;
  /** Conventional type (`feat`, `fix`, ...), or `other` when the message has none. */
  readonly type: string;
  readonly scope?: string;
  readonly subject: string;
  readonly breaking: boolean;
  readonly author: string;
  /** Pull request number, read from the subject (`... (#12)`, `Merge pull request #12 ...`). */
  readonly pull?: number;
  /** When it was committed, ISO 8601 in UTC: the start of its waiting time. */
  readonly date: string;
  /** When its author says to have written it, where that was earlier. */
  readonly authored?: string;
}
