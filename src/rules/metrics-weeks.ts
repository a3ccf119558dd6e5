import type { Week } from '../domain/report.ts';
import { mondayOf, weekName } from './calendar.ts';
import type { Calendar, DayNumber } from './calendar.ts';
import type { Judged } from './metrics-failures.ts';
import type { LineHistory } from './metrics-figures.ts';
import { spreadOf } from './spread.ts';

/** A quarter of a year: what the window of 90 days touches. */
export const WEEKS = 13;

interface Bounds {
  readonly monday: DayNumber;
  readonly from: number;
  readonly to: number;
}

const boundsOf = (calendar: Calendar, monday: DayNumber): Bounds => ({
  monday,
  from: calendar.startOf(monday),
  to: calendar.startOf(monday + 7)
});

const weekOf = (line: LineHistory, { monday, from, to }: Bounds): Week => {
  const within = (at: number): boolean => from <= at && at < to;
  const went = line.judged.filter(({ going }) => within(going.at));
  const lives = went.filter(({ going }) => going.outcome === 'live');
  const leads = spreadOf(lives.flatMap(({ cargo }) => cargo.arrivals.map(({ leadSeconds }) => leadSeconds)));
  return {
    week: weekName(monday),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    deployments: lives.length,
    failed: went.filter(({ failure }) => failure !== undefined).length,
    attempts: line.attempts.filter(({ outcome, at }) => outcome === 'failed' && within(at)).length,
    changes: lives.reduce((sum, { cargo }: Judged) => sum + cargo.count, 0),
    leadMedian: leads?.median ?? null,
    leadP90: leads?.p90 ?? null,
    deliveries: went.map(({ going }) => going.record.id)
  };
};

/**
 * The ISO weeks up to the running one by the clock of the zone, at most 13, from the first delivery on; a week without
 * a delivery is one of them. Empty for a line that never delivered.
 */
export const weeksOf = (line: LineHistory, now: number): readonly Week[] => {
  const [first] = line.judged;
  if (first === undefined) return [];
  const { calendar } = line;
  const last = mondayOf(calendar.dayOf(now));
  const earliest = Math.max(mondayOf(calendar.dayOf(first.going.at)), last - (WEEKS - 1) * 7);
  const count = Math.max(1, (last - earliest) / 7 + 1);
  return Array.from({ length: count }, (_, index) => weekOf(line, boundsOf(calendar, earliest + index * 7)));
};
