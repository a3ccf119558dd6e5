import type { CommandName, Verdict } from '../contract.ts';
import type { Change } from './change.ts';
import type { Live } from './deployment.ts';
import type { Finding } from './finding.ts';
import type { PreviewEnd } from './preview.ts';
import type { Proposal } from './proposal.ts';
import type { DeliveryReport } from './report.ts';
import type { Reason } from './refusal.ts';

/** What is live in one environment and what would happen to it; a row of the manager's table. */
export interface EnvironmentRow {
  readonly environment: string;
  readonly live: Live;
  /** Why the newest version would not go there now; absent = it would. */
  readonly blocked?: Reason;
  /** Released changes that are not there yet, and those the next version would add. */
  readonly waiting: number;
  /** Where the newest version must work before, once it is built; absent when it is built already. */
  readonly after?: readonly string[];
  /** A person has to let it in. */
  readonly asks?: true;
}

/** Everything a run has to say, before anybody puts it into words. `result` is this, as JSON. */
export interface Outcome {
  /** Absent when the step named none that exists. */
  readonly command?: CommandName;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly version?: string;
  readonly tag?: string;
  readonly commit?: string;
  readonly previous?: string;
  readonly changed?: boolean;
  readonly digest?: string;
  readonly releaseUrl?: string;
  readonly environment?: string;
  readonly environmentUrl?: string;
  readonly deployment?: number;
  readonly approvedBy?: readonly string[];
  readonly selfApproved?: boolean;
  readonly changes?: readonly Change[];
  readonly rows?: readonly EnvironmentRow[];
  /** What the button will ship. */
  readonly proposal?: Proposal;
  /** What `report` wrote; a file of its own, and no part of `result`. */
  readonly report?: DeliveryReport;
  /** What an audit found, the worst first. */
  readonly findings?: readonly Finding[];
  /** Notes for people that change no decision: a gate GitHub does not enforce, a line not stopped, ... */
  readonly notes?: readonly Note[];
}

interface OtherWayBack {
  readonly from: string;
  readonly environment: string;
  /** The run that began it. */
  readonly run: string;
}

export type Note =
  | { readonly kind: 'approver-unknown' }
  | { readonly kind: 'self-approved'; readonly user: string }
  | { readonly kind: 'admins-can-bypass'; readonly environment: string }
  | { readonly kind: 'line-stopped'; readonly url: string }
  | { readonly kind: 'line-not-stopped' }
  | { readonly kind: 'overridden'; readonly code: string; readonly by: string }
  /** The replaced record could not be closed; the next delivery closes it. */
  | { readonly kind: 'not-retired'; readonly problem: string }
  | { readonly kind: 'took-over'; readonly record: string }
  /** The run was cancelled and could not close its record in time; the next delivery does. */
  | { readonly kind: 'record-left-open'; readonly record: string; readonly environment: string }
  /** What another run began and did not end: the way back from a version that broke. */
  | ({ readonly kind: 'way-back-finished'; readonly to: string } & OtherWayBack)
  | ({ readonly kind: 'way-back-failed'; readonly why: Reason } & OtherWayBack)
  /** The same with a preview, which goes on from what is there. */
  | { readonly kind: 'preview-taken-over'; readonly record: string; readonly preview: string }
  | { readonly kind: 'preview-gone'; readonly preview: string; readonly why: PreviewEnd }
  | { readonly kind: 'preview-stays'; readonly preview: string; readonly why: Reason }
  | { readonly kind: 'preview-busy'; readonly preview: string; readonly run: string }
  | { readonly kind: 'previews-unlisted'; readonly records: number }
  | { readonly kind: 'unverified'; readonly version: string }
  | { readonly kind: 'script-note'; readonly text: string }
  /** A rule that says no today and stops doing so by itself; the delivery asks it again. */
  | { readonly kind: 'not-before'; readonly why: Reason }
  | { readonly kind: 'wait-timer'; readonly minutes: number; readonly environment: string }
  | { readonly kind: 'stock'; readonly changes: number; readonly limit: number; readonly environment: string }
  | { readonly kind: 'stock-old'; readonly seconds: number; readonly environment: string }
  | { readonly kind: 'documents-unread'; readonly releases: number }
  | { readonly kind: 'beginnings-unread'; readonly changes: number }
  | { readonly kind: 'beginnings-unseen'; readonly changes: number; readonly needs: string }
  | { readonly kind: 'waiting-unseen'; readonly needs: string }
  | { readonly kind: 'changes-cut'; readonly shown: number; readonly total: number }
  | { readonly kind: 'changes-unread'; readonly version: string }
  | { readonly kind: 'older-unlisted'; readonly changes: number }
  | { readonly kind: 'proposal-replaced' | 'newer-waiting'; readonly url: string }
  | { readonly kind: 'proposal-not-replaced'; readonly url: string; readonly why: Reason }
  | AnnounceNote;

/** What an announcement did, or would do. */
export type AnnounceNote =
  | {
      readonly kind: 'latest-moved' | 'would-move-latest' | 'made-full' | 'would-make-full';
      readonly version: string;
    }
  | { readonly kind: 'told'; readonly written: number; readonly same: number }
  | { readonly kind: 'would-tell'; readonly conversations: string }
  | { readonly kind: 'message-sent' | 'would-send'; readonly channel: string; readonly environment: string }
  | { readonly kind: 'told-first'; readonly shown: number; readonly total: number }
  | { readonly kind: 'releases-unlisted' }
  | { readonly kind: 'permission-needed'; readonly permission: string }
  | AnnounceFailure;

/** What could not be announced: a warning, for the delivery itself went well. */
export type AnnounceFailure =
  | { readonly kind: 'live-unknown'; readonly environment: string }
  | {
      readonly kind: 'nothing-announced' | 'latest-not-moved' | 'not-made-full' | 'not-told' | 'message-not-sent';
      readonly why: Reason;
    }
  | { readonly kind: 'conversation-not-told'; readonly number: number; readonly why: Reason }
  | { readonly kind: 'told-later'; readonly left: number }
  /** Another run was writing comments all the time; `run` is its address. */
  | { readonly kind: 'comments-left'; readonly run: string; readonly minutes: number }
  /** The same, and nobody knows who it is. */
  | { readonly kind: 'comments-locked'; readonly minutes: number }
  | { readonly kind: 'lock-kept'; readonly why: Reason }
  | { readonly kind: 'message-failed'; readonly channel: string; readonly problem: string }
  | { readonly kind: 'channel-unset'; readonly channel: string; readonly variable: string };
