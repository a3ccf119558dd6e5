import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileGlobs, isWhole, startOf, step } from '../../src/adapters/archive/glob.ts';
import { parseManifest } from '../../src/config/manifest.ts';
import { parsePayload } from '../../src/config/payload.ts';
import { readDelivery } from '../../src/config/read.ts';
import { tagProblem } from '../../src/config/tags.ts';
import { ENVIRONMENT_NAME } from '../../src/domain/environment.ts';
import type { Reason } from '../../src/domain/refusal.ts';
import { parseVersion, tagForm, tagOf, versionInTag } from '../../src/domain/version.ts';
import { parse } from '../../src/parse.ts';
import { parseMessage } from '../../src/rules/conventional.ts';
import { changed, manifest, payload } from '../config/documents.ts';
import { reasonFor } from '../refusals.ts';
import { anyText } from '../report/examples.ts';
import { stepEnvironment } from '../step-environment.ts';
import { shown } from './shown.ts';

const asked = (inputs: Readonly<Record<string, string>>): Reason | undefined =>
  reasonFor(() => parse(stepEnvironment({ command: 'deploy', environment: 'production', ...inputs })));

const configured = (text: string): Reason | undefined => reasonFor(() => readDelivery(text, 'delivery.yml'));

/** Names in our order: a JSON text is YAML as well. */
const withTag = (tag: string): string => JSON.stringify({ version: { tag } });

describe('names of refs', () => {
  test.each(
    shown('tag', [
      { row: 7, tag: '--upload-pack={version}' },
      { row: 8, tag: '-{version}' },
      { row: 15, tag: 'a..b{version}' },
      { row: 15, tag: 'a/../{version}' },
      { row: 16, tag: '{version}.lock' },
      { row: 16, tag: 'a.lock/{version}' },
      { row: 17, tag: `${'x'.repeat(300)}{version}` },
      { row: 35, tag: '::add-mask::{version}' },
      { row: 35, tag: 'v\n::add-mask::{version}' },
      { row: 12, tag: '@{{version}' },
      { row: 14, tag: '/{version}' }
    ])
  )('row $row: tags cannot be called $shown', ({ tag }) => {
    expect(configured(withTag(tag))).toMatchObject({
      code: 'config-invalid',
      details: { problem: expect.stringMatching(/^`version\.tag` (is not a name git allows|must hold)/) }
    });
  });

  test.each(
    shown('tag', [
      { row: 1, tag: 'zzz";echo;#{version}' },
      { row: 4, tag: 'curl|bash;{version}' },
      { row: 2, tag: '$(id){version}' },
      { row: 3, tag: '`id`{version}' },
      { row: 13, tag: '@/{version}' }
    ])
  )('row $row: $shown means only itself', ({ tag }) => {
    expect(configured(withTag(tag))).toBeUndefined();
    expect(versionInTag(tagForm(tag), tag.replace('{version}', '1.2.3'))).toBe('1.2.3');
    expect(versionInTag(tagForm(tag), 'v1.2.3')).toBeUndefined();
  });

  test('law: a tag is read back as the version it was made for, and nothing else is read', () => {
    const form = anyText.filter((text) => !/[{}]/.test(text));
    const number = fc.nat({ max: 10_000 });
    const version = fc.tuple(number, number, number).map((numbers) => parseVersion(numbers.join('.')));
    fc.assert(
      fc.property(form, form, version, fc.string(), (before, after, made, other) => {
        if (made === undefined) throw new Error('the generator makes versions');
        const shape = tagForm(`${before}{version}${after}`);
        expect(versionInTag(shape, tagOf(shape, made))).toBe(made);
        const read = versionInTag(shape, other);
        expect(read === undefined ? other : tagOf(shape, read)).toBe(other);
      })
    );
  });

  test('law: what may be the name of tags can be no option, no range and no second line', () => {
    const text = fc.array(fc.constantFrom('-', '.', '/', ' ', '\n', '..', '~', 'a', ':', '@{', '.lock', '$(id)'));
    fc.assert(
      fc.property(text, (parts) => {
        const tag = `${parts.join('')}{version}`;
        const dangerous = /^-|\.\.|[\s~:\p{Cc}]|@\{|\.lock\//u.test(tag);
        expect(dangerous && tagProblem(tag) === undefined).toBe(false);
      })
    );
  });
});

/** Every door through which a version comes in. */
const DOORS: Readonly<Record<string, (text: string) => boolean>> = {
  input: (version) => asked({ version }) === undefined,
  tag: (version) => versionInTag(tagForm('v{version}'), `v${version}`) !== undefined,
  'release.json': (version) =>
    reasonFor(() => parseManifest(JSON.stringify(changed(manifest, 'version', version)))) === undefined,
  record: (version) => parsePayload(changed(payload, 'version', version)) !== undefined
};

describe('versions', () => {
  test.each(
    shown('version', [
      { row: 22, version: '1.2.3\n' },
      { row: 23, version: ' 1.2.3 ' },
      { row: 24, version: 'V1.2.3' },
      { row: 24, version: 'vv1.2.3' },
      { row: 27, version: '01.2.3' },
      { row: 28, version: '1.2' },
      { row: 29, version: '1.2.3-01' },
      { row: 30, version: '\uFF11.2.3' },
      { row: 30, version: '\u0661.2.3' },
      { row: 31, version: `1.2.3-${'a'.repeat(300)}` },
      { row: 32, version: '1.2.3+b%0A' },
      { row: 32, version: '1.2.3+b' },
      { row: 32, version: '1.2.3\u2028' },
      { row: 32, version: '1e3.0.0' },
      { row: 32, version: `1.2.${'9'.repeat(16)}` }
    ])
  )('row $row: $shown is none, at no door', ({ version }) => {
    expect(Object.entries(DOORS).filter(([, takes]) => takes(version))).toEqual([]);
  });

  test('row 24: v1.2.3 is a version where a person writes it, and nowhere else', () => {
    const cases = [{ row: 24, version: 'v1.2.3' }];
    for (const { version } of cases) {
      expect(Object.entries(DOORS).flatMap(([door, takes]) => (takes(version) ? [door] : []))).toEqual(['input']);
    }
  });

  test('law: all doors take the same texts, and only three plain numbers', () => {
    const part = fc.oneof(
      fc.nat().map(String),
      fc.constantFrom('0', '00', '01', '', '-1', '1.0', '1e3', '\uFF11', ' ')
    );
    const text = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(text, (version) => {
        const numbers = version.split('.');
        const plain =
          numbers.length === 3 && numbers.every((each) => String(Number(each)) === each && /^\d+$/.test(each));
        const { input, ...others } = DOORS;
        expect(Object.values(others).map((takes) => takes(version))).toEqual([plain, plain, plain]);
        // an empty input counts as not given
        expect(version === '' || input?.(version) === plain).toBe(true);
      })
    );
  });
});

describe('names of environments', () => {
  test.each(
    shown('name', [
      { row: 68, name: 'prod/eu' },
      { row: 68, name: 'prod eu' },
      { row: 68, name: 'PROD' },
      { row: 68, name: '\u{1F680}' },
      { row: 68, name: 'a:b' },
      { row: 69, name: '../../secrets' },
      { row: 69, name: 'a?b#c' },
      { row: 35, name: '::add-mask::1.2.3' }
    ])
  )('row $row: $shown is one, and stays one', ({ name }) => {
    const text = JSON.stringify({ environments: { [name]: {} } });
    expect(readDelivery(text, 'delivery.yml').environments.map((each) => each.name)).toEqual([name]);
    expect(asked({ environment: name })).toBeUndefined();
  });

  test.each(
    shown('name', [
      { row: 68, name: 'x'.repeat(256) },
      { row: 68, name: ' prod' },
      { row: 68, name: 'prod\u2028' },
      { row: 69, name: '.' },
      { row: 69, name: '..' },
      { row: 69, name: 'a\r\nb' }
    ])
  )('row $row: $shown is none', ({ name }) => {
    expect(asked({ environment: name })?.code).toBe('invalid-input');
    expect(configured(JSON.stringify({ environments: { [name]: {} } }))?.code).toBe('config-invalid');
  });

  test('row 68: names that differ in case only are one environment, and cannot both be there', () => {
    const cases = [{ row: 68, names: ['prod', 'PROD'] }];
    for (const { names } of cases) {
      const text = JSON.stringify({ environments: Object.fromEntries(names.map((name) => [name, {}])) });
      expect(configured(text)?.details).toMatchObject({ problem: expect.stringContaining('GitHub ignores case') });
    }
  });

  test('law: an accepted name is one segment of an address, and comes out of it whole', () => {
    const sign = fc.constantFrom('.', '..', '/', '%2e', '?', '#', ':', '@', ' ', '\\', 'a', '\u{1F680}', '%', '\t');
    const name = fc.oneof(
      fc.array(sign, { minLength: 1, maxLength: 6 }).map((signs) => signs.join('')),
      anyText
    );
    fc.assert(
      fc.property(name, (text) => {
        fc.pre(ENVIRONMENT_NAME.test(text) && text.isWellFormed());
        const { pathname, search, hash } = new URL(`https://h/repos/o/r/environments/${encodeURIComponent(text)}`);
        const segments = pathname.split('/');
        expect([segments.length, search, hash]).toEqual([6, '', '']);
        expect(decodeURIComponent(segments[5] ?? '')).toBe(text);
      })
    );
  });
});

describe('names that every object has', () => {
  test.each(['__proto__', 'constructor', 'prototype'].map((name) => ({ row: name === '__proto__' ? 20 : 21, name })))(
    'row $row: $name is no key, no input and no override',
    ({ name }) => {
      expect(configured(`{"environments": {"${name}": {"polluted": true}}}`)?.code).toBe('config-invalid');
      expect(configured(`{"${name}": {"polluted": true}}`)?.code).toBe('config-invalid');
      expect(asked({ [name]: 'x' })).toMatchObject({ code: 'invalid-input' });
      expect(asked({ override: name, reason: 'x' })).toMatchObject({ code: 'invalid-input' });
      expect(Reflect.has({}, 'polluted')).toBe(false);
    }
  );

  test.each(
    shown('message', [
      { row: 20, message: '__proto__(__proto__): x', type: 'other' },
      { row: 21, message: 'constructor(toString)!: x', type: 'constructor' }
    ])
  )('row $row: a commit may be of type and scope $shown', ({ message, type }) => {
    expect(parseMessage(message)).toMatchObject({ type, breaking: type !== 'other' });
  });
});

describe('names of files', () => {
  test.each(
    shown('name', [
      { row: 54, name: '../x.tar.zst' },
      { row: 54, name: 'a/b.tar.zst' },
      { row: 54, name: 'a:b.tar.zst' },
      { row: 54, name: 'con' },
      { row: 54, name: 'a.tar.zst.' },
      { row: 54, name: '' },
      { row: 54, name: `${'x'.repeat(300)}.tar.zst` },
      { row: 54, name: '-x.tar.zst' },
      { row: 54, name: 'a"b.tar.zst' },
      { row: 54, name: 'a\r\n.tar.zst' }
    ])
  )('row $row: no archive is called $shown', ({ name }) => {
    const document = changed(manifest, 'archive.name', name);
    expect(reasonFor(() => parseManifest(JSON.stringify(document)))?.code).toBe('manifest-invalid');
  });

  test.each(
    shown('pattern', [
      { row: 46, pattern: `${'*a'.repeat(40)}*b` },
      { row: 46, pattern: `${'**/'.repeat(60)}b` },
      { row: 46, pattern: `{${'a,'.repeat(40)}b}*{${'a,'.repeat(20)}b}` },
      { row: 46, pattern: '[a-a][!b]'.repeat(40) }
    ])
  )('row $row: $shown is a glob, and ends', ({ pattern }) => {
    const globs = compileGlobs([pattern]);
    expect(globs.some((glob) => isWhole(glob, step(glob, startOf(glob), 'a'.repeat(250))))).toBe(false);
  });

  test('law: a glob takes its own text, when nothing in it is special', () => {
    const name = fc.stringMatching(/^[a-z0-9 ._-]{1,20}$/).filter((text) => !/^\.+$/.test(text));
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.array(name, { minLength: 1, maxLength: 4 }),
        (a, b) => {
          const [glob] = compileGlobs([a.join('/')]);
          if (glob === undefined) throw new Error('one pattern, one glob');
          const takes = (path: readonly string[]): boolean =>
            isWhole(
              glob,
              path.reduce<readonly number[]>((at, part) => step(glob, at, part), startOf(glob))
            );
          expect(takes(a)).toBe(true);
          const within = b.length > a.length || b.join('/') === a.join('/');
          expect(within || !takes(b)).toBe(true);
        }
      )
    );
  });
});
