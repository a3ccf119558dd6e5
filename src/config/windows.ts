import type { WeekTime } from '../domain/environment.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAY_MINUTES = 24 * 60;

/** `Fri 16:00 - Mon 08:00`. Without flags, so that the JSON Schema can carry it. */
export const WEEKLY =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):([0-5][0-9]) - (Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):([0-5][0-9])$/;

/** `2026-12-20`. */
export const DAY = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

const weekTime = (day = '', hours = '', minutes = ''): WeekTime =>
  DAYS.indexOf(day) * DAY_MINUTES + Number(hours) * 60 + Number(minutes);

export interface Weekly {
  readonly from: WeekTime;
  readonly to: WeekTime;
}

/** Undefined when the text is no window, or one that is over as it starts. */
export const parseWeekly = (text: string): Weekly | undefined => {
  const found = WEEKLY.exec(text);
  if (found === null) return undefined;
  const [from, to] = [weekTime(...found.slice(1, 4)), weekTime(...found.slice(4, 7))];
  return from === to ? undefined : { from, to };
};

/** Whether the calendar has such a day: 30 February has the form and is none. */
export const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

/** Whether this Node knows the zone; `Intl` is where the freeze rule gets its clock from, too. */
export const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
