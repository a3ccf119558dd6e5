import { describe, expect, test } from '@jest/globals';
import type { Commit } from '../../src/domain/change.ts';
import { contentOf } from '../../src/rules/changes.ts';

const shaOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(40, '0');

/** A commit named after a word; its parents, too. */
const commit = (name: string, message: string, parents: readonly string[] = []): Commit => ({
  sha: shaOf(name),
  parents: parents.map(shaOf),
  date: '2026-11-24T00:00:00.000Z',
  author: 'Ana',
  message
});

const reverting = (name: string): string => `Revert "x"\n\nThis reverts commit ${shaOf(name)}.`;

const subjects = (commits: readonly Commit[]): readonly string[] =>
  contentOf(commits).changes.map(({ subject }) => subject);

test('a change keeps the author date where that is earlier, as after a rebase', () => {
  const [before, same, after] = ['2026-11-20T09:00:00.000Z', '2026-11-24T00:00:00.000Z', '2026-11-25T00:00:00.000Z'];
  const authoredOf = (authored: string) => contentOf([{ ...commit('a', 'fix: a'), authored }]).changes[0]?.authored;
  expect([before, same, after].map(authoredOf)).toEqual([before, undefined, undefined]);
  expect(contentOf([commit('a', 'fix: a')]).changes[0]).not.toHaveProperty('authored');
});

describe('reverts', () => {
  test('inside the range cancel what they take back, and disappear with it', () => {
    const range = [commit('c', 'fix: c'), commit('r', reverting('a')), commit('a', 'feat!: a')];
    expect(subjects(range)).toEqual(['c']);
    expect(contentOf(range).counting).toHaveLength(1);
  });

  test('of reverts bring the first commit back', () => {
    const range = [commit('rr', reverting('r')), commit('r', reverting('a')), commit('a', 'feat: a')];
    expect(subjects(range)).toEqual(['a']);
  });

  test('of reverts of reverts take it away again', () => {
    const range = [
      commit('rrr', reverting('rr')),
      commit('rr', reverting('r')),
      commit('r', reverting('a')),
      commit('a', 'feat: a')
    ];
    expect(subjects(range)).toEqual([]);
  });

  test('of something older stay a change', () => {
    expect(contentOf([commit('r', reverting('old'))]).changes).toMatchObject([
      { type: 'revert', subject: 'Revert "x"' }
    ]);
    const both = commit('r', `${reverting('a')}\nThis reverts commit ${shaOf('old')}.`);
    expect(subjects([both, commit('a', 'feat: a')])).toEqual(['Revert "x"', 'a']);
  });

  test('may abbreviate, when the name fits one commit only', () => {
    const named = commit('r', `x\n\nThis reverts commit ${shaOf('abcd').slice(0, 8)}.`);
    expect(subjects([named, commit('abcd', 'feat: a')])).toEqual([]);
    expect(subjects([named, commit('abcd', 'feat: a'), commit('abcde', 'feat: b')])).toEqual(['x', 'a', 'b']);
  });

  test('of a pull request, as the button of GitHub words them, cancel it', () => {
    const range = [commit('r', 'Revert "feat: a (#12)" (#13)\n\nReverts acme/shop#12'), commit('a', 'feat: a (#12)')];
    expect(subjects(range)).toEqual([]);
    const older = commit('r', 'Revert "feat: a (#12)" (#13)\n\nReverts acme/shop#12');
    expect(subjects([older])).toHaveLength(1);
  });

  test('of a merge cancel everything it brought', () => {
    const range = [
      commit('r', `Revert "m"\n\nThis reverts commit ${shaOf('m')}, reversing\nchanges made to ${shaOf('a')}.`, ['m']),
      commit('m', 'Merge pull request #3 from x/y\n\nT', ['a', 's2']),
      commit('s2', 'feat!: s2', ['s1']),
      commit('s1', 'fix: s1', ['old']),
      commit('a', 'fix: a', ['old'])
    ];
    expect(subjects(range)).toEqual(['a']);
  });

  test('of themselves are words like any other', () => {
    expect(subjects([commit('r', reverting('r'))])).toEqual(['Revert "x"']);
  });
});

describe('merges', () => {
  test('are told by their commits, which carry the number of the pull request', () => {
    const range = [
      commit('m2', 'Merge pull request #4 from x/z\n\nT', ['m1', 't1']),
      commit('t1', 'fix: t1 (#9)', ['a']),
      commit('m1', 'Merge pull request #3 from x/y\n\nT', ['a', 'back']),
      commit('back', "Merge branch 'main' into y", ['s1', 'a']),
      commit('s1', 'fix: s1', ['old']),
      commit('a', 'fix: a', ['old'])
    ];
    expect(contentOf(range).changes.map(({ subject, pull }) => [subject, pull])).toEqual([
      ['t1', 9],
      ['s1', 3],
      ['a', undefined]
    ]);
    expect(contentOf(range).counting).toHaveLength(6);
  });

  test('of branches without a pull request give no number', () => {
    const range = [
      commit('m', "Merge branch 'y'", ['a', 's']),
      commit('s', 'fix: s', ['old']),
      commit('a', 'fix: a', ['old'])
    ];
    expect(contentOf(range).changes.map(({ subject, pull }) => [subject, pull])).toEqual([
      ['s', undefined],
      ['a', undefined]
    ]);
  });

  test('are changes when somebody described them as one, or when nothing else is there to see', () => {
    expect(subjects([commit('m', 'feat: a (#3)', ['a', 's']), commit('s', 'wip', ['a'])])).toEqual(['a', 'wip']);
    expect(subjects([commit('m', 'Merge pull request #3 from x/y\n\nTitle', ['old', 'older'])])).toEqual(['Title']);
  });
});

test('a long history of merges is read in linear time', () => {
  const commits: Commit[] = [];
  for (let n = 20_000; n > 0; n -= 1) {
    commits.push(commit(`m${n}`, `Merge pull request #${n} from a/b`, [`m${n - 1}`, `s${n}`]));
    commits.push(commit(`s${n}`, 'fix: s', [`m${n - 1}`]));
  }
  expect(contentOf(commits).changes).toHaveLength(20_000);
});
