import type { RecordState, Run } from './deployment.ts';

/** The environment at GitHub in which every preview has its records: one for all of them, for a job cannot delete any. */
export const PREVIEW_ENVIRONMENT = 'preview';

/** What scripts and people call the preview of a pull request; fit to be a part of a host name. */
export const previewName = (pull: number): string => `pr-${pull}`;

/** The pull request whose preview has this name. GraphQL takes numbers of 31 bits. */
export const pullNamed = (name: string): number | undefined => {
  const [, digits] = /^pr-([1-9]\d{0,9})$/i.exec(name) ?? [];
  const pull = Number(digits ?? 0);
  return pull > 0 && pull < 2 ** 31 ? pull : undefined;
};

/** What Esteira writes into the `payload` of a deployment with `task: preview`, schema 1. */
export interface PreviewPayload {
  readonly schema: 1;
  readonly pull: number;
  /** Whether the preview was being made or taken down. */
  readonly kind: 'up' | 'down';
  readonly requestedBy: string;
  /** From this moment on it may be taken down, ISO 8601 in UTC; null with `down`. */
  readonly expires: string | null;
  readonly run: Run;
}

/** One of our records of a preview. It is `inactive` when nothing is left behind it. */
export interface PreviewRecord {
  readonly id: number;
  /** The head of the pull request. */
  readonly commit: string;
  readonly state: RecordState;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly url?: string;
  readonly payload: PreviewPayload;
}

export interface PullRequest {
  readonly number: number;
  readonly open: boolean;
  /** The newest commit of its branch. */
  readonly head: string;
  /** It comes from another repository, whose authors may not have what our jobs have. */
  readonly fork: boolean;
}

/** Why a preview is taken down without being asked for it. */
export type PreviewEnd = 'closed' | 'expired' | 'abandoned';
