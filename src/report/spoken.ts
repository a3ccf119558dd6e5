import type { Language } from '../contract.ts';
import type { Finding, Flaw } from '../domain/finding.ts';
import type { Note } from '../domain/outcome.ts';
import type { Progress, StatusText } from '../domain/progress.ts';
import type { Reason } from '../domain/refusal.ts';
import type { FindingText } from './messages/catalogue.ts';
import { oneLine, cutTo } from './plain.ts';
import { catalogueOf, partsOf } from './sentence.ts';
import type { Style } from './sentence.ts';

type Entry = { readonly kind: string };
type Value = string | number | Reason;
type Shown = Readonly<Record<string, string | number>>;

const showing = (language: Language, style: Style): ((name: string, value: Value) => string | number) => {
  const { show = oneLine } = style;
  return (name, value) => {
    if (typeof value === 'number') return value;
    if (typeof value === 'object') return partsOf(value, language, style).what;
    return show(name === 'problem' ? catalogueOf(language).problem(oneLine(value)) : value);
  };
};

/** The entry of a table for this value, with every value shown; tables are complete by type. */
const spoken = (table: object, entry: Entry, show: (name: string, value: Value) => string | number): string => {
  const texts = new Map<string, (shown: Shown) => string>(Object.entries(table));
  const shown = Object.fromEntries(
    Object.entries<Value>({ ...entry }).map(([name, value]) => [name, show(name, value)])
  );
  return texts.get(entry.kind)?.(shown) ?? '';
};

export const noteText = (note: Note, language: Language, style: Style = {}): string =>
  spoken(catalogueOf(language).notes, note, showing(language, style));

type Flat = Readonly<Record<string, string | number>>;

/** A subject that could not be checked reads by its name. */
const valuesOf = (flaw: Flaw, language: Language): Flat =>
  flaw.kind === 'not-checked'
    ? { ...flaw, subject: catalogueOf(language).findings.subjects[flaw.subject] }
    : { ...flaw };

export const findingText = (flaw: Flaw, language: Language, style: Style = {}): FindingText => {
  const { show = oneLine } = style;
  const values = Object.entries(valuesOf(flaw, language));
  const shown = Object.fromEntries(
    values.map(([name, value]) => [name, typeof value === 'number' ? value : show(value)])
  );
  const table: object = catalogueOf(language).findings.flaws;
  const texts = new Map<string, (values: Flat) => FindingText>(Object.entries(table));
  return texts.get(flaw.kind)?.(shown) ?? { what: '', todo: '' };
};

const placeOf = ({ place }: Finding): string =>
  place.kind === 'file' ? `${oneLine(place.path)}:${place.line}` : `Settings: ${place.page}`;

/** A finding as one line of the log. */
export const findingLine = (finding: Finding, language: Language): string => {
  const { what, todo } = findingText(finding.flaw, language);
  return `${what} ${todo} (${placeOf(finding)})`;
};

/** One line of the log. */
export const progressText = (progress: Progress, language: Language): string =>
  spoken(catalogueOf(language).progress, progress, showing(language, {}));

/** GitHub takes no longer description of a deployment status (REST, "Create a deployment status"). */
const LONGEST_STATUS = 140;

export const statusText = (status: StatusText, language: Language): string =>
  cutTo(spoken(catalogueOf(language).status, status, showing(language, {})), LONGEST_STATUS);
