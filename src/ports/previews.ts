import type { PreviewPayload, PreviewRecord, PullRequest } from '../domain/preview.ts';

/** Where a page of records begins. */
export interface PreviewCursor {
  readonly cursor: string;
  /** Counts from 1; GitHub's other list goes by it. */
  readonly page: number;
}

export interface PreviewQuestion {
  /** Numbers of pull requests to look at, at most 100. */
  readonly pulls: readonly number[];
  /** Where the page of records begins; absent: with the newest. */
  readonly after?: PreviewCursor;
}

export interface PreviewFacts {
  /** Records of previews, highest id first, at most 100; of those that are over, some may be left out. */
  readonly records: readonly PreviewRecord[];
  /** By number; null: there is no such pull request. */
  readonly pulls: ReadonlyMap<number, PullRequest | null>;
  /** Where older records begin; null: there are none. */
  readonly next: PreviewCursor | null;
}

export interface NewPreviewRecord {
  readonly commit: string;
  readonly description: string;
  readonly payload: PreviewPayload;
}

/** Records of previews; their statuses are written like those of every other record. */
export interface Previews {
  /** One call; one more where GraphQL cannot tell the numbers of new records. */
  previewFacts(question: PreviewQuestion): Promise<PreviewFacts>;
  /** The new record's id. Refuses (`hosting-failed`) when GitHub filed it at another commit. */
  createPreviewRecord(record: NewPreviewRecord): Promise<number>;
}
