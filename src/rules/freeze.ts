import type { Environment, Freeze } from '../domain/environment.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const MINUTE_MS = 60_000;
/** No zone shifts its clock by more than this at once. */
const LARGEST_SHIFT = 180;

/** A minute since the epoch, as the wall clock of a zone shows it (by the tz database that Node carries). */
interface Wall {
  readonly day: string;
  /** Minutes since Monday 00:00. */
  readonly weekMinute: number;
}

const wallClock = (zone: string): ((minute: number) => Wall) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit'
  });
  return (minute) => {
    const parts = new Map(format.formatToParts(minute * MINUTE_MS).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes): string => String(parts.get(name));
    return {
      day: `${part('year')}-${part('month')}-${part('day')}`,
      weekMinute: DAYS.indexOf(part('weekday')) * DAY + Number(part('hour')) * 60 + Number(part('minute'))
    };
  };
};

const since = (from: number, minute: number): number => (minute - from + WEEK) % WEEK;

const covering = (freeze: Freeze): ((minute: number) => boolean) => {
  const wall = wallClock(freeze.zone);
  if (freeze.kind === 'dates') {
    return (minute) => freeze.from <= wall(minute).day && wall(minute).day <= freeze.to;
  }
  const length = since(freeze.from, freeze.to);
  return (minute) => since(freeze.from, wall(minute).weekMinute) < length;
};

/** Where the end would be if no clock changed in between. */
const expectedEnd = (freeze: Freeze, minute: number): number =>
  freeze.kind === 'dates'
    ? Date.parse(`${freeze.to}T00:00:00Z`) / MINUTE_MS + DAY
    : minute + since(wallClock(freeze.zone)(minute).weekMinute, freeze.to);

/** The first minute the freeze leaves open; searched around the expected end, for clocks change inside windows. */
const endOf = (freeze: Freeze, start: number): Date => {
  const frozen = covering(freeze);
  const slack = freeze.kind === 'dates' ? DAY : LARGEST_SHIFT;
  let minute = Math.max(start, expectedEnd(freeze, start) - slack);
  while (frozen(minute)) minute += 1;
  return new Date(minute * MINUTE_MS);
};

export interface Frozen {
  readonly freeze: Freeze;
  readonly until: Date;
}

/** The freeze in force that ends last, with its end; undefined when deliveries are open. */
export const frozenUntil = (environment: Pick<Environment, 'freeze'>, now: Date): Frozen | undefined => {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  return environment.freeze
    .filter((freeze) => covering(freeze)(minute))
    .map((freeze) => ({ freeze, until: endOf(freeze, minute) }))
    .toSorted((a, b) => b.until.getTime() - a.until.getTime())
    .at(0);
};
