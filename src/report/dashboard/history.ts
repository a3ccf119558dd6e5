import type { DeliveryEntry, EnvironmentReport } from '../../domain/report.ts';
import { durationOf } from '../amounts.ts';
import { ownPage } from './addresses.ts';
import { anchor, filled, html, named } from './html.ts';
import type { Html } from './html.ts';
import { componentName, namesOf } from './names.ts';
import { leftOut } from './rest.ts';
import type { Sheet } from './sheet.ts';

/** The newest stay open; the months before them are folded. */
const OPEN_ROWS = 15;

type Result = keyof Sheet['words']['history']['results'];

const resultOf = ({ outcome, kind, redeploy }: DeliveryEntry, live: boolean): Result => {
  if (outcome !== 'live') return outcome;
  if (live) return 'live';
  if (kind !== 'deploy') return kind;
  return redeploy ? 'redeploy' : 'delivered';
};

const LOOKS: Readonly<Record<Result, string>> = {
  live: 'good',
  delivered: 'was',
  rollback: 'back',
  rebuild: 'was',
  redeploy: 'was',
  failed: 'bad',
  'taken-back': 'bad',
  withdrawn: 'was',
  open: 'open'
};

/** What broke and was taken back says by that alone that a check failed. */
const causesOf = ({ failure, outcome }: DeliveryEntry, { words }: Sheet): string =>
  (failure?.causes ?? [])
    .filter((cause) => outcome !== 'taken-back' || cause !== 'failed-check')
    .map((cause) => words.history.causes[cause])
    .join(', ');

const failureText = (entry: DeliveryEntry, sheet: Sheet): Html | undefined => {
  const { failure } = entry;
  if (failure === null) return undefined;
  const { history } = sheet.words;
  const causes = causesOf(entry, sheet);
  const span = durationOf(failure.seconds, sheet.language);
  const end = failure.recoveredAt === null ? history.stillOpen(span) : history.recovered(span);
  const wrong = causes === '' ? undefined : html`<span class="bad">${history.wrong(causes)}</span> `;
  return html`${wrong}<small>${end}</small>`;
};

const resultCell = (entry: DeliveryEntry, live: boolean, sheet: Sheet): Html => {
  const { history } = sheet.words;
  const result = resultOf(entry, live);
  const own = html`<span class="${LOOKS[result]}">${history.results[result]}</span>`;
  const failure = failureText(entry, sheet);
  const over =
    entry.override.length === 0
      ? undefined
      : html` <small>${history.overridden(entry.override.slice(0, 5).join(', '))}</small>`;
  return html`${failure !== undefined && result === 'delivered' ? undefined : own} ${failure}${over}`;
};

/** Of what went live its new changes; of what did not, those it would have brought. */
const changesText = ({ outcome, changeCount, recordedChanges }: DeliveryEntry, { words }: Sheet): string => {
  const count = outcome === 'live' ? changeCount : recordedChanges;
  return count === 0 ? words.history.nothingNew : words.changes(count);
};

const whoCell = ({ approvedBy, requestedBy, kind, manualTouches }: DeliveryEntry, sheet: Sheet): Html => {
  if (approvedBy.length > 0) return namesOf(approvedBy, sheet);
  if (kind === 'rollback' && manualTouches === 0) return html`${sheet.words.history.byItself}`;
  return requestedBy === '' ? html`` : filled(sheet.words.history.asked, named(requestedBy));
};

const againCell = ({ outcome, version }: DeliveryEntry, live: boolean, sheet: Sheet): Html | undefined => {
  const { report, words } = sheet;
  const page = ownPage(report.repository.deployUrl, sheet);
  if (outcome !== 'live' || live || page === undefined) return undefined;
  return html`<a href="${page}" aria-label="${`${words.history.again}: ${version}`}">${words.history.again}</a>`;
};

/** Which deliveries are what runs now. */
const liveIds = ({ lines }: EnvironmentReport): ReadonlySet<number> =>
  new Set(lines.map(({ live }) => (live.kind === 'version' ? live.delivery : 0)));

interface Listing {
  readonly sheet: Sheet;
  readonly live: ReadonlySet<number>;
}

const row = (entry: DeliveryEntry, { sheet, live }: Listing): Html => {
  const { words, clock, components } = sheet;
  const now = live.has(entry.id);
  const version = anchor(ownPage(entry.releaseUrl, sheet), named(entry.version));
  const component = components.length > 1 ? html`${componentName(entry.component, sheet)} ` : undefined;
  return html`<tr id="d${entry.id}">
    <th scope="row">${component}${version}</th>
    <td class="w">${anchor(ownPage(entry.run.url, sheet), clock.moment(entry.at))}</td>
    <td class="f">${entry.previous === null ? words.none : named(entry.previous)}</td>
    <td>${changesText(entry, sheet)}</td>
    <td class="w">${whoCell(entry, sheet)}</td>
    <td class="r">${resultCell(entry, now, sheet)}</td>
    <td class="a">${againCell(entry, now, sheet)}</td>
  </tr>`;
};

const tableOf = (entries: readonly DeliveryEntry[], caption: Html, listing: Listing): Html => {
  const { sheet } = listing;
  const { columns } = sheet.words.history;
  const heads = [
    columns.version,
    columns.when,
    columns.from,
    columns.changes,
    columns.who,
    columns.result,
    columns.again
  ].map((name) => html`<th scope="col">${name}</th>`);
  return html`<table class="history">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${entries.map((entry) => row(entry, listing))}
    </tbody>
  </table>`;
};

const foldedMonth = (month: string, entries: readonly DeliveryEntry[], listing: Listing): Html => {
  const { words } = listing.sheet;
  const failed = entries.filter(
    ({ failure, outcome }) => failure !== null || outcome === 'failed' || outcome === 'taken-back'
  ).length;
  const title = `${month}: ${words.deliveries(entries.length)}`;
  const failures = failed === 0 ? undefined : html` <span class="bad">${words.history.failures(failed)}</span>`;
  return html`<details>
    <summary>${title}${failures}</summary>
    ${tableOf(entries, html`${title}`, listing)}
  </details>`;
};

const ofEnvironment = (environment: EnvironmentReport, sheet: Sheet): Html => {
  const { words, clock, histories } = sheet;
  const { shown, total } = histories.get(environment.name) ?? { shown: [], total: 0 };
  const listing = { sheet, live: liveIds(environment) };
  if (total === 0) return html`<p>${words.nothingYet}</p>`;
  const months = Map.groupBy(shown.slice(OPEN_ROWS), ({ at }) => clock.month(at));
  const older = [...months].map(([month, entries]) => foldedMonth(month, entries, listing));
  const caption = filled(words.history.caption, named(environment.name));
  return html`${tableOf(shown.slice(0, OPEN_ROWS), caption, listing)}${older}${leftOut(total - shown.length, sheet)}`;
};

/** What was delivered, newest first; the environments on the way there are folded. */
export const historySection = (sheet: Sheet): Html => {
  const { environments } = sheet.report;
  if (environments.length === 0) return html`<p>${sheet.words.nothingYet}</p>`;
  const ends = environments
    .filter(({ last }) => last)
    .map(
      (each) =>
        html`<section class="card">
          <h3>${named(each.name)}</h3>
          ${ofEnvironment(each, sheet)}
        </section>`
    );
  const others = environments
    .filter(({ last }) => !last)
    .map(
      (each) =>
        html`<details class="card">
          <summary><h3>${named(each.name)}</h3></summary>
          ${ofEnvironment(each, sheet)}
        </details>`
    );
  return html`${ends}${others}`;
};
