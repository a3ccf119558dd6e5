import type { News } from '../../domain/announcement.ts';
import { catalogueOf } from '../sentence.ts';
import type { Readers } from './comment.ts';
import { fittingLines, storyOf } from './story.ts';

/** Slack answers HTTP 400 beyond it (text of a section). */
export const LONGEST_SECTION = 3000;
/** We use far fewer of the 50 blocks it takes. */
const LONGEST_TITLE = 300;

/** Slack reads `<...>` as links and mentions; everything else in `text` is only shown. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A link ends at a bar or an angle bracket. */
const linkOf = (label: string, url: string): string =>
  `<${url.replaceAll('&', '&amp;').replaceAll('|', '%7C').replaceAll('>', '%3E')}|${escaped(label)}>`;

const plain = (text: string): object => ({ type: 'section', text: { type: 'plain_text', text, emoji: false } });

/** The body of an incoming webhook: always `text`, and blocks in which Slack interprets nothing of what people wrote. */
export const slackMessage = (news: News, readers: Readers): string => {
  const { title, batch, people, lines, references } = storyOf(news, readers);
  const { more } = catalogueOf(readers.language).summary;
  const listed = fittingLines(lines, { total: news.changes.length, room: LONGEST_SECTION, more }).join('\n');
  const links = references.map(({ label, url }) => linkOf(label, url)).join('  ·  ');
  const head = title.slice(0, LONGEST_TITLE).toWellFormed();
  const blocks = [
    plain(`${head}\n${batch}\n${people}`.slice(0, LONGEST_SECTION).toWellFormed()),
    ...(listed === '' ? [] : [plain(listed)]),
    ...(links === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: links, verbatim: true } }])
  ];
  return JSON.stringify({ text: escaped(head), blocks });
};
