// R10: where GitHub does not enforce a gate, Esteira says so and does not claim it.
import fc from 'fast-check';
import { expect, jest, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { propose } from '../../src/commands/propose.ts';
import type { Approval, Protection } from '../../src/domain/environment.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { environment } from '../fakes/builders.ts';
import { asking } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { newRun, opened, recordsIn } from './story.ts';

jest.setTimeout(120_000);

const user = fc.constantFrom('ana', 'bruno', 'carla');

const approvals: fc.Arbitrary<readonly Approval[]> = fc.array(
  fc.record({
    environments: fc.subarray(['staging', 'Production']),
    state: fc.constantFrom('approved', 'rejected', 'pending'),
    user,
    comment: fc.constant('')
  }),
  { maxLength: 4 }
);

const protection: fc.Arbitrary<Protection> = fc.oneof(
  fc.constant({ kind: 'missing' as const }),
  fc.record({
    kind: fc.constant('present' as const),
    reviewers: fc.subarray(['ana', 'bruno']),
    preventSelfReview: fc.boolean(),
    adminsCanBypass: fc.boolean(),
    waitMinutes: fc.constantFrom(0, 30)
  })
);

const staged = async (given: Protection): Promise<World> => {
  const environments = [environment({ name: 'staging' }), environment({ needs: ['staging'], gate: 'approval' })];
  const base = await opened({ environments });
  await deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' }));
  base.hosting.protections.set('production', given);
  return newRun(base, false);
};

const approving = (given: readonly Approval[]): readonly string[] =>
  given
    .filter(({ state, environments }) => state === 'approved' && environments.includes('Production'))
    .map(({ user: name }) => name);

const kinds = ({ notes = [] }: Outcome): readonly string[] => notes.map(({ kind }) => kind);

const asksSomebody = (rules: Protection): boolean => rules.kind === 'present' && rules.reviewers.length > 0;

const NOBODY_ASKED = { missing: 'gate-missing', present: 'gate-unprotected' } as const;

test('a delivery names only who really approved it, and goes nowhere when nothing asks anybody', async () => {
  await fc.assert(
    fc.asyncProperty(approvals, protection, async (given, rules) => {
      const run = await staged(rules);
      run.hosting.approved.set(run.surroundings.run.id, [...given]);
      const outcome = await deploy(run, asking('1.1.0'));
      const people = [...new Set(approving(given))];
      const goes = people.length > 0 || asksSomebody(rules);
      const recorded = recordsIn(run, 'production').map(({ payload }) => payload.approvedBy);
      expect({
        code: outcome.reason.code,
        approvedBy: outcome.approvedBy,
        recorded,
        runs: run.target.running.has('production'),
        unknown: kinds(outcome).includes('approver-unknown'),
        self: kinds(outcome).includes('self-approved')
      }).toEqual({
        code: goes ? 'delivered' : NOBODY_ASKED[rules.kind],
        approvedBy: people,
        recorded: goes ? [people] : [],
        runs: goes,
        unknown: people.length === 0,
        self: people.includes('ana')
      });
    }),
    { numRuns: 100 }
  );
});

test('a proposal offers a button only where GitHub asks somebody; on a plan without reviewers it says why not', async () => {
  await fc.assert(
    fc.asyncProperty(protection, fc.constantFrom('public' as const, 'private' as const), async (rules, visible) => {
      const run = await staged(rules);
      run.hosting.visible = visible;
      const outcome = await propose(run, { ...asking('1.1.0'), name: 'propose' });
      const asks = asksSomebody(rules);
      const refusal = visible === 'private' ? 'gate-unenforced' : NOBODY_ASKED[rules.kind];
      const present = rules.kind === 'present' ? rules : undefined;
      expect({
        code: outcome.reason.code,
        approvers: outcome.proposal?.approvers,
        bypass: kinds(outcome).includes('admins-can-bypass')
      }).toEqual({
        code: asks ? 'proposed' : refusal,
        approvers: asks ? present?.reviewers : undefined,
        bypass: asks && present?.adminsCanBypass === true
      });
    }),
    { numRuns: 60 }
  );
});
