import type { News } from '../../domain/announcement.ts';
import { catalogueOf } from '../sentence.ts';
import type { Readers } from './comment.ts';
import { fittingLines, storyOf } from './story.ts';

/** A Teams workflow takes 28 KB. Half of it in UTF-16 units keeps the rest for what JSON and UTF-8 add. */
export const LARGEST_CARD = 28 * 1024;
const ROOM = 6000;

/** Runs of text are shown as they are; text blocks would read Markdown in them. */
const run = (text: string, weight: 'Default' | 'Bolder' = 'Default'): object => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, weight }]
});

/** The body for a workflow "Post to a channel when a webhook request is received": an Adaptive Card. */
export const teamsMessage = (news: News, readers: Readers): string => {
  const { title, batch, people, lines, references } = storyOf(news, readers);
  const { more } = catalogueOf(readers.language).summary;
  const listed = fittingLines(lines, { total: news.changes.length, room: ROOM, more });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: title,
    body: [run(title, 'Bolder'), run(batch), run(people), ...listed.map((line) => run(line))],
    actions: references.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url }))
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
};
