import type { Finding, Place } from '../../domain/finding.ts';
import { fileLink, settingsLink } from '../links.ts';
import { code, link, table } from '../markdown.ts';
import { catalogueOf } from '../sentence.ts';
import { findingText } from '../spoken.ts';
import type { Page } from './page.ts';

const MOST_FINDINGS = 100;

/** The page to click on, or the line to look at. */
const placeText = (place: Place, { context }: Page): string =>
  place.kind === 'page'
    ? link(`Settings: ${place.page}`, settingsLink(context, place.page))
    : link(code(`${place.path}:${place.line}`), fileLink(context, place));

const cells = ({ severity, flaw, place }: Finding, page: Page): readonly string[] => {
  const { severities } = catalogueOf(page.language).findings;
  const { what, todo } = findingText(flaw, page.language, page.style);
  const name = severities[severity];
  return [severity === 'broken' ? `**${name}**` : name, what, `${todo} ${placeText(place, page)}`];
};

/** What an audit found, the worst first: what it is, and where to change it. */
export const findingTable = (found: readonly Finding[], page: Page): string => {
  const { columns, sound } = catalogueOf(page.language).findings;
  if (found.length === 0) return sound;
  const rows = found.slice(0, MOST_FINDINGS).map((each) => cells(each, page));
  const missing = found.length - rows.length;
  return table(
    [columns.severity, columns.found, columns.todo],
    missing > 0 ? [...rows, [page.words.more(missing), '', '']] : rows
  );
};
