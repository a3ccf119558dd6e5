import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RUNNER_CANARIES } from '../../../rehearsal/runner/run-action.ts';
import { credential, gitEnvironment } from '../../../src/adapters/history/environment.ts';

const TOKEN = 'ghs_canaryTokenOfTheJob00001';
const KEPT = { PATH: '/usr/bin', HOME: '/home/ana', SSH_AUTH_SOCK: '/run/agent', GIT_SSH_COMMAND: 'ssh -i key' };

describe('the environment of git and of what git starts', () => {
  test('is exactly this: the way to the remote, and nothing of the runner', () => {
    const environment = {
      ...RUNNER_CANARIES,
      ...KEPT,
      INPUT_TOKEN: TOKEN,
      GITHUB_TOKEN: TOKEN,
      GITHUB_OUTPUT: '/f/output',
      STATE_x: 'y',
      GIT_DIR: '/elsewhere',
      GIT_CONFIG_COUNT: '9',
      UNSET: undefined
    };
    expect(gitEnvironment({ environment, token: TOKEN }, [['a.b', 'c']])).toEqual({
      ...KEPT,
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'core.fsmonitor',
      GIT_CONFIG_VALUE_1: 'false',
      GIT_CONFIG_KEY_2: 'log.follow',
      GIT_CONFIG_VALUE_2: 'false',
      GIT_CONFIG_KEY_3: 'a.b',
      GIT_CONFIG_VALUE_3: 'c',
      LC_ALL: 'C',
      LANGUAGE: 'C',
      TZ: 'UTC',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_NO_REPLACE_OBJECTS: '1'
    });
  });

  test('holds the token nowhere but in the header for its own server', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), fc.string(), (step, name, around) => {
        const environment = { ...step, [name]: around + TOKEN + around };
        expect(JSON.stringify(gitEnvironment({ environment, token: TOKEN }, []))).not.toContain(TOKEN);
      })
    );
    const settings = credential('https://github.com/', TOKEN);
    expect(settings.map(([key]) => key)).toEqual([
      'http.https://github.com/.extraheader',
      'http.https://github.com/.extraheader'
    ]);
    expect(credential('https://github.com', '')).toEqual([]);
    expect(credential('https://github.com', undefined)).toEqual([]);
  });
});
