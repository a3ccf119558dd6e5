import type { Verdict } from '../../contract.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { inert } from '../markdown.ts';
import type { Page } from './page.ts';

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

/** `✅ Delivered: 1.8.0 → production` */
export const headline = (outcome: Outcome, page: Page): string => {
  const names = [outcome.version, outcome.environment].filter((name) => name !== undefined).map((name) => inert(name));
  const subject = names.length === 0 ? outcome.command : names.join(' → ');
  const title = `## ${MARKS[outcome.verdict]} ${titleOf(outcome, page)}`;
  return subject === undefined ? title : `${title}: ${subject}`;
};
