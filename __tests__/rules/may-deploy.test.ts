import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OVERRIDABLE } from '../../src/contract.ts';
import type { DeploymentRecord } from '../../src/domain/deployment.ts';
import type { Stop } from '../../src/domain/environment.ts';
import { compareVersions } from '../../src/domain/version.ts';
import { standing, vetoOf } from '../../src/rules/live.ts';
import { kindOf, mayDeploy } from '../../src/rules/may-deploy.ts';
import type { DeployFacts } from '../../src/rules/may-deploy.ts';
import { NOW, digestOfVersion, environment, record, release, v } from '../fakes/builders.ts';

const STOP: Stop = {
  number: 7,
  url: 'https://hub.test/issues/7',
  title: 'broken',
  author: 'ana',
  createdAt: '2026-11-24T11:00:00Z'
};
const ALWAYS = { kind: 'dates', from: '2026-01-01', to: '2026-12-31', zone: 'UTC', reason: 'audit' } as const;

const facts = (version: string, overrides: Partial<DeployFacts> = {}): DeployFacts => {
  const found = release(version);
  if (found.note === undefined) throw new Error('a release without a note');
  return {
    candidate: { version: v(version), release: found, note: found.note, digest: digestOfVersion(version) },
    environment: environment(),
    form: { prefix: 'v', suffix: '' },
    records: new Map(),
    releases: [found],
    stops: [],
    gate: { event: 'push', actor: 'ana', approvals: [] },
    command: 'deploy',
    chosen: false,
    override: [],
    ...overrides
  };
};

const production = (...records: DeploymentRecord[]) => ({ records: new Map([['production', records]]) });
const codeOf = (given: DeployFacts): string => {
  const decision = mayDeploy(given, NOW);
  return decision.kind === 'stop' ? decision.reason.code : decision.kind;
};

describe('a first delivery', () => {
  test('proceeds', () => {
    expect(mayDeploy(facts('1.0.0'), NOW)).toEqual({
      kind: 'proceed',
      deliveryKind: 'deploy',
      changes: 1,
      overridden: []
    });
  });
});

describe('what is there already', () => {
  test('the same version: nothing to do', () => {
    expect(mayDeploy(facts('1.0.0', production(record(1, '1.0.0'))), NOW)).toMatchObject({
      kind: 'stop',
      verdict: 'nothing-to-do',
      reason: { code: 'already-live' }
    });
  });

  test('a newer version supersedes an automatic delivery (R4), also when the newer one broke', () => {
    expect(codeOf(facts('1.0.0', production(record(1, '1.1.0'))))).toBe('superseded');
    expect(codeOf(facts('1.0.0', production(record(1, '1.1.0', { state: 'error' }))))).toBe('superseded');
  });

  test('a person may choose the older version: that is a rollback', () => {
    const given = facts('1.0.0', { ...production(record(1, '1.1.0')), chosen: true });
    expect(mayDeploy(given, NOW)).toMatchObject({ kind: 'proceed', deliveryKind: 'rollback' });
    expect(kindOf(facts('1.2.0', { command: 'rollback' }))).toBe('rollback');
  });
});

describe('policy', () => {
  test('a stopped line and a freeze hold back new versions', () => {
    expect(codeOf(facts('1.1.0', { stops: [STOP] }))).toBe('line-stopped');
    expect(codeOf(facts('1.1.0', { environment: environment({ freeze: [ALWAYS] }) }))).toBe('freeze');
  });

  test('they never hold back a person who goes back', () => {
    const back = {
      ...production(record(1, '1.1.0')),
      chosen: true,
      stops: [STOP],
      environment: environment({ freeze: [ALWAYS] })
    };
    expect(codeOf(facts('1.0.0', back))).toBe('proceed');
  });

  test('but they do hold back a person who goes forward', () => {
    expect(codeOf(facts('1.2.0', { ...production(record(1, '1.1.0')), chosen: true, stops: [STOP] }))).toBe(
      'line-stopped'
    );
  });

  test('a version that broke here is vetoed for automatic deliveries only', () => {
    const broke = production(record(2, '1.1.0', { state: 'failure' }), record(1, '1.0.0'));
    expect(codeOf(facts('1.1.0', broke))).toBe('veto');
    expect(codeOf(facts('1.1.0', { ...broke, chosen: true }))).toBe('proceed');
  });

  test('proof, soak and best-before are asked for', () => {
    const needy = environment({ needs: ['staging'] });
    expect(codeOf(facts('1.1.0', { environment: needy }))).toBe('not-proven');
    const staged = new Map([['staging', [record(1, '1.1.0', { environment: 'staging' })]]]);
    expect(codeOf(facts('1.1.0', { environment: { ...needy, soakSeconds: 36_000 }, records: staged }))).toBe('soak');
    expect(codeOf(facts('1.1.0', { environment: { ...needy, bestBeforeSeconds: 60 }, records: staged }))).toBe(
      'best-before'
    );
    expect(codeOf(facts('1.1.0', { environment: needy, records: staged }))).toBe('proceed');
  });

  test('a batch beyond the limit is refused', () => {
    const releases = [release('1.2.0'), release('1.1.0')];
    const given = { ...production(record(1, '1.0.0')), releases };
    expect(codeOf(facts('1.2.0', { ...given, environment: environment({ maxChanges: 1 }) }))).toBe('max-changes');
    expect(codeOf(facts('1.2.0', { ...given, environment: environment({ maxChanges: 2 }) }))).toBe('proceed');
  });

  test('a gate nobody guards is closed, and no override opens it', () => {
    expect(codeOf(facts('1.1.0', { environment: environment({ gate: 'approval' }), override: OVERRIDABLE }))).toBe(
      'gate-missing'
    );
  });
});

describe('override', () => {
  test('lets exactly the named refusal pass and remembers it', () => {
    const given = facts('1.1.0', { stops: [STOP], override: ['line-stopped'] });
    expect(mayDeploy(given, NOW)).toMatchObject({ kind: 'proceed', overridden: [{ code: 'line-stopped' }] });
    expect(codeOf(facts('1.1.0', { stops: [STOP], override: ['freeze'] }))).toBe('line-stopped');
  });
});

const anyFacts = fc
  .record({
    version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0'),
    history: fc.array(
      fc.record({
        version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0'),
        state: fc.constantFrom('pending', 'in_progress', 'success', 'failure', 'error', 'inactive')
      }),
      { maxLength: 6 }
    ),
    staged: fc.subarray(['1.0.0', '1.1.0', '1.2.0']),
    wrongBytes: fc.boolean(),
    stopped: fc.boolean(),
    chosen: fc.boolean(),
    override: fc.subarray([...OVERRIDABLE])
  })
  .map((given) => {
    const here = given.history.map(({ version, state }, index) => record(50 - index, version, { state }));
    const shape = given.wrongBytes ? { payload: { digest: 'sha256:other' } } : {};
    const there = given.staged.map((version, index) =>
      record(20 - index, version, { environment: 'staging', ...shape })
    );
    return facts(given.version, {
      records: new Map([
        ['production', here],
        ['staging', there]
      ]),
      environment: environment({ needs: ['staging'] }),
      stops: given.stopped ? [STOP] : [],
      chosen: given.chosen,
      override: given.override
    });
  });

describe('properties of every decision to proceed', () => {
  const proceeding = (given: DeployFacts): boolean => mayDeploy(given, NOW).kind === 'proceed';
  const here = (given: DeployFacts): readonly DeploymentRecord[] => given.records.get('production') ?? [];

  test('never past a veto without a person', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        if (!proceeding(given) || given.chosen || given.override.includes('veto')) return;
        expect(vetoOf(here(given), given.candidate)).toBeUndefined();
      })
    );
  });

  test('never an older version without a person (R4)', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const live = standing(here(given));
        if (!proceeding(given) || given.chosen || given.override.includes('superseded') || live === undefined) return;
        expect(compareVersions(given.candidate.version, live)).toBeGreaterThanOrEqual(0);
      })
    );
  });

  test('never bytes that nobody proved (R6)', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        if (!proceeding(given) || given.override.includes('not-proven')) return;
        const places = [...here(given), ...(given.records.get('staging') ?? [])];
        const proof = places.some(
          ({ payload, succeededAt }) => payload.digest === given.candidate.digest && succeededAt !== undefined
        );
        expect(proof).toBe(true);
      })
    );
  });

  test('never forward on a stopped line (R5)', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        if (!proceeding(given) || given.stops.length === 0 || given.override.includes('line-stopped')) return;
        expect(kindOf(given)).toBe('rollback');
        expect(given.chosen).toBe(true);
      })
    );
  });
});
