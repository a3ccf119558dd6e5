import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Conversation } from '../../src/domain/announcement.ts';
import type { DeploymentRecord } from '../../src/domain/deployment.ts';
import { compareVersions, versionOf } from '../../src/domain/version.ts';
import {
  isSkipped,
  issuesOf,
  lastEnvironments,
  latestOf,
  markerOf,
  presenceOf,
  pullsIn,
  spanOf,
  stepsFor,
  turnIn
} from '../../src/rules/announcement.ts';
import { environment, minutesAgo, record, v } from '../fakes/builders.ts';

/** A success that something replaced. */
const past = (id: number, version: string): DeploymentRecord => record(id, version, { state: 'inactive' });

const at = (id: number, version: string, minutes: number): DeploymentRecord =>
  record(id, version, { state: 'inactive', succeededAt: minutesAgo(minutes) });

test('the line ends where no other environment needs it', () => {
  const all = [
    environment({ name: 'staging' }),
    environment({ name: 'eu', needs: ['staging'] }),
    environment({ name: 'us', needs: ['staging'] })
  ];
  expect(lastEnvironments(all).map(({ name }) => name)).toEqual(['eu', 'us']);
  expect(lastEnvironments([])).toEqual([]);
});

describe('whether a change is there', () => {
  test('never there', () => {
    expect(presenceOf([], v('1.0.0'))).toBeUndefined();
    expect(presenceOf([record(2, '1.0.0')], v('1.1.0'))).toBeUndefined();
    expect(presenceOf([record(2, '1.1.0', { state: 'failure' }), past(1, '1.0.0')], v('1.1.0'))).toBeUndefined();
  });

  test('since the first success in a row that holds it', () => {
    const records = [at(4, '1.2.0', 10), at(3, '1.1.0', 20), at(2, '1.1.0', 30), at(1, '1.0.0', 40)];
    expect(presenceOf(records, v('1.1.0'))).toEqual({ kind: 'there', by: '1.1.0', since: minutesAgo(30) });
    expect(presenceOf(records, v('1.0.0'))).toEqual({ kind: 'there', by: '1.0.0', since: minutesAgo(40) });
  });

  test('a version in between came with a later one', () => {
    const records = [at(2, '1.3.0', 10), at(1, '1.0.0', 40)];
    expect(presenceOf(records, v('1.2.0'))).toEqual({ kind: 'there', by: '1.3.0', since: minutesAgo(10) });
  });

  test('taken back since the first success without it, and there again since the next one with it', () => {
    const records = [at(4, '1.0.0', 5), at(3, '1.0.0', 10), at(2, '1.1.0', 20), at(1, '1.0.0', 40)];
    expect(presenceOf(records, v('1.1.0'))).toEqual({ kind: 'taken-back', by: '1.0.0', since: minutesAgo(10) });
    const again = [at(5, '1.1.0', 1), ...records];
    expect(presenceOf(again, v('1.1.0'))).toEqual({ kind: 'there', by: '1.1.0', since: minutesAgo(1) });
  });

  test('a list that ends before it came says no time', () => {
    const records = Array.from({ length: 30 }, (_, n) => at(40 - n, '1.1.0', n));
    expect(presenceOf(records, v('1.1.0'))).toEqual({ kind: 'there', by: '1.1.0' });
    expect(presenceOf(records.slice(1), v('1.1.0'))).toMatchObject({ since: minutesAgo(29) });
  });

  test('a version beyond what runs there is never there', () => {
    const versions = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((numbers) => versionOf(numbers));
    fc.assert(
      fc.property(fc.array(versions, { minLength: 1, maxLength: 12 }), versions, (history, version) => {
        const records = history.map((each, n) => at(history.length - n, each, n + 1));
        const presence = presenceOf(records, version);
        const there = compareVersions(history[0] ?? version, version) >= 0;
        const ever = history.some((each) => compareVersions(each, version) >= 0);
        expect(presence?.kind).toBe(there ? 'there' : ever ? 'taken-back' : undefined);
        expect(presence === undefined || compareVersions(presence.by, version) >= 0).toBe(
          presence?.kind !== 'taken-back'
        );
      })
    );
  });
});

describe('what happened last', () => {
  test('nothing, or nobody knows', () => {
    expect(turnIn([])).toBeUndefined();
    expect(turnIn([record(2, '1.1.0', { state: 'failure' }), past(1, '1.0.0')])).toBeUndefined();
  });

  test('a first delivery', () => {
    expect(turnIn([record(1, '1.0.0')])).toMatchObject({ event: 'delivered', from: undefined });
  });

  test('a delivery over an older version, also over one that had broken', () => {
    expect(turnIn([record(2, '1.1.0'), past(1, '1.0.0')])).toMatchObject({ event: 'delivered', from: '1.0.0' });
    const broken = [record(3, '1.2.0'), record(2, '1.1.0', { state: 'failure' }), past(1, '1.0.0')];
    expect(turnIn(broken)).toMatchObject({ event: 'delivered', from: '1.1.0' });
  });

  test('a rollback by request, and one by itself after a version broke', () => {
    expect(turnIn([record(3, '1.0.0'), past(2, '1.1.0'), past(1, '1.0.0')])).toMatchObject({
      event: 'rolled-back',
      from: '1.1.0'
    });
    const automatic = [record(3, '1.0.0'), record(2, '1.1.0', { state: 'failure' }), past(1, '1.0.0')];
    expect(turnIn(automatic)).toMatchObject({ event: 'rolled-back', from: '1.1.0' });
  });

  test('records that never touched the target, and the same version again, are passed over', () => {
    const records = [
      record(4, '1.1.0'),
      record(3, '1.2.0', { state: 'error' }),
      past(2, '1.1.0'),
      past(1, '1.0.0')
    ].map((each) => (each.id === 3 ? { ...each, startedAt: undefined } : each));
    const clean = records.map(({ startedAt, ...rest }) => (startedAt === undefined ? rest : { ...rest, startedAt }));
    expect(turnIn(clean)).toMatchObject({ event: 'delivered', from: '1.0.0' });
  });

  test('what stood before is taken from the record where the list ends', () => {
    const only = record(9, '1.1.0', { payload: { previous: v('1.0.0') } });
    expect(turnIn([only])).toMatchObject({ from: '1.0.0' });
    expect(turnIn([record(9, '1.1.0', { payload: { previous: v('1.1.0') } })])).toMatchObject({ from: undefined });
  });
});

describe('what is to be told', () => {
  test('everything between the lowest and the highest; what is not known is older than everything', () => {
    expect(spanOf([v('1.2.0'), v('1.0.0'), v('1.1.0')])).toEqual({ from: '1.0.0', to: '1.2.0' });
    expect(spanOf([undefined, v('1.0.0')])).toEqual({ from: undefined, to: '1.0.0' });
    expect(spanOf([v('1.0.0')])).toEqual({ from: '1.0.0', to: '1.0.0' });
    expect(spanOf([undefined])).toBeUndefined();
  });

  test('the latest release is what all have got', () => {
    expect(latestOf([v('1.1.0'), v('1.0.0')])).toBe('1.0.0');
    expect(latestOf([])).toBeUndefined();
  });

  const change = (pull?: number) => ({
    commit: 'c',
    type: 'feat',
    subject: 's',
    breaking: false,
    author: 'ana',
    date: '',
    ...(pull === undefined ? {} : { pull })
  });

  test('a pull request belongs to the first version that holds it, an issue to the last', () => {
    const pulls = pullsIn([
      { version: v('1.2.0'), changes: [change(7), change(8), change()] },
      { version: v('1.1.0'), changes: [change(7), change(9)] }
    ]);
    expect([...pulls]).toEqual([
      [7, '1.1.0'],
      [9, '1.1.0'],
      [8, '1.2.0']
    ]);
    const conversation = (number: number, closes: readonly number[]): Conversation => ({
      number,
      kind: 'pull',
      merged: true,
      labels: [],
      closes,
      ours: []
    });
    const issues = issuesOf([conversation(8, [1]), conversation(7, [1, 2]), conversation(99, [3])], pulls);
    expect([...issues]).toEqual([
      [1, '1.2.0'],
      [2, '1.1.0']
    ]);
  });

  test('a label leaves a conversation out, however it is written', () => {
    const labelled = {
      number: 1,
      kind: 'pull',
      merged: true,
      labels: ['No-Announcement'],
      closes: [],
      ours: []
    } as const;
    expect(isSkipped(labelled, 'no-announcement')).toBe(true);
    expect(isSkipped(labelled, 'other')).toBe(false);
  });
});

describe('one comment', () => {
  const ours = (...entries: readonly (readonly [number, string])[]) => ({
    ours: entries.map(([id, body]) => ({ id, body }))
  });

  test.each([
    ['none yet', ours(), [{ kind: 'create', body: 'new' }]],
    ['right already', ours([5, 'new\r\n']), []],
    ['another text', ours([5, 'old']), [{ kind: 'edit', id: 5, body: 'new' }]],
    [
      'doubles',
      ours([9, 'new'], [5, 'old']),
      [
        { kind: 'edit', id: 5, body: 'new' },
        { kind: 'delete', id: 9 }
      ]
    ]
  ] as const)('%s', (_, conversation, steps) => {
    expect(stepsFor(conversation, 'new')).toEqual(steps);
  });

  test('taking the steps leaves exactly one, which says it', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.nat(99), fc.constantFrom('old', 'new')), { selector: ([id]) => id });
    fc.assert(
      fc.property(entries, (given) => {
        const comments = new Map<number, string>(given);
        for (const step of stepsFor(ours(...given), 'new')) {
          if (step.kind === 'delete') comments.delete(step.id);
          else comments.set(step.kind === 'edit' ? step.id : 100, step.body);
        }
        expect([...comments.values()]).toEqual(['new']);
        expect(stepsFor(ours(...comments), 'new')).toEqual([]);
        expect([...comments.keys()]).toEqual([given.length === 0 ? 100 : Math.min(...given.map(([id]) => id))]);
      })
    );
  });

  test('the marker is one line and one comment of HTML, whatever the tag; another one for each component', () => {
    expect(markerOf('v{version}')).toBe('<!-- esteira:announcement v%7Bversion%7D -->');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(markerOf(a)).toMatch(/^<!-- esteira:announcement (?!.*--.*--)[^\n\r<>]* -->$/);
        expect(markerOf(a) === markerOf(b)).toBe(a.toWellFormed() === b.toWellFormed());
      })
    );
  });
});
