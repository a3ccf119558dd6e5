import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { lockEntries } from '../lock-file.ts';

/** Program text without its comments, in which addresses of pages stand. */
const code = globSync('src/**/*.ts')
  .map((file) => readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, ''))
  .join('\n');

const found = (pattern: RegExp): readonly string[] => [...new Set([...code.matchAll(pattern)].map(([text]) => text))];

/** The first two are names of formats (adaptive cards, SVG), the third is a key of Docker's own file: nobody asks them. */
const KNOWN_HOSTS = [
  'http://adaptivecards.io',
  'http://www.w3.org',
  'https://index.docker.io',
  'https://registry-1.docker.io'
];

describe('what the action may touch', () => {
  test('no route and no argument of git moves or removes a tag or a branch', () => {
    const writes = found(/'(?:POST|PATCH|PUT|DELETE) \/[^']+'/g);
    expect(writes.length).toBeGreaterThan(5);
    expect(writes.filter((route) => /'(PATCH|PUT|DELETE) .*\/git\//.test(route))).toEqual([]);
    expect(found(/'(push|--force|-f|update-ref|branch)'/g)).toEqual([]);
  });

  test('it knows no server by name but the registry of Docker; all others come from the runner or from delivery.yml', () => {
    const hosts = found(/https?:\/\/[\w.-]+\.\w+/g);
    expect(hosts.toSorted()).toEqual(KNOWN_HOSTS);
  });

  test('nothing starts a process but the two places for scripts and git, and nothing evaluates text', () => {
    const starting = globSync('src/**/*.ts').filter((file) => /child_process/.test(readFileSync(file, 'utf8')));
    expect(starting.toSorted()).toEqual(['src/adapters/history/git.ts', 'src/adapters/shell.ts']);
    expect(found(/\b(eval|execSync|new Function|node:vm)\b/g)).toEqual([]);
  });
});

const Scripts = v.object({ scripts: v.record(v.string(), v.string()) });

/** Packages that would like to run something when they are installed; none of them gets to. */
const WITH_INSTALL_SCRIPT = ['@parcel/watcher', '@swc/core', 'unrs-resolver'];

describe('what we are built from', () => {
  test('the installation runs no script of anybody', () => {
    const settings = readFileSync('.npmrc', 'utf8').split('\n');
    expect(settings).toContain('ignore-scripts=true');
    expect(settings.filter((line) => /registry|_auth|always-auth|script-shell/.test(line))).toEqual([]);
    const { scripts } = v.parse(Scripts, JSON.parse(readFileSync('package.json', 'utf8')));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|pack|publish)/.test(name))).toEqual([
      'package'
    ]);
    const wishing = [...lockEntries()].filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = wishing.map(([place]) => place.replace(/^.*node_modules\//, ''));
    expect(names.filter((name) => !WITH_INSTALL_SCRIPT.includes(name))).toEqual([]);
  });

  test('every package has one exact version and one whole digest', () => {
    const places = [...lockEntries()].filter(([place]) => place !== '');
    expect(places.length).toBeGreaterThan(100);
    expect(
      places.filter(
        ([, { version, integrity }]) =>
          !/^\d+\.\d+\.\d+/.test(version ?? '') || !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')
      )
    ).toEqual([]);
  });

  const Ci = v.object({
    permissions: v.strictObject({}),
    jobs: v.record(
      v.string(),
      v.object({
        permissions: v.record(v.string(), v.string()),
        'timeout-minutes': v.number(),
        steps: v.array(
          v.object({
            uses: v.optional(v.string()),
            run: v.optional(v.string()),
            with: v.optional(v.record(v.string(), v.unknown()), {})
          })
        )
      })
    )
  });

  test('our own checks run with the right to read, without a cache and without the token on disk', () => {
    const { jobs } = v.parse(Ci, parse(readFileSync('.github/workflows/ci.yml', 'utf8')));
    for (const { permissions, steps } of Object.values(jobs)) {
      expect(permissions).toEqual({ contents: 'read' });
      for (const { uses, with: given } of steps) {
        expect(uses ?? 'run').toMatch(/^(run|actions\/[\w-]+@[0-9a-f]{40})$/);
        expect(given['persist-credentials'] ?? (uses?.startsWith('actions/checkout@') !== true ? false : 'left')).toBe(
          false
        );
        expect(
          given['package-manager-cache'] ?? (uses?.startsWith('actions/setup-node@') !== true ? false : 'on')
        ).toBe(false);
      }
    }
  });
});
