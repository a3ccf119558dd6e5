import * as v from 'valibot';
import { incoherences } from './coherence.ts';
import type { Fault, Path } from './coherence.ts';
import type { Delivery } from './delivery.ts';
import { MISSING, NO_TEXT } from './fields.ts';
import { fillIn } from './fill-in.ts';
import { DeliverySchema } from './schema.ts';
import { readYaml } from './yaml-document.ts';
import type { Place, YamlDocument } from './yaml-document.ts';

const pathOf = (issue: v.BaseIssue<unknown>): Path =>
  (issue.path ?? []).flatMap(({ key }) => (typeof key === 'string' || typeof key === 'number' ? [key] : []));

const faultOf = (issue: v.BaseIssue<unknown>): Fault => ({
  path: pathOf(issue),
  at: issue.path?.at(-1)?.origin === 'key' ? 'key' : 'value',
  problem: issue.message
});

/** `build.files[1]`; names are the file's own words, so they are cut. */
const nameOf = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.slice(0, 60)}`))
    .join('')
    .slice(1);

/** A version such as 1.10 is a number in YAML and loses its zero: what the person meant must be said. */
const explained = ({ path, problem }: Fault, { unquoted }: Place): string => {
  const quote = problem === NO_TEXT && unquoted !== undefined ? `; quote it: '${unquoted}'` : '';
  return path.length === 0 ? problem + quote : `\`${nameOf(path)}\` ${problem}${quote}`;
};

const isMissing = ({ problem }: Fault): boolean => problem === MISSING;

/** Throws the fault that stands first in the file; what is missing comes last, as it may only be misspelt. */
const throwFirst = (document: YamlDocument, faults: readonly Fault[]): void => {
  const [first] = faults
    .map((fault) => ({ fault, place: document.find(fault.path) }))
    .map(({ fault, place }) => ({
      offset: place[fault.at],
      problem: explained(fault, place),
      missing: isMissing(fault)
    }))
    .toSorted((a, b) => Number(a.missing) - Number(b.missing) || a.offset - b.offset);
  if (first !== undefined) throw document.wrong(first.offset, first.problem);
};

/**
 * The delivery that the text of `delivery.yml` describes, every default filled in; no text, all defaults.
 * Throws `config-invalid` at the line and column of the first thing wrong.
 */
export const readDelivery = (text: string | undefined, file: string): Delivery => {
  if (text === undefined) return fillIn(v.parse(DeliverySchema, {}), undefined);
  const document = readYaml(text, file);
  const result = v.safeParse(DeliverySchema, document.value ?? {});
  if (!result.success) {
    throwFirst(document, result.issues.map(faultOf));
    throw document.wrong(0, 'cannot be read');
  }
  throwFirst(document, incoherences(result.output));
  return fillIn(result.output, file);
};
