import type { Language } from '../../contract.ts';
import type { DeliveryReport } from '../../domain/report.ts';
import { historySection } from './history.ts';
import { address, anchor, filled, html, named, verbatim } from './html.ts';
import type { Html } from './html.ts';
import { journeySection } from './journey.ts';
import { liveSection, stoppedLine } from './live.ts';
import { versionsSection } from './matrix.ts';
import { metricsSection } from './metrics.ts';
import { dataLink } from './rest.ts';
import { sheetOf } from './sheet.ts';
import type { Sheet } from './sheet.ts';
import { STYLE, STYLE_HASH } from './style.ts';
import { waitingSection } from './waiting.ts';

type Section = keyof Sheet['words']['sections'];

const SECTIONS: readonly (readonly [Section, (sheet: Sheet) => Html])[] = [
  ['live', liveSection],
  ['waiting', waitingSection],
  ['versions', versionsSection],
  ['journey', journeySection],
  ['metrics', metricsSection],
  ['history', historySection]
];

/** Nothing is fetched, run or sent: the style below, by its digest, and the icon are all a browser may use. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M1 11h14M3 8l4-4 4 4%22 fill=%22none%22 stroke=%22%231a7044%22 stroke-width=%222%22/%3E%3C/svg%3E';

const headOf = ({ words, report }: Sheet): Html => {
  const { owner, name } = report.repository;
  return html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="viewport" content="width=device-width,initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="${ICON}" />
    <title>${words.title(`${owner}/${name}`)}</title>
    ${verbatim`<style>${STYLE}</style>`}
  </head>`;
};

const topOf = (sheet: Sheet): Html => {
  const { words, report, clock } = sheet;
  const { owner, name, url } = report.repository;
  const links = SECTIONS.map(([section]) => html`<li><a href="#${section}">${words.sections[section]}</a></li>`);
  const repository = anchor(address(url), named(`${owner}/${name}`));
  return html`<header>
    <h1>${filled(words.title, repository)}</h1>
    <p class="soft">${filled(words.asOf, clock.moment(report.generatedAt))}; ${words.zone(report.zone)}</p>
    <nav aria-label="${words.contents}">
      <ul>
        ${links}
      </ul>
    </nav>
  </header>`;
};

const footOf = ({ words, report }: Sheet): Html => {
  const titles = report.titles ? undefined : html`<p>${words.foot.noTitles}</p>`;
  return html`<footer>
    <p>${filled(words.foot.data, dataLink)}</p>
    ${titles}
    <p>${words.foot.made}</p>
  </footer>`;
};

/** The defs of the hatching, once for all pictures. */
const PATTERNS = html`<svg width="0" height="0" aria-hidden="true" class="defs">
  <defs>
    <pattern id="failing" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="a" width="5" height="5" />
      <rect class="b" width="2" height="5" />
    </pattern>
    <pattern id="waits" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="c" width="8" height="8" />
      <rect class="d" width="4" height="8" />
    </pattern>
  </defs>
</svg>`;

/**
 * One static page for people who do not read code: what is where, what waits, how it got there, whether we get better.
 * Self-contained: no script, no request. All of the report is untrusted text. Throws a RangeError for an unknown zone.
 */
export const renderPage = (report: DeliveryReport, language: Language): string => {
  const sheet = sheetOf(report, language);
  const { words } = sheet;
  const sections = SECTIONS.map(
    ([section, write]) =>
      html`<section id="${section}" aria-labelledby="${section}-title">
        <h2 id="${section}-title">${words.sections[section]}</h2>
        ${write(sheet)}
      </section>`
  );
  const page = html`<html lang="${language}">
    ${headOf(sheet)}
    <body>
      <a class="skip" href="#main">${words.skip}</a>${PATTERNS}${topOf(sheet)}
      <main id="main" tabindex="-1">${stoppedLine(sheet)}${sections}</main>
      ${footOf(sheet)}
    </body>
  </html>`;
  return `<!doctype html>\n${page.toString()}\n`;
};
