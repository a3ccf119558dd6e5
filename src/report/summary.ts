import type { Language } from '../contract.ts';
import type { Outcome } from '../domain/outcome.ts';
import { changesFolded } from './summary/changes.ts';
import { digestTables } from './summary/digest.ts';
import { environmentTable } from './summary/environments.ts';
import { factTable } from './summary/facts.ts';
import { headline } from './summary/headline.ts';
import { machineDetails } from './summary/machine.ts';
import { findingTable } from './summary/findings.ts';
import { proposalCard } from './summary/proposal.ts';
import { codeBlock } from './markdown.ts';
import { partsOf } from './sentence.ts';
import { pageOf } from './summary/page.ts';
import type { Page, SummaryContext } from './summary/page.ts';
import { noteText } from './spoken.ts';

export type { SummaryContext } from './summary/page.ts';

const MOST_NOTES = 20;

/** What happened, why, and what to do next. */
const sentenceOf = (outcome: Outcome, page: Page): readonly string[] => {
  const { what, why, next, lines } = partsOf(outcome.reason, page.language, page.style);
  const said = why === undefined ? `**${what}**` : `**${what}** ${why}`;
  const green = outcome.verdict === 'done' || outcome.verdict === 'nothing-to-do';
  const todo = green ? next : `${page.words.next} ${next}`;
  return lines === undefined ? [said, todo] : [said, todo, codeBlock(lines)];
};

/** What a manager asks first, in the form that fits the run. */
const mainTable = (outcome: Outcome, page: Page): string => {
  const { rows = [], proposal, findings, report } = outcome;
  if (report !== undefined) return digestTables(report, page);
  if (findings !== undefined) return findingTable(findings, page);
  if (proposal !== undefined) return proposalCard(outcome, proposal, page);
  return rows.length === 0 ? factTable(outcome, page) : environmentTable(rows, page);
};

const notesOf = (outcome: Outcome, page: Page): string => {
  const notes = outcome.notes ?? [];
  const shown = notes.slice(0, MOST_NOTES).map((note) => `- ${noteText(note, page.language, page.style)}`);
  const missing = notes.length - shown.length;
  return [...shown, ...(missing > 0 ? [`- ${page.words.more(missing)}`] : [])].join('\n');
};

/**
 * The job summary of one run, in Markdown: first what a manager asks (where, which version, since when, by whom, what
 * waits), then the sentence, then what changed, and what only machines need last. Stays far below GitHub's 1 MiB.
 */
export const summaryOf = (outcome: Outcome, language: Language, context: SummaryContext): string => {
  const page = pageOf(context, language);
  const parts = [
    headline(outcome, page),
    mainTable(outcome, page),
    ...sentenceOf(outcome, page),
    notesOf(outcome, page),
    changesFolded(outcome, page),
    machineDetails(outcome, page)
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
};
