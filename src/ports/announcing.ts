import type { Conversation, Posted } from '../domain/announcement.ts';

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
