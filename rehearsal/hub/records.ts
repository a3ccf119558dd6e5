/** What the hub remembers, in the platform's own terms. Everything is immutable: the past stays readable for stale answers. */

import type { Comment, Issue, Label, Reaction } from './talk.ts';

export type { Comment, Issue, Label, Pull, Reaction } from './talk.ts';

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly originalEnvironment: string;
  readonly environment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type StatusState = 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success';

export interface DeploymentStatus {
  readonly id: number;
  readonly deployment: number;
  readonly state: StatusState;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: string;
  readonly createdAt: string;
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly target: string;
  readonly name: string | null;
  readonly body: string | null;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly immutable: boolean;
  readonly author: string;
  /** The date of the commit it is made from, as REST documents it. */
  readonly commitDate: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly publishedAt: string | null;
}

export interface ReleaseAsset {
  readonly id: number;
  readonly release: number;
  readonly name: string;
  readonly label: string | null;
  readonly contentType: string;
  readonly state: 'uploaded' | 'starter';
  readonly size: number;
  /** `sha256:` and hex; null for what never arrived. */
  readonly digest: string | null;
  readonly file: string;
  readonly uploader: string;
  readonly createdAt: string;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly reviewers: readonly string[];
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  readonly adminsCanBypass: boolean;
  readonly createdAt: string;
}

export interface Run {
  readonly id: number;
  readonly attempt: number;
  readonly number: number;
  readonly event: string;
  readonly actor: string;
  readonly sha: string;
  /** Fully qualified, or the name of a branch. */
  readonly ref: string;
  readonly workflow: string;
  readonly status: 'queued' | 'in_progress' | 'waiting' | 'completed';
  readonly conclusion: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A file, or an archive of files, that a run left behind. */
export interface Artifact {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  readonly size: number;
  /** `sha256:` and hex; null for what never said it. */
  readonly digest: string | null;
  /** Null where the bytes are nothing GitHub would serve: the rehearsal packs no archives. */
  readonly file: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** The run belongs to a pull request of a fork. */
  readonly fork: boolean;
}

/** A job of a run, as whoever carries the run out reports it. */
export interface Job {
  readonly id: number;
  readonly run: number;
  readonly attempt: number;
  readonly name: string;
  readonly status: 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
  readonly since: string;
  readonly completedAt: string | null;
}

/** A job of a run that waits for, or has passed, the protection rules of an environment. */
export interface Gate {
  readonly id: number;
  readonly run: number;
  readonly attempt: number;
  readonly job: string;
  readonly environment: string;
  readonly review: 'waiting' | 'approved' | 'rejected' | 'bypassed' | 'not-needed';
  readonly since: string;
}

export interface Review {
  readonly run: number;
  readonly environments: readonly string[];
  readonly state: 'approved' | 'rejected';
  readonly user: string;
  readonly comment: string;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: string;
}

export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly target: 'branch' | 'tag';
  readonly enforcement: 'active' | 'evaluate' | 'disabled';
  /** `refs/tags/v*`, or `~ALL`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Types of rules without parameters: `deletion`, `update`, `creation`, ... */
  readonly rules: readonly string[];
  readonly createdAt: string;
}

export interface Data {
  readonly deployments: readonly Deployment[];
  readonly deploymentStatuses: readonly DeploymentStatus[];
  readonly releases: readonly Release[];
  readonly assets: readonly ReleaseAsset[];
  /** The release somebody marked as latest. */
  readonly latestRelease: number | null;
  /** Tags that immutable releases used up for good. */
  readonly burntTags: readonly string[];
  readonly environments: readonly Environment[];
  readonly runs: readonly Run[];
  readonly artifacts: readonly Artifact[];
  readonly jobs: readonly Job[];
  readonly gates: readonly Gate[];
  readonly reviews: readonly Review[];
  readonly issues: readonly Issue[];
  readonly comments: readonly Comment[];
  readonly reactions: readonly Reaction[];
  readonly labels: readonly Label[];
  readonly commitStatuses: readonly CommitStatus[];
  readonly rulesets: readonly Ruleset[];
}

export const NOTHING: Data = {
  deployments: [],
  deploymentStatuses: [],
  releases: [],
  assets: [],
  latestRelease: null,
  burntTags: [],
  environments: [],
  runs: [],
  artifacts: [],
  jobs: [],
  gates: [],
  reviews: [],
  issues: [],
  comments: [],
  reactions: [],
  labels: [],
  commitStatuses: [],
  rulesets: []
};
