import { RUNNER_CANARIES } from '../../rehearsal/runner/run-action.ts';
import type { StepRun } from '../../rehearsal/runner/run-action.ts';
import { escapeData } from '../../src/adapters/inert.ts';

/** The secrets of the runner that every job has. */
export const CANARIES: readonly string[] = Object.values(RUNNER_CANARIES).filter((value) => value.includes('canary'));

/** A value itself and the forms in which it might turn up. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  // as git sends it; the name of the user is no secret
  Buffer.from(`x-access-token:${secret}`).toString('base64').replace(/=+$/, '').slice(20),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1)
];

/** So much of a secret is as good as the whole: texts are cut where a sink has no more room. */
const TELLING = 20;

/** Those of the secrets that stand in the text, in whatever form, or begin there. */
export const leaksIn = (text: string, secrets: readonly string[]): readonly string[] =>
  [...new Set(secrets)].filter((secret) => formsOf(secret).some((form) => text.includes(form.slice(0, TELLING))));

/** Everything a step said: its log, its summary, its outputs. The command that masks a secret is the one place for it. */
export const saidBy = (step: StepRun, secrets: readonly string[]): string => {
  const log = secrets.reduce((text, secret) => text.replaceAll(`::add-mask::${escapeData(secret)}\n`, ''), step.log);
  return [log, step.summary, JSON.stringify(step.stepOutputs)].join('\n');
};
