import type { Language } from '../../contract.ts';
import type { CommentText, PresenceRow } from '../../domain/announcement.ts';
import { timeOf } from '../amounts.ts';
import { ownLink, siteLink } from '../links.ts';
import type { Place } from '../links.ts';
import { inert, link } from '../markdown.ts';
import type { CommentTexts } from '../messages/catalogue.ts';
import { catalogueOf } from '../sentence.ts';

/** Who reads it, and where. */
export interface Readers extends Place {
  readonly language: Language;
  /** The readers' IANA time zone, when the project names one. */
  readonly zone?: string | undefined;
}

const MOST_ROWS = 30;
const LONGEST_NAME = 100;

const saying = ({ presence }: PresenceRow, words: CommentTexts, { language, zone }: Readers): string => {
  const by = inert(presence.by);
  if (presence.since === undefined) return words.long(by);
  const since = inert(timeOf(presence.since, language, zone));
  return presence.kind === 'there' ? words.there(since, by) : words.takenBack(since, by);
};

const rowText = (row: PresenceRow, words: CommentTexts, readers: Readers): string => {
  const url = row.url === undefined ? undefined : siteLink(readers, row.url);
  const name = link(`**${inert(row.environment, LONGEST_NAME)}**`, url);
  return `- ${row.presence.kind === 'there' ? '✅' : '↩️'} ${name}: ${saying(row, words, readers)}`;
};

/**
 * What a pull request or an issue is told: which release holds the change, and where it runs. Depends on the records
 * alone, so that a re-run writes the same text. Nobody is mentioned in it.
 */
export const commentText = ({ version, releaseUrl, rows }: CommentText, readers: Readers): string => {
  const words = catalogueOf(readers.language).comment;
  const release = link(`**${inert(version)}**`, ownLink(readers, releaseUrl));
  const shown = rows.slice(0, MOST_ROWS).map((row) => rowText(row, words, readers));
  const missing = rows.length - shown.length;
  const more = missing > 0 ? [`- ${catalogueOf(readers.language).summary.more(missing)}`] : [];
  return `${words.holds(release)}\n\n${[...shown, ...more].join('\n')}\n`;
};
