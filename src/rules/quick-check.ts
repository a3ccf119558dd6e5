import type { Figure, MetricRule, QuickCheck } from '../domain/report.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;

/** Scores of the five answers, each from 0 to 10. */
export interface Scores {
  readonly lead: number;
  readonly frequency: number;
  readonly recovery: number;
  readonly failRate: number;
  readonly rework: number;
}

const mean = (values: readonly number[]): number =>
  Math.round((values.reduce((sum, each) => sum + each, 0) / values.length) * 100) / 100;

/** Throughput is lead time, frequency and recovery; stability the two rates (dora.dev, Quick Check, 2026-01). */
export const meanScores = ({ lead, frequency, recovery, failRate, rework }: Scores): QuickCheck => ({
  throughput: mean([lead, frequency, recovery]),
  stability: mean([failRate, rework]),
  overall: mean([lead, frequency, recovery, failRate, rework])
});

/** Category 1 to 6, one for each limit passed; `(x - 1) / 5 * 10`. */
const category = (limits: readonly number[], passes: (limit: number) => boolean): number =>
  limits.filter(passes).length * 2;

/** More than six months, 1 to 6, a week to a month, a day to a week, under a day, under an hour. */
export const timeScore = (seconds: number): number =>
  category([6 * MONTH, MONTH, WEEK, DAY, HOUR], (limit) => seconds < limit);

/** Fewer than one in six months, up to one a month, a week, a day, an hour, and more often. */
export const frequencyScore = (perDay: number): number =>
  category([1 / 180, 1 / 30, 1 / 7, 1, 24], (limit) => perDay >= limit);

/** `10 - p / 10` of a percentage. */
export const shareScore = (share: number): number => 10 - share * 10;

/** From the figures of one period; null unless all five have data. */
export const quickCheckOf = (figures: readonly Figure[]): QuickCheck | null => {
  const values = new Map(figures.map(({ rule, value }) => [rule, value]));
  const score = (rule: MetricRule, of: (value: number) => number): number => {
    const value = values.get(rule);
    return value === undefined || value === null ? Number.NaN : of(value);
  };
  const scores = meanScores({
    lead: score('lead-time', timeScore),
    frequency: score('deployments', frequencyScore),
    recovery: score('recovery-time', timeScore),
    failRate: score('change-fail-rate', shareScore),
    rework: score('rework-rate', shareScore)
  });
  return Number.isNaN(scores.overall) ? null : scores;
};
