import { describe, expect, test } from '@jest/globals';
import { componentOf } from '../../src/domain/ledger.ts';
import type { LedgerRecord } from '../../src/domain/ledger.ts';
import {
  carriedDocument,
  formsOf,
  ledgerChange,
  mergeRecords,
  mergeReleases,
  releasesIn,
  unreadReleases,
  unsettled,
  untitledIncident,
  untitledRecord,
  untitledRelease
} from '../../src/rules/ledger.ts';
import { v } from '../fakes/builders.ts';
import { at, change, incident, record, release } from './metrics/story.ts';

const unnumbered = (told: LedgerRecord) => {
  const { id: _, ...rest } = told;
  return rest;
};

describe('components', () => {
  test.each([
    ['v1.2.3', ''],
    ['1.2.3', ''],
    ['api/v1.2.3', 'api'],
    ['api-1.2.3', 'api'],
    ['@acme/shop@1.2.3', '@acme/shop'],
    ['dev1.2.3', 'dev'],
    ['v1.2.3-eu', 'eu'],
    ['api/v1.2.3-eu', 'api-eu'],
    ['nightly', 'nightly']
  ])('%s belongs to %j', (tag, expected) => {
    expect(componentOf(tag, '1.2.3')).toBe(expected);
  });
});

describe('records', () => {
  const first = record({ id: 1, version: '1.0.0', at: at('07-01 00:00'), state: 'success' });

  test('new ones get the next numbers in the order they were asked for', () => {
    const later = record({ id: 9, version: '1.2.0', at: at('07-03 00:00') });
    const earlier = record({ id: 8, version: '1.1.0', at: at('07-02 00:00') });
    const merged = mergeRecords([first], [unnumbered(later), unnumbered(earlier)]);
    expect(merged.map(({ id, payload }) => [id, payload.version])).toEqual([
      [1, '1.0.0'],
      [2, '1.1.0'],
      [3, '1.2.0']
    ]);
  });

  test('of the same second keep the order of GitHub, which lists the newest first', () => {
    const [a, b] = [2, 3].map((id) => record({ id, version: `1.${id}.0`, at: at('07-02 00:00') }));
    const merged = mergeRecords(
      [],
      [b, a].flatMap((each) => (each === undefined ? [] : [unnumbered(each)]))
    );
    expect(merged.map(({ id, node }) => [id, node])).toEqual([
      [1, 'DE_2'],
      [2, 'DE_3']
    ]);
  });

  test('one read again keeps its number and tells the news', () => {
    const again = unnumbered({ ...first, state: 'inactive', endedAt: at('07-04 00:00') });
    expect(mergeRecords([first], [again])).toEqual([{ ...first, state: 'inactive', endedAt: at('07-04 00:00') }]);
  });

  test('what may still change is looked at again, the newest first, a hundred at most', () => {
    const states = ['inactive', 'success', 'queued', 'failure', 'in_progress', 'error', 'pending'] as const;
    const known = states.map((state, index) =>
      record({ id: index + 1, version: '1.0.0', at: at('07-01 00:00'), state })
    );
    expect(unsettled(known)).toEqual(['DE_7', 'DE_5', 'DE_3', 'DE_2']);
    const many = Array.from({ length: 150 }, (_, index) => ({ ...first, node: `DE_${index}` }));
    expect([unsettled(many).length, unsettled(many)[0]]).toEqual([100, 'DE_149']);
  });
});

describe('releases', () => {
  const note = { manifestSha256: 'a'.repeat(64), tarSha256: 'b'.repeat(64), changes: 3 };
  const listed = (tag: string, ours = true) => ({
    id: 1,
    tag,
    commit: 'c'.repeat(40),
    prerelease: true,
    url: `https://github.com/acme/shop/releases/tag/${tag}`,
    publishedAt: at('07-01 00:00'),
    ...(ours ? { note } : {})
  });

  test('are those of a form that delivers, with our note on the tag', () => {
    const api = record({ id: 1, version: '2.0.0', at: at('07-01 00:00'), payload: { tag: 'api/v2.0.0' } });
    const odd = record({ id: 2, version: '2.0.0', at: at('07-01 00:00'), payload: { tag: 'nightly' } });
    const forms = formsOf({ prefix: 'v', suffix: '' }, [api, odd]);
    const all = [listed('v1.0.0'), listed('api/v2.1.0'), listed('web/v1.0.0'), listed('v0.9.0', false)];
    expect(
      releasesIn(all, forms).map(({ component, version, changeCount }) => [component, version, changeCount])
    ).toEqual([
      ['', '1.0.0', 3],
      ['api', '2.1.0', 3]
    ]);
  });

  test('known ones stay as they were read', () => {
    const known = release('1.0.0', null, [change('a', at('07-01 00:00'))]);
    expect(mergeReleases([known], [{ ...known, document: null }])).toEqual([known]);
  });

  const now = new Date(at('07-20 00:00'));
  const unread = (version: string, publishedAt = at('07-01 00:00')) =>
    release(version, null, [], { document: null, publishedAt });
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];

  test('are read from what was live as the longest window began', () => {
    const records = [
      record({ id: 1, version: '1.0.0', at: at('01-10 00:00') }),
      record({ id: 2, version: '1.1.0', at: at('03-10 00:00') }),
      record({ id: 3, version: '1.2.0', at: at('06-10 00:00') })
    ];
    const wanted = unreadReleases(
      versions.map((version) => unread(version)),
      records,
      { now, titles: true }
    );
    expect(wanted.map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0']);
  });

  test('an environment that lags behind needs older ones', () => {
    const records = [
      record({ id: 1, version: '1.0.0', at: at('03-10 00:00'), environment: 'production' }),
      record({ id: 2, version: '1.2.0', at: at('03-10 00:00'), environment: 'staging' })
    ];
    const wanted = unreadReleases(
      versions.map((version) => unread(version)),
      records,
      { now, titles: true }
    );
    expect(wanted).toHaveLength(4);
  });

  test('a line that began within the window needs all since its first version', () => {
    const records = [record({ id: 1, version: '1.2.0', at: at('07-02 00:00') })];
    const wanted = unreadReleases(
      versions.map((version) => unread(version)),
      records,
      { now, titles: true }
    );
    expect(wanted.map(({ version }) => version)).toEqual(['1.3.0', '1.2.0']);
  });

  test('without a delivery, those of the window', () => {
    const two = [unread('1.0.0', at('01-01 00:00')), unread('1.1.0', at('07-01 00:00'))];
    expect(unreadReleases(two, [], { now, titles: true }).map(({ version }) => version)).toEqual(['1.1.0']);
  });

  test('a title that was left out is read when titles are wanted', () => {
    const bare = untitledRelease(release('1.0.0', null, [change('a', at('07-01 00:00'))]));
    expect(unreadReleases([bare], [], { now, titles: false })).toEqual([]);
    expect(unreadReleases([bare], [], { now, titles: true })).toEqual([bare]);
  });
});

describe('changes', () => {
  const told = (over: object) =>
    ledgerChange(
      {
        commit: 'a'.repeat(40),
        type: 'fix',
        subject: 'a thing',
        breaking: false,
        author: 'ana',
        date: '2026-07-01T00:00:00Z',
        ...over
      },
      true
    );

  test.each([
    [{ type: 'revert' }, 'revert'],
    [{ type: 'hotfix' }, 'hotfix'],
    [{ scope: 'hotfix' }, 'hotfix'],
    [{ subject: 'Hot-fix for the basket' }, 'hotfix'],
    [{ subject: 'hotfix/basket' }, 'hotfix'],
    [{ subject: 'shotfixture' }, null],
    [{ subject: 'fix the heat' }, null]
  ])('%j mends by %j', (over, expected) => {
    expect(told(over).mends).toBe(expected);
  });

  test('what people wrote can be left out, everywhere', () => {
    const base = {
      commit: 'a'.repeat(40),
      type: 'fix',
      scope: 'x',
      subject: 'hotfix',
      breaking: true,
      author: 'ana',
      date: '2026-07-01T00:00:00Z'
    };
    expect(ledgerChange(base, false)).toMatchObject({ scope: null, subject: null, mends: 'hotfix', author: 'ana' });
    expect(untitledIncident(incident(1, at('07-01 00:00'), null)).title).toBeNull();
    const reasoned = record({ id: 1, version: '1.0.0', at: at('07-01 00:00'), payload: { reason: 'secret' } });
    expect(untitledRecord(reasoned).payload.reason).toBeNull();
    const unread = release('1.0.0', null, [], { document: null });
    expect(untitledRelease(unread)).toBe(unread);
  });
});

describe('changes that a tag carries', () => {
  const carried = {
    version: v('1.1.0'),
    previous: v('1.0.0'),
    changes: [
      {
        commit: 'a'.repeat(40),
        type: 'fix',
        scope: 'basket',
        subject: 'a thing',
        breaking: false,
        author: 'ana',
        pull: 7,
        date: '2026-07-01T00:00:00Z'
      }
    ]
  };

  test('are those of its document, with and without what people wrote', () => {
    const told = carriedDocument({ version: v('1.1.0') }, carried, true);
    expect(told).toMatchObject({ previous: '1.0.0', changes: [{ scope: 'basket', subject: 'a thing', pull: 7 }] });
    const untold = carriedDocument({ version: v('1.1.0') }, carried, false);
    expect(untold).toMatchObject({ previous: '1.0.0', changes: [{ scope: null, subject: null, author: 'ana' }] });
  });

  test('are none of another version, and none where the tag carries none', () => {
    expect(carriedDocument({ version: v('1.2.0') }, carried, true)).toBeNull();
    expect(carriedDocument({ version: v('1.1.0') }, undefined, true)).toBeNull();
  });
});
