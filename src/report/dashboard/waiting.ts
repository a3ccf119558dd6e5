import type { WaitingStock } from '../../domain/report.ts';
import { durationOf, numberOf } from '../amounts.ts';
import { cutTo } from '../plain.ts';
import { ownPage } from './addresses.ts';
import { anchor, filled, html, named } from './html.ts';
import type { Html } from './html.ts';
import { componentName, namesOf } from './names.ts';
import { ageOf, endsOf } from './sheet.ts';
import type { Place, Sheet } from './sheet.ts';
import { leftOut } from './rest.ts';

const OPEN_CHANGES = 5;
const MOST_CHANGES = 30;
const LONGEST_SUBJECT = 160;
const DAY = 86_400;

/** Past one day it asks for attention, past three for action. */
const urgencyOf = (seconds: number | null): string => {
  if (seconds === null || seconds <= DAY) return 'calm';
  return seconds <= 3 * DAY ? 'slow' : 'late';
};

const changeItem = (commit: string, sheet: Sheet): Html | undefined => {
  const change = sheet.changes.get(commit);
  if (change === undefined) return undefined;
  const { words, language } = sheet;
  const title = change.subject ?? words.waiting.untitled(commit.slice(0, 7));
  const source = change.pull === null ? ownPage(change.url, sheet) : ownPage(change.pull.url, sheet);
  const number = change.pull === null ? undefined : html` <span class="soft">#${change.pull.number}</span>`;
  const breaking = change.breaking ? html` <strong class="bad">${words.waiting.breaking}</strong>` : undefined;
  const age = filled(words.ago, durationOf(ageOf(change.date, sheet), language));
  return html`<li>
    ${anchor(source, html`<bdi>${cutTo(title, LONGEST_SUBJECT)}</bdi>`)}${number}${breaking}
    <small>${named(change.author)}, ${age}</small>
  </li>`;
};

const changeList = ({ commits, changes }: WaitingStock, sheet: Sheet): Html | undefined => {
  const items = commits.slice(0, MOST_CHANGES).map((commit) => changeItem(commit, sheet));
  const known = items.filter((item) => item !== undefined);
  if (known.length === 0) return undefined;
  const folded = known.slice(OPEN_CHANGES);
  const missing = changes - known.length;
  return html`<ul class="changes">
      ${known.slice(0, OPEN_CHANGES)}
    </ul>
    ${
      folded.length === 0
        ? undefined
        : html`<details>
            <summary>${sheet.words.more(folded.length)}</summary>
            <ul class="changes">
              ${folded}
            </ul>
          </details>`
    }${leftOut(missing, sheet)}`;
};

/** The one thing to press, or why there is none. */
const button = ({ environment }: Place, { run, version }: WaitingStock, sheet: Sheet): Html => {
  const { words, report, language } = sheet;
  if (run !== null) {
    const waits = words.waiting.runWaits(durationOf(run.waitedSeconds, language));
    return html`<p class="act">
      ${anchor(ownPage(run.url, sheet), filled(words.waiting.approve, named(run.version)))} <small>${waits}</small>
    </p>`;
  }
  if (environment.gate === 'none') return html`<p class="act"><small>${words.waiting.byItself}</small></p>`;
  return html`<p class="act">
    ${anchor(ownPage(report.repository.deployUrl, sheet), filled(words.waiting.choose, named(version ?? '')))}
  </p>`;
};

const facts = ({ line }: Place, stock: WaitingStock, sheet: Sheet): Html => {
  const { words, language } = sheet;
  const usual = line.windows[0]?.figures.find(({ rule }) => rule === 'batch-size')?.value ?? null;
  const said = [
    stock.releases > 1 ? html`${words.versions(stock.releases)}` : undefined,
    stock.authors.length === 0 ? undefined : filled(words.by, namesOf(stock.authors, sheet)),
    stock.changeDays === null ? undefined : html`${words.waiting.stock(numberOf(stock.changeDays, language))}`,
    usual === null ? undefined : html`${words.waiting.usual(words.changes(usual))}`
  ].filter((each) => each !== undefined);
  return html`<ul class="facts">
    ${said.map((each) => html`<li>${each}</li>`)}
  </ul>`;
};

const cardTitle = ({ environment, line }: Place, sheet: Sheet): Html => {
  const before = filled(sheet.words.waiting.before, named(environment.name));
  return sheet.components.length < 2
    ? html`<h3>${before}</h3>`
    : html`<h3>${componentName(line.component, sheet)} <span class="soft">${before}</span></h3>`;
};

const emptyCard = (place: Place, sheet: Sheet): Html => {
  const { words } = sheet;
  const text =
    place.line.live.kind === 'nothing'
      ? html`<p>${words.nothingYet}</p>`
      : html`<p class="good">${filled(words.waiting.nothing, named(place.environment.name))}</p>`;
  return html`<div class="card">${cardTitle(place, sheet)}${text}</div>`;
};

const card = (place: Place, sheet: Sheet): Html => {
  const { words, language } = sheet;
  const stock = place.line.waiting;
  if (stock === null || stock.version === null) return emptyCard(place, sheet);
  const oldest =
    stock.oldestSeconds === null ? undefined : words.waiting.oldest(durationOf(stock.oldestSeconds, language));
  return html`<div class="card ${urgencyOf(stock.oldestSeconds)}">
    ${cardTitle(place, sheet)}
    <p class="figure">
      ${words.changes(stock.changes)}${oldest === undefined ? undefined : html` <span class="age">${oldest}</span>`}
    </p>
    ${facts(place, stock, sheet)}${button(place, stock, sheet)}${changeList(stock, sheet)}
  </div>`;
};

const MOST_CARDS = 6;

/** What waits before the last environments, whose it is, since when, and where the button is; what waits comes first. */
export const waitingSection = (sheet: Sheet): Html => {
  const ends = endsOf(sheet, true).filter(
    ({ line, environment }) => line.waiting !== null || environment.needs.length > 0
  );
  const stocked = ends.filter(({ line }) => line.waiting !== null && line.waiting.version !== null);
  const places = [...stocked, ...ends.filter((place) => !stocked.includes(place))];
  if (places.length === 0) return html`<p>${sheet.words.nothingYet}</p>`;
  return html`<div class="cards">${places.slice(0, MOST_CARDS).map((place) => card(place, sheet))}</div>
    ${leftOut(places.length - MOST_CARDS, sheet)}`;
};
