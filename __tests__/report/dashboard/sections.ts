import type { Language } from '../../../src/contract.ts';
import type { DeliveryReport, Line } from '../../../src/domain/report.ts';
import { renderPage } from '../../../src/report/dashboard/page.ts';
import { elementsOf, readStrictly } from './strict-html.ts';
import type { Element } from './strict-html.ts';

export const sectionOf = (report: DeliveryReport, id: string, language: Language = 'en'): Element => {
  const found = elementsOf(readStrictly(renderPage(report, language))).find(
    ({ attributes }) => attributes['id'] === id
  );
  if (found === undefined) throw new Error(`no ${id} on the page`);
  return found;
};

/** These stand in the line; everything else begins a new one. */
const INLINE = new Set(['a', 'b', 'bdi', 'time', 'span', 'small', 'em', 'strong']);

const apart = (element: Element): string =>
  element.children
    .map((child) => {
      if (typeof child === 'string') return child;
      return INLINE.has(child.name) ? apart(child) : ` ${apart(child)} `;
    })
    .join('');

/** What a reader reads, on one line. */
export const read = (element: Element): string => apart(element).replaceAll(/\s+/g, ' ').trim();

export const withClass = (element: Element, look: string): Element[] =>
  elementsOf(element).filter(({ attributes }) => attributes['class']?.split(' ').includes(look) === true);

export const withName = (element: Element, name: string): Element[] =>
  elementsOf(element).filter((each) => each.name === name);

/** The report with the lines of one environment changed. */
export const withLine = (
  report: DeliveryReport,
  environment: string,
  change: (line: Line) => Line
): DeliveryReport => ({
  ...report,
  environments: report.environments.map((each) =>
    each.name === environment ? { ...each, lines: each.lines.map(change) } : each
  )
});
