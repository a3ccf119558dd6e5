import type { Conversation, Posted } from '../domain/announcement.ts';
import type { LockHolder, LockStanding } from '../domain/comment-lock.ts';
import type { RunAttempt } from '../domain/deployment.ts';

export type ConversationKind = Conversation['kind'];

export interface ConversationQuestion {
  readonly kind: ConversationKind;
  readonly numbers: readonly number[];
  /** The line our comments begin with. */
  readonly marker: string;
}

export interface NewComment {
  readonly kind: ConversationKind;
  readonly number: number;
  readonly marker: string;
  /** Begins with the marker. */
  readonly body: string;
}

/** One run alone may send one message: whoever claims it first. */
export interface Claim {
  readonly environment: string;
  readonly channel: string;
  /** The deployment record the message is about, and its commit. */
  readonly record: number;
  readonly commit: string;
}

export interface LockRequest {
  readonly run: RunAttempt;
  /** Any commit of the repository: what the lock is made of must lead to one. */
  readonly commit: string;
}

/**
 * Whoever has it alone may write to conversations of the repository. It is the memory of no one: a holder that died keeps
 * it until somebody proves so and takes it over.
 */
export interface CommentLock {
  /** Takes it where nobody has it. */
  acquire(): Promise<LockStanding>;
  /** Takes it from this very holding and no other; of many who ask one gets it. */
  takeOver(from: LockHolder): Promise<LockStanding>;
  /** Gives it back where it is, or may be, ours. */
  release(): Promise<void>;
}

/** What is told at GitHub itself, below pull requests and issues in our own name. Lists may lag behind writes. */
export interface Announcing {
  /** A full release, and where `latest` says so the one GitHub calls latest; nothing else of it changes. */
  makeFull(release: number, latest: boolean): Promise<void>;
  /** Those of the numbers that exist, whichever kind they are. */
  conversations(question: ConversationQuestion): Promise<readonly Conversation[]>;
  /** The number of the new comment, or of one already there when an answer was lost. */
  createComment(comment: NewComment): Promise<number>;
  /** `gone`: somebody has deleted it. */
  editComment(comment: {
    readonly kind: ConversationKind;
    readonly id: number;
    readonly body: string;
  }): Promise<'edited' | 'gone'>;
  deleteComment(comment: { readonly kind: ConversationKind; readonly id: number }): Promise<void>;
  /** One lock for each process: two of the same run are told apart. */
  commentLock(request: LockRequest): CommentLock;
  /** Forgets claims of older records of the same environment and channel. */
  claim(claim: Claim): Promise<'claimed' | 'taken'>;
  /** For a message that surely was not sent. */
  unclaim(claim: Claim): Promise<void>;
}

/** Messages to addresses that only the environment of the step knows. */
export interface Webhooks {
  /** Whether the step sets the variable. */
  knows(variable: string): boolean;
  /** One request, never repeated. */
  post(message: { readonly variable: string; readonly body: string }): Promise<Posted>;
}
