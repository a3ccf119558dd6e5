import type { Job, Step, WorkflowFile } from './workflow.ts';

/** A rule that the general judges do not know. It returns sentences; no sentence, no problem. */
export type Rule = (file: WorkflowFile) => readonly string[];

export const jobsOf = ({ workflow }: WorkflowFile): readonly (readonly [string, Job])[] =>
  Object.entries(workflow.jobs);
export const stepsOf = (file: WorkflowFile): readonly Step[] => jobsOf(file).flatMap(([, { steps }]) => steps);

export const scopesOf = ({ permissions = {} }: Job): readonly string[] =>
  Object.entries(permissions).map(([scope, level]) => `${scope}: ${level}`);

export const differences = (id: string, has: readonly string[], needs: readonly string[]): readonly string[] => [
  ...has.filter((scope) => !needs.includes(scope)).map((scope) => `${id} has ${scope}, which nothing in it needs`),
  ...needs.filter((scope) => !has.includes(scope)).map((scope) => `${id} needs ${scope}`)
];
