import * as v from 'valibot';
import { section, text } from './fields.ts';
import { DAY, WEEKLY, isDay, isZone, parseWeekly } from './windows.ts';

const NO_WEEKLY = "must read like 'Fri 16:00 - Mon 08:00', with different ends";
const NO_DAY = 'must be a day such as 2026-12-20';

export const zone = (of: string) =>
  v.pipe(
    text,
    v.check(isZone, 'is no time zone; write one like America/Sao_Paulo or UTC'),
    v.description(`Time zone of ${of}, by its name in the tz database, such as \`America/Sao_Paulo\`.`)
  );

const why = v.pipe(text, v.maxLength(200, 'is longer than 200 characters'), v.description('Why; people read it.'));

const day = v.pipe(v.string(NO_DAY), v.regex(DAY, NO_DAY), v.check(isDay, 'is no day of the calendar'));

export const WeeklyFreeze = section({
  weekly: v.pipe(
    v.string(NO_WEEKLY),
    v.regex(WEEKLY, NO_WEEKLY),
    v.check((value) => parseWeekly(value) !== undefined, NO_WEEKLY),
    v.description('Every week, such as `Fri 16:00 - Mon 08:00`.')
  ),
  zone: zone('the weekly window'),
  reason: why
});

export const DatesFreeze = v.pipe(
  section({
    from: v.pipe(day, v.description('First day, included.')),
    to: v.pipe(day, v.description('Last day, included.')),
    zone: v.exactOptional(zone('the days'), 'UTC'),
    reason: why,
    owner: v.exactOptional(v.pipe(text, v.description('Who decided it.')))
  }),
  v.forward(
    v.check(({ from, to }) => from <= to, 'is before `from`'),
    ['to']
  )
);

/** Which of the two is meant shows in the key `weekly`: one clear error instead of two guesses. */
export const FreezeSchema = v.lazy((input): typeof WeeklyFreeze | typeof DatesFreeze =>
  typeof input === 'object' && input !== null && 'weekly' in input ? WeeklyFreeze : DatesFreeze
);
