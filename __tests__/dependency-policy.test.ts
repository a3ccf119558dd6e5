import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { entryOf, lockEntries, runtimePackages } from './lock-file.ts';

/** What may run in the action. A new name here is a decision: somebody read it, and docs/decisions says why. */
const RUNTIME = [
  '@octokit/auth-token',
  '@octokit/core',
  '@octokit/endpoint',
  '@octokit/graphql',
  '@octokit/openapi-types',
  '@octokit/request',
  '@octokit/request-error',
  '@octokit/types',
  'before-after-hook',
  'content-type',
  'json-with-bigint',
  'universal-user-agent',
  'valibot',
  'yaml'
];
const LICENCES = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);
const EXACT = /^\d+\.\d+\.\d+$/;

const Manifest = v.object({ overrides: v.record(v.string(), v.string()) });

describe('dependencies', () => {
  test('only known packages run in the action', () => {
    expect(runtimePackages()).toEqual(RUNTIME);
  });

  test('what runs in the action may be passed on', () => {
    expect(runtimePackages().filter((name) => !LICENCES.has(entryOf(name).license ?? 'none'))).toEqual([]);
  });

  test('nothing that runs in the action brings a script of its own into the installation', () => {
    expect(runtimePackages().filter((name) => entryOf(name).hasInstallScript === true)).toEqual([]);
  });

  test('every version is exact, also where we overrule one', () => {
    const { dependencies, devDependencies, optionalDependencies } = entryOf('');
    const { overrides } = v.parse(Manifest, JSON.parse(readFileSync('package.json', 'utf8')));
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides };
    expect(Object.entries(all).filter(([, version]) => !EXACT.test(version))).toEqual([]);
  });

  test('every package is known by its digest, and none by an address outside the registry', () => {
    const others = [...lockEntries()].filter(
      ([place, { integrity, resolved }]) =>
        place !== '' && (integrity?.startsWith('sha512-') !== true || resolved !== undefined)
    );
    expect(others.map(([place]) => place)).toEqual([]);
  });
});
