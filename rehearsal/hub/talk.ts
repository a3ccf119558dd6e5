/** What people and runs say to each other. */

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly stateReason: string | null;
  readonly labels: readonly string[];
  readonly author: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  /** Pull requests are issues with more to them, and share their numbers. */
  readonly pull?: Pull;
}

export interface Pull {
  /** Empty while it is open. */
  readonly mergeCommit: string | null;
  /** What was in it when it was merged, oldest first; a squash leaves none of it on the main line. */
  readonly commits: readonly string[];
  /** Issues its merge closes, by words in its text or by hand. */
  readonly closes: readonly number[];
  /** The newest commit of its branch; a scenario that never asks for it need not tell. */
  readonly head?: string;
  /** Its branch lies in another repository. */
  readonly fork?: boolean;
}

/** Below an issue or a pull request; each user has one of a kind. */
export interface Reaction {
  readonly id: number;
  readonly issue: number;
  readonly content: string;
  readonly user: string;
  readonly createdAt: string;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  readonly author: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}
