import type { Language } from '../contract.ts';
import type { Reason } from '../domain/refusal.ts';
import { durationOf, timeOf } from './amounts.ts';
import type { Catalogue, Text } from './messages/catalogue.ts';
import { en } from './messages/en.ts';
import { ptBr } from './messages/pt-br.ts';
import { oneLine, someLines } from './plain.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, 'pt-BR': ptBr };

export const catalogueOf = (language: Language): Catalogue => CATALOGUES[language];

export interface Style {
  /** The reader's IANA time zone, when it is known; times are in UTC otherwise. */
  readonly zone?: string | undefined;
  /** Makes a value fit for where the text goes; one visible line by default. */
  readonly show?: (value: string) => string;
}

type Values = Readonly<Record<string, string>>;

/** Seconds and moments read as such; short causes in the reader's language, without a second full stop. */
const readable = (
  code: string,
  language: Language,
  zone: string | undefined
): ((name: string, value: string) => string) => {
  return (name, value) => {
    if (name === 'until' || name === 'since') return timeOf(value, language, zone);
    if (code === 'best-before' && name === 'limit' && /^\d+$/.test(value)) return durationOf(Number(value), language);
    if (name !== 'problem' && name !== 'why') return value;
    return catalogueOf(language)
      .problem(oneLine(value))
      .replace(/[.\s]+$/, '');
  };
};

const mapped = (values: Values, change: (name: string, value: string) => string): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(name, value)]));

const textOf = (reason: Reason, details: Values, language: Language): Text => {
  const text: (details: Values) => Text = catalogueOf(language).reasons[reason.code];
  return text(details);
};

/** What happened, why, what to do next, and the lines to copy, each fit to stand alone. */
export const partsOf = (reason: Reason, language: Language, style: Style = {}): Text => {
  const { show = oneLine, zone } = style;
  const shown = readable(reason.code, language, zone);
  const text = textOf(
    reason,
    mapped(reason.details, (name, value) => show(shown(name, value))),
    language
  );
  const { lines } = textOf(reason, reason.details, language);
  return { ...text, ...(lines === undefined ? {} : { lines: someLines(lines) }) };
};

/** What, why and next in plain text; lines to copy follow on lines of their own. */
export const sentence = (reason: Reason, language: Language, style: Style = {}): string => {
  const { what, why, next, lines } = partsOf(reason, language, style);
  const said = [what, why, next].filter((part) => part !== undefined).join(' ');
  return lines === undefined ? said : `${said}\n${lines.replaceAll(/^(?=.)/gm, '  ')}`;
};
