import { PREVIEW_ENVIRONMENT, pullNamed } from '../domain/preview.ts';
import { nearest } from '../rules/nearest.ts';
import type { Written } from './schema.ts';

export type Path = readonly (string | number)[];

/** Something wrong at a place of the file; `at` says whether the key is at fault or what stands behind it. */
export interface Fault {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly problem: string;
}

type Environments = Written['environments'];

const needsOf = (environments: Environments, name: string): readonly string[] => environments[name]?.needs ?? [];

const sameNames = (environments: Environments): readonly Fault[] => {
  const seen = new Map<string, string>();
  return Object.keys(environments).flatMap((name): Fault[] => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (other === undefined) return [];
    return [{ path: ['environments', name], at: 'key', problem: `is the same as \`${other}\`: GitHub ignores case` }];
  });
};

/** Whether following the needs of `from` leads to `goal`. */
const leadsTo = (environments: Environments, from: string, goal: string): boolean => {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === goal) return true;
    if (!seen.has(name)) open.push(...needsOf(environments, name));
    seen.add(name);
  }
  return false;
};

const needProblem = (environments: Environments, name: string, need: string): string | undefined => {
  const others = Object.keys(environments).filter((each) => each !== name);
  if (need === name) return 'names the environment itself';
  if (!others.includes(need)) {
    const known = nearest(need, others).map((each) => `\`${each}\``);
    return `is no environment of this file; nearest first: ${known.join(', ') || 'none'}`;
  }
  return leadsTo(environments, need, name) ? `makes a circle: \`${need}\` needs \`${name}\` in turn` : undefined;
};

const needFaults = (environments: Environments): readonly Fault[] =>
  Object.keys(environments).flatMap((name) =>
    needsOf(environments, name).flatMap((need, index, needs): Fault[] => {
      const twice = needs.indexOf(need) < index ? 'is named twice' : undefined;
      const problem = needProblem(environments, name, need) ?? twice;
      return problem === undefined ? [] : [{ path: ['environments', name, 'needs', index], at: 'value', problem }];
    })
  );

/** Keys that would do nothing, because they speak of what the environment needs. */
const idleKeys = (environments: Environments): readonly Fault[] =>
  Object.entries(environments).flatMap(([name, environment]) =>
    (['soak', 'best-before'] as const)
      .filter((key) => environment[key] !== undefined && environment.needs.length === 0)
      .map((key): Fault => ({ path: ['environments', name, key], at: 'key', problem: 'has no effect without `needs`' }))
  );

const verifyFaults = ({ verify }: Written): readonly Fault[] =>
  verify === undefined || verify.run !== undefined || verify.http !== undefined
    ? []
    : [{ path: ['verify'], at: 'key', problem: 'needs `run` or `http`: there is nothing to verify by' }];

/** Its records would be taken for those of a preview, or the other way round. */
const previewNames = ({ preview, environments }: Written): readonly Fault[] =>
  Object.keys(environments)
    .filter(
      (name) => preview !== undefined && (name.toLowerCase() === PREVIEW_ENVIRONMENT || pullNamed(name) !== undefined)
    )
    .map((name) => ({
      path: ['environments', name],
      at: 'key',
      problem: 'is the name of a preview: choose another one'
    }));

/** What no single value shows: names that clash, needs that lead nowhere or in a circle, keys without effect. */
export const incoherences = (written: Written): readonly Fault[] => [
  ...verifyFaults(written),
  ...sameNames(written.environments),
  ...previewNames(written),
  ...needFaults(written.environments),
  ...idleKeys(written.environments)
];
