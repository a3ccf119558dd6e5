import type { Language } from '../contract.ts';
import type { Change } from '../domain/change.ts';
import { listOf } from './amounts.ts';
import { commitLink, pullLink } from './links.ts';
import type { Place } from './links.ts';
import { code, inert, link } from './markdown.ts';
import { catalogueOf } from './sentence.ts';

const LONGEST_SUBJECT = 160;
const LONGEST_NAME = 60;
const MOST_AUTHORS = 5;

/** Without the number GitHub appends to the subject of a squashed pull request: the link beside it says it. */
const subjectOf = ({ subject, pull }: Change): string => {
  const tail = ` (#${pull ?? 0})`;
  return pull !== undefined && subject.endsWith(tail) ? subject.slice(0, -tail.length) : subject;
};

const sourceOf = (change: Change, place: Place): string =>
  change.pull === undefined
    ? link(code(change.commit.slice(0, 7)), commitLink(place, change.commit))
    : link(`#${change.pull}`, pullLink(place, change.pull));

/** One change as a list item: what, where to read more, who. */
export const changeItem = (change: Change, place: Place): string => {
  const area = inert(change.scope ?? '', LONGEST_NAME);
  const scope = area === '' ? '' : `**${area}:** `;
  const who = inert(change.author, LONGEST_NAME);
  return `- ${scope}${inert(subjectOf(change), LONGEST_SUBJECT)} (${[sourceOf(change, place), who].filter((part) => part !== '').join(', ')})`;
};

/** Everybody who made one of the changes, each named once. */
export const authorsOf = (changes: readonly Change[], language: Language): string => {
  const names = [...new Set(changes.map(({ author }) => inert(author, LONGEST_NAME)))].filter((name) => name !== '');
  return listOf(names, language, { most: MOST_AUTHORS, more: catalogueOf(language).summary.more });
};

/** Breaking first, the rest in the order given. */
export const breakingFirst = (changes: readonly Change[]): readonly Change[] => [
  ...changes.filter(({ breaking }) => breaking),
  ...changes.filter(({ breaking }) => !breaking)
];
