import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change } from '../../../src/domain/change.ts';
import type { DeploymentRecord } from '../../../src/domain/deployment.ts';
import type { Environment, Protection } from '../../../src/domain/environment.ts';
import { reason } from '../../../src/domain/refusal.ts';
import { mayDeploy } from '../../../src/rules/may-deploy.ts';
import type { DeployFacts } from '../../../src/rules/may-deploy.ts';
import { proofsOf } from '../../../src/rules/promotion.ts';
import {
  distinct,
  explainedGate,
  isComplete,
  mayPropose,
  newerThan,
  offerOf,
  oldestOf,
  protectionNotes,
  replaceable,
  shipped,
  stockNotes,
  waitsAt,
  worthReading
} from '../../../src/rules/proposal.ts';
import { NOW, digestOfVersion, environment, minutesAgo, record, release, v } from '../../fakes/builders.ts';

const FORM = { prefix: 'v', suffix: '' };
const DAY = 24 * 60;

const present = (overrides: Partial<Extract<Protection, { kind: 'present' }>> = {}): Protection => ({
  kind: 'present',
  reviewers: ['bruno'],
  preventSelfReview: true,
  waitMinutes: 0,
  ...overrides
});

interface Shape {
  readonly environment?: Partial<Environment>;
  readonly protection?: Protection;
  readonly event?: string;
  readonly records?: Record<string, readonly DeploymentRecord[]>;
  readonly rest?: Partial<DeployFacts>;
}

const facts = (version: string, shape: Shape = {}): DeployFacts => {
  const found = release(version);
  if (found.note === undefined) throw new Error('a release without a note');
  const { protection = present() } = shape;
  return {
    candidate: { version: v(version), release: found, note: found.note, digest: digestOfVersion(version) },
    environment: environment({ gate: 'approval', ...shape.environment }),
    form: FORM,
    records: new Map(Object.entries(shape.records ?? {})),
    releases: [found],
    stops: [],
    gate: { event: shape.event ?? 'push', actor: 'ana', approvals: [], protection },
    command: 'deploy',
    chosen: false,
    override: [],
    ...shape.rest
  };
};

const said = (given: DeployFacts): string => {
  const decision = mayPropose(given, NOW);
  return decision.kind === 'stop' ? decision.reason.code : decision.offer;
};

const frozen = (to: string): Partial<Environment> => ({
  freeze: [{ kind: 'dates', from: '2026-11-01', to, zone: 'UTC', reason: 'audit' }]
});
const soaking = {
  environment: { needs: ['staging'], soakSeconds: 3600 },
  records: { staging: [record(5, '1.1.0', { environment: 'staging' })] }
} as const;

describe('how a proposed delivery begins', () => {
  test.each([
    ['approval', 'push', 'button'],
    ['approval', 'workflow_dispatch', 'button'],
    ['dispatch', 'push', 'by-hand'],
    ['dispatch', 'workflow_dispatch', 'straight'],
    ['none', 'push', 'straight']
  ] as const)('gate %s on %s: %s', (gate, event, offer) => {
    expect(offerOf({ gate }, event)).toBe(offer);
    expect(
      said(
        facts('1.1.0', {
          environment: { gate },
          event,
          protection: present({ reviewers: gate === 'none' ? [] : ['bruno'] })
        })
      )
    ).toBe(offer);
  });
});

describe('fails closed', () => {
  test('without an environment, or without anybody to ask', () => {
    expect(said(facts('1.1.0', { protection: { kind: 'missing' } }))).toBe('gate-missing');
    expect(said(facts('1.1.0', { protection: present({ reviewers: [] }) }))).toBe('gate-unprotected');
  });

  test('in a private repository with the plan named, elsewhere not', () => {
    const details = { environment: 'production' };
    for (const code of ['gate-missing', 'gate-unprotected'] as const) {
      expect(explainedGate(reason(code, details), 'private')).toEqual(reason('gate-unenforced', details));
      expect(explainedGate(reason(code, details), 'public')).toEqual(reason(code, details));
    }
    const other = reason('nothing-live', details);
    expect(explainedGate(other, 'private')).toBe(other);
  });

  test('where no gate is promised and GitHub has one', () => {
    const ungated = (protection: Protection) => facts('1.1.0', { environment: { gate: 'none' }, protection });
    expect(mayPropose(ungated(present({ waitMinutes: 5 })), NOW)).toMatchObject({
      verdict: 'refused',
      reason: { code: 'gate-unexpected', details: { rules: 'Required reviewers, Wait timer' } }
    });
    expect(mayPropose(ungated(present({ reviewers: [], waitMinutes: 5 })), NOW)).toMatchObject({
      reason: { details: { rules: 'Wait timer' } }
    });
    expect(said(ungated({ kind: 'missing' }))).toBe('straight');
  });
});

describe('what ends by itself', () => {
  test('does not keep a button away, and stands on the card', () => {
    const freeze = mayPropose(facts('1.1.0', { environment: frozen('2026-12-01') }), NOW);
    expect(freeze).toMatchObject({ kind: 'offer', passing: [{ code: 'freeze' }] });
    expect(mayPropose(facts('1.1.0', soaking), NOW)).toMatchObject({ offer: 'button', passing: [{ code: 'soak' }] });
    const byHand = facts('1.1.0', { environment: { ...frozen('2026-12-01'), gate: 'dispatch' } });
    expect(mayPropose(byHand, NOW)).toMatchObject({ offer: 'by-hand', passing: [{ code: 'freeze' }] });
  });

  test('keeps it away where nothing would wait, or where GitHub gives the waiting job up before', () => {
    expect(said(facts('1.1.0', { environment: { ...frozen('2026-12-01'), gate: 'none' } }))).toBe('freeze');
    expect(said(facts('1.1.0', { environment: frozen('2026-12-23') }))).toBe('button');
    expect(said(facts('1.1.0', { environment: frozen('2026-12-24') }))).toBe('freeze');
  });
});

describe('what a person must change first', () => {
  test.each<[string, DeployFacts]>([
    [
      'line-stopped',
      facts('1.1.0', { rest: { stops: [{ number: 1, url: 'u', title: 't', author: 'a', createdAt: '' }] } })
    ],
    ['veto', facts('1.1.0', { records: { production: [record(2, '1.1.0', { state: 'failure' })] } })],
    ['not-proven', facts('1.1.0', { environment: { needs: ['staging'] } })],
    ['max-changes', facts('1.1.0', { environment: { maxChanges: 0 } })],
    ['best-before', facts('1.1.0', { ...soaking, environment: { needs: ['staging'], bestBeforeSeconds: 60 } })]
  ])('%s: no button', (code, given) => {
    expect(mayPropose(given, NOW)).toMatchObject({ kind: 'stop', verdict: 'refused', reason: { code } });
  });

  test('is heard although something that passes comes first', () => {
    expect(said(facts('1.1.0', { environment: { ...frozen('2026-12-01'), needs: ['staging'] } }))).toBe('not-proven');
  });

  test('overridden, it stands on the card', () => {
    const given = facts('1.1.0', { environment: { maxChanges: 0 }, rest: { override: ['max-changes'] } });
    expect(mayPropose(given, NOW)).toMatchObject({ kind: 'offer', overridden: [{ code: 'max-changes' }] });
  });
});

test('nothing to press: live already, or superseded', () => {
  const live = { records: { production: [record(1, '1.1.0')] } };
  expect(mayPropose(facts('1.1.0', live), NOW)).toMatchObject({ kind: 'stop', verdict: 'nothing-to-do' });
  expect(mayPropose(facts('1.0.0', live), NOW)).toMatchObject({
    kind: 'stop',
    verdict: 'refused',
    reason: { code: 'superseded' }
  });
});

test('what a delivery would refuse for good is never offered, and what it would take now always is', () => {
  fc.assert(
    fc.property(
      fc.record({
        live: fc.constantFrom('0.9.0', '1.1.0', '1.2.0', undefined),
        staged: fc.boolean(),
        soak: fc.constantFrom(0, 3600),
        frozen: fc.boolean(),
        limit: fc.constantFrom(0, 5),
        gate: fc.constantFrom('approval' as const, 'none' as const, 'dispatch' as const),
        event: fc.constantFrom('push', 'workflow_dispatch'),
        reviewers: fc.constantFrom([], ['bruno'])
      }),
      (given) => {
        const asked = facts('1.1.0', {
          environment: {
            ...(given.frozen ? frozen('2026-12-01') : {}),
            needs: ['staging'],
            soakSeconds: given.soak,
            maxChanges: given.limit,
            gate: given.gate
          },
          event: given.event,
          protection: present({ reviewers: given.reviewers }),
          records: {
            staging: given.staged ? soaking.records.staging : [],
            production: given.live === undefined ? [] : [record(1, given.live)]
          }
        });
        const decision = mayDeploy(asked, NOW);
        const proposal = mayPropose(asked, NOW);
        const unexpected = given.gate === 'none' && given.reviewers.length > 0;
        const [now, offered] = [decision.kind === 'proceed' ? 'now' : decision.reason.code, proposal.kind === 'offer'];
        const bearable = ['freeze', 'soak', 'dispatch-required'].includes(now);
        const straight = proposal.kind === 'offer' && proposal.offer === 'straight';
        expect(now !== 'now' || offered === !unexpected).toBe(true);
        expect(now === 'now' || !offered || (bearable && !straight)).toBe(true);
      }
    )
  );
});

describe('what it ships', () => {
  const releases = ['1.3.0', '1.2.0', '1.1.0', '1.0.0'].map((version) => release(version));
  const versions = (list: readonly { readonly version: string }[]): string[] => list.map(({ version }) => version);

  test('the releases after the live one up to the version, newest first', () => {
    expect(versions(shipped({ releases, form: FORM }, { from: v('1.0.0'), to: v('1.2.0') }))).toEqual([
      '1.2.0',
      '1.1.0'
    ]);
    expect(shipped({ releases, form: FORM }, { from: v('1.3.0'), to: v('1.2.0') })).toEqual([]);
  });

  test('a list that ends before the live version is not complete', () => {
    const many = Array.from({ length: 30 }, (_, index) => release(`2.${30 - index}.0`));
    expect(isComplete({ releases, form: FORM }, { from: v('0.1.0'), to: v('1.3.0') })).toBe(true);
    expect(isComplete({ releases: many, form: FORM }, { from: v('2.5.0'), to: v('2.30.0') })).toBe(true);
    expect(isComplete({ releases: many, form: FORM }, { from: v('1.0.0'), to: v('2.30.0') })).toBe(false);
    expect(isComplete({ releases: many, form: FORM }, { from: undefined, to: v('2.30.0') })).toBe(false);
  });

  test('a bounded number is read, the newest and the oldest among them', () => {
    const all = shipped({ releases, form: FORM }, { from: undefined, to: v('1.3.0') });
    expect(versions(worthReading(all, 4))).toEqual(['1.3.0', '1.2.0', '1.1.0', '1.0.0']);
    expect(versions(worthReading(all, 3))).toEqual(['1.3.0', '1.2.0', '1.0.0']);
  });

  const change = (commit: string, date = NOW.toISOString()): Change => ({
    commit,
    type: 'feat',
    subject: 's',
    breaking: false,
    author: 'Ana',
    date
  });

  test('a commit of two releases counts once; the oldest is found whatever the order', () => {
    expect(distinct([change('a'), change('b'), change('a')])).toHaveLength(2);
    expect(oldestOf([change('a'), change('b', minutesAgo(90)), change('c', 'no date')])).toBe(minutesAgo(90));
    expect(oldestOf([change('c', 'no date')])).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1 }), (ages) => {
        const dates = ages.map((age, index) => change(String(index), minutesAgo(age)));
        expect(oldestOf(dates)).toBe(minutesAgo(Math.max(...ages)));
      })
    );
  });

  test('proofs name when and which run, environment by environment', () => {
    const run = { id: 7, attempt: 1, url: 'https://hub.test/runs/7' };
    const records = new Map([['staging', [record(5, '1.1.0', { environment: 'staging', payload: { run } })]]]);
    const promotion = {
      version: v('1.1.0'),
      digest: digestOfVersion('1.1.0'),
      environment: environment({ needs: ['staging', 'audit'] }),
      records,
      now: NOW
    };
    expect(proofsOf(promotion)).toEqual([{ environment: 'staging', succeededAt: minutesAgo(40), runUrl: run.url }]);
  });
});

describe('stock', () => {
  const limited = environment({ maxChanges: 5 });

  test('is silent while it flows', () => {
    expect(stockNotes({ environment: limited, changes: 5, oldest: minutesAgo(7 * DAY) }, NOW)).toEqual([]);
    expect(stockNotes({ environment: environment(), changes: 500, oldest: undefined }, NOW)).toEqual([]);
  });

  test('nags beyond the limit, and beyond a week', () => {
    expect(stockNotes({ environment: limited, changes: 6, oldest: minutesAgo(7 * DAY + 1) }, NOW)).toEqual([
      { kind: 'stock', changes: 6, limit: 5, environment: 'production' },
      { kind: 'stock-old', seconds: (7 * DAY + 1) * 60, environment: 'production' }
    ]);
  });
});

test('what people should know about the gate', () => {
  expect(protectionNotes(environment(), undefined)).toEqual([]);
  expect(protectionNotes(environment(), present())).toEqual([]);
  expect(protectionNotes(environment(), present({ adminsCanBypass: true, waitMinutes: 30 }))).toEqual([
    { kind: 'admins-can-bypass', environment: 'production' },
    { kind: 'wait-timer', minutes: 30, environment: 'production' }
  ]);
});

describe('older runs', () => {
  const run = (number: number, event = 'push') => ({
    id: number,
    number,
    event,
    url: `https://hub.test/runs/${number}`
  });
  const numbers = (runs: readonly { readonly number: number }[]): number[] => runs.map(({ number }) => number);
  const waiting = { ours: 5, runs: [run(6), run(4), run(3, 'workflow_dispatch')] };

  test('are replaced, newer ones never; what a person chose only by what a person chose', () => {
    expect(numbers(replaceable(waiting, 'push'))).toEqual([4]);
    expect(numbers(replaceable(waiting, 'workflow_dispatch'))).toEqual([4, 3]);
    expect(numbers(newerThan(waiting))).toEqual([6]);
  });

  test('of two runs at most one replaces the other', () => {
    const event = fc.constantFrom('push', 'workflow_dispatch');
    fc.assert(
      fc.property(fc.integer(), fc.integer(), event, event, (a, b, eventA, eventB) => {
        const first = replaceable({ ours: a, runs: [run(b, eventB)] }, eventA).length;
        const second = replaceable({ ours: b, runs: [run(a, eventA)] }, eventB).length;
        expect(first + second).toBeLessThanOrEqual(1);
      })
    );
  });

  test('wait at the same gate whatever the case of its name', () => {
    expect(waitsAt(['Staging', 'Production'], { name: 'production' })).toBe(true);
    expect(waitsAt(['staging'], { name: 'production' })).toBe(false);
  });
});
