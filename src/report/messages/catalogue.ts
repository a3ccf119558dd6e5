import type { CommandName, ReasonCode, Verdict } from '../../contract.ts';
import type { Flaw, Severity, Subject } from '../../domain/finding.ts';
import type { AnnounceNote, Note } from '../../domain/outcome.ts';
import type { Progress, StatusText } from '../../domain/progress.ts';
import type { Details, Reason } from '../../domain/refusal.ts';
import type { DashboardTexts } from './dashboard-texts.ts';

/** What a person reads about a reason. Values come in already shown and inert: never put one between backticks. */
export interface Text {
  /** What happened; one sentence. */
  readonly what: string;
  readonly why?: string;
  /** What to do next. */
  readonly next: string;
  /** Lines to copy as they are into a file or a form. */
  readonly lines?: string;
}

type Of<Union, Kind> = Union extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? Union : never) : never;
/** Inner reasons arrive as the sentence of what happened. */
type Said<Value> = { readonly [Key in keyof Value]: Value[Key] extends Reason ? string : Value[Key] };
type Table<Union extends { readonly kind: string }> = {
  readonly [Kind in Union['kind']]: (value: Said<Of<Union, Kind>>) => string;
};

export type ReasonTexts = { readonly [C in ReasonCode]: (details: Details<C>) => Text };
export type NoteTexts = Table<Note>;
export type AnnounceNoteTexts = Table<AnnounceNote>;
export type ProgressTexts = Table<Progress>;
export type StatusTexts = Table<StatusText>;

export interface SummaryTexts {
  readonly headline: Readonly<Record<Exclude<Verdict, 'done'> | CommandName | 'dry-run', string>>;
  readonly columns: Readonly<
    Record<
      'environment' | 'version' | 'since' | 'approvedBy' | 'waiting' | 'ready' | 'before' | 'last' | 'live',
      string
    >
  > &
    Readonly<Record<'failed' | 'changes' | 'release' | 'proven' | 'approvers' | 'button', string>>;
  readonly machine: Readonly<
    Record<'title' | 'command' | 'decision' | 'reason' | 'commit' | 'tag' | 'digest' | 'record' | 'run', string>
  >;
  readonly nothing: string;
  readonly unknown: string;
  /** Nothing keeps the newest version away: where none waits, it is built, a person lets it in, it is still to be built. */
  readonly ready: Readonly<Record<'nothing' | 'now' | 'asked' | 'built', string>>;
  readonly readyAfter: (environments: string) => string;
  readonly next: string;
  readonly nobody: string;
  readonly none: string;
  readonly changes: (count: number) => string;
  readonly more: (count: number) => string;
  readonly by: (names: string) => string;
  /** How long a version is there, or a change waited. */
  readonly ago: (duration: string) => string;
  readonly oldest: (duration: string) => string;
  readonly breaking: string;
  readonly card: CardTexts;
}

/** What the button will ship. */
export interface CardTexts {
  readonly releases: (count: number) => string;
  readonly inReleases: (changes: string, releases: string) => string;
  readonly atLeast: (changes: string) => string;
  readonly goingBack: string;
  /** One of the people is enough. */
  readonly oneOf: (names: string) => string;
  readonly notStarter: string;
  readonly starterToo: string;
  /** The caption of GitHub's own button. */
  readonly review: string;
}

export interface ReleaseTexts {
  readonly groups: Readonly<Record<'breaking' | 'feat' | 'fix' | 'perf', string>>;
  readonly others: (count: number) => string;
  readonly since: (changes: string, previous: string) => string;
  readonly first: (changes: string) => string;
  readonly compare: string;
  readonly cut: (count: number, link: string) => string;
  readonly check: string;
  readonly digest: string;
  readonly images: string;
  readonly how: string;
}

export interface StopTexts {
  readonly title: (version: string, environment: string) => string;
  readonly effect: string;
  readonly resume: string;
  readonly run: string;
}

/** What is wrong, and what to click or write. */
export interface FindingText {
  readonly what: string;
  readonly todo: string;
}

export type FlawTexts = { readonly [Kind in Flaw['kind']]: (value: Said<Of<Flaw, Kind>>) => FindingText };

export interface FindingTexts {
  readonly flaws: FlawTexts;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly subjects: Readonly<Record<Subject, string>>;
  readonly columns: Readonly<Record<'severity' | 'found' | 'todo', string>>;
  readonly sound: string;
}

/** What a pull request or an issue reads; each line begins with the name of an environment. */
export interface CommentTexts {
  readonly holds: (version: string) => string;
  readonly there: (since: string, version: string) => string;
  /** Longer than the records tell. */
  readonly long: (version: string) => string;
  readonly takenBack: (since: string, version: string) => string;
}

/** What a chat reads. */
export interface NewsTexts {
  readonly delivered: (version: string, environment: string) => string;
  readonly back: (version: string, environment: string) => string;
  readonly since: (changes: string, version: string) => string;
  readonly without: (changes: string, version: string) => string;
  readonly askedBy: (name: string) => string;
  readonly approvedBy: (names: string) => string;
  readonly run: string;
}

/** What a report says in a summary and on badges. */
export interface DigestTexts {
  readonly noData: string;
  readonly days: (days: number) => string;
  readonly before: (days: number) => string;
  readonly number: string;
  readonly of: (part: number, n: number) => string;
  readonly p90: (value: string) => string;
  readonly open: (n: number) => string;
  readonly aDay: (value: string) => string;
  readonly deliveries: (count: number) => string;
  readonly waits: (changes: string, oldest: string) => string;
  readonly approve: (version: string) => string;
  readonly numbersFor: (environment: string) => string;
  readonly badges: Readonly<Record<'deployments' | 'lead-time' | 'change-fail-rate', string>>;
}

export interface Catalogue {
  readonly findings: FindingTexts;
  readonly reasons: ReasonTexts;
  readonly notes: NoteTexts;
  readonly progress: ProgressTexts;
  readonly status: StatusTexts;
  readonly summary: SummaryTexts;
  readonly release: ReleaseTexts;
  readonly stop: StopTexts;
  readonly comment: CommentTexts;
  readonly news: NewsTexts;
  readonly digest: DigestTexts;
  readonly dashboard: DashboardTexts;
  /** Short causes the commands report in numbers, in the reader's words; anything else comes back as it is. */
  readonly problem: (problem: string) => string;
}

/** How to take responsibility for a refusal: the two inputs to fill in. */
export const overrideLines = (code: ReasonCode, reason: string): string => `override: ${code}\nreason: ${reason}`;
