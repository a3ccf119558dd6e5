import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMANDS, INPUTS, INPUTS_OF, OVERRIDABLE } from '../src/contract.ts';
import type { CommandName, InputName } from '../src/contract.ts';
import { parse } from '../src/parse.ts';
import type { Parsed } from '../src/parse.ts';
import { reasonFor } from './refusals.ts';
import { stepEnvironment } from './step-environment.ts';
import { anyText } from './report/examples.ts';

const run = (inputs: Record<string, string>, variables: Record<string, string | undefined> = {}): Parsed =>
  parse(stepEnvironment(inputs, variables));

const invalid = (input: string, problem: unknown): object => ({ code: 'invalid-input', details: { input, problem } });

describe('commands', () => {
  test.each([
    [{ command: 'plan' }, { name: 'plan', config: '.github/delivery.yml' }],
    [
      { command: 'plan', environment: 'staging' },
      { name: 'plan', config: '.github/delivery.yml', environment: 'staging' }
    ],
    [{ command: 'build' }, { name: 'build', config: '.github/delivery.yml', outputDir: '.delivery', dryRun: false }],
    [
      { command: 'release', 'output-dir': './out/', config: 'services/api/delivery.yml', language: 'pt-BR' },
      { name: 'release', config: 'services/api/delivery.yml', outputDir: 'out', dryRun: false, language: 'pt-BR' }
    ],
    [
      { command: 'deploy', environment: 'production' },
      {
        name: 'deploy',
        config: '.github/delivery.yml',
        environment: 'production',
        wanted: { kind: 'latest' },
        override: [],
        dryRun: false
      }
    ],
    [
      { command: 'rollback', environment: 'production', reason: 'it is slow' },
      {
        name: 'rollback',
        config: '.github/delivery.yml',
        environment: 'production',
        wanted: { kind: 'previous' },
        reason: 'it is slow',
        override: [],
        dryRun: false
      }
    ],
    [
      { command: 'up', environment: 'preview' },
      { name: 'up', config: '.github/delivery.yml', dryRun: false }
    ],
    [
      { command: 'up', environment: 'pr-12', expires: '12h' },
      { name: 'up', config: '.github/delivery.yml', pull: 12, expiresSeconds: 43_200, dryRun: false }
    ],
    [
      { command: 'down', environment: 'Preview', 'dry-run': 'true' },
      { name: 'down', config: '.github/delivery.yml', dryRun: true }
    ],
    [
      { command: 'verify', environment: 'prod/eu 🚀' },
      { name: 'verify', config: '.github/delivery.yml', environment: 'prod/eu 🚀' }
    ]
  ])('%j', (inputs, command) => {
    expect(run(inputs).command).toEqual(command);
  });

  test('an empty input counts as not given, as the runner sets every undeclared one', () => {
    const all = Object.fromEntries(INPUTS.map((name) => [name, '']));
    expect(run({ ...all, token: 't', command: 'plan' })).toEqual(run({ token: 't', command: 'plan' }));
  });

  test('a missing command lists the valid ones, an unknown one the nearest first', () => {
    expect(reasonFor(() => run({}))).toEqual(invalid('command', expect.stringContaining('`plan`, `build`')));
    expect(reasonFor(() => run({ command: 'delpoy' }))).toEqual(
      invalid(
        'command',
        '"delpoy" is unknown; valid, nearest first: `deploy`, `verify`, `report`, `doctor`, `plan`, `release`, `propose`, `up`, `down`, `build`, `rollback`, `announce`'
      )
    );
  });
});

describe('inputs', () => {
  test('an unknown input lists those of the command, the nearest first', () => {
    expect(reasonFor(() => run({ command: 'build', output_dir: 'x' }))).toEqual(
      invalid(
        'output_dir',
        expect.stringMatching(/^there is no such input; `build` takes, nearest first: `output-dir`, /)
      )
    );
  });

  const pairs = COMMANDS.flatMap((command) => INPUTS.map((input) => ({ command, input })));
  const values: Partial<Record<InputName, string>> = {
    version: '1.4.2',
    override: 'freeze',
    'dry-run': 'true',
    expires: '3d',
    language: 'en'
  };
  const PREVIEWING: readonly CommandName[] = ['up', 'down'];
  const environmentFor = (command: CommandName): string => (PREVIEWING.includes(command) ? 'preview' : 'p');
  const inputsOf = (command: CommandName, input: InputName): Record<string, string> => ({
    ...(INPUTS_OF[command].includes('environment') ? { environment: environmentFor(command) } : {}),
    ...(INPUTS_OF[command].includes('reason') ? { reason: 'why' } : {}),
    [input]: values[input] ?? (input === 'environment' ? environmentFor(command) : 'x'),
    command
  });

  test.each(pairs.filter(({ command, input }) => INPUTS_OF[command].includes(input)))(
    '$command takes $input',
    ({ command, input }) => {
      expect(run(inputsOf(command, input)).command.name).toBe(command);
    }
  );

  test.each(pairs.filter(({ command, input }) => !INPUTS_OF[command].includes(input)))(
    '$command does not take $input, and says who does',
    ({ command, input }) => {
      const takers = COMMANDS.filter((each) => INPUTS_OF[each].includes(input)).map((each) => `\`${each}\``);
      expect(reasonFor(() => run(inputsOf(command, input)))).toEqual(
        invalid(input, `\`${command}\` does not take it; it belongs to ${takers.join(', ')}`)
      );
    }
  );

  test.each([
    ['environment', '', '`deploy` needs to know which one'],
    ['environment', ' production', expect.stringContaining('outer spaces')],
    ['environment', 'prod\nuction', expect.stringContaining('control characters')],
    ['environment', 'x'.repeat(256), expect.stringContaining('1 to 255 characters')],
    ['environment', '..', expect.stringContaining('not be `.` or `..`')],
    ...['1.2', ' 1.2.3', '1.2.3\n', '01.2.3', '1.2.3-rc.1', '1.2.3+b%0A', 'V1.2.3', 'vv1.2.3', '１.2.3', 'newest'].map(
      (version) => [
        'version',
        version,
        `${JSON.stringify(version)} is no version; write 1.4.2, v1.4.2, latest or previous`
      ]
    ),
    ['override', 'freze', expect.stringMatching(/^"freze" is unknown; valid, nearest first: `freeze`, /)],
    ['override', 'freeze soak', expect.stringContaining('"freeze soak" is unknown')],
    ['reason', '  ', 'it is blank'],
    ['reason', 'x'.repeat(1001), 'it is longer than 1000 characters'],
    ...['yes', 'on', '1', 'TRUE ', 'tRue'].map((text) => [
      'dry-run',
      text,
      `${JSON.stringify(text)} is no boolean; write true or false`
    ]),
    ['language', 'pt', expect.stringMatching(/nearest first: `pt-BR`, `en`$/)],
    ...['../x.yml', '/etc/passwd', 'a/../../b', 'C:\\x', 'a\\b', '.', 'a//b', 'a\u0000b', 'C:/x'].map((path) => [
      'config',
      path,
      expect.stringContaining('must be a path inside the workspace')
    ]),
    ['token', '', 'it is empty; leave the input out to use the token of the job'],
    ['token', 'ghs_secret\n', 'it holds spaces or line breaks']
  ])('%s %j is refused', (input, text, problem) => {
    const inputs = { command: 'deploy', environment: 'production', reason: 'why', [String(input)]: String(text) };
    expect(reasonFor(() => run(inputs))).toEqual(invalid(String(input), problem));
  });

  test.each([
    ['1.4.2', { kind: 'exact', version: '1.4.2' }],
    ['v1.4.2', { kind: 'exact', version: '1.4.2' }],
    ['latest', { kind: 'latest' }],
    ['previous', { kind: 'previous' }]
  ])('the version %s', (version, wanted) => {
    expect(run({ command: 'deploy', environment: 'p', version }).command).toMatchObject({ wanted });
  });

  test.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false]
  ])('the boolean %s', (text, dryRun) => {
    expect(run({ command: 'build', 'dry-run': text }).command).toMatchObject({ dryRun });
  });

  test('overrides are separated by commas or lines, named once, and need a reason', () => {
    const inputs = { command: 'deploy', environment: 'p', override: 'freeze, soak\nfreeze,\n' };
    expect(run({ ...inputs, reason: 'fire' }).command).toMatchObject({ override: ['freeze', 'soak'] });
    expect(run({ ...inputs, override: OVERRIDABLE.join(), reason: 'fire' }).command).toMatchObject({
      override: OVERRIDABLE
    });
    expect(reasonFor(() => run(inputs))).toEqual({ code: 'reason-required', details: { input: 'override' } });
  });

  test('the token is in no message', () => {
    const why = reasonFor(() => run({ command: 'plan', token: 'ghs secret' }));
    expect(why?.code).toBe('invalid-input');
    expect(JSON.stringify(why)).not.toContain('secret');
  });
});

describe('surroundings', () => {
  test('are read from the variables of the runner', () => {
    expect(run({ command: 'plan' })).toMatchObject({
      token: 'ghs_token',
      surroundings: {
        repository: { owner: 'acme', name: 'shop' },
        run: {
          id: 4711,
          attempt: 2,
          url: 'https://github.com/acme/shop/actions/runs/4711/attempts/2',
          workflow: 'delivery'
        },
        actor: 'ana',
        event: 'push',
        serverUrl: 'https://github.com',
        apiUrl: 'https://api.github.com',
        graphqlUrl: 'https://api.github.com/graphql',
        workspace: '/home/runner/work/shop/shop',
        temporary: '/home/runner/work/_temp'
      }
    });
  });

  test.each([
    ['refs/heads/main', 'main'],
    ['refs/heads/feat/refs/heads/x', 'feat/refs/heads/x'],
    ['refs/tags/main', undefined],
    ['refs/pull/7/merge', undefined],
    ['refs/heads/', undefined],
    ['main', undefined],
    [undefined, undefined]
  ])('of the ref %s are of the branch %s', (GITHUB_REF, branch) => {
    expect(run({ command: 'plan' }, { GITHUB_REF }).surroundings.branch).toBe(branch);
  });

  test.each(Object.keys(stepEnvironment()).filter((name) => name !== 'INPUT_TOKEN'))('%s is missed by name', (name) => {
    for (const value of [undefined, '']) {
      expect(reasonFor(() => run({ command: 'plan' }, { [name]: value }))).toEqual(
        invalid(name, 'it is not set; GitHub Actions sets it in every step')
      );
    }
  });

  test.each([
    ['GITHUB_REPOSITORY', 'acme', 'it must read `owner/name`'],
    ['GITHUB_REPOSITORY', 'acme/..', 'it must read `owner/name`'],
    ['GITHUB_REPOSITORY', 'acme/shop/x', 'it must read `owner/name`'],
    ['GITHUB_RUN_ID', '0', 'it must be a whole number'],
    ['GITHUB_RUN_ATTEMPT', '1e3', 'it must be a whole number'],
    ['GITHUB_API_URL', 'http://ghes.example', expect.stringContaining('https')],
    ['GITHUB_API_URL', 'file:///etc/passwd', expect.stringContaining('https')],
    ['GITHUB_SERVER_URL', 'https://user:pass@github.com', expect.stringContaining('without user')],
    ['GITHUB_GRAPHQL_URL', 'graphql', expect.stringContaining('https')]
  ])('%s=%s is refused', (name, value, problem) => {
    expect(reasonFor(() => run({ command: 'plan' }, { [name]: value }))).toEqual(invalid(name, problem));
  });

  test('an Enterprise Server with a path and a hub on this machine are welcome', () => {
    const ghes = run({ command: 'plan' }, { GITHUB_API_URL: 'https://ghes.example/api/v3/' });
    expect(ghes.surroundings.apiUrl).toBe('https://ghes.example/api/v3');
    const local = run({ command: 'plan' }, { GITHUB_API_URL: 'http://127.0.0.1:4400/api' });
    expect(local.surroundings.apiUrl).toBe('http://127.0.0.1:4400/api');
  });
});

test('whatever the variables, only refusals are thrown', () => {
  const names = [
    ...INPUTS.map((name) => `INPUT_${name.toUpperCase()}`),
    'INPUT___PROTO__',
    'INPUT_CONSTRUCTOR',
    'INPUT_'
  ];
  const texts = fc.oneof(anyText, fc.constantFrom(...COMMANDS, '1.4.2', 'freeze', '__proto__', 'true'));
  const pool = fc.constantFrom(...names, ...Object.keys(stepEnvironment()));
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.dictionary(pool, texts), (command, variables) => {
      reasonFor(() => parse({ ...stepEnvironment({ command, environment: 'p' }), ...variables }));
    }),
    { numRuns: 300 }
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe('previews', () => {
  test.each(['staging', 'pr-0', 'pr-x', 'preview 12', 'pr-2147483648'])('%j is none', (environment) => {
    for (const command of ['up', 'down']) {
      const problem: unknown = expect.stringContaining('is no preview; write `preview`, or `pr-` and a number');
      expect(reasonFor(() => run({ command, environment }))).toEqual(invalid('environment', problem));
    }
  });

  test.each(['3', 'd', '3 days', '-1h', '0s', '1.5h', '99999d'])('%j is no time to live', (expires) => {
    const problem: unknown = expect.stringContaining('is no duration; write a number and a unit');
    expect(reasonFor(() => run({ command: 'up', environment: 'preview', expires }))).toEqual(
      invalid('expires', problem)
    );
  });
});
