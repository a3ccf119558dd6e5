import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressProblem } from '../../src/config/addresses.ts';
import { secondsOf } from '../../src/config/durations.ts';
import { parseDuration } from '../../src/domain/duration.ts';
import { tagProblem } from '../../src/config/tags.ts';
import { isDay, isZone, parseWeekly } from '../../src/config/windows.ts';
import { RELATIVE_PATH } from '../../src/domain/relative-path.ts';

describe('durations', () => {
  test.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['3d', 259_200],
    ['1w', 604_800],
    ['9999w', 9999 * 604_800],
    ['0s', undefined],
    ['030m', undefined],
    ['30', undefined],
    ['m', undefined],
    ['30M', undefined],
    ['30m\n', undefined],
    ['1h30m', undefined],
    ['10000s', undefined]
  ])('%j', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test('a text that is none has no seconds', () => {
    expect(() => secondsOf('soon')).toThrow(RangeError);
  });
});

describe('windows', () => {
  test.each([
    ['Fri 16:00 - Mon 08:00', { from: 4 * 1440 + 960, to: 480 }],
    ['Mon 00:00 - Sun 23:59', { from: 0, to: 6 * 1440 + 1439 }],
    ['Mon 08:00 - Mon 08:00', undefined],
    ['Mon 8:00 - Tue 08:00', undefined],
    ['Monday 08:00 - Tue 08:00', undefined]
  ])('%s', (text, window) => {
    expect(parseWeekly(text)).toEqual(window);
  });

  test('days are those of the calendar', () => {
    expect(['2028-02-29', '2026-12-31'].every(isDay)).toBe(true);
    expect(['2026-02-29', '2026-04-31', '2026-00-10', '2026-1-1', '02026-01-01', ''].some(isDay)).toBe(false);
  });

  test('zones are those Node knows', () => {
    expect(['America/Sao_Paulo', 'UTC', 'Europe/Lisbon'].every(isZone)).toBe(true);
    expect(['Mars/Olympus', 'America/Sao Paulo', ''].some(isZone)).toBe(false);
  });
});

describe('tags', () => {
  const git = (tag: string): boolean => {
    try {
      execFileSync('git', ['check-ref-format', `refs/tags/${tag}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };

  test.each([
    'v{version}',
    '{version}',
    'shop/{version}',
    'serviço-{version}',
    'v{version}-x',
    '@{version}',
    'v {version}',
    'v..{version}',
    'v{version}.',
    'v{version}.lock',
    '.v{version}',
    'a/.v{version}',
    'a.lock/{version}',
    '/v{version}',
    'v{version}/',
    'a//{version}',
    'v~{version}',
    'v^{version}',
    'v:{version}',
    'v?{version}',
    'v*{version}',
    'v[{version}',
    'v\\{version}',
    'v\u007F{version}',
    'v\t{version}'
  ])('%j is a tag when git says so', (form) => {
    expect(tagProblem(form) === undefined).toBe(git(form.replace('{version}', '1.2.3')));
  });

  test('a tag may not look like an option or be endless', () => {
    expect(tagProblem('-{version}')).toBeDefined();
    expect(tagProblem(`${'v'.repeat(250)}{version}`)).toBeDefined();
  });
});

describe('addresses', () => {
  test.each([
    ['https://{environment}.shop.example/{version}', undefined],
    ['http://127.0.0.1:4300/health?a=b', undefined],
    ['https://{env}.x', expect.stringContaining('unknown placeholder {env}')],
    ['https://h/{', 'is no address'],
    ['https://h/}{', 'is no address'],
    ['https://', expect.stringContaining('must be an address')],
    ['https://:80', 'is no address'],
    ['gopher://h', expect.stringContaining('must be an address')],
    ['HTTPS://h', expect.stringContaining('must be an address')]
  ])('%s', (text, problem) => {
    expect(addressProblem(text)).toEqual(problem);
  });
});

describe('paths', () => {
  test.each(['a', 'a/b.c', '...', '.github/x', 'a b/ç', '..a/b..'])('%j is clean', (path) => {
    expect(RELATIVE_PATH.test(path)).toBe(true);
  });

  test.each(['', '/', '/a', 'a/', './a', 'a/.', '..', 'a/..', '../a', 'a//b', 'c:a', 'a\\b', 'a\nb', '\u0000'])(
    '%j is not',
    (path) => {
      expect(RELATIVE_PATH.test(path)).toBe(false);
    }
  );

  test('a clean path stays below its folder', () => {
    const part = fc.constantFrom('.', '..', 'a', '', 'b.c', '\\', 'C:');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join('/');
        const inside = URL.parse(path, 'file:///root/here/')?.pathname.startsWith('/root/here/') === true;
        expect(RELATIVE_PATH.test(path) && !inside).toBe(false);
      })
    );
  });
});
