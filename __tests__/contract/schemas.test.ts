import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import fc from 'fast-check';
import * as v from 'valibot';
import { parse } from 'yaml';
import { ResultSchema } from '../../scripts/documents/result-schema.ts';
import { ManifestSchema } from '../../src/config/manifest.ts';
import { parsePayload } from '../../src/config/payload.ts';
import { readDelivery } from '../../src/config/read.ts';
import { DeliverySchema } from '../../src/config/schema.ts';
import { COMMANDS, LANGUAGES, REASONS, VERDICTS } from '../../src/contract.ts';
import type { ReasonCode } from '../../src/contract.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { reason } from '../../src/domain/refusal.ts';
import type { Reason } from '../../src/domain/refusal.ts';
import { parseVersion } from '../../src/domain/version.ts';
import type { Version } from '../../src/domain/version.ts';
import { resultOf } from '../../src/report/result.ts';
import { changed, manifest, payload } from '../config/documents.ts';
import { WHOLE } from '../config/whole-example.ts';
import { reasonFor } from '../refusals.ts';

const ajv = new Ajv({ strict: true, allErrors: true });

/** The schema as it is published. */
const validator = (name: string): ValidateFunction => {
  const text = readFileSync(`schemas/${name}.schema.json`, 'utf8');
  const { $schema, ...rest } = v.parse(v.looseObject({ $schema: v.string() }), JSON.parse(text));
  return ajv.compile({ $schema, ...rest });
};

const delivery = validator('delivery');
const release = validator('release');
const deployment = validator('deployment-payload');
const result = validator('result');

const knows = (document: unknown): readonly [boolean, boolean] => [
  v.safeParse(DeliverySchema, document).success,
  delivery(document)
];

const production = (environment: object): object => ({ environments: { staging: {}, production: environment } });
const frozen = (freeze: unknown): object => production({ freeze: [freeze] });

describe('delivery.yml: the reader and the JSON Schema agree', () => {
  const yamlIn = (path: string): readonly unknown[] =>
    [...readFileSync(path, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text));

  test.each([
    {},
    parse(WHOLE),
    parse(readFileSync('examples/shop/.github/delivery.yml', 'utf8')),
    ...yamlIn('docs/reference.md'),
    { environments: { staging: null } },
    { environments: { 'prod/eu 🚀': { gate: 'dispatch' }, toString: {} } },
    { verify: { run: 'x' } },
    { version: { tag: 'shop/v{version}', paths: ['a/**'] } },
    frozen({ weekly: 'Sat 00:00 - Mon 00:00', zone: 'UTC', reason: 'x' }),
    frozen({ from: '2026-01-01', to: '2026-01-01', reason: 'x', zone: 'Europe/Lisbon' })
  ])('good %#', (document) => {
    expect(knows(document)).toEqual([true, true]);
  });

  test.each([
    null,
    [],
    'text',
    { deply: {} },
    { version: 1.1 },
    { version: [] },
    { version: { scheme: 'calendar' } },
    { version: { tag: 'v' } },
    { version: { paths: 'a' } },
    { build: { files: ['../x'] } },
    { build: { files: [1] } },
    { build: { images: ['A'] } },
    { build: { timeout: 30 } },
    { deploy: {} },
    { deploy: { run: '' } },
    { deploy: { run: 'x', timeout: '1' } },
    { deploy: null },
    { verify: { http: {} } },
    { verify: { http: { url: 'ftp://x' } } },
    { verify: { http: { url: 'http://x', status: '200' } } },
    { verify: { http: { url: 'http://x', status: 99 } } },
    { verify: { http: { url: 'http://x', successes: 0 } } },
    { verify: { http: { url: 'http://x', private: 'yes' } } },
    { rollback: true },
    { environments: [] },
    { environments: { ' x': {} } },
    { environments: { ['x'.repeat(256)]: {} } },
    production({ gate: 'Approval' }),
    production({ needs: 'staging' }),
    production({ soak: '1h30m' }),
    production({ 'max-changes': 1.5 }),
    production({ 'rehearse-rollback': 'yes' }),
    production({ url: 'x' }),
    frozen({}),
    frozen(null),
    frozen({ weekly: 'Sat 00:00 - Mon 00:00', reason: 'x' }),
    frozen({ weekly: 'Sat 00:00 - Mon 00:00', zone: 'UTC', reason: 'x', owner: 'ana' }),
    frozen({ weekly: 'Sat 0:00 - Mon 0:00', zone: 'UTC', reason: 'x' }),
    frozen({ from: '2026-13-01', to: '2026-12-31', reason: 'x' }),
    frozen({ from: '2026-01-01', reason: 'x' }),
    { preview: { expires: 3 } },
    { preview: { destroy: 'x' } },
    { announce: { slack: 'https://hooks.example/x' } },
    { announce: { teams: 'GITHUB_TOKEN' } },
    { announce: { email: 'A' } },
    { language: 'pt' }
  ])('bad %#: %j', (document) => {
    expect(knows(document)).toEqual([false, false]);
  });

  test('names that objects have by themselves are no environments', () => {
    expect(delivery(JSON.parse('{"environments":{"__proto__":{}}}'))).toBe(false);
    expect(delivery({ environments: { constructor: {} } })).toBe(false);
  });

  test.each([
    ['version: { tag: "v {version}" }'],
    ['environments: { p: { url: "https://{env}.x" } }'],
    ['deploy: { run: x, timeout: 6d }'],
    ['verify: { within: 1m }'],
    ['environments: { a: , A: }'],
    ['environments: { a: { needs: [b] } }'],
    ['environments: { a: { needs: [b] }, b: { needs: [a] } }'],
    ['environments: { a: { soak: 1h } }'],
    ['environments: { a: { freeze: [{ from: 2026-02-30, to: 2026-03-01, reason: x }] } }'],
    ['environments: { a: { freeze: [{ from: 2026-03-02, to: 2026-03-01, reason: x }] } }'],
    ['environments: { a: { freeze: [{ weekly: Mon 00:00 - Mon 00:00, zone: UTC, reason: x }] } }'],
    ['environments: { a: { freeze: [{ weekly: Mon 00:00 - Tue 00:00, zone: Mars, reason: x }] } }']
  ])('what no JSON Schema can say, only the reader refuses: %s', (text) => {
    expect(delivery(parse(text))).toBe(true);
    expect(reasonFor(() => readDelivery(text, 'd.yml'))).toMatchObject({ code: 'config-invalid' });
  });

  test('what the reader takes, the JSON Schema takes too', () => {
    const words = ['approval', 'automatic', '30m', 'x', 'v{version}', 'https://x', 'en', 'any', '2026-01-01', 'UTC'];
    const value = fc.oneof(fc.constantFrom(...words), fc.integer(), fc.boolean(), fc.constant(null), fc.constant({}));
    const keys = ['run', 'timeout', 'url', 'needs', 'gate', 'soak', 'tag', 'files', 'http', 'status', 'from', 'within'];
    const inner = fc.dictionary(fc.constantFrom(...keys), fc.oneof(value, fc.array(value, { maxLength: 2 })), {
      maxKeys: 2
    });
    const outer = ['version', 'build', 'deploy', 'verify', 'environments', 'rollback', 'language', 'preview'];
    const document = fc.dictionary(
      fc.constantFrom(...outer),
      fc.oneof(value, inner, fc.dictionary(fc.string(), inner)),
      {
        maxKeys: 2
      }
    );
    fc.assert(
      fc.property(document, (written) => {
        const [reader, schema] = knows(written);
        expect(reader && !schema).toBe(false);
      }),
      { numRuns: 300 }
    );
  });
});

describe('release.json and payload: the reader and the JSON Schema agree', () => {
  const CHANGES: readonly (readonly [string, unknown])[] = [
    ['schema', 2],
    ['version', '01.2.3'],
    ['commit', 'main'],
    ['previous', undefined],
    ['created', 'today'],
    ['changes.0.pull', 0],
    ['changes.0.scope', 7],
    ['archive.name', 'a/b'],
    ['archive.tarSha256', 'x'],
    ['files.0.path', '../x'],
    ['files.0.mode', '100600'],
    ['images.0.digest', 'x'],
    ['process', []],
    ['process.deploy', {}],
    ['process.verify.http.status', 1000],
    ['builder', null],
    ['extra', 1]
  ];

  test('on a good manifest', () => {
    expect([v.safeParse(ManifestSchema, manifest).success, release(manifest)]).toEqual([true, true]);
  });

  test.each(CHANGES)('on a manifest with %s = %j', (path, value) => {
    const document = changed(manifest, path, value);
    expect([v.safeParse(ManifestSchema, document).success, release(document)]).toEqual([false, false]);
  });

  test('on a good payload', () => {
    expect(parsePayload(payload)).toEqual(payload);
    expect(deployment(payload)).toBe(true);
  });

  test.each([
    ['schema', 2],
    ['version', 'v1.2.3'],
    ['digest', 'x'],
    ['kind', 'up'],
    ['reason', 1],
    ['run.url', 'data:x'],
    ['changes', -1],
    ['approvedBy', null]
  ])('on a payload with %s = %j', (path, value) => {
    const document = changed(payload, path, value);
    expect([parsePayload(document), deployment(document)]).toEqual([undefined, false]);
  });

  test('additions are for readers only', () => {
    const document = { ...payload, extra: 1 };
    expect(parsePayload(document)).toEqual(payload);
    expect(deployment(document)).toBe(false);
  });
});

describe('the output `result`', () => {
  const version = (text: string): Version => {
    const parsed = parseVersion(text);
    if (parsed === undefined) throw new Error(text);
    return parsed;
  };

  const isCode = (name: string): name is ReasonCode => Object.hasOwn(REASONS, name);
  const codes = Object.keys(REASONS).filter(isCode);
  const DATE = '2026-11-24T03:00:00Z';
  const reasonOf = (code: ReasonCode): Reason => {
    const details = Object.fromEntries(REASONS[code].map((name) => [name, name === 'limit' ? '60' : DATE]));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the very list its type is made of
    return reason(code, details as never);
  };

  const record = {
    id: 7,
    environment: 'staging',
    commit: 'b'.repeat(40),
    state: 'success',
    createdAt: DATE,
    startedAt: DATE,
    succeededAt: DATE,
    payload: {
      ...payload,
      schema: 1,
      kind: 'deploy',
      version: version('1.4.2'),
      previous: version('1.4.1')
    }
  } as const;

  const outcome: Outcome = {
    command: 'plan',
    verdict: 'done',
    reason: reasonOf('planned'),
    version: version('1.4.3'),
    tag: 'v1.4.3',
    commit: 'b'.repeat(40),
    previous: version('1.4.2'),
    changed: true,
    digest: payload.digest,
    releaseUrl: 'https://github.com/acme/shop/releases/1',
    environment: 'staging',
    environmentUrl: 'https://x',
    deployment: 7,
    approvedBy: ['bia'],
    selfApproved: false,
    changes: Array.from({ length: 3000 }, () => ({
      commit: 'b'.repeat(40),
      type: 'feat',
      scope: 'cart',
      subject: 'x'.repeat(200),
      breaking: false,
      author: 'Ana',
      pull: 12,
      date: DATE
    })),
    rows: [
      { environment: 'staging', live: { kind: 'version', record }, waiting: 0 },
      { environment: 'production', live: { kind: 'nothing' }, blocked: reasonOf('soak'), waiting: 2 },
      { environment: 'demo', live: { kind: 'unknown', record }, waiting: 2 }
    ],
    notes: [{ kind: 'approver-unknown' }, { kind: 'overridden', code: 'freeze', by: 'ana' }]
  };

  const errorsIn = (text: string): unknown => (result(JSON.parse(text)) ? [] : result.errors);

  test.each(LANGUAGES)('with everything it can hold is described, in %s', (language) => {
    const text = resultOf(outcome, language);
    expect(text).toContain('"cut":{"changes"');
    expect(errorsIn(text)).toEqual([]);
  });

  test.each(codes)('is described for %s', (code) => {
    const least: Outcome = { command: 'deploy', verdict: 'refused', reason: reasonOf(code) };
    expect(errorsIn(resultOf(least, 'en'))).toEqual([]);
  });

  test.each([
    ['schema', 2],
    ['command', 'stop'],
    ['verdict', 'ok'],
    ['reason', { code: 'planned', details: {} }],
    ['reason', { code: 'freezing', details: {} }],
    ['deployment', '7'],
    ['extra', 1]
  ])('with %s = %j is not', (path, value) => {
    const document: unknown = JSON.parse(resultOf(outcome, 'en'));
    expect(result(changed(Object(document), path, value))).toBe(false);
  });

  test('knows every field of an outcome, every command and every verdict', () => {
    // a report is a document of its own
    type Described = v.InferOutput<typeof ResultSchema> & { readonly report: unknown };
    const complete: Exclude<keyof Outcome, keyof Described> extends never ? true : false = true;
    expect(complete).toBe(true);
    const base: unknown = JSON.parse(resultOf({ command: 'plan', verdict: 'done', reason: reasonOf('planned') }, 'en'));
    for (const command of COMMANDS) expect(result({ ...Object(base), command })).toBe(true);
    for (const verdict of VERDICTS) expect(result({ ...Object(base), verdict })).toBe(true);
  });
});
