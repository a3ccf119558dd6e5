import { RehearsalError, TemplateError } from './errors.ts';
import { asText, resolve } from './expressions.ts';
import type { Scope, Value, Values } from './expressions.ts';
import type { Tree } from './document.ts';

export interface Leg {
  readonly values: Values;
  /** `job-index` and the rest of the `strategy` context. */
  readonly strategy: Values;
  /** Behind the job's name, in brackets; empty without a matrix. */
  readonly label: string;
}

export interface Strategy {
  readonly legs: readonly Leg[];
  readonly failFast: boolean;
  readonly maxParallel: number;
}

const isRecord = (value: Value | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordsIn = (value: Value | undefined, where: string): readonly Values[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isRecord)) throw new TemplateError(`${where}: a list of mappings expected`);
  return value;
};

const same = (one: Value | undefined, other: Value): boolean => JSON.stringify(one) === JSON.stringify(other);

const product = (axes: readonly (readonly [string, Value])[]): readonly Values[] =>
  axes.reduce<readonly Values[]>(
    (sum, [name, values]) => {
      if (!Array.isArray(values)) throw new TemplateError(`Matrix vector '${name}' is not a list`);
      if (values.length === 0) throw new TemplateError(`Matrix vector '${name}' does not contain any values`);
      return sum.flatMap((each) => values.map((value: Value) => ({ ...each, [name]: value })));
    },
    axes.length === 0 ? [] : [{}]
  );

const matches = (combination: Values, part: Values): boolean =>
  Object.entries(part).every(([name, value]) => same(combination[name], value));

/**
 * Every object of `include` joins the combinations it does not contradict in an ORIGINAL value; one that joins none
 * becomes a combination of its own (docs: "Expanding or adding matrix configurations").
 */
const included = (original: readonly Values[], include: readonly Values[]): readonly Values[] => {
  const sum: Values[] = [...original];
  for (const extra of include) {
    const fitting = original.flatMap((combination, at) => {
      const shared = Object.keys(extra).filter((name) => name in combination);
      return shared.every((name) => same(combination[name], extra[name] ?? null)) ? [at] : [];
    });
    for (const at of fitting) sum[at] = { ...sum[at], ...extra };
    if (fitting.length === 0) sum.push(extra);
  }
  return sum;
};

const MOST = 256;

const combinations = (matrix: Values): readonly Values[] => {
  const axes = Object.entries(matrix).filter(([name]) => name !== 'include' && name !== 'exclude');
  const exclude = recordsIn(matrix['exclude'], 'exclude');
  const kept = product(axes).filter((each) => !exclude.some((part) => matches(each, part)));
  const all = included(kept, recordsIn(matrix['include'], 'include'));
  if (all.length > MOST) throw new TemplateError(`The matrix makes ${all.length} jobs; ${MOST} are allowed`);
  return all;
};

const labelOf = (values: Values): string =>
  Object.values(values)
    .filter((value) => typeof value !== 'object')
    .map(asText)
    .join(', ');

const NO_MATRIX: Strategy = {
  legs: [
    {
      values: {},
      strategy: { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 },
      label: ''
    }
  ],
  failFast: true,
  maxParallel: 1
};

const KNOWN = ['matrix', 'fail-fast', 'max-parallel'];

/** Evaluates `strategy:` into the jobs it makes. */
export const planStrategy = (tree: Tree | undefined, scope: Scope): Strategy => {
  const given = tree === undefined ? null : resolve(tree, scope);
  if (!isRecord(given)) return NO_MATRIX;
  const unknown = Object.keys(given).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) throw new RehearsalError(`strategy: the engine does not know "${unknown}"`);
  if (!isRecord(given['matrix'])) return NO_MATRIX;
  const all = combinations(given['matrix']);
  if (all.length === 0) throw new TemplateError('The matrix does not contain any combination');
  const failFast = given['fail-fast'] !== false;
  const maxParallel = typeof given['max-parallel'] === 'number' ? given['max-parallel'] : all.length;
  const legs = all.map((values, index) => ({
    values,
    strategy: {
      'fail-fast': failFast,
      'job-index': index,
      'job-total': all.length,
      'max-parallel': maxParallel
    },
    label: labelOf(values)
  }));
  return { legs, failFast, maxParallel };
};
