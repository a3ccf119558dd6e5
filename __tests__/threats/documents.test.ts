import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parsePayload } from '../../src/config/payload.ts';
import { readPullEvent } from '../../src/config/pull-event.ts';
import { readDelivery } from '../../src/config/read.ts';
import { ENVIRONMENT_NAME } from '../../src/domain/environment.ts';
import type { Reason } from '../../src/domain/refusal.ts';
import { readTagMessage, tagMessage } from '../../src/domain/tag-message.ts';
import { versionOf } from '../../src/domain/version.ts';
import { parse } from '../../src/parse.ts';
import { payload } from '../config/documents.ts';
import { reasonFor } from '../refusals.ts';
import { anyText } from '../report/examples.ts';
import { stepEnvironment } from '../step-environment.ts';
import { shown } from './shown.ts';

const FILE = '.github/delivery.yml';
const faultIn = (text: string): Reason | undefined => reasonFor(() => readDelivery(text, FILE));

/** Each level holds the one before ten times. */
const bomb = (levels: number): string =>
  Array.from({ length: levels }, (_, n) =>
    n === 0 ? 'l0: &l0 [x]' : `l${n}: &l${n} [${Array.from({ length: 10 }, () => `*l${n - 1}`).join(', ')}]`
  ).join('\n');

describe('delivery.yml', () => {
  test.each(
    shown('text', [
      { row: 61, text: 'deploy: {', line: '1', says: 'end with a }' },
      { row: 61, text: 'deploy:\n\trun: x', line: '2', says: 'tabs are not allowed' },
      { row: 61, text: 'language: en\nlanguage: pt-BR', line: '2', says: 'keys must be unique' },
      { row: 61, text: 'language: en\n---\nlanguage: en', line: '2', says: 'there must be one document' },
      { row: 61, text: 'language: "en\n', line: '2', says: 'quote' },
      { row: 62, text: bomb(9), line: '1', says: 'alias count' },
      { row: 62, text: `a: &a [x]\nb: [${'*a, '.repeat(101)}]`, line: '2', says: 'more than 100 aliases' },
      { row: 62, text: `#${'x'.repeat(65_536)}`, line: '1', says: 'larger than 65536 bytes' },
      { row: 62, text: 'a: &a { b: *a }', line: '1', says: 'no known key' },
      { row: 64, text: '__proto__: { x: 1 }', line: '1', says: 'cannot be a key' },
      { row: 64, text: 'environments:\n  <<: { p: {} }', line: '2', says: 'merge keys' },
      { row: 64, text: 'deploy: !!js/function "x"', line: '1', says: 'tag' },
      { row: 64, text: 'environments: { "\\uD800": {} }', line: '1', says: 'half a character' },
      { row: 64, text: 'deploy: { run: "x\\uDC00" }', line: '1', says: 'half a character' },
      { row: 65, text: 'deploy:\n  run: 1.10', line: '2', says: "quote it: '1.10'" },
      { row: 65, text: 'deploy: { run: 012 }', line: '1', says: "quote it: '012'" },
      { row: 65, text: 'deploy: { run: 0x10 }', line: '1', says: "quote it: '0x10'" },
      { row: 65, text: 'deploy: { run: .inf }', line: '1', says: "quote it: '.inf'" },
      { row: 65, text: 'environments: { 1.10: {} }', line: '1', says: "quote it: '1.10'" },
      { row: 66, text: 'deplyo: { run: x }', line: '1', says: 'nearest first: `deploy`' },
      { row: 66, text: 'Deploy: { run: x }', line: '1', says: 'nearest first: `deploy`' },
      { row: 66, text: 'environments: { p: { rehearse-rollback: yes } }', line: '1', says: 'true or false' },
      { row: 66, text: 'environments: { p: { rehearse-rollback: "TRUE " } }', line: '1', says: 'true or false' },
      { row: 66, text: 'verify: { http: { url: "https://h", private: on } }', line: '1', says: 'true or false' }
    ])
  )('row $row: $shown is refused where it stands', ({ text, line, says }) => {
    expect(faultIn(text)).toMatchObject({
      code: 'config-invalid',
      details: { file: FILE, line, column: expect.stringMatching(/^[1-9]\d*$/), problem: expect.stringContaining(says) }
    });
  });

  test.each(
    shown('value', [
      { row: 65, value: 'no' },
      { row: 65, value: 'on' },
      { row: 65, value: 'y' },
      { row: 65, value: '1_000' },
      { row: 65, value: '12:30:45' }
    ])
  )('row $row: $shown is the text it looks like, as in YAML 1.2', ({ value }) => {
    expect(readDelivery(`deploy: { run: ${value} }`, FILE).process.deploy?.run).toBe(value);
  });

  test('law: JSON is YAML, and says the same', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((text) => ENVIRONMENT_NAME.test(text));
    const environment = fc.record({
      'max-changes': fc.integer({ min: 1, max: 50 }),
      'rehearse-rollback': fc.boolean()
    });
    const document = fc.record({
      deploy: fc.record({ run: anyText.filter((text) => /\S/.test(text)) }),
      environments: fc
        .uniqueArray(name, { maxLength: 3, selector: (text) => text.toLowerCase() })
        .chain((names) => fc.record(Object.fromEntries(names.map((each) => [each, environment]))))
    });
    const read = (text: string): unknown => faultIn(text)?.code ?? readDelivery(text, FILE);
    fc.assert(
      fc.property(document, (written) => {
        expect(read(stringify(written))).toEqual(read(JSON.stringify(written)));
      }),
      { numRuns: 60 }
    );
  });

  test('law: no key is passed over, wherever it stands', () => {
    const key = fc
      .stringMatching(/^[a-z][a-z-]{1,12}$/)
      .filter((text) => !['run', 'timeout', 'http', 'within'].includes(text));
    const place = fc.constantFrom<(key: string) => object>(
      (text) => ({ [`${text}x-`]: 1 }),
      (text) => ({ deploy: { run: 'x', [text]: 1 } }),
      (text) => ({ verify: { run: 'x', [text]: 1 } }),
      (text) => ({ environments: { p: { [`${text}x-`]: 1 } } })
    );
    fc.assert(
      fc.property(key, place, (text, within) => {
        expect(faultIn(JSON.stringify(within(text)))).toMatchObject({
          details: { problem: expect.stringMatching(/is no known key; the keys here, nearest first: /) }
        });
      })
    );
  });
});

describe('what started the run', () => {
  test.each(
    shown('event', [
      { row: 67, event: { GITHUB_EVENT_PATH: undefined } },
      { row: 67, event: { GITHUB_EVENT_PATH: '' } },
      { row: 67, event: { GITHUB_EVENT_PATH: '/nowhere/event.json' } },
      { row: 67, event: { GITHUB_EVENT_PATH: '/dev/zero' } }
    ])
  )('row $row: $shown makes no difference before it is read', ({ event }) => {
    const inputs = { command: 'plan' };
    const { surroundings, ...others } = parse(stepEnvironment(inputs, event));
    const { eventFile: _, ...same } = surroundings;
    expect({ ...others, surroundings: same }).toEqual(parse(stepEnvironment(inputs)));
  });

  test('only previews read the payload of the event', () => {
    const saying = (text: string): readonly string[] =>
      globSync('src/**/*.ts').filter((file) => readFileSync(file, 'utf8').includes(text));
    expect(saying('EVENT_PATH').toSorted()).toEqual(['src/config/pull-event.ts', 'src/surroundings.ts']);
    expect(saying('surroundings.eventFile')).toEqual(['src/commands/preview-scene.ts']);
  });

  test.each(
    shown('file', [
      { row: 67, file: '/nowhere/event.json' },
      { row: 67, file: '/dev/zero' },
      { row: 67, file: tmpdir() }
    ])
  )('row $row: $shown is refused where it would be read', async ({ file }) => {
    await expect(readPullEvent(file)).rejects.toMatchObject({
      reason: { code: 'invalid-input', details: { input: 'GITHUB_EVENT_PATH' } }
    });
  });

  test.each(
    shown('repository', [
      { row: 67, repository: 'acme/shop/../evil' },
      { row: 67, repository: 'acme' },
      { row: 67, repository: '../..' },
      { row: 67, repository: 'acme/shop?x=1' },
      { row: 67, repository: 'acme/shop\n' },
      { row: 67, repository: 'acme/%2e%2e' }
    ])
  )('row $row: $shown is no repository', ({ repository }) => {
    const variables = stepEnvironment({ command: 'plan' }, { GITHUB_REPOSITORY: repository });
    expect(reasonFor(() => parse(variables))).toMatchObject({
      code: 'invalid-input',
      details: { input: 'GITHUB_REPOSITORY' }
    });
  });

  test.each(
    shown('value', [
      { row: 67, value: null },
      { row: 67, value: {} },
      { row: 67, value: [] },
      { row: 67, value: 'x'.repeat(300_000) },
      { row: 67, value: '{"schema":1' },
      { row: 67, value: { ...payload, run: null } },
      { row: 67, value: { ...payload, digest: 'sha256:1' } }
    ])
  )('row $row: a record with the payload $shown is not ours', ({ value }) => {
    expect(parsePayload(value)).toBeUndefined();
  });

  test('law: a payload is read back whole in every form GitHub gives it, and not at all with one field spoilt', () => {
    const keys = Object.keys(payload);
    const wrong = fc.oneof(
      fc.constantFrom<unknown>(undefined, true, Number.NaN, {}, -1),
      fc.string().map((text) => [text, [text]])
    );
    const ours = fc.record({
      changes: fc.nat(),
      manualTouches: fc.nat(),
      reason: fc.option(fc.string({ maxLength: 50 }))
    });
    fc.assert(
      fc.property(ours, fc.constantFrom(...keys), wrong, (over, key, value) => {
        const whole = { ...payload, ...over };
        const text = JSON.stringify(whole);
        for (const form of [whole, text, JSON.stringify(text)]) expect(parsePayload(form)).toEqual(whole);
        expect(parsePayload({ ...whole, [key]: value })).toBeUndefined();
      })
    );
  });

  test('law: a tag message is read back, and a message without both digests is no release of ours', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    const around = anyText.filter((text) => !/sha256:|^changes/m.test(text));
    fc.assert(
      fc.property(hash, hash, fc.nat({ max: 999_999_999 }), around, (manifestSha256, tarSha256, changes, text) => {
        const note = { manifestSha256, tarSha256, changes };
        const message = tagMessage(versionOf([1, 2, 3]), note);
        expect(readTagMessage(message)).toEqual(note);
        expect(readTagMessage(`${text}\n${message}\n${text}`)).toEqual(note);
        expect(readTagMessage(text)).toBeUndefined();
        expect(readTagMessage(message.replace('archive', 'other'))).toBeUndefined();
      }),
      { numRuns: 30 }
    );
  });
});
