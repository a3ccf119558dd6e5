import type { Redactor } from './redact.ts';

/**
 * What a script of the user does not get, though the step has it. A `run:` step never sees the first two groups; an
 * action that starts scripts must take them away, or it raises their privilege (artifact and cache write).
 */
const REMOVED: readonly RegExp[] = [
  // the runner's own services and the identity token; a cloud login belongs into a step before
  /^ACTIONS_.*TOKEN/,
  /^ACTIONS_RUNTIME_/,
  /^ACTIONS_RESULTS_URL$/,
  /^ACTIONS_CACHE_/,
  // our inputs and state: they hold the token
  /^INPUT_/,
  /^STATE_/,
  // the runner's command files: a line written there forges our outputs or changes later steps; scripts have DELIVERY_OUTPUT
  /^GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/
];

/** The runner's own tokens. A script does not get them, but may read them off this very process: they are never printed. */
export const runnerTokens = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value = '']) =>
    /^ACTIONS_.*TOKEN$/.test(name.toUpperCase()) ? [value] : []
  );

/** The step's environment minus everything secret to the runner, and minus every variable whose value holds one of our secrets. */
export const scrub = (
  environment: Readonly<Record<string, string | undefined>>,
  redactor: Redactor
): Record<string, string> => {
  const stays = (name: string, value: string): boolean =>
    !REMOVED.some((pattern) => pattern.test(name.toUpperCase())) && !redactor.holds(value);
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && stays(name, value) ? [[name, value]] : []
    )
  );
};
