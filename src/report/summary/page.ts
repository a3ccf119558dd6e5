import type { Language } from '../../contract.ts';
import { durationOf, timeOf } from '../amounts.ts';
import { ownLink } from '../links.ts';
import type { Place } from '../links.ts';
import { code, inert, link } from '../markdown.ts';
import type { SummaryTexts } from '../messages/catalogue.ts';
import { catalogueOf } from '../sentence.ts';
import type { Style } from '../sentence.ts';

/** Where and when the summary is written. */
export interface SummaryContext extends Place {
  readonly now: Date;
  readonly runUrl: string;
  /** The readers' IANA time zone, when the project names one. */
  readonly zone?: string | undefined;
}

/** A summary being written: who reads it, in which words, and how values look in it. */
export interface Page {
  readonly context: SummaryContext;
  readonly language: Language;
  readonly words: SummaryTexts;
  readonly style: Style;
}

/** A digest or a commit, whole: in a code span it can be copied. */
const HASH = /^(sha256:)?[0-9a-f]{40,64}$/;

/** An address of our own repository is a link; everything else is inert text. */
const shown =
  (place: Place): ((value: string) => string) =>
  (value) => {
    const url = ownLink(place, value);
    if (HASH.test(value)) return code(value);
    return url === undefined ? inert(value) : link(inert(url.slice(`${place.serverUrl}/`.length)), url);
  };

export const pageOf = (context: SummaryContext, language: Language): Page => ({
  context,
  language,
  words: catalogueOf(language).summary,
  style: { zone: context.zone, show: shown(context) }
});

/** `20 Nov 2026, 14:02 UTC, 3 days ago`; empty when nobody knows. */
export const sinceText = (iso: string | undefined, { context, language, words }: Page): string => {
  if (iso === undefined) return '';
  const seconds = (context.now.getTime() - Date.parse(iso)) / 1000;
  const moment = inert(timeOf(iso, language, context.zone));
  return seconds >= 60 ? `${moment}, ${words.ago(durationOf(seconds, language))}` : moment;
};
