import { readJobs } from './rewrite.ts';
import type { Scenario } from './scenario.ts';

/** Jobs go by their ids, not by what people read. */
export interface Names {
  /** `deploy / staging (eu)` -> `staging (eu)`; a name -> its job's id. */
  readonly idOf: (key: string) => string;
  /** Jobs of the workflow itself that are one job each. */
  readonly plain: readonly string[];
}

const workflowsIn = ({ files, repositories = {} }: Pick<Scenario, 'files' | 'repositories'>): readonly string[] =>
  [files, ...Object.values(repositories)]
    .flatMap((each) => Object.entries(each))
    .filter(([path]) => path.startsWith('.github/workflows/'))
    .map(([, text]) => text);

export const namesIn = (scenario: Pick<Scenario, 'files' | 'repositories'>, workflow: string): Names => {
  const own = readJobs(scenario.files[`.github/workflows/${workflow}`] ?? '');
  const all = [...workflowsIn(scenario).flatMap((text) => Object.entries(readJobs(text))), ...Object.entries(own)];
  const ids = new Map(all.map(([id, { name }]) => [name ?? id, id]));
  return {
    idOf: (key) => {
      const [, name = key, leg = ''] = /^(.*?)( \(.*\))?$/.exec(key.split(' / ').at(-1) ?? key) ?? [];
      return (ids.get(name) ?? name) + leg;
    },
    plain: Object.entries(own)
      .filter(([, { uses, strategy }]) => uses === undefined && strategy === undefined)
      .map(([id]) => id)
  };
};

/** Of all jobs, those both runners show alike. */
export const plainJobs = <T>(names: Names, jobs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries(
    jobs
      .filter(([key]) => !key.includes(' / '))
      .map(([key, job]) => [names.idOf(key), job] as const)
      .filter(([id]) => names.plain.includes(id))
  );
