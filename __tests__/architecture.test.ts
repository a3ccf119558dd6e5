import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { readSources } from './source-code.ts';
import type { SourceFile } from './source-code.ts';

const sources = readSources('src/**/*.ts');

/**
 * Who may import whom. The first entry that fits a file holds; what is imported must start with one of its places.
 * Node modules stand as `node:`, packages as `package:`. Files not listed (entry, wiring) may import everything.
 */
const MAY_IMPORT: readonly { readonly from: string; readonly places: readonly string[] }[] = [
  { from: 'src/contract.ts', places: [] },
  { from: 'src/config/delivery.ts', places: ['src/contract.ts', 'src/domain/'] },
  { from: 'src/domain/', places: ['src/contract.ts', 'src/domain/'] },
  { from: 'src/rules/', places: ['src/contract.ts', 'src/domain/', 'src/rules/', 'src/config/delivery.ts'] },
  // No Node module and no package either; it may ask a rule for a word's meaning and speak to the console.
  { from: 'src/report/', places: ['src/contract.ts', 'src/domain/', 'src/rules/', 'src/ports', 'src/report/'] },
  { from: 'src/ports', places: ['src/contract.ts', 'src/domain/', 'src/ports'] },
  {
    from: 'src/commands/',
    places: ['src/contract.ts', 'src/domain/', 'src/rules/', 'src/config/', 'src/ports', 'src/commands/', 'node:']
  },
  { from: 'src/config/', places: ['src/contract.ts', 'src/domain/', 'src/rules/', 'src/config/', 'node:', 'package:'] },
  {
    from: 'src/adapters/',
    places: [
      'src/contract.ts',
      'src/domain/',
      'src/rules/',
      'src/config/',
      'src/ports',
      'src/adapters/',
      'node:',
      'package:'
    ]
  }
];
const ANY_OF_OURS = ['src/', 'node:'];

const placeOf = (file: SourceFile, imported: string): string => {
  if (imported.startsWith('.')) return posix.join(posix.dirname(file.path), imported);
  return imported.startsWith('node:') ? imported : `package:${imported}`;
};

const forbiddenImports = (file: SourceFile): string[] => {
  const places = MAY_IMPORT.find(({ from }) => file.path.startsWith(from))?.places ?? ANY_OF_OURS;
  return file.imports
    .map((imported) => placeOf(file, imported))
    .filter((place) => !places.some((allowed) => place.startsWith(allowed)))
    .map((place) => `${file.path} imports ${place}`);
};

const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;

const matching = (files: readonly SourceFile[], pattern: RegExp): string[] =>
  files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test('the reader of the source sees imports and functions', () => {
  const main = sources.find(({ path }) => path === 'src/main.ts');
  expect(main?.imports).toEqual(expect.arrayContaining(['./contract.ts', './wire.ts']));
  expect(main?.functions.map(({ name }) => name)).toContain('run');
  expect(sources.length).toBeGreaterThan(30);
});

describe('direction', () => {
  test('every file imports only what its layer may know', () => {
    expect(sources.flatMap(forbiddenImports)).toEqual([]);
  });

  test('the environment of the process is read in one place', () => {
    expect(matching(sources, /\bprocess\s*(\.\s*env\b|\[\s*['"]env)/)).toEqual(['src/index.ts']);
    expect(matching(sources, /\bfrom 'node:process'/)).toEqual([]);
  });

  test('rules and domain ask neither the clock nor chance', () => {
    const pure = sources.filter(({ path }) => /^src\/(rules|domain|report)\//.test(path));
    expect(
      matching(pure, /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bprocess\.|\bfetch\(|\bsetTimeout\b/)
    ).toEqual([]);
  });

  test('no folder and no file is an attic', () => {
    const everything = readSources('src/**/*.ts', 'rehearsal/**/*.ts', 'scripts/**/*.ts', '__tests__/**/*.ts');
    expect(
      everything.map(({ path }) => path).filter((path) => /(^|\/)(utils?|helpers?|misc|common)(\/|\.)/.test(path))
    ).toEqual([]);
  });
});

describe('size', () => {
  const functions = sources.flatMap((file) => file.functions.map((each) => ({ ...each, path: file.path })));

  test('no file is longer than 250 lines', () => {
    const long = sources.filter(({ text }) => text.trimEnd().split('\n').length > 250);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test('no function is longer than 40 lines', () => {
    expect(functions.filter(({ lines }) => lines > 40)).toEqual([]);
  });

  test('half of all functions have ten lines or fewer', () => {
    expect(medianOf(functions.map(({ lines }) => lines))).toBeLessThanOrEqual(10);
  });
});

describe('guard rails', () => {
  const Rules = v.object({ rules: v.record(v.string(), v.unknown()) });
  const { rules } = v.parse(Rules, JSON.parse(readFileSync('.oxlintrc.json', 'utf8')));

  test.each([
    'typescript/no-explicit-any',
    'typescript/no-non-null-assertion',
    'typescript/switch-exhaustiveness-check'
  ])('the linter forbids what %s names', (rule) => expect(rules[rule]).toBe('error'));

  test('the linter limits parameters, functions and files', () => {
    expect(rules['max-params']).toEqual(['error', { max: 3 }]);
    expect(rules['max-lines-per-function']).toEqual(['error', { max: 40, skipComments: true }]);
    expect(rules['max-lines']).toEqual(['error', { max: 250 }]);
  });

  test('no line of the source switches them off', () => {
    const off =
      /(oxlint|eslint)-disable[^\n]*(max-|no-explicit-any|no-non-null|exhaustive|floating)|@ts-(ignore|nocheck|expect-error)/;
    expect(matching(sources, off)).toEqual([]);
  });
});
