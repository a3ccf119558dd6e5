import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Commit } from '../../src/domain/change.ts';
import type { HistoryAnswer } from '../../src/domain/history.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { type Version, compareVersions, tagForm, versionOf } from '../../src/domain/version.ts';
import { type VersionPolicy, belongsTo, nextVersion } from '../../src/rules/next-version.ts';

const TODAY = new Date('2026-11-24T23:59:59Z');
const SEMVER: VersionPolicy = { scheme: 'semver', form: tagForm('v{version}'), releaseOn: 'any' };
const CALVER: VersionPolicy = { ...SEMVER, scheme: 'calver' };
const CONVENTIONAL: VersionPolicy = { ...SEMVER, releaseOn: 'conventional' };

const shaOf = (index: number): string => (index + 1).toString(16).padStart(40, 'a');

/** Newest first, each the parent of the one before. */
const commitsOf = (messages: readonly string[]): readonly Commit[] =>
  messages.map((message, index) => ({
    sha: shaOf(index),
    parents: [shaOf(index + 1)],
    date: '2026-11-24T00:00:00.000Z',
    author: 'Ana',
    message
  }));

interface Past {
  readonly base?: string;
  readonly onHead?: readonly string[];
  readonly newer?: readonly string[];
  readonly containing?: readonly string[];
}

const v = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return versionOf([major, minor, patch]);
};

const answerOf = (
  { base, onHead = [], newer = [], containing = [] }: Past,
  messages: readonly string[]
): HistoryAnswer => {
  const commits = commitsOf(messages);
  const beside = [
    ...newer.map((text) => ({ version: v(text), commit: 'b'.repeat(40), containsHead: false })),
    ...containing.map((text) => ({ version: v(text), commit: 'c'.repeat(40), containsHead: true }))
  ].toSorted((a, b) => compareVersions(b.version, a.version));
  return {
    head: commits[0] ?? { sha: shaOf(0), parents: [], date: '', author: '', message: '' },
    ...(base === undefined ? {} : { base: { version: v(base), tag: `v${base}`, commit: 'd'.repeat(40) } }),
    onHead: onHead.map(v),
    newer: beside,
    commits
  };
};

const versionFor = (past: Past, messages: readonly string[], policy = SEMVER): string => {
  const next = nextVersion(answerOf(past, messages), policy, TODAY);
  return next.kind === 'version' ? next.version : next.kind;
};

const refusalOf = (past: Past, messages: readonly string[], policy = SEMVER): unknown => {
  try {
    return versionFor(past, messages, policy);
  } catch (error) {
    if (error instanceof Refusal) return [error.reason.code, error.reason.details];
    throw error;
  }
};

describe('semantic versions', () => {
  test.each([
    [undefined, ['fix: a'], '0.1.0'],
    [undefined, ['feat!: a'], '0.1.0'],
    ['1.2.3', ['fix: a'], '1.2.4'],
    ['1.2.3', ['whatever'], '1.2.4'],
    ['1.2.3', ['fix: b', 'feat: a'], '1.3.0'],
    ['1.2.3', ['fix: b', 'feat(api)!: drop v1'], '2.0.0'],
    ['1.2.3', ['fix: a\n\nBREAKING CHANGE: b'], '2.0.0'],
    ['0.3.0', ['feat!: a'], '0.4.0'],
    ['0.3.1', ['feat: a'], '0.4.0'],
    ['0.3.1', ['docs: a'], '0.3.2']
  ])('after %s, %j gives %s', (base, messages, expected) =>
    expect(versionFor(base === undefined ? {} : { base }, messages)).toBe(expected)
  );

  test('say why, and which part moved', () => {
    const next = nextVersion(answerOf({ base: '1.2.3' }, ['fix: b', 'feat: a']), SEMVER, TODAY);
    expect(next).toMatchObject({
      tag: 'v1.3.0',
      changed: true,
      previous: '1.2.3',
      bump: 'minor',
      why: { rule: 'feature', commit: shaOf(1) }
    });
    expect(nextVersion(answerOf({ base: '1.2.3' }, ['feat!: a']), SEMVER, TODAY)).toMatchObject({
      bump: 'major',
      why: { rule: 'breaking' }
    });
    expect(nextVersion(answerOf({ base: '1.2.3' }, ['x']), SEMVER, TODAY)).toMatchObject({ bump: 'patch' });
    expect(nextVersion(answerOf({}, ['x']), SEMVER, TODAY)).toMatchObject({ bump: 'none', why: { rule: 'first' } });
  });

  test('stop where no number is left', () => {
    expect(refusalOf({ base: '1.0.999999999999999' }, ['fix: a'])).toMatchObject(['history-unknown', {}]);
    expect(refusalOf({ base: '1.0.999999999999999' }, ['feat: a'])).toBe('1.1.0');
  });
});

describe('a commit that carries a version', () => {
  test('keeps the highest one', () => {
    const next = nextVersion(answerOf({ base: '1.2.3', onHead: ['1.4.0', '1.3.0'] }, ['feat!: a']), SEMVER, TODAY);
    expect(next).toMatchObject({
      version: '1.4.0',
      changed: false,
      previous: '1.2.3',
      bump: 'none',
      why: { rule: 'tagged' }
    });
    expect(next.changes).toHaveLength(1);
  });
});

describe('releasing on conventional commits only', () => {
  test.each(['feat: a', 'fix: a', 'perf: a', 'refactor!: a', 'docs: a\n\nRelease-As: 3.0.0'])(
    '%s releases',
    (message) => expect(versionFor({ base: '1.2.3' }, [message], CONVENTIONAL)).toMatch(/^\d/)
  );

  test.each([['docs: a'], ['typo'], [`Revert "x"\n\nThis reverts commit ${shaOf(1)}.`, 'feat: a']])(
    '%s does not',
    (...messages) =>
      expect(nextVersion(answerOf({ base: '1.2.3' }, messages), CONVENTIONAL, TODAY)).toMatchObject({
        kind: 'nothing-to-release',
        previous: '1.2.3'
      })
  );
});

test('a component nobody touched has nothing to release', () => {
  expect(versionFor({ base: '1.2.3' }, [])).toBe('nothing-to-release');
  expect(nextVersion(answerOf({}, []), SEMVER, TODAY)).toMatchObject({ previous: null });
});

describe('Release-As', () => {
  test('wins, and the newest of several does', () => {
    expect(versionFor({ base: '1.2.3' }, ['fix: b\n\nRelease-As: 5.0.0', 'feat!: a\n\nRelease-As: 4.0.0'])).toBe(
      '5.0.0'
    );
    expect(versionFor({}, ['x\n\nRelease-As: 1.0.0'])).toBe('1.0.0');
  });

  test('of a cancelled commit does not count', () => {
    const revert = `Revert "x"\n\nThis reverts commit ${shaOf(1)}.`;
    expect(versionFor({ base: '1.2.3' }, [revert, 'feat: a\n\nRelease-As: 4.0.0'])).toBe('1.2.4');
  });

  test.each([['1.2.3'], ['1.2.2'], ['2.0'], ['v2.0.0'], ['02.0.0'], ['2.0.0-rc.1'], ['']])('%s is refused', (value) =>
    expect(refusalOf({ base: '1.2.3' }, [`x\n\nRelease-As: ${value}`])).toMatchObject([
      'release-as-invalid',
      { value, commit: shaOf(0) }
    ])
  );

  test('is refused when another commit has that version, or when it is no version of the scheme', () => {
    expect(refusalOf({ base: '1.2.3', newer: ['4.0.0'] }, ['x\n\nRelease-As: 4.0.0'])).toMatchObject([
      'version-taken',
      { tag: 'v4.0.0', other: 'b'.repeat(40) }
    ]);
    expect(refusalOf({ base: '2026.1.0' }, ['x\n\nRelease-As: 2026.13.0'], CALVER)).toMatchObject([
      'release-as-invalid',
      {}
    ]);
  });
});

describe('numbers that are taken', () => {
  test.each([
    ['fix: a', ['1.2.4'], '1.2.5'],
    ['fix: a', ['1.2.5'], '1.2.6'],
    ['fix: a', ['1.3.0', '2.0.0'], '1.2.4'],
    ['feat: a', ['1.3.0', '1.3.1'], '1.4.0'],
    ['feat: a', ['1.9.7', '2.0.0'], '1.10.0'],
    ['feat: a', ['1.2.9'], '1.3.0'],
    ['feat!: a', ['2.1.0'], '3.0.0']
  ])('on another line: %s beside %j gives %s', (message, newer, expected) =>
    expect(versionFor({ base: '1.2.3', newer }, [message])).toBe(expected)
  );

  test('by a version that contains the commit are refused', () => {
    expect(refusalOf({ base: '1.2.3', containing: ['1.2.4'] }, ['fix: a'])).toEqual([
      'version-taken',
      { tag: 'v1.2.4', commit: shaOf(0), other: 'c'.repeat(40) }
    ]);
    expect(refusalOf({ base: '1.2.3', containing: ['1.2.4'] }, ['feat: a'])).toMatchObject(['version-taken', {}]);
  });

  test('a free one below a version that contains the commit is fine', () => {
    expect(versionFor({ base: '1.2.3', containing: ['1.3.0'] }, ['fix: a'])).toBe('1.2.4');
  });
});

describe('calendar versions', () => {
  test.each([
    [undefined, '2026.11.0'],
    ['2026.10.7', '2026.11.0'],
    ['2025.12.7', '2026.11.0'],
    ['2026.11.0', '2026.11.1'],
    ['2026.12.4', '2026.12.5'],
    ['2027.1.4', '2027.1.5']
  ])('after %s comes %s', (base, expected) =>
    expect(versionFor(base === undefined ? {} : { base }, ['feat!: a'], CALVER)).toBe(expected)
  );

  test('take the next number of the month when another line has it', () => {
    expect(versionFor({ base: '2026.10.7', newer: ['2026.11.0'] }, ['x'], CALVER)).toBe('2026.11.1');
  });

  test('are told from other versions', () => {
    expect(
      ['2026.1.0', '2026.12.9', '2026.0.1', '2026.13.1', '1999.1.0', '3000.1.0', '1.2.3'].map((text) =>
        belongsTo('calver')(v(text))
      )
    ).toEqual([true, true, false, false, false, false, false]);
    expect(belongsTo('semver')(v('1.2.3'))).toBe(true);
  });
});

describe('laws', () => {
  const number = fc.integer({ min: 0, max: 4 });
  const version = fc.tuple(number, number, number).map((numbers) => numbers.join('.'));
  const message = fc.constantFrom(
    'fix: a',
    'feat: a',
    'feat!: a',
    'docs: a',
    'x',
    'x\n\nRelease-As: 3.1.0',
    `x\n\nThis reverts commit ${shaOf(2)}.`
  );
  const past = fc.record({
    base: version,
    newer: fc.uniqueArray(version),
    containing: fc.uniqueArray(version, { maxLength: 2 })
  });

  test('a new version is above its base, and nobody has it', () => {
    fc.assert(
      fc.property(past, fc.array(message, { minLength: 1, maxLength: 6 }), ({ base, ...beside }, messages) => {
        const above = (text: string) => compareVersions(v(text), v(base)) > 0;
        const newer = beside.newer.filter(above);
        const containing = beside.containing.filter((text) => above(text) && !newer.includes(text));
        const got = refusalOf({ base, newer, containing }, messages);
        const refused = /^(version-taken|release-as-invalid),/.test(String(got));
        const fine = (text: string): boolean =>
          above(text) && !newer.includes(text) && containing.every((other) => compareVersions(v(text), v(other)) < 0);
        expect(refused || (typeof got === 'string' && fine(got))).toBe(true);
      })
    );
  });

  test('a commit and its revert change nothing about the bump', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('feat: a', 'feat!: a'),
        (rest, undone) => {
          const plain = rest.filter((text) => !text.includes('This reverts'));
          const pair = [...plain, `Revert "x"\n\nThis reverts commit ${shaOf(plain.length + 1)}.`, undone];
          expect(versionFor({ base: '0.9.0' }, pair)).toBe(
            versionFor({ base: '0.9.0' }, plain.length === 0 ? ['x'] : plain)
          );
        }
      )
    );
  });

  test('calendar versions never go back, whatever the clock says', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    const base = fc.tuple(fc.integer({ min: 2000, max: 2999 }), fc.integer({ min: 1, max: 12 }), number);
    fc.assert(
      fc.property(date, base, (today, numbers) => {
        const next = nextVersion(answerOf({ base: numbers.join('.') }, ['x']), CALVER, today);
        expect(next.kind === 'version' && compareVersions(next.version, versionOf(numbers)) > 0).toBe(true);
      })
    );
  });
});
