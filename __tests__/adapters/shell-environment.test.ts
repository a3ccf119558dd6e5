import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RUNNER_CANARIES } from '../../rehearsal/runner/run-action.ts';
import { createRedactor } from '../../src/adapters/redact.ts';
import { scrub } from '../../src/adapters/shell-environment.ts';

const TOKEN = 'ghs_canaryTokenOfTheJob00001';

describe('the environment a script gets', () => {
  test('is that of the step without what is secret to the runner', () => {
    const kept = {
      PATH: '/usr/bin',
      HOME: '/home/ana',
      GITHUB_SHA: 'abc',
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: '/tmp',
      CI: 'true',
      AWS_SECRET_ACCESS_KEY: 'for-the-script',
      GH_TOKEN: 'another-token-of-the-user',
      ACTIONS_STEP_DEBUG: 'true',
      MY_INPUT_FILE: 'x',
      EMPTY: ''
    };
    const removed = {
      ...RUNNER_CANARIES,
      INPUT_TOKEN: TOKEN,
      'INPUT_DRY-RUN': 'true',
      input_lower: 'x',
      STATE_isPost: 'true',
      GITHUB_OUTPUT: '/f/output',
      GITHUB_ENV: '/f/env',
      GITHUB_PATH: '/f/path',
      GITHUB_STATE: '/f/state',
      GITHUB_STEP_SUMMARY: '/f/summary',
      GITHUB_ARTIFACTS: '/f/artifacts',
      GITHUB_TOKEN: TOKEN,
      NPM_CONFIG: `//npm.pkg.github.com/:_authToken=${TOKEN}`,
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`,
      UNSET: undefined
    };
    expect(scrub({ ...removed, ...kept }, createRedactor([TOKEN]))).toEqual(kept);
  });

  test('never holds the token, whatever the variable is called', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), fc.string(), (step, name, around) => {
        const environment = { ...step, [name]: around + TOKEN + around };
        expect(JSON.stringify(scrub(environment, createRedactor([TOKEN])))).not.toContain(TOKEN);
      })
    );
  });
});
