import type { Language } from '../../contract.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Moments in the zone of the project, with the machine's form and UTC beside them. */
export interface Clock {
  /** `23 Nov 2026, 14:02`, in Portuguese `23/11/2026 14:02`. Text that is no date stands as it is. */
  readonly moment: (iso: string) => Html;
  /** The same without the time of day. */
  readonly day: (iso: string) => Html;
  /** The day without its year, as long as that is plain. */
  readonly brief: (iso: string) => Html;
  /** `23 Nov`, in Portuguese `23/11`; for axes. */
  readonly short: (iso: string) => string;
  /** `November 2026`. */
  readonly month: (iso: string) => string;
}

type Written = (date: Date) => string;

/** Making a formatter costs far more than using it. */
const formatters = (language: Language, timeZone: string) => {
  const locale = language === 'en' ? 'en-GB' : language;
  const written = (options: Intl.DateTimeFormatOptions): Written => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (date) => format.format(date);
  };
  const month = language === 'en' ? 'short' : '2-digit';
  const day = written({ day: '2-digit', month, year: 'numeric' });
  const time = written({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return {
    day,
    moment: (date: Date) => `${day(date)}${language === 'en' ? ',' : ''} ${time(date)}`,
    short: written({ day: '2-digit', month }),
    month: written({ month: 'long', year: 'numeric' })
  };
};

const shown = (iso: string, write: Written): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : write(date);
};

const HALF_A_YEAR = 180 * 86_400_000;

/** `zone` is an IANA name; a RangeError otherwise. */
export const clockOf = (language: Language, zone: string, now: string): Clock => {
  const local = formatters(language, zone);
  const universal = formatters(language, 'UTC');
  const element = (iso: string, write: Written): Html => {
    const date = new Date(iso);
    if (Number.isNaN(date.getTime())) return html`${iso}`;
    const title = `${universal.moment(date)} UTC`;
    return html`<time datetime="${date.toISOString().replace('.000Z', 'Z')}" title="${title}">${write(date)}</time>`;
  };
  return {
    moment: (iso) => element(iso, local.moment),
    day: (iso) => element(iso, local.day),
    brief: (iso) => element(iso, Date.parse(now) - Date.parse(iso) < HALF_A_YEAR ? local.short : local.day),
    short: (iso) => shown(iso, local.short),
    month: (iso) => shown(iso, local.month)
  };
};
