import type { LogEntry, Snapshot } from '../../rehearsal/hub/index.ts';
import type { Texts } from './scenario.ts';

export interface SeenJob {
  readonly result: string;
  readonly outputs: Texts;
}

/** What one runner made of one move, in words both have. */
export interface Seen {
  /** Of the run as a whole. */
  readonly result: string;
  /** Jobs with neither a matrix nor a called workflow, by id. */
  readonly jobs: Readonly<Record<string, SeenJob>>;
  /** Steps that ran, by job and in order: `id: outcome`, then `id.output = value`. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** What each job asked of the API, in order. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
  /** What the repository holds afterwards. */
  readonly state: readonly string[];
}

export interface SeenStep {
  readonly id: string;
  /** As people read it; tells which action it uses. */
  readonly name: string;
  readonly outcome: string;
  readonly outputs: Texts;
}

/** Of GitHub's own actions there are only stand-ins, and they give no outputs. */
const STOOD_IN = /actions\/(checkout|upload-artifact|download-artifact)@/;

/** The whole report of our action holds times; what matters of it stands in the other outputs. */
const LEFT_OUT = 'result';

export const stepLines = ({ id, name, outcome, outputs }: SeenStep): readonly string[] => [
  `${id}: ${outcome}`,
  ...Object.entries(STOOD_IN.test(name) ? {} : outputs)
    .filter(([output]) => output !== LEFT_OUT)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([output, value]) => `${id}.${output} = ${value}`)
];

/** A call that the hub does not know, or an answer against GitHub's own description, is nothing two runners may agree on. */
export const noProblems = ({ problems }: { readonly problems: readonly string[] }): void => {
  if (problems.length > 0) throw new Error(`the hub saw what must not happen: ${problems.join('; ')}`);
};

/** What is called otherwise on each hub: its address, the commit of the run, the numbers of its records. */
export const ownNames = (
  { url }: { readonly url: string },
  commit: string,
  { deployments }: Snapshot
): ReadonlyMap<string, string> =>
  new Map([
    [url, 'HUB'],
    [commit, 'COMMIT'],
    ...deployments.map(({ id }, at): [string, string] => [String(id), `DEPLOYMENT-${at + 1}`])
  ]);

/** Asset uploads among them; downloads and git are no calls of the API. */
export const callsOf = (
  log: readonly LogEntry[],
  run: number,
  idOf: (job: string) => string
): Readonly<Record<string, readonly string[]>> => {
  const calls: Record<string, string[]> = {};
  for (const { kind, run: of, job = '', method, operation, status } of log) {
    if (kind !== 'api' || of !== run) continue;
    (calls[idOf(job)] ??= []).push(`${method} ${operation} ${status}`);
  }
  return calls;
};

export const stateOf = ({ tags, releases, deployments, issues }: Snapshot): readonly string[] => [
  ...tags.map(({ name }) => `tag ${name}`),
  ...releases.map(({ tag, draft, prerelease, assets }) =>
    JSON.stringify({ release: tag, draft, prerelease, assets: assets.map(({ name }) => name) })
  ),
  ...deployments.map(({ environment, sha, state, statuses }) =>
    JSON.stringify({ environment, sha, state, went: statuses.map((each) => each.state) })
  ),
  ...issues.map(({ state, labels }) => JSON.stringify({ issue: state, labels }))
];

const each = <T, U>(of: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));

/** With the names both have. */
export const plain = ({ result: whole, jobs, steps, calls, state }: Seen, names: ReadonlyMap<string, string>): Seen => {
  const rename = (text: string): string =>
    [...names].reduce((before, [own, name]) => before.replaceAll(own, name), text);
  return {
    result: whole,
    jobs: each(jobs, ({ result, outputs }) => ({ result, outputs: each(outputs, rename) })),
    steps: each(steps, (lines) => lines.map(rename)),
    calls,
    state: state.map(rename)
  };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Every place where the two are not the same. */
export const differences = (engine: unknown, act: unknown, path = ''): readonly string[] => {
  if (!isRecord(engine) || !isRecord(act)) {
    return Object.is(engine, act)
      ? []
      : [`${path}: engine ${JSON.stringify(engine) ?? 'has none'}, act ${JSON.stringify(act) ?? 'has none'}`];
  }
  const keys = new Set([...Object.keys(engine), ...Object.keys(act)]);
  return [...keys].flatMap((key) => differences(engine[key], act[key], path === '' ? key : `${path}.${key}`));
};
