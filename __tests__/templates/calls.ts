import { askedFor } from './workflow.ts';
import type { Input, Job, Workflow } from './workflow.ts';

const LEVELS = ['none', 'read', 'write'];
const rank = (level: string | undefined): number => LEVELS.indexOf(level ?? 'none');

/** An expression has a type only when it runs, and GitHub then turns it into a string or refuses it. */
const isExpression = (value: unknown): boolean => typeof value === 'string' && value.includes('${{');

const typeProblem = (name: string, value: unknown, { type }: Input): string | undefined => {
  const expected = type === 'number' || type === 'boolean' ? type : 'string';
  if (isExpression(value) || typeof value === expected) return undefined;
  return `${name} must be a ${expected}, not ${JSON.stringify(value)}`;
};

const inputProblems = (job: Job, callee: Workflow): readonly string[] => {
  const { inputs } = askedFor(callee);
  const missing = Object.entries(inputs).filter(
    ([name, { required, default: value }]) => required && value === undefined && !(name in job.with)
  );
  const given = Object.entries(job.with).map(([name, value]) => {
    const input = inputs[name];
    return input === undefined ? `there is no input ${name}` : typeProblem(name, value, input);
  });
  return [...missing.map(([name]) => `${name} must be given`), ...given.filter((problem) => problem !== undefined)];
};

const secretProblems = (job: Job, callee: Workflow): readonly string[] => {
  const { secrets } = askedFor(callee);
  if (job.secrets === 'inherit') return ['secrets must be named, not inherited'];
  const given = job.secrets ?? {};
  return [
    ...Object.entries(secrets)
      .filter(([name, { required }]) => required && !(name in given))
      .map(([name]) => `secret ${name} must be given`),
    ...Object.keys(given)
      .filter((name) => !(name in secrets))
      .map((name) => `there is no secret ${name}`)
  ];
};

/** A called job that wants more than its caller has ends the whole run before it starts. */
const scopeProblems = (job: Job, callee: Workflow): readonly string[] => {
  const most = new Map<string, string>();
  for (const [scope, level] of Object.values(callee.jobs).flatMap(({ permissions = {} }) =>
    Object.entries(permissions)
  )) {
    if (rank(level) > rank(most.get(scope))) most.set(scope, level);
  }
  const scopes = new Set([...most.keys(), ...Object.keys(job.permissions ?? {})]);
  return [...scopes].flatMap((scope) => {
    const [has, needs] = [job.permissions?.[scope], most.get(scope)];
    if (rank(has) === rank(needs)) return [];
    return [`${scope} must be ${needs ?? 'none'}, not ${has ?? 'none'}`];
  });
};

/** What is wrong with a job that calls a workflow: inputs, their types, secrets, permissions. */
export const callProblems = (job: Job, callee: Workflow): readonly string[] => [
  ...inputProblems(job, callee),
  ...secretProblems(job, callee),
  ...scopeProblems(job, callee)
];
