import type { Line } from '../../domain/report.ts';
import { durationOf } from '../amounts.ts';
import { ownPage } from './addresses.ts';
import { address, anchor, filled, html, named } from './html.ts';
import type { Html } from './html.ts';
import { componentName, namesOf } from './names.ts';
import { leftOut } from './rest.ts';
import { ageOf, placesOf } from './sheet.ts';
import type { Place, Sheet } from './sheet.ts';
import { scrolled } from './table.ts';

/** `since 20 Nov 2026, 14:02, 3 days`. */
const since = (iso: string, sheet: Sheet): Html =>
  filled(sheet.words.live.since, sheet.clock.moment(iso), durationOf(ageOf(iso, sheet), sheet.language));

const releasePage = (version: string, component: string, sheet: Sheet): Html | undefined => {
  const release = sheet.report.releases.find((each) => each.version === version && each.component === component);
  return ownPage(release?.url ?? null, sheet);
};

const liveFacts = ({ live, component }: Line, sheet: Sheet): Html => {
  const { words } = sheet;
  switch (live.kind) {
    case 'nothing':
      return html`<p class="version none">${words.live.nothing}</p>`;
    case 'unknown':
      return html`<p class="version bad">${filled(words.live.unknown, named(live.version))}</p>
        <p class="soft">${since(live.since, sheet)}</p>`;
    case 'version': {
      const version = anchor(releasePage(live.version, component, sheet), named(live.version));
      const approved =
        live.approvedBy.length === 0 ? undefined : filled(words.live.approvedBy, namesOf(live.approvedBy, sheet));
      return html`<p class="version good">${version}</p>
        <p class="soft">${since(live.since, sheet)}</p>
        ${approved === undefined ? undefined : html`<p class="soft">${approved}</p>`}`;
    }
  }
};

const underWay = ({ open }: Line, sheet: Sheet): Html | undefined => {
  const { words, clock } = sheet;
  if (open === null) return undefined;
  const text = filled(words.live.open, named(open.version), clock.moment(open.since));
  return html`<p class="open">${anchor(ownPage(open.runUrl, sheet), text)}</p>`;
};

const tile = ({ environment, line }: Place, look: string, sheet: Sheet): Html => {
  const site = line.live.kind === 'version' ? address(line.live.url) : undefined;
  const visit =
    site === undefined
      ? undefined
      : html`<p>${anchor(site, filled(sheet.words.live.visit, named(environment.name)))}</p>`;
  return html`<li class="${look}">
    <h3>${named(environment.name)}</h3>
    ${liveFacts(line, sheet)}${underWay(line, sheet)}${visit}
  </li>`;
};

/** A stopped line concerns everybody: it stands before all else. */
export const stoppedLine = (sheet: Sheet): Html | undefined => {
  const { words, report, clock, language } = sheet;
  const open = report.incidents.filter(({ closedAt }) => closedAt === null).slice(0, 3);
  if (open.length === 0) return undefined;
  const items = open.map(({ title, number, author, url, openedAt }) => {
    const what = anchor(ownPage(url, sheet), html`${title ?? `#${number}`}`);
    const long = filled(words.live.stoppedSince, clock.moment(openedAt), durationOf(ageOf(openedAt, sheet), language));
    return html`<p><strong class="bad">${filled(words.live.stopped, what, named(author))}</strong> ${long}</p>`;
  });
  return html`<div class="stopped">${items}</div>`;
};

/** An arrow comes from the tile before where that is what it needs. */
const lookOf = ({ environment }: Place, before: Place | undefined): string =>
  before !== undefined && environment.needs.includes(before.environment.name) ? 'next' : 'start';

/** One component: a tile for each environment, in the order of the way. */
const tilesOf = (component: string, sheet: Sheet): Html => {
  const places = placesOf(component, sheet);
  return html`<ol class="tiles">
    ${places.map((place, index) => tile(place, lookOf(place, places[index - 1]), sheet))}
  </ol>`;
};

const overviewCell = (place: Place | undefined, sheet: Sheet): Html =>
  place === undefined ? html`<td></td>` : html`<td>${liveFacts(place.line, sheet)}${underWay(place.line, sheet)}</td>`;

const MOST_COMPONENTS = 40;

/** Several components: each a row, each environment a column. */
const overview = (sheet: Sheet): Html => {
  const { words, components, report } = sheet;
  const rows = components.slice(0, MOST_COMPONENTS).map((component) => {
    const places = placesOf(component, sheet);
    const cells = report.environments.map((environment) =>
      overviewCell(
        places.find((place) => place.environment === environment),
        sheet
      )
    );
    return html`<tr>
      <th scope="row">${componentName(component, sheet)}</th>
      ${cells}
    </tr>`;
  });
  const missing = components.length - MOST_COMPONENTS;
  return html`${scrolled(
    {
      caption: words.sections.live,
      look: 'overview',
      heads: [words.live.component, ...report.environments.map(({ name }) => named(name))]
    },
    rows
  )}${leftOut(missing, sheet)}`;
};

/** What is where. */
export const liveSection = (sheet: Sheet): Html => {
  const [component, ...others] = sheet.components;
  if (component === undefined) return html`<p>${sheet.words.nothingYet}</p>`;
  return others.length === 0 ? tilesOf(component, sheet) : overview(sheet);
};
