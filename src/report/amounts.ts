import type { Language } from '../contract.ts';

/** The forms of a counted noun; which one holds is the language's own rule (CLDR). */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

/** Made when first needed: making one takes longer than using it, and a dashboard uses thousands. */
const keptBy = <T>(make: (language: Language) => T): ((language: Language) => T) => {
  const kept = new Map<Language, T>();
  return (language) => {
    const found = kept.get(language) ?? make(language);
    kept.set(language, found);
    return found;
  };
};

const pluralsOf = keptBy((language) => new Intl.PluralRules(language));
const numbersOf = keptBy((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }));

export const formFor = (count: number, forms: Forms, language: Language): string =>
  pluralsOf(language).select(count) === 'one' ? forms.one : forms.other;

export const numberOf = (value: number, language: Language): string => numbersOf(language).format(value);

export const countOf = (count: number, forms: Forms, language: Language): string =>
  `${numberOf(count, language)} ${formFor(count, forms, language)}`;

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as GitHub shows sizes of assets: 1 MB = 1,000,000 bytes. */
export const sizeOf = (bytes: number, language: Language): string => {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  if (power === 0) return countOf(bytes, { one: 'byte', other: 'bytes' }, language);
  return `${numberOf(bytes / 1000 ** power, language)} ${UNITS[power] ?? ''}`;
};

const DAYS: Record<Language, Forms> = { en: { one: 'day', other: 'days' }, 'pt-BR': { one: 'dia', other: 'dias' } };

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two largest units: `2 days 6 h`, `3 h 20 min`, `2 min 5 s`, `0.4 s`; with `e` between them in Portuguese. Negative reads as 0. */
export const durationOf = (seconds: number, language: Language): string => {
  if (seconds < 10) return `${numberOf(Math.max(0, seconds), language)} s`;
  const whole = Math.round(seconds);
  const parts = [
    { size: DAY, text: (n: number) => countOf(n, DAYS[language], language) },
    { size: HOUR, text: (n: number) => `${n} h` },
    { size: MINUTE, text: (n: number) => `${n} min` },
    { size: 1, text: (n: number) => `${n} s` }
  ];
  const largest = parts.findIndex(({ size }) => whole >= size);
  return parts
    .slice(largest, largest + 2)
    .map(({ size, text }, index) => {
      const upper = index === 0 ? whole : whole % (parts[largest]?.size ?? 1);
      const count = Math.floor(upper / size);
      return count === 0 ? '' : text(count);
    })
    .filter((part) => part !== '')
    .join(language === 'en' ? ' ' : ' e ');
};

interface Written {
  readonly day: string;
  readonly time: string;
  readonly whole: string;
}

/** `20 Nov 2026, 14:02` in English, `20/11/2026 14:02` in Portuguese. */
const written = (date: Date, language: Language, timeZone: string): Written => {
  const locale = language === 'en' ? 'en-GB' : language;
  const month = language === 'en' ? 'short' : '2-digit';
  const days = new Intl.DateTimeFormat(locale, { timeZone, day: '2-digit', month, year: 'numeric' });
  const times = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [day, time] = [days.format(date), times.format(date)];
  return { day, time, whole: `${day}${language === 'en' ? ',' : ''} ${time}` };
};

/**
 * A moment in UTC, with the reader's own zone first when it is known. `zone` is an IANA name (a RangeError otherwise);
 * text that is no date comes back as it is.
 */
export const timeOf = (iso: string, language: Language, zone?: string): string => {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const universal = written(date, language, 'UTC');
  if (zone === undefined || zone === 'UTC') return `${universal.whole} UTC`;
  const local = written(date, language, zone);
  return `${local.whole} ${zone} (${local.day === universal.day ? universal.time : universal.whole} UTC)`;
};

/** `ana, rui and bia`; beyond `most` names, `ana, rui and 3 more`. */
export const listOf = (
  names: readonly string[],
  language: Language,
  { most, more }: { readonly most: number; readonly more: (count: number) => string }
): string => {
  const shown = names.length > most ? [...names.slice(0, most), more(names.length - most)] : names;
  return new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'conjunction' }).format(shown);
};
