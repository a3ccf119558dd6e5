import type { Language } from '../contract.ts';
import type { StopText } from '../domain/progress.ts';
import { ownLink } from './links.ts';
import type { Place } from './links.ts';
import { inert, link } from './markdown.ts';
import { oneLine } from './plain.ts';
import { catalogueOf, partsOf } from './sentence.ts';

/** GitHub takes titles of up to 256 characters. */
const LONGEST_NAME = 80;

/** The issue that stops the line: why, what it does to deliveries, and how to go on. */
export const stopIssue = (
  text: StopText,
  language: Language,
  place: Place
): { readonly title: string; readonly body: string } => {
  const { stop } = catalogueOf(language);
  const { what, why } = partsOf(text.why, language, { show: inert });
  const said = why === undefined ? `**${what}**` : `**${what}** ${why}`;
  const body = [said, stop.effect, stop.resume, link(stop.run, ownLink(place, text.runUrl))];
  return {
    title: stop.title(oneLine(text.version, LONGEST_NAME), oneLine(text.environment, LONGEST_NAME)),
    body: `${body.join('\n\n')}\n`
  };
};
