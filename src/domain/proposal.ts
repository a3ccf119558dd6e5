/** How a proposed delivery begins: by GitHub's own button, by a person starting a run, or at once. */
export type Offer = 'button' | 'by-hand' | 'straight';

/** The same bytes ran well there. */
export interface Proof {
  readonly environment: string;
  /** ISO 8601 in UTC. */
  readonly succeededAt: string;
  readonly runUrl: string;
}

/** The card: what people know before they press the button. */
export interface Proposal {
  readonly offer: Offer;
  readonly kind: 'deploy' | 'rollback';
  readonly batch: {
    readonly changes: number;
    readonly releases: number;
    /** False when the list of releases does not reach back to what is live: there are more. */
    readonly complete: boolean;
    /** When the oldest change that was read was made, ISO 8601 in UTC. */
    readonly oldest?: string;
  };
  readonly proofs: readonly Proof[];
  /** Users and teams; one of them is enough. Empty where nobody is asked. */
  readonly approvers: readonly string[];
  /** Whoever started the run may not approve it. */
  readonly preventSelfReview: boolean;
  /** Where the button is. */
  readonly runUrl: string;
}

/** A run that waits for somebody. */
export interface WaitingRun {
  readonly id: number;
  /** Counts the runs of its workflow; a re-run keeps it. */
  readonly number: number;
  readonly event: string;
  readonly url: string;
}

export interface Waiting {
  /** The number of the run that asked. */
  readonly ours: number;
  readonly runs: readonly WaitingRun[];
}

/** What a run does now: it waits for these environments and nothing of it works, or something does. */
export type AtGates =
  | { readonly kind: 'waiting'; readonly environments: readonly string[] }
  | { readonly kind: 'working' };
