import type { Figure, MetricRule } from '../domain/report.ts';
import type { Calendar } from './calendar.ts';
import type { Judged } from './metrics-failures.ts';
import type { Going } from './metrics-line.ts';
import { spreadOf } from './spread.ts';

const DAY_MS = 24 * 3600 * 1000;

/** What a release should take of people's hands: choosing the version and pressing the button. */
const TOUCHES_AIMED_AT = 2;

/** A period; `from` is included, `to` is not. In milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** One line with everything a figure may need. */
export interface LineHistory {
  /** Oldest first. */
  readonly judged: readonly Judged[];
  readonly attempts: readonly Going[];
  /** Seconds it waited for somebody; undefined where nobody was asked, or nothing says since when. */
  readonly waitedFor: (going: Going) => number | undefined;
  readonly calendar: Calendar;
}

/** What lies in a period. */
interface Sample {
  readonly days: number;
  readonly went: readonly Judged[];
  /** Successes only. */
  readonly lives: readonly Judged[];
  readonly failedAttempts: readonly Going[];
  readonly line: LineHistory;
}

type Drawn = Omit<Figure, 'rule' | 'before'>;

const idsOf = (judged: readonly Judged[]): readonly number[] => judged.map(({ going }) => going.record.id).toReversed();

const EMPTY = { part: null, median: null, p90: null, extra: null, target: null };

const share = (part: readonly number[], n: number): Drawn => ({
  ...EMPTY,
  unit: 'share',
  value: n === 0 ? null : part.length / n,
  n,
  part: n === 0 ? null : part.length,
  deliveries: part
});

const spread = (unit: Figure['unit'], values: readonly number[], deliveries: readonly number[]): Drawn => {
  const found = spreadOf(values);
  const { median = null, p90 = null } = found ?? {};
  return { ...EMPTY, unit, value: median, n: values.length, median, p90, deliveries };
};

const deployments = ({ lives, days, line }: Sample): Drawn => {
  const on = new Set(lives.map(({ going }) => line.calendar.dayOf(going.at)));
  return {
    ...EMPTY,
    unit: 'per-day',
    value: lives.length / days,
    n: lives.length,
    extra: on.size,
    deliveries: idsOf(lives)
  };
};

const changeTimes = ({ lives }: Sample, seconds: 'leadSeconds' | 'mergeSeconds'): Drawn => {
  const carrying = lives.filter(({ cargo }) => cargo.arrivals.length > 0);
  const values = carrying.flatMap(({ cargo }) => cargo.arrivals.map((arrival) => arrival[seconds]));
  return spread('seconds', values, idsOf(carrying));
};

const failRate = ({ went }: Sample): Drawn =>
  share(idsOf(went.filter(({ failure }) => failure !== undefined)), went.length);

const recovery = ({ went }: Sample): Drawn => {
  const failed = went.filter(({ failure }) => failure !== undefined);
  const over = failed.flatMap(({ failure }) => (failure?.recovery === undefined ? [] : [failure.seconds]));
  const open = failed.length - over.length;
  return { ...spread('seconds', over, idsOf(failed)), extra: failed.length === 0 ? null : open };
};

const rework = ({ lives }: Sample): Drawn =>
  share(idsOf(lives.filter(({ rework: kind }) => kind !== undefined)), lives.length);

const failedAttempts = ({ failedAttempts: failed, went }: Sample): Drawn =>
  share(failed.map(({ record }) => record.id).toReversed(), failed.length + went.length);

/** Only where a person was asked or chose: elsewhere nothing waits for anybody. */
const approvalWait = ({ lives, line }: Sample): Drawn => {
  const waits = lives.flatMap((judged) => {
    const seconds = line.waitedFor(judged.going);
    return seconds === undefined ? [] : [{ judged, seconds }];
  });
  return spread(
    'seconds',
    waits.map(({ seconds }) => seconds),
    idsOf(waits.map(({ judged }) => judged))
  );
};

const unattended = ({ lives }: Sample): Drawn => {
  const alone = lives.filter(({ going }) => {
    const { manualTouches, approvedBy } = going.record.payload;
    return manualTouches === 0 && approvedBy.length === 0;
  });
  return share(idsOf(alone), lives.length);
};

const isBatch = ({ going }: Judged): boolean => !going.first && !going.rollback && !going.redeploy;

const batchSize = ({ lives }: Sample): Drawn => {
  const batches = lives.filter(isBatch);
  return spread(
    'changes',
    batches.map(({ cargo }) => cargo.count),
    idsOf(batches)
  );
};

const manualTouches = ({ lives }: Sample): Drawn => {
  const values = lives.map(({ going }) => going.record.payload.manualTouches);
  return { ...spread('touches', values, idsOf(lives)), target: TOUCHES_AIMED_AT };
};

/** In the order in which people see them. */
const RULES: Record<MetricRule, (sample: Sample) => Drawn> = {
  deployments,
  'lead-time': (sample) => changeTimes(sample, 'leadSeconds'),
  'since-merge': (sample) => changeTimes(sample, 'mergeSeconds'),
  'change-fail-rate': failRate,
  'recovery-time': recovery,
  'rework-rate': rework,
  'failed-attempts': failedAttempts,
  'approval-wait': approvalWait,
  unattended,
  'batch-size': batchSize,
  'manual-touches': manualTouches
};

const sampleOf = (line: LineHistory, { from, to }: Period): Sample => {
  const within = (at: number): boolean => from <= at && at < to;
  const went = line.judged.filter(({ going }) => within(going.at));
  return {
    days: (to - from) / DAY_MS,
    went,
    lives: went.filter(({ going }) => going.outcome === 'live'),
    failedAttempts: line.attempts.filter(({ outcome, at }) => outcome === 'failed' && within(at)),
    line
  };
};

/** When anything at all is known of a line; before it there is no data, and no data is not 0. */
const beginning = ({ judged, attempts }: LineHistory): number =>
  Math.min(judged[0]?.going.at ?? Infinity, attempts[0]?.at ?? Infinity);

const isRule = (name: string): name is MetricRule => Object.hasOwn(RULES, name);

export const METRIC_RULES: readonly MetricRule[] = Object.keys(RULES).filter(isRule);

/**
 * Every figure of a period, each with the deliveries behind it, and its value in the period of the same length before.
 *
 * - `deployments`: first successes per day, and on how many days; known as 0 only after the first delivery ever.
 * - `lead-time`: from the beginning of each change to its first success here; `since-merge`: from the main line on.
 * - `change-fail-rate`: failed deployments over all that went live, those taken back again included.
 * - `recovery-time`: from the failed deployment to what ended it; `extra` counts those still open.
 * - `rework-rate`: rollbacks, hotfixes and reverts over all deployments.
 * - `failed-attempts`: attempts that never went live over all attempts.
 * - `approval-wait`: from the proof in what it needs to the beginning, where a person was asked.
 */
export const figuresOf = (line: LineHistory, period: Period): readonly Figure[] => {
  const length = period.to - period.from;
  const known = beginning(line);
  const values = (where: Period) => {
    const sample = sampleOf(line, where);
    const none = !(known < where.to);
    return (rule: MetricRule): Drawn => {
      const drawn = RULES[rule](sample);
      return none ? { ...drawn, value: null } : drawn;
    };
  };
  const now = values(period);
  const past = values({ from: period.from - length, to: period.from });
  return METRIC_RULES.map((rule) => ({ rule, ...now(rule), before: past(rule).value }));
};
