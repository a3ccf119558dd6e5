import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordState } from '../../src/domain/deployment.ts';
import { previewName, pullNamed } from '../../src/domain/preview.ts';
import type { PreviewRecord, PullRequest } from '../../src/domain/preview.ts';
import {
  addressOf,
  endOf,
  mayGoDown,
  mayGoUp,
  previewVersion,
  standingOf,
  standingPulls
} from '../../src/rules/preview.ts';
import type { PreviewScene } from '../../src/rules/preview.ts';
import { NOW } from '../fakes/builders.ts';

const HEAD = 'b'.repeat(40);
const LATER = new Date(NOW.getTime() + 3_600_000).toISOString();
const BEFORE = new Date(NOW.getTime() - 1).toISOString();
const OPEN: PullRequest = { number: 12, open: true, head: HEAD, fork: false };

interface Shape {
  readonly kind?: 'up' | 'down';
  readonly pull?: number;
  readonly commit?: string;
  readonly expires?: string;
}

const record = (id: number, state: RecordState, shape: Shape = {}): PreviewRecord => ({
  id,
  commit: shape.commit ?? HEAD,
  state,
  createdAt: NOW.toISOString(),
  payload: {
    schema: 1,
    pull: shape.pull ?? 12,
    kind: shape.kind ?? 'up',
    requestedBy: 'ana',
    expires: shape.kind === 'down' ? null : (shape.expires ?? LATER),
    run: { id, attempt: 1, url: `https://hub.test/runs/${id}` }
  }
});

const scene = (records: readonly PreviewRecord[], pull: PullRequest | null = OPEN): PreviewScene => ({
  records,
  number: 12,
  pull
});

const codeOf = (decision: ReturnType<typeof mayGoUp>): string =>
  decision.kind === 'proceed' ? 'proceed' : `${decision.verdict} ${decision.reason.code}`;

test('a preview is seen where its newest record says', () => {
  const [newest, before] = [record(9, 'success'), record(8, 'success')];
  const at = (url: string) => ({ ...before, url });
  expect(addressOf(scene([]))).toBeUndefined();
  expect(addressOf(scene([newest, at('https://old.example/')]))).toBeUndefined();
  expect(addressOf(scene([record(9, 'pending'), at('https://pr-12.example/')]))).toBe('https://pr-12.example/');
});

describe('names', () => {
  test.each([
    ['pr-1', 1],
    ['PR-12', 12],
    ['pr-2147483647', 2_147_483_647]
  ])('%s is the preview of a pull request', (name, pull) => expect(pullNamed(name)).toBe(pull));

  test.each([
    'pr-0',
    'pr-01',
    'pr-',
    'pr-2147483648',
    'pr-99999999999',
    'preview',
    'pr-1\n',
    ' pr-1',
    'pr-1.5',
    'pr--1'
  ])('%j is none', (name) => expect(pullNamed(name)).toBeUndefined());

  test('property: a name leads back to its pull request', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (pull) => expect(pullNamed(previewName(pull))).toBe(pull))
    );
  });

  test('property: the version of a preview is semantic, and stands below every release', () => {
    const shas = fc.stringMatching(/^[0-9a-f]{40}$/);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), shas, (pull, sha) =>
        expect(previewVersion(pull, sha)).toMatch(/^0\.0\.0-pr\.[1-9]\d*\.g[0-9a-f]{7}$/)
      )
    );
  });
});

describe('may a preview be made?', () => {
  test.each<[string, string, PreviewScene, string | undefined]>([
    ['of an open pull request', 'proceed', scene([]), HEAD],
    ['of one named by hand', 'proceed', scene([]), undefined],
    ['of none', 'refused pull-unknown', scene([], null), HEAD],
    ['of a fork', 'nothing-to-do pull-from-fork', scene([], { ...OPEN, fork: true }), HEAD],
    ['of one that is closed', 'nothing-to-do pull-closed', scene([], { ...OPEN, open: false }), HEAD],
    ['of an older commit', 'nothing-to-do pull-moved', scene([]), 'a'.repeat(40)],
    ['that is there', 'nothing-to-do preview-there', scene([record(1, 'success')]), HEAD],
    [
      'that is there, with a ticket of a dead run',
      'nothing-to-do preview-there',
      scene([record(2, 'pending'), record(1, 'success')]),
      HEAD
    ],
    ['of a newer commit', 'proceed', scene([record(1, 'success', { commit: 'a'.repeat(40) })]), HEAD],
    ['that was taken down', 'proceed', scene([record(1, 'inactive')]), HEAD],
    ['whose script failed', 'proceed', scene([record(2, 'failure'), record(1, 'success')]), HEAD],
    ['whose run died', 'proceed', scene([record(2, 'error'), record(1, 'success')]), HEAD],
    ['that somebody works on', 'proceed', scene([record(2, 'in_progress'), record(1, 'success')]), HEAD],
    [
      'that is being taken down',
      'proceed',
      scene([record(2, 'in_progress', { kind: 'down' }), record(1, 'success')]),
      HEAD
    ],
    [
      'that could not be taken down',
      'proceed',
      scene([record(2, 'failure', { kind: 'down' }), record(1, 'success')]),
      HEAD
    ]
  ])('%s: %s', (_, code, asked, commit) => expect(codeOf(mayGoUp(asked, commit))).toBe(code));

  test('its own record counts for nothing', () => {
    expect(codeOf(mayGoUp({ ...scene([record(2, 'pending')]), ours: 2 }, HEAD))).toBe('proceed');
  });
});

describe('may it be taken down?', () => {
  test.each<[string, string, PreviewScene, 'asked' | 'closed']>([
    ['where there is none', 'nothing-to-do preview-absent', scene([record(1, 'inactive')]), 'asked'],
    ['where only another one is', 'nothing-to-do preview-absent', scene([record(1, 'success', { pull: 13 })]), 'asked'],
    ['as asked for', 'proceed', scene([record(1, 'success')]), 'asked'],
    ['once its pull request is closed', 'proceed', scene([record(1, 'success')], { ...OPEN, open: false }), 'closed'],
    ['once it is open again', 'nothing-to-do preview-wanted', scene([record(1, 'success')]), 'closed'],
    ['when GitHub does not show the pull request', 'proceed', scene([record(1, 'success')], null), 'closed'],
    ['after its script failed', 'proceed', scene([record(1, 'failure')]), 'asked']
  ])('%s: %s', (_, code, asked, because) => expect(codeOf(mayGoDown(asked, because))).toBe(code));
});

describe('which previews does nobody want any more?', () => {
  const closed = { ...OPEN, open: false };
  test.each<[string, string | undefined, PreviewScene, readonly number[]]>([
    ['one of an open pull request is wanted', undefined, scene([record(1, 'success')]), []],
    ['one of a closed pull request is not', 'closed', scene([record(1, 'success')], closed), []],
    ['nor one past its time', 'expired', scene([record(1, 'success', { expires: BEFORE })]), []],
    [
      'the newest commit counts',
      undefined,
      scene([record(2, 'success'), record(1, 'success', { expires: BEFORE })]),
      []
    ],
    ['one whose run died on it is not', 'abandoned', scene([record(1, 'in_progress')]), [1]],
    ['nor one whose dead run was closed', 'abandoned', scene([record(1, 'error')]), []],
    [
      'nor one that was half taken down',
      'abandoned',
      scene([record(2, 'failure', { kind: 'down' }), record(1, 'success')]),
      []
    ],
    ['one whose script failed stays to be looked at', undefined, scene([record(1, 'failure')]), []],
    ['but not for ever', 'expired', scene([record(1, 'failure', { expires: BEFORE })]), []],
    ['a ticket of a dead run changed nothing', undefined, scene([record(2, 'pending'), record(1, 'success')]), [2]],
    ['what GitHub does not show may be open', undefined, scene([record(1, 'success')], null), []],
    ['and has its time', 'expired', scene([record(1, 'success', { expires: BEFORE })], null), []],
    ['what is gone is no preview', undefined, scene([record(1, 'inactive', { expires: BEFORE })], closed), []]
  ])('%s: %s', (_, why, asked, dead) => expect(endOf({ ...asked, now: NOW, dead: new Set(dead) })).toBe(why));

  const states = fc.constantFrom<RecordState>(
    'pending',
    'queued',
    'in_progress',
    'success',
    'failure',
    'error',
    'inactive'
  );
  const histories = fc.array(
    fc.tuple(states, fc.constantFrom<'up' | 'down'>('up', 'down'), fc.integer({ min: 1, max: 3 }))
  );
  const recordsIn = (history: readonly (readonly [RecordState, 'up' | 'down', number])[]): readonly PreviewRecord[] =>
    history.map(([state, kind, pull], index) => record(index + 1, state, { kind, pull })).toReversed();

  test('property: whatever stands behind a closed pull request goes, and nothing else of it', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const records = recordsIn(history);
        for (const number of [1, 2, 3]) {
          const why = endOf({ records, number, pull: { ...OPEN, number, open: false }, now: NOW, dead: new Set() });
          expect(why === 'closed').toBe(standingOf(records, number).length > 0);
          expect(standingPulls(records).includes(number)).toBe(why === 'closed');
        }
      })
    );
  });

  test('property: what has to go may be taken down, and what is there anew is not abandoned', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const records = recordsIn(history);
        const asked = { records, number: 1, pull: { ...OPEN, number: 1 } };
        const why = endOf({ ...asked, now: NOW, dead: new Set() });
        expect(why === undefined || mayGoDown(asked, 'asked').kind === 'proceed').toBe(true);
        const anew = [record(999, 'success', { pull: 1 }), ...records];
        expect(endOf({ ...asked, records: anew, now: NOW, dead: new Set() })).toBeUndefined();
      })
    );
  });
});
