import type { News } from '../../domain/announcement.ts';
import type { Change } from '../../domain/change.ts';
import { listOf } from '../amounts.ts';
import { breakingFirst } from '../change-list.ts';
import { ownLink, siteLink } from '../links.ts';
import { oneLine } from '../plain.ts';
import { catalogueOf } from '../sentence.ts';
import type { Readers } from './comment.ts';

const LONGEST_NAME = 80;
const LONGEST_SUBJECT = 160;
const MOST_NAMES = 10;
/** Nobody reads further in a chat. */
const MOST_LINES = 40;

export interface Reference {
  readonly label: string;
  readonly url: string;
}

/** A piece of news as plain text: for places that interpret nothing in it. */
export interface Story {
  readonly title: string;
  readonly batch: string;
  /** Who asked for it and who approved it. */
  readonly people: string;
  /** One line each, the breaking ones first. */
  readonly lines: readonly string[];
  readonly references: readonly Reference[];
}

const shown = (text: string): string => oneLine(text, LONGEST_NAME);

const lineOf = (change: Change, breaking: string): string => {
  const scope = change.scope === undefined ? '' : `${shown(change.scope)}: `;
  const author = shown(change.author);
  const subject = oneLine(change.subject, LONGEST_SUBJECT);
  return `• ${change.breaking ? `${breaking}: ` : ''}${scope}${subject}${author === '' ? '' : ` (${author})`}`;
};

const peopleText = ({ record }: News, { language }: Readers): string => {
  const { news, summary } = catalogueOf(language);
  const { requestedBy, approvedBy } = record.payload;
  const names = listOf(approvedBy.map(shown), language, { most: MOST_NAMES, more: summary.more });
  const asked = news.askedBy(shown(requestedBy));
  return approvedBy.length === 0 ? asked : `${asked}; ${news.approvedBy(names)}`;
};

const titleOf = ({ event, environment, record }: News, { language }: Readers): string => {
  const { news } = catalogueOf(language);
  const say = event === 'delivered' ? news.delivered : news.back;
  return say(shown(record.payload.version), shown(environment));
};

const batchOf = ({ event, changes, from }: News, { language }: Readers): string => {
  const { news, summary } = catalogueOf(language);
  const counted = summary.changes(changes.length);
  if (from === undefined) return counted;
  return event === 'delivered' ? news.since(counted, shown(from)) : news.without(counted, shown(from));
};

const referencesOf = (subject: News, readers: Readers): readonly Reference[] => {
  const { news, summary } = catalogueOf(readers.language);
  const { environmentUrl, releaseUrl, record } = subject;
  const pages: readonly (readonly [string, string | undefined])[] = [
    [summary.columns.environment, environmentUrl === undefined ? undefined : siteLink(readers, environmentUrl)],
    [summary.columns.release, releaseUrl === undefined ? undefined : ownLink(readers, releaseUrl)],
    [news.run, ownLink(readers, record.payload.run.url)]
  ];
  return pages.flatMap(([label, url]) => (url === undefined ? [] : [{ label, url: url.replaceAll('&amp;', '&') }]));
};

export const storyOf = (news: News, readers: Readers): Story => {
  const { summary } = catalogueOf(readers.language);
  const changes = breakingFirst(news.changes);
  const lines = changes.slice(0, MOST_LINES).map((change) => lineOf(change, summary.breaking));
  return {
    title: `${oneLine(readers.repository)}: ${titleOf(news, readers)}`,
    batch: batchOf(news, readers),
    people: peopleText(news, readers),
    lines,
    references: referencesOf(news, readers)
  };
};

/** The first lines that fit; the last one says how many are missing of all there are. */
export const fittingLines = (
  lines: readonly string[],
  { total, room, more }: { readonly total: number; readonly room: number; readonly more: (count: number) => string }
): readonly string[] => {
  const kept: string[] = [];
  // the sentence about the missing ones is never longer
  let left = room - more(total).length - 1;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return kept.length < total ? [...kept, more(total - kept.length)] : kept;
};
