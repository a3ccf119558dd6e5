import type { Language } from '../../contract.ts';
import type { ChangeEntry, DeliveryEntry, DeliveryReport, EnvironmentReport, Line } from '../../domain/report.ts';
import type { DashboardTexts } from '../messages/dashboard-texts.ts';
import { catalogueOf } from '../sentence.ts';
import { clockOf } from './moments.ts';
import type { Clock } from './moments.ts';

export const DATA_FILE = 'delivery.json';

/** The page being written: what it says, to whom, and where things are found again. */
export interface Sheet {
  readonly report: DeliveryReport;
  readonly language: Language;
  readonly words: DashboardTexts;
  readonly clock: Clock;
  readonly changes: ReadonlyMap<string, ChangeEntry>;
  readonly entries: ReadonlyMap<number, DeliveryEntry>;
  readonly room: Room;
  /** The history of each environment, newest first, with no more than the page shows. */
  readonly histories: ReadonlyMap<string, History>;
  /** What has a row of its own in the history. */
  readonly rows: ReadonlySet<number>;
  /** In the order of the environments that name them. */
  readonly components: readonly string[];
}

/** How much of each kind is shown. The rest is counted, and found in `delivery.json`. */
export interface Room {
  /** Of the history, all environments together. */
  readonly rows: number;
  /** Deliveries behind one number. */
  readonly listed: number;
  /** Ways of versions before the newest. */
  readonly earlier: number;
}

/** What a phone loads at once; several components share it. */
const roomFor = (components: number): Room =>
  components < 2
    ? { rows: 300, listed: 20, earlier: 5 }
    : { rows: 150, listed: Math.max(3, Math.floor(20 / components)), earlier: 1 };

export interface History {
  readonly shown: readonly DeliveryEntry[];
  readonly total: number;
}

/** One component in one environment. */
export interface Place {
  readonly environment: EnvironmentReport;
  readonly line: Line;
}

const newestFirst = (a: DeliveryEntry, b: DeliveryEntry): number =>
  a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1;

const historiesOf = (
  { deliveries, attempts, environments }: DeliveryReport,
  rows: number
): ReadonlyMap<string, History> => {
  const all = [...deliveries, ...attempts].toSorted(newestFirst);
  const grouped = Map.groupBy(all, ({ environment }) => environment);
  const most = Math.floor(rows / Math.max(1, environments.length));
  return new Map(
    environments.map(({ name }) => {
      const entries = grouped.get(name) ?? [];
      return [name, { shown: entries.slice(0, most), total: entries.length }] as const;
    })
  );
};

export const sheetOf = (report: DeliveryReport, language: Language): Sheet => {
  const lines = report.environments.flatMap((environment) => environment.lines);
  const components = [...new Set(lines.map(({ component }) => component))];
  const room = roomFor(components.length);
  const histories = historiesOf(report, room.rows);
  return {
    report,
    language,
    words: catalogueOf(language).dashboard,
    clock: clockOf(language, report.zone, report.generatedAt),
    changes: new Map(report.changes.map((change) => [change.commit, change])),
    entries: new Map([...report.attempts, ...report.deliveries].map((entry) => [entry.id, entry])),
    room,
    histories,
    rows: new Set([...histories.values()].flatMap(({ shown }) => shown.map(({ id }) => id))),
    components
  };
};

/** Every component in every environment of one sort, environment by environment. */
export const endsOf = ({ report }: Sheet, last: boolean): readonly Place[] =>
  report.environments
    .filter((environment) => environment.last === last)
    .flatMap((environment) => environment.lines.map((line) => ({ environment, line })));

/** One component in every environment that has it. */
export const placesOf = (component: string, { report }: Sheet): readonly Place[] =>
  report.environments.flatMap((environment) =>
    environment.lines.filter((line) => line.component === component).map((line) => ({ environment, line }))
  );

/** Seconds from a moment until the page was written; never less than 0, for clocks disagree. */
export const ageOf = (iso: string, { report }: Sheet): number =>
  Math.max(0, (Date.parse(report.generatedAt) - Date.parse(iso)) / 1000) || 0;
