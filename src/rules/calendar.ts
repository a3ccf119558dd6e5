const DAY_MS = 24 * 3600 * 1000;
/** No zone is further from UTC than 14 hours, nor shifts its clock by more than a day. */
const FURTHEST_MS = 38 * 3600 * 1000;

/** A day of the calendar as a number: whole days since 1970-01-01, of the date alone. */
export type DayNumber = number;

/** Days and weeks by the clock of a zone (IANA name). Clocks that change make days of 23 or 25 hours, or without midnight. */
export interface Calendar {
  dayOf(moment: number): DayNumber;
  /** The first moment of the day, in milliseconds since the epoch. */
  startOf(day: DayNumber): number;
}

const formatOf = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' });

const dayBy = (format: Intl.DateTimeFormat, moment: number): DayNumber => {
  const parts = format.formatToParts(moment);
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.find(({ type }) => type === name)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS;
};

/** The first moment at which the day, or a later one, is there: days only ever grow. */
const search = (dayOf: Calendar['dayOf'], day: DayNumber): number => {
  let [before, after] = [day * DAY_MS - FURTHEST_MS, day * DAY_MS + FURTHEST_MS];
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (dayOf(middle) < day) before = middle;
    else after = middle;
  }
  return after;
};

export const calendarOf = (zone: string): Calendar => {
  const format = formatOf(zone);
  // asking the formatter is slow; within an hour of UTC clocks may change at most once, so a quarter is what is kept
  const QUARTER_MS = 15 * 60 * 1000;
  const days = new Map<number, DayNumber>();
  const dayOf = (moment: number): DayNumber => {
    const quarter = Math.floor(moment / QUARTER_MS);
    const known = days.get(quarter);
    if (known !== undefined) return known;
    const day = dayBy(format, quarter * QUARTER_MS);
    days.set(quarter, day);
    return day;
  };
  return { dayOf, startOf: (day) => search(dayOf, day) };
};

/** Monday of the day's ISO week; 1970-01-01 was a Thursday. */
export const mondayOf = (day: DayNumber): DayNumber => day - ((((day + 3) % 7) + 7) % 7);

/** ISO 8601: the week belongs to the year of its Thursday, and the first one holds 4 January. */
export const weekName = (monday: DayNumber): string => {
  const year = new Date((monday + 3) * DAY_MS).getUTCFullYear();
  const first = mondayOf(Date.UTC(year, 0, 4) / DAY_MS);
  return `${year}-W${String((monday - first) / 7 + 1).padStart(2, '0')}`;
};
