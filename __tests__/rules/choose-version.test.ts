import { describe, expect, test } from '@jest/globals';
import { candidates, chooseVersion } from '../../src/rules/choose-version.ts';
import type { ChoiceFacts } from '../../src/rules/choose-version.ts';
import { environment, record, release, v } from '../fakes/builders.ts';

const FORM = { prefix: 'v', suffix: '' };

const facts = (overrides: Partial<ChoiceFacts> = {}): ChoiceFacts => ({
  environment: environment(),
  form: FORM,
  releases: [release('1.9.0'), release('1.10.0'), release('1.8.0')],
  records: new Map(),
  ...overrides
});

test('candidates are our releases in the order of versions, not of dates or text', () => {
  const { note: _, ...foreign } = release('3.0.0');
  const releases = [...facts().releases, foreign, release('2.0.0', { tag: 'nightly' })];
  expect(candidates({ releases, form: FORM }).map(({ version }) => version)).toEqual(['1.10.0', '1.9.0', '1.8.0']);
});

describe('an exact version', () => {
  test('is found or unknown', () => {
    const wanted = { kind: 'exact', version: v('1.9.0') } as const;
    expect(chooseVersion(facts(), wanted, true)).toMatchObject({ kind: 'chosen', candidate: { version: '1.9.0' } });
    const missing = { kind: 'exact', version: v('7.0.0') } as const;
    expect(chooseVersion(facts(), missing, true)).toMatchObject({ kind: 'none', reason: { code: 'version-unknown' } });
  });

  test('not among the newest is asked for by its tag', () => {
    expect(chooseVersion(facts(), { kind: 'exact', version: v('0.1.0') }, false)).toEqual({
      kind: 'ask',
      tag: 'v0.1.0'
    });
  });
});

describe('latest', () => {
  const latest = { kind: 'latest' } as const;

  test('is the newest eligible: not vetoed here, proven in what it needs', () => {
    expect(chooseVersion(facts(), latest, false)).toMatchObject({ candidate: { version: '1.10.0' } });
    const vetoed = new Map([['production', [record(1, '1.10.0', { state: 'failure' })]]]);
    expect(chooseVersion(facts({ records: vetoed }), latest, false)).toMatchObject({ candidate: { version: '1.9.0' } });
    const needs = facts({
      environment: environment({ needs: ['staging'] }),
      records: new Map([['staging', [record(1, '1.8.0', { environment: 'staging' })]]])
    });
    expect(chooseVersion(needs, latest, false)).toMatchObject({ candidate: { version: '1.8.0' } });
  });

  test('is unknown when nothing was released', () => {
    expect(chooseVersion(facts({ releases: [] }), latest, false)).toMatchObject({
      kind: 'none',
      reason: { code: 'version-unknown', details: { version: 'latest' } }
    });
  });
});

describe('previous', () => {
  const previous = { kind: 'previous' } as const;

  test('is the last good one before the live one', () => {
    const records = new Map([['production', [record(2, '1.9.0'), record(1, '1.8.0', { state: 'inactive' })]]]);
    expect(chooseVersion(facts({ records }), previous, false)).toMatchObject({ candidate: { version: '1.8.0' } });
    expect(chooseVersion(facts({ records, releases: [] }), previous, false)).toEqual({ kind: 'ask', tag: 'v1.8.0' });
  });

  test('asked for again by a later attempt of the same run is the same version, not one further back', () => {
    const run = { id: 9, attempt: 1, url: 'https://hub.test/runs/9' };
    const history = [record(2, '1.9.0', { state: 'inactive' }), record(1, '1.8.0', { state: 'inactive' })];
    const chosen = (state: 'success' | 'failure', attempt: number): unknown => {
      const back = record(3, '1.9.0', { state, payload: { kind: 'rollback', run } });
      const records = new Map([['production', [back, ...history]]]);
      return chooseVersion(facts({ records, run: { id: 9, attempt } }), previous, false);
    };
    expect(chosen('success', 2)).toMatchObject({ candidate: { version: '1.9.0' } });
    expect(chosen('success', 1)).toMatchObject({ candidate: { version: '1.8.0' } });
    expect(chosen('failure', 2)).toMatchObject({ candidate: { version: '1.8.0' } });
  });

  test('of several attempts that went back, the first one says what was meant', () => {
    const back = (id: number, version: string, attempt: number) =>
      record(id, version, { payload: { kind: 'rollback', run: { id: 9, attempt, url: 'https://hub.test/runs/9' } } });
    const records = new Map([['production', [back(5, '1.8.0', 2), back(4, '1.9.0', 1), record(1, '1.8.0')]]]);
    const answer = chooseVersion(facts({ records, run: { id: 9, attempt: 3 } }), previous, false);
    expect(answer).toMatchObject({ candidate: { version: '1.9.0' } });
  });

  test('is refused when there is none', () => {
    expect(chooseVersion(facts(), previous, false)).toMatchObject({
      kind: 'none',
      reason: { code: 'no-good-version' }
    });
  });
});
