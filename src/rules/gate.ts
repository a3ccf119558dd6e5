import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { Approval, Environment, Protection } from '../domain/environment.ts';
import type { Note } from '../domain/outcome.ts';
import type { Version } from '../domain/version.ts';

export interface GateFacts {
  readonly environment: Environment;
  readonly version: Version;
  readonly event: string;
  readonly actor: string;
  readonly approvals: readonly Approval[];
  /** Read only where no approval proves the gate. */
  readonly protection?: Protection;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Who pressed the button for this environment in this run. GitHub's list has no times and may be empty. */
export const approversOf = (facts: Pick<GateFacts, 'environment' | 'approvals'>): readonly string[] => [
  ...new Set(
    facts.approvals
      .filter(
        ({ state, environments }) =>
          state === 'approved' && environments.some((name) => same(name, facts.environment.name))
      )
      .map(({ user }) => user)
  )
];

const unprotected = (facts: GateFacts): Reason | undefined => {
  const environment = facts.environment.name;
  const protection = facts.protection;
  if (protection === undefined || protection.kind === 'missing') {
    return reason('gate-missing', { environment });
  }
  return protection.reviewers.length === 0 ? reason('gate-unprotected', { environment }) : undefined;
};

/** Fails closed: a gate that nothing proves is no gate (promise R10). */
export const gateRefusal = (facts: GateFacts): Reason | undefined => {
  switch (facts.environment.gate) {
    case 'none':
      return undefined;
    case 'dispatch':
      return facts.event === 'workflow_dispatch'
        ? undefined
        : reason('dispatch-required', { environment: facts.environment.name, version: facts.version });
    case 'approval':
      return approversOf(facts).length > 0 ? undefined : unprotected(facts);
  }
};

/** What people should know about the gate although it held. */
export const gateNotes = (facts: GateFacts): readonly Note[] => {
  if (facts.environment.gate !== 'approval') return [];
  const approvers = approversOf(facts);
  const notes: Note[] = approvers
    .filter((user) => same(user, facts.actor))
    .map((user): Note => ({ kind: 'self-approved', user }));
  if (approvers.length === 0) notes.push({ kind: 'approver-unknown' });
  if (facts.protection?.kind === 'present' && facts.protection.adminsCanBypass === true) {
    notes.push({ kind: 'admins-can-bypass', environment: facts.environment.name });
  }
  return notes;
};
