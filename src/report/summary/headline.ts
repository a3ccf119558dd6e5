import type { Verdict } from '../../contract.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { listOf } from '../amounts.ts';
import { inert } from '../markdown.ts';
import type { Page } from './page.ts';

const MOST_PREVIEWS = 3;

const MARKS: Readonly<Record<Verdict, string>> = {
  done: '✅',
  'nothing-to-do': '☑️',
  refused: '✋',
  failed: '❌',
  'rolled-back': '↩️'
};

const titleOf = ({ command, verdict, reason }: Outcome, { words }: Page): string => {
  if (verdict !== 'done') return words.headline[verdict];
  return words.headline[command === undefined || reason.code === 'dry-run' ? 'dry-run' : command];
};

/** A run over many previews is about those it took down, or could not. */
const previewsOf = ({ reason }: Outcome, { language, words }: Page): string | undefined =>
  reason.code === 'previews-down' || reason.code === 'previews-not-down'
    ? listOf(
        reason.details.previews.split(', ').map((name) => inert(name)),
        language,
        { most: MOST_PREVIEWS, more: words.more }
      )
    : undefined;

/** `✅ Delivered: 1.8.0 → production` */
export const headline = (outcome: Outcome, page: Page): string => {
  const names = [outcome.version, outcome.environment].filter((name) => name !== undefined).map((name) => inert(name));
  const subject = names.length === 0 ? (previewsOf(outcome, page) ?? outcome.command) : names.join(' → ');
  const title = `## ${MARKS[outcome.verdict]} ${titleOf(outcome, page)}`;
  return subject === undefined ? title : `${title}: ${subject}`;
};
