import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDelivery } from '../../src/config/read.ts';
import { reasonFor } from '../refusals.ts';
import { WHOLE } from './whole-example.ts';

const FILE = '.github/delivery.yml';

const faultIn = (text: string): unknown => reasonFor(() => readDelivery(text, FILE))?.details;

const at = (place: string, problem: unknown): object => {
  const [line, column] = place.split(':');
  return { file: FILE, line, column, problem };
};

const DEFAULTS = {
  version: { scheme: 'semver', tag: 'v{version}', releaseOn: 'any', paths: [] },
  build: { files: [], images: [], timeoutSeconds: 1800 },
  process: {},
  rollback: 'automatic',
  announce: { latest: true, skipLabel: 'no-announcement', channels: [] },
  environments: []
};

describe('what is written', () => {
  test('is read with every duration in seconds and every window in minutes of the week', () => {
    expect(readDelivery(WHOLE, FILE)).toEqual({
      file: FILE,
      version: { scheme: 'semver', tag: 'v{version}', releaseOn: 'any', paths: ['services/api/**'] },
      build: {
        run: 'npm ci && npm test && npm run build',
        files: ['dist/**', 'deploy.sh', '!dist/**/*.map', './smoke.sh'],
        images: ['ghcr.io/acme/shop', 'localhost:5000/acme/shop_api'],
        timeoutSeconds: 2700
      },
      process: {
        deploy: { run: './deploy.sh', timeoutSeconds: 300 },
        verify: {
          run: './smoke.sh',
          http: {
            url: 'https://{environment}.shop.example/health',
            status: 204,
            contains: '{version}',
            successes: 2,
            private: true
          },
          withinSeconds: 90
        }
      },
      rollback: 'manual',
      environments: [
        {
          name: 'staging',
          url: 'https://staging.shop.example',
          needs: [],
          gate: 'none',
          soakSeconds: 0,
          freeze: [],
          rehearseRollback: true
        },
        {
          name: 'production',
          url: 'https://shop.example',
          needs: ['staging'],
          gate: 'approval',
          soakSeconds: 1800,
          maxChanges: 20,
          freeze: [
            { kind: 'weekly', from: 6720, to: 480, zone: 'America/Sao_Paulo', reason: 'nobody on call' },
            { kind: 'dates', from: '2026-12-20', to: '2027-01-02', zone: 'UTC', reason: 'holidays', owner: 'ana' }
          ],
          rehearseRollback: false,
          bestBeforeSeconds: 604_800,
          up: 'terraform apply -auto-approve',
          down: 'terraform destroy -auto-approve'
        }
      ],
      preview: { up: './up.sh', down: './down.sh', expiresSeconds: 259_200, timeoutSeconds: 1800 },
      announce: {
        latest: true,
        skipLabel: 'quiet',
        channels: [
          { kind: 'slack', variable: 'SLACK_ADDRESS' },
          { kind: 'teams', variable: 'TEAMS_ADDRESS' },
          { kind: 'webhook', variable: 'HOOK_2' }
        ]
      },
      language: 'pt-BR'
    });
  });

  test.each([
    ['version: { paths: [services/api/**] }', false],
    ['version: { paths: [services/api/**] }\nannounce: { latest: true }', true],
    ['announce: { latest: false }', false],
    ['version: { paths: [] }', true]
  ])('%j: whether its release is the latest of the repository', (text, latest) => {
    expect(readDelivery(text, FILE).announce.latest).toBe(latest);
  });

  test('no file means all defaults, and so does an empty one', () => {
    expect(readDelivery(undefined, FILE)).toEqual(DEFAULTS);
    for (const text of ['', '# nothing yet\n', '---\n', '{}', '\uFEFF']) {
      expect(readDelivery(text, FILE)).toEqual({ file: FILE, ...DEFAULTS });
    }
  });

  test('what a section leaves out has its default', () => {
    expect(readDelivery('deploy: { run: x }\nverify: { http: { url: http://h } }\nenvironments: { p: }', FILE)).toEqual(
      {
        file: FILE,
        ...DEFAULTS,
        process: {
          deploy: { run: 'x', timeoutSeconds: 600 },
          verify: { http: { url: 'http://h', status: 200, successes: 3, private: false }, withinSeconds: 120 }
        },
        environments: [{ name: 'p', needs: [], gate: 'none', soakSeconds: 0, freeze: [], rehearseRollback: false }]
      }
    );
  });

  test('environments may share lines by an alias, and be called like what every object has', () => {
    const text =
      'environments:\n  a: { freeze: &f [{ from: 2026-01-01, to: 2026-01-01, reason: x }] }\n  toString: { freeze: *f }\n';
    const { environments } = readDelivery(text, FILE);
    expect(environments.map(({ name, freeze }) => [name, freeze.length])).toEqual([
      ['a', 1],
      ['toString', 1]
    ]);
  });

  test.each(['https://hooks.example/services/T0/B0/secret', 'slack_address', 'GITHUB_TOKEN', 'INPUT_TOKEN', 'PATH'])(
    'where a channel is, is told by a variable of the step, and %j is none; the mistake is told without it',
    (value) => {
      expect(() => readDelivery(`announce: { slack: '${value}' }`, FILE)).toThrow('never the address itself');
      expect(() => readDelivery(`announce: { slack: '${value}' }`, FILE)).not.toThrow(value);
    }
  );

  test('the example of this repository is read', () => {
    const text = readFileSync('examples/shop/.github/delivery.yml', 'utf8');
    expect(readDelivery(text, FILE).environments.map(({ name }) => name)).toContain('production');
  });
});

describe('a mistake is named at its line and column', () => {
  test.each([
    // the document
    ['a: 1\na: 2', at('2:1', 'map keys must be unique')],
    ['deploy:\n\trun: x', at('2:1', 'tabs are not allowed as indentation')],
    ['rollback: manual\n---\nrollback: manual', at('2:1', 'there must be one document')],
    ['{rollback: manual', at('1:18', expect.stringContaining('must end with a }'))],
    ['%YAML 1.1\n---\nrollback: manual', at('1:1', 'directives (`%`) are not supported')],
    ['rollback: !foo manual', at('1:11', expect.stringContaining('nresolved tag'))],
    ['deploy:\n  run: !!str 1.10', at('2:14', 'tags (`!`) are not supported')],
    ['environments:\n  <<: { p: }', at('2:3', expect.stringContaining('merge keys'))],
    ['__proto__: { x: 1 }', at('1:1', '`__proto__` cannot be a key')],
    ['environments: { constructor: }', at('1:17', '`constructor` cannot be a key')],
    ['environments:\n  2026: {}', at('2:3', "a key must be text; quote it: '2026'")],
    ['? [a]\n: 1', at('1:3', 'a key must be plain text')],
    ['deploy: *x', at('1:9', 'there is no anchor `&x` above')],
    ['[', at('1:2', expect.stringContaining('must end with a ]'))],
    [`#${'é'.repeat(33_000)}`, at('1:1', 'is larger than 65536 bytes')],
    ['[]', at('1:1', 'must be a mapping (`key: value`)')],
    ['text', at('1:1', 'must be a mapping (`key: value`)')],
    // keys
    [
      'build:\n  run: x\ndeply:\n  run: x',
      at('3:1', expect.stringMatching(/^`deply` is no known key; .*first: `deploy`,/))
    ],
    ['deploy:\n  rnu: x', at('2:3', '`deploy.rnu` is no known key; the keys here, nearest first: `run`, `timeout`')],
    ['Deploy: { run: x }', at('1:1', expect.stringContaining('nearest first: `deploy`'))],
    ['environments:\n  p:\n    max_changes: 3', at('3:5', expect.stringContaining('nearest first: `max-changes`'))],
    ['rollback: manual\ndeploy: { timeout: 3m }', at('2:1', '`deploy.run` is missing')],
    ['\uFEFFdeploy:\r\n  run: x\r\n  foo: 1\r\n', at('3:3', expect.stringContaining('`deploy.foo`'))],
    ['deploy:', at('1:1', '`deploy` is empty; write its keys below it or leave it out')],
    ['build: []', at('1:8', '`build` must be a mapping (`key: value`)')],
    ['environments: [staging]', at('1:15', '`environments` must be a mapping (`key: value`)')],
    ['verify: { within: 1m }', at('1:1', '`verify` needs `run` or `http`: there is nothing to verify by')],
    // values
    ['deploy:\n  run: 1.10', at('2:8', "`deploy.run` must be text; quote it: '1.10'")],
    ['verify: { run: true }', at('1:16', "`verify.run` must be text; quote it: 'true'")],
    ['version: { tag: 012 }', at('1:17', "`version.tag` must be text; quote it: '012'")],
    ['version: 1.10', at('1:10', '`version` must be a mapping (`key: value`)')],
    ['deploy: { run: }', at('1:11', '`deploy.run` must be text')],
    ['deploy: { run: "  " }', at('1:16', '`deploy.run` is blank')],
    ['build: { files: dist }', at('1:17', '`build.files` must be a list')],
    ['rollback: yes', at('1:11', '`rollback` must be one of, nearest first: `manual`, `automatic`')],
    ['rollback: Automatic', at('1:11', '`rollback` must be one of, nearest first: `automatic`, `manual`')],
    ['rollback: { toString: x }', at('1:11', expect.stringContaining('must be one of'))],
    ['language: pt-br', at('1:11', expect.stringContaining('nearest first: `pt-BR`'))],
    ['environments: { p: { rehearse-rollback: yes } }', at('1:41', expect.stringContaining('must be true or false'))],
    ['environments: { p: { rehearse-rollback: "true" } }', at('1:41', expect.stringContaining('true or false'))],
    ['environments: { p: { max-changes: 0 } }', at('1:35', '`environments.p.max-changes` must be at least 1')],
    ['environments: { p: { max-changes: 1.5 } }', at('1:35', expect.stringContaining('whole number'))],
    ['verify: { http: { url: http://h, status: 600 } }', at('1:42', '`verify.http.status` must be at most 599')],
    ...['30', '30 m', '0m', '1.5h', '3M', '-1h', '99999d', "' 3d'"].map((text): [string, object] => [
      `environments: { a: , p: { needs: [a], soak: ${text} } }`,
      at('1:45', expect.stringMatching(/^`environments\.p\.soak` must be a whole number and a unit/))
    ]),
    ['deploy: { run: x, timeout: 6d }', at('1:28', '`deploy.timeout` must be at most 5d: no job lasts longer')],
    ...['../x', '/etc/passwd', 'a/../../b', 'C:/x', 'a//b', 'dist\\**', '!', './'].map((text): [string, object] => [
      `build:\n  files: [a, '${text}']`,
      at('2:14', expect.stringMatching(/^`build\.files\[1\]` must be relative to the repository/))
    ]),
    ['version: { paths: ["../x"] }', at('1:20', expect.stringContaining('`version.paths[0]` must be relative'))],
    ...['ghcr.io/Acme/shop', 'ghcr.io/acme/shop:1.0', 'ghcr.io/acme/shop@sha256:00', 'a//b', '-a', 'a b'].map(
      (name): [string, object] => [`build: { images: ['${name}'] }`, at('1:19', expect.stringContaining('lower case'))]
    ),
    ...['v', 'v{version}-{version}', 'v{verison}'].map((tag): [string, object] => [
      `version: { tag: '${tag}' }`,
      at('1:17', '`version.tag` must hold {version} once and no other braces')
    ]),
    ['version: { tag: "v {version}" }', at('1:17', '`version.tag` is not a name git allows for a tag')],
    ...['ftp://h/{version}', 'h', 'https://h/ x', 'https://ｈ', `https://${'h'.repeat(3000)}`].map(
      (url): [string, object] => [
        `environments: { p: { url: '${url}' } }`,
        at('1:27', '`environments.p.url` must be an address that starts with https:// or http://')
      ]
    ),
    [
      'environments: { p: { url: "https://{enviroment}.x" } }',
      at('1:27', expect.stringContaining('use {environment}'))
    ],
    ['environments: { p: { url: "https://u:p@h" } }', at('1:27', expect.stringContaining('user or password'))],
    ['environments: { p: { url: "https://h:99999" } }', at('1:27', '`environments.p.url` is no address')],
    // environments
    ['environments:\n  " p": {}', at('2:3', expect.stringContaining('outer spaces'))],
    ['environments:\n  ..: {}', at('2:3', expect.stringContaining('not be `.` or `..`'))],
    ['environments:\n  staging:\n  Staging:', at('3:3', expect.stringContaining('is the same as `staging`'))],
    [
      'environments:\n  staging:\n  p: { needs: [stagin] }',
      at('3:16', expect.stringContaining('nearest first: `staging`'))
    ],
    ['environments:\n  p: { needs: [p] }', at('2:16', '`environments.p.needs[0]` names the environment itself')],
    ['environments:\n  a:\n  p: { needs: [a, a] }', at('3:19', '`environments.p.needs[1]` is named twice')],
    [
      'environments:\n  a: { needs: [c] }\n  b: { needs: [a] }\n  c: { needs: [b] }',
      at('2:16', '`environments.a.needs[0]` makes a circle: `c` needs `a` in turn')
    ],
    [
      'preview: { up: x, down: y }\nenvironments:\n  Preview:',
      at('3:3', '`environments.Preview` is the name of a preview: choose another one')
    ],
    ['preview: { up: x, down: y }\nenvironments:\n  pr-12:', at('3:3', expect.stringContaining('name of a preview'))],
    ['preview: { up: x }', at('1:1', expect.stringContaining('`preview.down` is missing'))],
    ['environments:\n  p: { soak: 1h }', at('2:8', '`environments.p.soak` has no effect without `needs`')],
    ['environments:\n  p: { best-before: 1d }', at('2:8', '`environments.p.best-before` has no effect without `needs`')]
  ])('%j', (text, fault) => {
    expect(faultIn(text)).toEqual(fault);
  });

  test.each([
    ["weekly: 'Fri 16:00 - Mon 08:00', zone: Mars/Olympus, reason: x", '50', 'is no time zone'],
    ["weekly: 'Fri 16:00 - Mon 08:00', reason: x", '9', '.zone` is missing'],
    ["weekly: 'fri 16:00 - Mon 08:00', zone: UTC, reason: x", '19', 'must read like'],
    ["weekly: 'Fri 24:00 - Mon 08:00', zone: UTC, reason: x", '19', 'must read like'],
    ["weekly: 'Fri 16:00-Mon 08:00', zone: UTC, reason: x", '19', 'must read like'],
    ["weekly: 'Fri 16:00 - Fri 16:00', zone: UTC, reason: x", '19', 'must read like'],
    ['from: 2026-02-30, to: 2026-03-01, reason: x', '17', 'is no day of the calendar'],
    ['from: 2026-2-3, to: 2026-03-01, reason: x', '17', 'must be a day such as'],
    ['from: 2026-12-20, to: 2026-12-19, reason: x', '33', 'is before `from`'],
    ['from: 2026-12-20, to: 2026-12-20', '9', '.reason` is missing'],
    ['from: 2026-12-20, to: 2026-12-20, reasn: x', '45', 'nearest first: `reason`']
  ])('freeze { %s }', (freeze, column, problem) => {
    const text = `environments:\n  p:\n    freeze:\n      - { ${freeze} }`;
    expect(faultIn(text)).toEqual(at(`4:${column}`, expect.stringContaining(problem)));
  });

  test('of several mistakes the first in the file is named', () => {
    expect(faultIn('language: x\nrollback: y\nversion: 1')).toMatchObject({ line: '1' });
    expect(faultIn('version: 1\nrollback: y\nlanguage: x')).toMatchObject({ line: '1' });
  });
});

describe('hostile files', () => {
  test('more aliases than anybody needs are refused before they are unfolded', () => {
    const bomb = `a: &a [x]\nb: [${'*a, '.repeat(101)}]`;
    expect(faultIn(bomb)).toEqual(at('2:405', 'is one of more than 100 aliases'));
  });

  test('a bomb of nested aliases is refused', () => {
    const level = (n: number): string => `l${n}: &l${n} [${Array.from({ length: 10 }, () => `*l${n - 1}`).join(', ')}]`;
    const bomb = ['l0: &l0 [x]', ...[1, 2, 3, 4, 5, 6, 7, 8].map(level)].join('\n');
    expect(faultIn(bomb)).toEqual(at('1:1', expect.stringContaining('xcessive alias count')));
  });

  test('absurd nesting is refused', () => {
    expect(faultIn('['.repeat(3_000))).toMatchObject({ problem: 'is nested too deeply' });
    expect(faultIn('{a: '.repeat(1_500))).toMatchObject({ problem: expect.any(String) });
  });

  test('a list that contains itself is refused', () => {
    expect(faultIn('environments: &a\n  x: *a')).toEqual(at('2:3', expect.stringContaining('`environments.x.x`')));
    expect(faultIn('build: { files: &f [*f] }')).toEqual(at('1:21', '`build.files[0]` must be text'));
  });

  test('objects stay as they are', () => {
    faultIn('environments: { __proto__: { polluted: true } }');
    faultIn('"__proto__": { polluted: true }');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('whatever the text, only refusals are thrown, and their place is in the text', () => {
  const character = fc.integer({ max: 0xffff, min: 0 }).map((unit) => String.fromCharCode(unit));

  const strayIn = (text: string): string | undefined => {
    const why = reasonFor(() => readDelivery(text, FILE));
    if (why === undefined) return undefined;
    if (why.code !== 'config-invalid') return why.code;
    const { line, column } = why.details;
    const lines = text.split('\n');
    const width = lines[Number(line) - 1]?.length ?? -2;
    const inside = Number(line) >= 1 && Number(column) >= 1 && Number(column) <= width + 1;
    return inside ? undefined : `${line}:${column}`;
  };

  test('for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 60 }), (text) => {
        expect(strayIn(text)).toBeUndefined();
      })
    );
  });

  test('for the whole example with a piece replaced', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('\n', ': ', '- ', '{', '[', '*a', '&a ', 'null')
    );
    const change = fc.tuple(fc.nat({ max: WHOLE.length }), fc.nat({ max: 20 }), piece);
    fc.assert(
      fc.property(change, ([from, length, text]) => {
        expect(strayIn(WHOLE.slice(0, from) + text + WHOLE.slice(from + length))).toBeUndefined();
      }),
      { numRuns: 60 }
    );
  });
});
