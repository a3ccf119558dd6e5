import type { PreviewEnd } from './preview.ts';
import type { Reason } from './refusal.ts';

/** What happens while a command works, as data; `report` puts it into words for the log. */
export type Progress =
  | { readonly kind: 'deciding'; readonly version: string; readonly environment: string }
  | { readonly kind: 'building'; readonly version: string }
  | { readonly kind: 'packing' }
  | { readonly kind: 'packed'; readonly files: number; readonly bytes: number; readonly seconds: number }
  | { readonly kind: 'image-resolved' | 'image-tagged'; readonly image: string; readonly digest: string }
  | { readonly kind: 'tag-created' | 'tag-found'; readonly tag: string }
  | { readonly kind: 'uploading' | 'uploaded' | 'asset-found'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'published'; readonly url: string }
  | { readonly kind: 'ticket'; readonly record: number; readonly environment: string }
  | { readonly kind: 'queued'; readonly environment: string; readonly holder: string }
  | { readonly kind: 'took-over'; readonly record: number; readonly environment: string }
  | { readonly kind: 'fetching'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'proven'; readonly digest: string; readonly files: number }
  | { readonly kind: 'running'; readonly label: string; readonly script: string }
  | { readonly kind: 'ran'; readonly label: string; readonly seconds: number }
  | {
      readonly kind: 'attempt';
      readonly number: number;
      readonly inRow: number;
      readonly needed: number;
      readonly problem?: string;
    }
  | { readonly kind: 'verified'; readonly version: string; readonly environment: string; readonly attempts: number }
  | { readonly kind: 'replacing'; readonly run: string; readonly environment: string }
  | { readonly kind: 'broken'; readonly version: string; readonly environment: string; readonly why: Reason }
  | { readonly kind: 'taking-down'; readonly preview: string; readonly why: PreviewEnd }
  | { readonly kind: 'rolling-back'; readonly from: string; readonly to: string; readonly environment: string }
  | { readonly kind: 'rehearsing'; readonly from: string; readonly to: string; readonly environment: string };

/** What a deployment record or one of its statuses says in GitHub's own pages. */
export type StatusText =
  | { readonly kind: 'record'; readonly delivery: 'deploy' | 'rollback' | 'rebuild'; readonly version: string }
  | { readonly kind: 'queued'; readonly behind: string }
  | { readonly kind: 'started' | 'succeeded' | 'replaced'; readonly version: string }
  | {
      readonly kind: 'preview-asked' | 'preview-started' | 'preview-ended';
      readonly act: 'up' | 'down';
      readonly preview: string;
    }
  | { readonly kind: 'preview-replaced'; readonly preview: string }
  | { readonly kind: 'run-died'; readonly run: number }
  | { readonly kind: 'ended'; readonly why: Reason };

/** Why the line stopped, for the issue that says so. */
export interface StopText {
  readonly version: string;
  readonly environment: string;
  readonly why: Reason;
  readonly runUrl: string;
}
