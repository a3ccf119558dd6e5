import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerChange, PullStart } from '../../src/domain/ledger.ts';
import { pullsOf, unbegunChanges, withBeginnings } from '../../src/rules/beginnings.ts';
import { ledgerChange } from '../../src/rules/ledger.ts';
import { at, change, facts, figures, HOUR, record, release } from './metrics/story.ts';

const MERGED = at('07-08 12:00');
const SHA = 'a'.repeat(40);
const named = (more: Partial<LedgerChange> = {}): LedgerChange =>
  change(SHA, MERGED, { pull: 12, begunBy: 'unread', ...more });

const told = (one: LedgerChange, pull: PullStart | null): LedgerChange | undefined =>
  withBeginnings([release('1.1.0', '1.0.0', [one])], new Map([[12, pull]]))[0]?.document?.changes[0];

const pull = (firstCommitAt: string | null, mergeCommit: string | null = SHA): PullStart => ({
  mergeCommit,
  firstCommitAt
});

describe('when work on a change began', () => {
  test('with the first commit of the pull request that it is', () => {
    const began = at('07-06 09:00');
    expect(told(named(), pull(began))).toEqual(named({ begunAt: began, begunBy: 'pull-request' }));
  });

  test.each([
    ['is not known at GitHub', null],
    ['tells no commit', pull(null)],
    ['begins after the merge', pull(at('07-08 12:01'))],
    ['begins with the merge', pull(MERGED)],
    ['begins in the far future', pull('9999-12-31T23:59:59.000Z')],
    ['became another commit', pull(at('07-06 09:00'), 'b'.repeat(40))],
    ['is not merged', pull(at('07-06 09:00'), null)]
  ])('with its own commit where the pull request %s; nobody asks again', (_, answer) => {
    expect(told(named(), answer)).toEqual(named({ begunBy: 'commit' }));
  });

  test('stays open where nothing was told', () => {
    const releases = [release('1.1.0', '1.0.0', [named()]), release('1.2.0', '1.1.0', [], { document: null })];
    expect(withBeginnings(releases, new Map([[13, pull(at('07-06 09:00'))]]))).toEqual(releases);
  });

  test('stays open where a kept report says so of a change that names no pull request', () => {
    const nobodys = named({ pull: null });
    expect(told(nobodys, pull(at('07-06 09:00')))).toEqual(nobodys);
  });

  test.each(['pull-request', 'commit'] as const)('once known (%s) it is never asked for or changed', (begunBy) => {
    const known = named({ begunBy });
    expect(told(known, pull(at('07-01 00:00')))).toEqual(known);
    expect(unbegunChanges([release('1.1.0', null, [known])], [], new Date(at('07-09 00:00')))).toEqual([]);
  });

  test('never moves to a later moment, whatever GitHub tells', () => {
    const moments = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    const answers = fc.option(
      fc.record({
        mergeCommit: fc.constantFrom(SHA, 'b'.repeat(40), null),
        firstCommitAt: fc.option(moments)
      })
    );
    fc.assert(
      fc.property(moments, answers, (date, answer) => {
        const one = told(named({ date, begunAt: date }), answer);
        expect(Date.parse(one?.begunAt ?? '')).toBeLessThanOrEqual(Date.parse(date));
        expect(one?.date).toBe(date);
        expect(one?.begunBy).not.toBe('unread');
      })
    );
  });

  test('a change that names no pull request has nobody to ask', () => {
    const plain = { commit: SHA, type: 'fix', subject: 'x', breaking: false, author: 'ana', date: MERGED };
    expect(ledgerChange(plain, true)).toMatchObject({ begunAt: MERGED, begunBy: 'commit' });
    expect(ledgerChange({ ...plain, pull: 12 }, true)).toMatchObject({ begunAt: MERGED, begunBy: 'unread' });
  });

  test.each([
    ['earlier, as after a rebase', at('07-06 09:00'), at('07-06 09:00')],
    ['later', at('07-09 09:00'), MERGED],
    ['from a clock that was wrong', '1970-01-01T00:00:00.000Z', MERGED]
  ])('an author date that is %s', (_, authored, begunAt) => {
    const written = { commit: SHA, type: 'fix', subject: 'x', breaking: false, author: 'ana', date: MERGED, authored };
    expect(ledgerChange(written, true)).toMatchObject({ date: MERGED, begunAt, begunBy: 'commit' });
  });

  test('a first commit that is no earlier than the author date moves nothing', () => {
    const written = named({ begunAt: at('07-06 09:00') });
    expect(told(written, pull(at('07-07 09:00')))).toEqual({ ...written, begunBy: 'commit' });
    expect(told(written, pull(at('07-05 09:00')))).toMatchObject({ begunAt: at('07-05 09:00') });
  });

  test('the lead time begins there, the part since the merge does not', () => {
    const releases = withBeginnings(
      [release('1.0.0', null, []), release('1.1.0', '1.0.0', [named()])],
      new Map([[12, pull(at('07-06 12:00'))]])
    );
    const records = [
      record({ id: 1, version: '1.0.0', at: at('07-07 00:00') }),
      record({ id: 2, version: '1.1.0', at: at('07-08 15:00') })
    ];
    const of = figures(facts({ records, releases }), at('07-06 00:00'), at('07-20 00:00'));
    expect([of('lead-time').median, of('since-merge').median]).toEqual([51 * HOUR, 3 * HOUR]);
  });
});

describe('whom to ask', () => {
  const now = new Date(at('07-20 00:00'));
  const old = release('1.0.0', null, [change('0', at('01-02 00:00'), { pull: 1, begunBy: 'unread' })]);
  const releases = [
    release('1.1.0', '1.0.0', [change('1', at('07-01 00:00'), { pull: 2, begunBy: 'unread' })]),
    release('1.2.0', '1.1.0', [
      change('2', at('07-02 00:00'), { pull: 3, begunBy: 'unread' }),
      change('3', at('07-02 01:00'), { pull: 3, begunBy: 'unread' }),
      change('4', at('07-02 02:00'))
    ]),
    old
  ];

  test('every pull request within the windows once, those of the newest release first', () => {
    expect(pullsOf(unbegunChanges(releases, [], now))).toEqual([3, 2]);
  });

  test('what one release knows of a commit holds for another that has it, and nobody is asked', () => {
    const known = named({ begunAt: at('07-06 09:00'), begunBy: 'pull-request' });
    const own = release('1.0.0', null, [known], { publishedAt: at('07-08 12:00') });
    const other = release('2.0.0', null, [named()], { component: 'api', tag: 'api/v2.0.0' });
    for (const both of [
      [own, other],
      [other, own]
    ]) {
      const found = withBeginnings(both, new Map());
      expect(found.flatMap(({ document }) => document?.changes)).toEqual([known, known]);
      expect(unbegunChanges(found, [], now)).toEqual([]);
    }
  });

  test('changes that name none have nobody to ask; nothing told changes nothing', () => {
    expect(pullsOf([change('4', at('07-02 02:00'))])).toEqual([]);
    expect(withBeginnings(releases, new Map())).toEqual(releases);
  });

  test('a change that two releases hold counts once', () => {
    const [first, ...rest] = releases;
    if (first === undefined) throw new Error('no release');
    const twice = [first, { ...first, tag: 'api/v1.1.0', component: 'api' }, ...rest];
    expect(unbegunChanges(twice, [], now)).toHaveLength(3);
    expect(unbegunChanges(withBeginnings(twice, new Map([[2, null]])), [], now)).toHaveLength(2);
  });
});
