import type { Outcome } from '../../domain/outcome.ts';
import { authorsOf, breakingFirst, changeItem } from '../change-list.ts';
import { ownLink } from '../links.ts';
import { folded, link } from '../markdown.ts';
import type { Page } from './page.ts';

const MOST_CHANGES = 50;

/** Every change with its author and its pull request, folded; breaking ones first. */
export const changesFolded = (outcome: Outcome, { context, language, words }: Page): string => {
  const { changes = [], releaseUrl } = outcome;
  if (changes.length === 0) return '';
  const items = breakingFirst(changes)
    .slice(0, MOST_CHANGES)
    .map((change) =>
      change.breaking ? `${changeItem(change, context)} **${words.breaking}**` : changeItem(change, context)
    );
  const missing = changes.length - items.length;
  const rest = link(words.more(missing), releaseUrl === undefined ? undefined : ownLink(context, releaseUrl));
  const authors = authorsOf(changes, language);
  const title = [words.changes(changes.length), ...(authors === '' ? [] : [words.by(authors)])].join(' ');
  return folded(title, [...items, ...(missing > 0 ? [`- ${rest}`] : [])].join('\n'));
};
