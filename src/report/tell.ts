import { OUTPUTS } from '../contract.ts';
import type { Language } from '../contract.ts';
import type { Finding } from '../domain/finding.ts';
import type { AnnounceNote, Note, Outcome } from '../domain/outcome.ts';
import type { Console } from '../ports.ts';
import { exitCodeOf } from '../rules/verdict.ts';
import { outputsOf } from './result.ts';
import { sentence } from './sentence.ts';
import { findingLine, noteText } from './spoken.ts';
import { summaryOf } from './summary.ts';
import type { SummaryContext } from './summary.ts';

export interface Telling {
  readonly outcome: Outcome;
  readonly language: Language;
  /** Absent when even the surroundings could not be read: a summary would not know what it speaks of. */
  readonly context?: SummaryContext;
  /** Whether the runner takes outputs; without, the log alone says how it ended. */
  readonly outputs: boolean;
}

const sayFinding = (console: Console, finding: Finding, language: Language): void => {
  const line = findingLine(finding, language);
  if (finding.severity === 'broken') console.error(line);
  else console.info(line);
};

/** What went wrong without turning the run red. */
const WARNINGS: readonly string[] = [
  'live-unknown',
  'nothing-announced',
  'latest-not-moved',
  'not-made-full',
  'not-told',
  'message-not-sent',
  'conversation-not-told',
  'told-later',
  'comments-left',
  'comments-locked',
  'lock-kept',
  'message-failed',
  'channel-unset',
  'permission-needed'
] satisfies readonly AnnounceNote['kind'][];

const sayNote = (console: Console, note: Note, language: Language): void => {
  const text = noteText(note, language);
  if (WARNINGS.includes(note.kind)) console.warning(text);
  else console.notice(text);
};

/** Says how it ended: one sentence in the log, outputs for later steps, the summary for people. */
export const tell = (console: Console, { outcome, language, context, outputs }: Telling): void => {
  const said = sentence(outcome.reason, language);
  if (exitCodeOf(outcome) === 1) console.error(said);
  else console.info(said);
  for (const note of outcome.notes ?? []) sayNote(console, note, language);
  for (const finding of outcome.findings ?? []) sayFinding(console, finding, language);
  const values = outputs ? outputsOf(outcome, language) : {};
  for (const name of OUTPUTS) {
    const value = values[name];
    if (value !== undefined) console.output(name, value);
  }
  if (context !== undefined) console.summary(summaryOf(outcome, language, context));
};
