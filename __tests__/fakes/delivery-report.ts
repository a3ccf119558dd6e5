import type {
  ChangeEntry,
  DeliveryEntry,
  DeliveryReport,
  Figure,
  Journey,
  JourneyStep,
  Line,
  MetricRule,
  MetricWindow,
  ReleaseEntry,
  WaitingStock,
  Week
} from '../../src/domain/report.ts';
import { quickCheckOf } from '../../src/rules/quick-check.ts';

/** A made-up history, the same for the same settings; its figures are plausible, not computed by the rules. */
export interface Settings {
  /** Deliveries to production; each version went through staging before. */
  readonly deliveries: number;
  readonly zone?: string;
  readonly titles?: boolean;
  /** Takes the place of what people wrote: titles, and names of people in turn. */
  readonly subjects?: readonly string[];
  readonly people?: readonly string[];
  readonly components?: readonly string[];
  /** A version waits for approval, the way a line usually stands. */
  readonly waiting?: boolean;
  readonly stopped?: boolean;
}

export const NOW = Date.parse('2026-11-23T17:02:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const URL_OF = 'https://github.com/acme/shop';

const SUBJECTS = [
  'Free shipping above 200 reais',
  'Ask for the postal code before the street',
  'Show the price with and without tax',
  'Stop charging twice when the browser is closed',
  'Remember the last address',
  'Make the basket load in half the time'
];
const PEOPLE = ['ana', 'rui', 'bia', 'joão-pedro', 'dependabot[bot]'];

const iso = (moment: number): string => new Date(moment).toISOString();
const hex = (seed: number): string => seed.toString(16).padStart(40, '0');

/** The same sequence on every machine; a history needs variety, not chance. */
const turns = (index: number, most: number): number => (index * 7 + ((index * index) % 11)) % most;

interface Made {
  /** Ids are counted from here: they are unique in a report. */
  readonly base: number;
  readonly releases: ReleaseEntry[];
  readonly changes: ChangeEntry[];
  readonly deliveries: DeliveryEntry[];
  readonly attempts: DeliveryEntry[];
}

const versionOf = (index: number): string => `1.${index}.${turns(index, 3)}`;

const changesOf = (index: number, at: number, settings: Settings): ChangeEntry[] =>
  Array.from({ length: 1 + turns(index, 5) }, (_, each) => {
    const { subjects = SUBJECTS, people = PEOPLE, titles = true } = settings;
    const number = index * 6 + each;
    const date = at - HOUR / 15 - each * 3 * HOUR;
    return {
      commit: hex(0xc0ffee000 + number),
      url: `${URL_OF}/commit/${hex(0xc0ffee000 + number)}`,
      version: versionOf(index),
      type: each === 0 ? 'feat' : 'fix',
      breaking: number % 17 === 0,
      scope: null,
      subject: titles ? (subjects[number % subjects.length] ?? '') : null,
      author: people[number % people.length] ?? 'ana',
      pull: number % 4 === 3 ? null : { number: 400 + number, url: `${URL_OF}/pull/${400 + number}` },
      date: iso(date),
      begunAt: iso(date - (number % 4 === 3 ? 0 : (2 + turns(number, 30)) * HOUR)),
      begunBy: number % 4 === 3 ? 'commit' : 'pull-request',
      mends: null
    };
  });

const releaseOf = (index: number, at: number, component: string): ReleaseEntry => ({
  component,
  version: versionOf(index),
  tag: `v${versionOf(index)}`,
  commit: hex(index),
  url: `${URL_OF}/releases/tag/v${versionOf(index)}`,
  publishedAt: iso(at),
  previous: index === 0 ? null : versionOf(index - 1),
  changeCount: 1 + turns(index, 5),
  changes: null
});

export const entryOf = (id: number, release: ReleaseEntry, over: Partial<DeliveryEntry>): DeliveryEntry => ({
  id,
  node: `DE_${id}`,
  environment: 'production',
  component: release.component,
  version: release.version,
  tag: release.tag,
  digest: `sha256:${hex(id)}${hex(id).slice(0, 24)}`,
  commit: release.commit,
  commitUrl: `${URL_OF}/commit/${release.commit}`,
  releaseUrl: release.url,
  previous: release.previous,
  kind: 'deploy',
  redeploy: false,
  first: release.previous === null,
  outcome: 'live',
  state: 'success',
  createdAt: release.publishedAt,
  startedAt: release.publishedAt,
  succeededAt: release.publishedAt,
  endedAt: null,
  at: release.publishedAt,
  durationSeconds: 190,
  requestedBy: 'github-actions[bot]',
  approvedBy: [],
  reason: null,
  override: [],
  run: { id: 7000 + id, attempt: 1, url: `${URL_OF}/actions/runs/${7000 + id}` },
  url: `https://${over.environment ?? 'production'}.shop.example/`,
  changes: [],
  changeCount: release.changeCount,
  changesKnown: true,
  leadTime: null,
  waitSeconds: null,
  manualTouches: 2,
  failure: null,
  rework: null,
  mends: [],
  recordedChanges: release.changeCount,
  ...over
});

const failureOf = (at: number, open: boolean): DeliveryEntry['failure'] => ({
  causes: ['rollback', 'incident'],
  recoveredBy: null,
  recoveredAt: open ? null : iso(at + 1.5 * HOUR),
  seconds: 5400
});

/** One version on its way: released, in staging 10 minutes later, in production when the step says. */
const addVersion = (
  made: Made,
  index: number,
  settings: Settings & { readonly at: number; readonly component: string }
): void => {
  const { at, component, people = PEOPLE } = settings;
  const changes = changesOf(index, at, settings);
  const release = { ...releaseOf(index, at, component), changes: changes.map(({ commit }) => commit) };
  made.changes.push(...changes);
  made.releases.push(release);
  const id = 1 + made.base + made.deliveries.length + made.attempts.length;
  made.deliveries.push(entryOf(id, release, { environment: 'staging', at: iso(at + HOUR / 6) }));
  const failed = index % 9 === 5;
  const production = at + HOUR * (1 + turns(index, 20));
  if (index % 13 === 11)
    made.attempts.push(
      entryOf(id + 1, release, { outcome: 'failed', state: 'failure', at: iso(production - HOUR / 2) })
    );
  const next = 1 + made.base + made.deliveries.length + made.attempts.length;
  made.deliveries.push(
    entryOf(next, release, {
      at: iso(production),
      approvedBy: [people[index % people.length] ?? 'ana'],
      failure: failed ? failureOf(production, false) : null,
      override: index % 29 === 3 ? ['freeze'] : []
    })
  );
  const before = made.releases.at(-2);
  if (!failed || before === undefined) return;
  made.deliveries.push(
    entryOf(next + 1, before, {
      at: iso(production + 1.5 * HOUR),
      kind: 'rollback',
      rework: 'rollback',
      requestedBy: 'rui',
      changeCount: 0,
      previous: release.version
    })
  );
};

const figure = (rule: MetricRule, over: Partial<Figure>): Figure => ({
  rule,
  unit: 'seconds',
  value: null,
  n: 0,
  part: null,
  median: null,
  p90: null,
  extra: null,
  target: null,
  before: null,
  deliveries: [],
  ...over
});

const shareFigure = (rule: MetricRule, all: readonly DeliveryEntry[], some: readonly DeliveryEntry[]): Figure =>
  figure(rule, {
    unit: 'share',
    n: all.length,
    ...(all.length === 0 ? {} : { value: some.length / all.length, part: some.length, before: 0.125 }),
    deliveries: some.map(({ id }) => id)
  });

const windowOf = (
  days: number,
  production: readonly DeliveryEntry[],
  attempts: readonly DeliveryEntry[]
): MetricWindow => {
  const within = ({ at }: DeliveryEntry): boolean => Date.parse(at) >= NOW - days * DAY;
  const all = production.filter(within);
  const some = all.length > 0;
  const ids = all.map(({ id }) => id);
  const failed = all.filter(({ failure }) => failure !== null);
  const spread = (median: number): Partial<Figure> =>
    some ? { value: median, median, p90: median * 3.2, n: all.length * 3, before: median * 1.4, deliveries: ids } : {};
  const figures = [
    figure('deployments', {
      unit: 'per-day',
      n: all.length,
      value: some ? all.length / days : null,
      extra: Math.min(all.length, days),
      before: some ? (all.length * 0.8) / days : null,
      deliveries: ids
    }),
    figure('lead-time', spread(6 * 3600)),
    figure('since-merge', spread(4 * 3600)),
    shareFigure('change-fail-rate', all, failed),
    figure(
      'recovery-time',
      failed.length > 0
        ? {
            value: 5400,
            median: 5400,
            p90: 7200,
            n: failed.length,
            extra: 1,
            before: null,
            deliveries: failed.map(({ id }) => id)
          }
        : {}
    ),
    shareFigure(
      'rework-rate',
      all,
      all.filter(({ rework }) => rework !== null)
    ),
    shareFigure('failed-attempts', [...all, ...attempts.filter(within)], attempts.filter(within)),
    figure('approval-wait', spread(9 * 3600)),
    shareFigure('unattended', all, []),
    figure('batch-size', { ...spread(2), unit: 'changes', p90: some ? 5 : null, before: 3 }),
    figure('manual-touches', { ...spread(2), unit: 'touches', p90: some ? 2 : null, target: 2 })
  ];
  const period = { days, from: iso(NOW - days * DAY), to: iso(NOW) };
  return { ...period, figures, quickCheck: quickCheckOf(figures) };
};

/** Weeks begin on Monday, 3:00 UTC: midnight in São Paulo. */
const weeksOf = (production: readonly DeliveryEntry[]): Week[] => {
  if (production.length === 0) return [];
  const monday = Date.parse('2026-11-23T03:00:00Z');
  return Array.from({ length: 20 }, (_, index) => {
    const from = monday - (19 - index) * 7 * DAY;
    const within = production.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < from + 7 * DAY);
    const lead = within.length === 0 ? null : 4 * 3600 + turns(index, 9) * 5000;
    return {
      week: `2026-W${28 + index}`,
      from: iso(from),
      to: iso(from + 7 * DAY),
      deployments: within.length,
      failed: within.filter(({ failure }) => failure !== null).length,
      attempts: 0,
      changes: within.reduce((sum, { changeCount }) => sum + changeCount, 0),
      leadMedian: lead,
      leadP90: lead === null ? null : lead * (1.4 + turns(index, 4) * 0.6),
      deliveries: within.map(({ id }) => id)
    };
  });
};

const stockOf = (releases: readonly ReleaseEntry[], changes: readonly ChangeEntry[]): WaitingStock => {
  const waiting = releases.slice(0, 2);
  const known = changes.filter(({ version }) => waiting.some((release) => release.version === version));
  const authors = [...new Set(known.map(({ author }) => author))];
  const oldest = known.map(({ date }) => date).toSorted()[0] ?? null;
  return {
    version: waiting[0]?.version ?? null,
    releases: waiting.length,
    changes: known.length,
    commits: known.map(({ commit }) => commit).toReversed(),
    authors,
    changeDays: 7.5,
    oldest,
    oldestSeconds: oldest === null ? null : (NOW - Date.parse(oldest)) / 1000,
    run:
      waiting[0] === undefined
        ? null
        : {
            version: waiting[0].version,
            url: `${URL_OF}/actions/runs/4711`,
            since: iso(NOW - 46 * HOUR),
            waitedSeconds: 46 * 3600
          }
  };
};

const EMPTY_STOCK: WaitingStock = {
  version: null,
  releases: 0,
  changes: 0,
  commits: [],
  authors: [],
  changeDays: null,
  oldest: null,
  oldestSeconds: null,
  run: null
};

const lineOf = (environment: string, component: string, made: Made, waiting: WaitingStock | null): Line => {
  const own = made.deliveries.filter((entry) => entry.environment === environment && entry.component === component);
  const attempts = made.attempts.filter((entry) => entry.environment === environment && entry.component === component);
  const live = own[0];
  return {
    component,
    live:
      live === undefined
        ? { kind: 'nothing' }
        : {
            kind: 'version',
            version: live.version,
            since: live.at,
            delivery: live.id,
            url: live.url,
            approvedBy: live.approvedBy
          },
    open: null,
    waiting,
    windows: [windowOf(30, own, attempts), windowOf(90, own, attempts)],
    weeks: weeksOf(own)
  };
};

const stepOf = (
  kind: JourneyStep['kind'],
  environment: string | null,
  span: readonly [from: number, to: number | null]
): JourneyStep => ({
  kind,
  environment,
  state: span[1] === null ? 'waiting' : 'done',
  from: iso(span[0]),
  to: span[1] === null ? null : iso(span[1]),
  seconds: ((span[1] ?? NOW) - span[0]) / 1000,
  delivery: null
});

const journeyOf = ({ component, version, publishedAt, changeCount }: ReleaseEntry, delivered: boolean): Journey => {
  const at = Date.parse(publishedAt);
  const waitedUntil = delivered ? at + 20 * HOUR : null;
  return {
    component,
    version,
    changes: changeCount,
    steps: [
      stepOf('build', null, [at - 31 * HOUR, at]),
      stepOf('wait', 'staging', [at, at + HOUR / 8]),
      stepOf('deliver', 'staging', [at + HOUR / 8, at + HOUR / 6]),
      stepOf('wait', 'production', [at + HOUR / 6, waitedUntil]),
      ...(waitedUntil === null ? [] : [stepOf('deliver', 'production', [waitedUntil, waitedUntil + HOUR / 20])])
    ]
  };
};

const newestFirst = (a: DeliveryEntry, b: DeliveryEntry): number => (a.at < b.at ? 1 : -1);

const madeFor = (component: string, base: number, settings: Settings): Made => {
  const made: Made = { base, releases: [], changes: [], deliveries: [], attempts: [] };
  const { deliveries: wanted } = settings;
  const step = wanted > 500 ? 5 * HOUR : 43 * HOUR;
  for (let index = 0; index < wanted; index += 1)
    addVersion(made, index, { ...settings, component, at: NOW - 3.4 * DAY - (wanted - 1 - index) * step });
  return made;
};

const withWaiting = (made: Made, settings: Settings, component: string): ReleaseEntry[] => {
  if (settings.waiting === false || settings.deliveries === 0) return [];
  return [0, 1].map((each) => {
    const index = settings.deliveries + each;
    const at = NOW - (54 - each * 6) * HOUR;
    const changes = changesOf(index, at, settings);
    const release = { ...releaseOf(index, at, component), changes: changes.map(({ commit }) => commit) };
    made.changes.push(...changes);
    made.releases.push(release);
    made.deliveries.push(
      entryOf(made.base + 100_000 + index, release, { environment: 'staging', at: iso(at + HOUR / 6) })
    );
    return release;
  });
};

export const sampleReport = (settings: Settings): DeliveryReport => {
  const { components = [''], zone = 'America/Sao_Paulo', titles = true } = settings;
  const parts = components.map((component, number) => {
    const made = madeFor(component, number * 1_000_000, settings);
    const waiting = withWaiting(made, settings, component);
    made.releases.reverse();
    made.changes.reverse();
    made.deliveries.sort(newestFirst);
    made.attempts.sort(newestFirst);
    const stock = waiting.length === 0 ? EMPTY_STOCK : stockOf(made.releases, made.changes);
    const journeys = made.releases.slice(0, 5).map((release, index) => journeyOf(release, index >= waiting.length));
    return { component, made, stock: settings.deliveries === 0 ? null : stock, journeys };
  });
  const all = <Kind>(pick: (made: Made) => readonly Kind[]): Kind[] => parts.flatMap(({ made }) => pick(made));
  const deliveries = all((made) => made.deliveries).toSorted(newestFirst);
  return {
    schema: 1,
    generatedAt: iso(NOW),
    zone,
    repository: {
      owner: 'acme',
      name: 'shop',
      url: URL_OF,
      actionsUrl: `${URL_OF}/actions`,
      deployUrl: `${URL_OF}/actions/workflows/deploy-version.yml`,
      visibility: 'private'
    },
    history: { from: deliveries.at(-1)?.at ?? null, to: iso(NOW), complete: true, unread: 0, unbegun: 0 },
    titles,
    environments: [
      {
        name: 'staging',
        needs: [],
        gate: 'none',
        last: false,
        lines: parts.map(({ component, made }) => lineOf('staging', component, made, null))
      },
      {
        name: 'production',
        needs: ['staging'],
        gate: 'approval',
        last: true,
        lines: parts.map(({ component, made, stock }) => lineOf('production', component, made, stock))
      }
    ],
    releases: all((made) => made.releases),
    changes: all((made) => made.changes),
    deliveries,
    attempts: all((made) => made.attempts),
    journeys: parts.flatMap(({ journeys }) => journeys),
    incidents:
      settings.stopped === true
        ? [
            {
              number: 77,
              url: `${URL_OF}/issues/77`,
              title: titles ? 'Line stopped: 1.50.2 failed in production' : null,
              author: 'ana',
              openedAt: iso(NOW - 5 * HOUR),
              closedAt: null
            }
          ]
        : []
  };
};
