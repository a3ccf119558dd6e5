import { describe, expect, test } from '@jest/globals';
import type { Protection } from '../../src/domain/environment.ts';
import { approversOf, gateNotes, gateRefusal } from '../../src/rules/gate.ts';
import type { GateFacts } from '../../src/rules/gate.ts';
import { environment, v } from '../fakes/builders.ts';

const approval = (user: string, state: 'approved' | 'rejected' = 'approved', name = 'Production') => ({
  environments: [name],
  state,
  user,
  comment: ''
});

const protection = (overrides: Partial<Extract<Protection, { kind: 'present' }>> = {}): Protection => ({
  kind: 'present',
  reviewers: ['bruno'],
  preventSelfReview: true,
  waitMinutes: 0,
  ...overrides
});

const facts = (overrides: Partial<GateFacts> = {}): GateFacts => ({
  environment: environment({ gate: 'approval' }),
  version: v('1.1.0'),
  event: 'push',
  actor: 'ana',
  approvals: [],
  ...overrides
});

describe('gate: approval', () => {
  test('an approval of this environment proves it, names ignoring case', () => {
    expect(gateRefusal(facts({ approvals: [approval('bruno')] }))).toBeUndefined();
    expect(
      approversOf(facts({ approvals: [approval('bruno'), approval('bruno'), approval('caio', 'rejected')] }))
    ).toEqual(['bruno']);
  });

  test('an approval of another environment proves nothing', () => {
    expect(gateRefusal(facts({ approvals: [approval('bruno', 'approved', 'staging')] }))?.code).toBe('gate-missing');
  });

  test('without a listed approval, required reviewers prove it; nothing else does', () => {
    expect(gateRefusal(facts({ protection: protection() }))).toBeUndefined();
    expect(gateRefusal(facts({ protection: protection({ reviewers: [] }) }))?.code).toBe('gate-unprotected');
    expect(gateRefusal(facts({ protection: { kind: 'missing' } }))?.code).toBe('gate-missing');
    expect(gateRefusal(facts())?.code).toBe('gate-missing');
  });
});

test('gate: none asks for nothing', () => {
  expect(gateRefusal(facts({ environment: environment() }))).toBeUndefined();
});

test('gate: dispatch wants a person to start the run', () => {
  const dispatch = environment({ gate: 'dispatch' });
  expect(gateRefusal(facts({ environment: dispatch, event: 'workflow_dispatch' }))).toBeUndefined();
  expect(gateRefusal(facts({ environment: dispatch }))?.code).toBe('dispatch-required');
});

describe('what people should know', () => {
  test('nothing where there is no button', () => {
    expect(gateNotes(facts({ environment: environment() }))).toEqual([]);
  });

  test('a self-approval', () => {
    expect(gateNotes(facts({ approvals: [approval('Ana'), approval('bruno')] }))).toEqual([
      { kind: 'self-approved', user: 'Ana' }
    ]);
  });

  test('an approver GitHub does not name, and admins who can bypass', () => {
    expect(gateNotes(facts({ protection: protection({ adminsCanBypass: true }) }))).toEqual([
      { kind: 'approver-unknown' },
      { kind: 'admins-can-bypass', environment: 'production' }
    ]);
    expect(gateNotes(facts({ protection: protection() }))).toEqual([{ kind: 'approver-unknown' }]);
  });
});
