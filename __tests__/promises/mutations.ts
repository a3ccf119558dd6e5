/** A way to break a promise on purpose: its suite must notice. */
export interface Mutation {
  /** What Esteira would do. */
  readonly what: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

export interface BreakablePromise {
  readonly id: string;
  readonly says: string;
  /** Below `__tests__/promises`. */
  readonly suite: string;
  readonly mutations: readonly Mutation[];
}

export const PROMISES: readonly BreakablePromise[] = [
  {
    id: 'R1',
    says: 'At most one deployment is active in an environment.',
    suite: 'r01-one-at-a-time.test.ts',
    mutations: [
      {
        what: 'go ahead although an older ticket of a living run stands before ours',
        file: 'src/rules/ticket.ts',
        from: "return holder === undefined ? { kind: 'ours' } : { kind: 'wait', holder };",
        to: "return holder === undefined || holder.id > 0 ? { kind: 'ours' } : { kind: 'wait', holder };"
      },
      {
        what: 'leave the replaced record of production active',
        file: 'src/commands/carry-out.ts',
        from: "state === 'success' && id !== live.record",
        to: "state === 'success' && id === live.record + 0.5"
      }
    ]
  },
  {
    id: 'R2',
    says: 'The recorded live version is the one that runs there, or the record says `unknown`.',
    suite: 'r02-the-record-is-true.test.ts',
    mutations: [
      {
        what: 'overlook a delivery that broke after it touched the target',
        file: 'src/rules/live.ts',
        from: "record.startedAt !== undefined || record.succeededAt !== undefined || record.state === 'in_progress';",
        to: 'record.succeededAt !== undefined;'
      },
      {
        what: 'touch the target without saying so in the record first',
        file: 'src/commands/carry-out.ts',
        from: "await mark(context, record, { state: 'in_progress', text: { kind: 'started', version } });",
        to: 'void version;'
      }
    ]
  },
  {
    id: 'R3',
    says: 'A run started again after a crash at any point ends in the same state as one that never crashed.',
    suite: 'r03-a-crash-changes-nothing.test.ts',
    mutations: [
      {
        what: 'not know the records of our own earlier attempt',
        file: 'src/rules/ticket.ts',
        from: 'attempt.id === run.id && attempt.attempt < run.attempt;',
        to: 'attempt.id === run.id && attempt.attempt > run.attempt;'
      },
      {
        what: 'say "nothing to do" and leave undone what the dead attempt left',
        file: 'src/commands/deploy.ts',
        from: 'await mend(context, asked);',
        to: 'void mend;'
      },
      {
        what: 'leave the version that broke where a run that died on its way back left it',
        file: 'src/commands/deploy.ts',
        from: 'await finishOthers(context, found);',
        to: 'await Promise.resolve(undefined);'
      }
    ]
  },
  {
    id: 'R4',
    says: 'An older version never replaces a newer one unless a person chose it.',
    suite: 'r04-never-backwards.test.ts',
    mutations: [
      {
        what: 'let a late run bring an older version',
        file: 'src/rules/may-deploy.ts',
        from: 'if (facts.chosen || live === undefined || compareVersions',
        to: 'if (!facts.chosen || live === undefined || compareVersions'
      }
    ]
  },
  {
    id: 'R5',
    says: 'A stop, freeze or veto set before the first write is obeyed, also after approval.',
    suite: 'r05-a-stop-is-obeyed.test.ts',
    mutations: [
      {
        what: 'act under the ticket on what was read before it',
        file: 'src/commands/deploy.ts',
        from: 'const decision = mayDeploy(turn.asked.facts, context.ports.clock.now());',
        to: 'const decision = mayDeploy(asked.facts, context.ports.clock.now());'
      },
      {
        what: 'not look at a freeze',
        file: 'src/rules/may-deploy.ts',
        from: 'if (found === undefined) return undefined;\n  const { freeze, until } = found;',
        to: 'if (found === undefined || !facts.chosen) return undefined;\n  const { freeze, until } = found;'
      },
      {
        what: 'deliver again by itself what has failed there',
        file: 'src/rules/live.ts',
        from: "return last?.state === 'failure' ? last : undefined;",
        to: "return last?.state === 'queued' ? last : undefined;"
      }
    ]
  },
  {
    id: 'R6',
    says: 'The bytes deployed are the bytes proven.',
    suite: 'r06-proven-bytes-only.test.ts',
    mutations: [
      {
        what: 'run a download whose digest is another',
        file: 'src/commands/fetch-release.ts',
        from: "if (expected !== actual) throw refuse('digest-mismatch'",
        to: "if (expected !== actual && what === '') throw refuse('digest-mismatch'"
      },
      {
        what: 'ask no proof of staging',
        file: 'src/rules/promotion.ts',
        from: 'return missing.length === 0',
        to: 'return missing.length >= 0'
      }
    ]
  },
  {
    id: 'R7',
    says: 'No record, ticket or preview outlives its run.',
    suite: 'r07-nothing-stays-open.test.ts',
    mutations: [
      {
        what: 'leave the record open when a delivery breaks off',
        file: 'src/commands/deploy.ts',
        from: "await mark(context, record, { state: 'error', text: { kind: 'ended', why } });",
        to: 'void why;'
      },
      {
        what: 'not clean up after a dead run',
        file: 'src/commands/ticket.ts',
        from: 'if (!(await isDead(context, record)) || !(await isStillOpen(context, record))) continue;',
        to: 'if (!(await isDead(context, record)) || !(await isStillOpen(context, record)) || record.id > 0) continue;'
      }
    ]
  },
  {
    id: 'R8',
    says: 'Every automatic action has a deadline.',
    suite: 'r08-everything-has-a-deadline.test.ts',
    mutations: [
      {
        what: 'stand in the queue for ever',
        file: 'src/commands/ticket.ts',
        from: 'if (context.ports.clock.elapsed() < wait.giveUpAt) return;',
        to: 'if (context.ports.clock.elapsed() >= 0) return;'
      },
      {
        what: 'verify for ever',
        file: 'src/commands/verification.ts',
        from: 'const deadline = context.ports.clock.elapsed() + process.withinSeconds;',
        to: 'const deadline = context.ports.clock.elapsed() + process.withinSeconds * 1e6;'
      },
      {
        what: 'ask a GitHub that answers slowly for ever',
        file: 'src/adapters/phases.ts',
        from: 'end: clock.elapsed() + seconds[phase]',
        to: 'end: clock.elapsed() + seconds[phase] * 1e6'
      },
      {
        what: 'give the end of a record no time of its own',
        file: 'src/commands/ticket.ts',
        from: "context.ports.phases.during('record', () => write(context, record, said));",
        to: 'write(context, record, said);'
      }
    ]
  },
  {
    id: 'R9',
    says: 'A rollback needs no build, and nothing but GitHub and the target.',
    suite: 'r09-the-way-back-needs-nothing.test.ts',
    mutations: [
      {
        what: "deploy by the repository's procedure of today instead of the version's own",
        file: 'src/commands/procedure.ts',
        from: 'const deploy = manifest.process.deploy;',
        to: 'const deploy = context.delivery.process.deploy;'
      },
      {
        what: 'not go back by itself',
        file: 'src/commands/roll-back.ts',
        from: "context.delivery.rollback === 'automatic' &&",
        to: "context.delivery.rollback === 'manual' &&"
      }
    ]
  },
  {
    id: 'R10',
    says: 'Where GitHub does not enforce a gate, Esteira says so and does not claim it.',
    suite: 'r10-no-gate-is-claimed.test.ts',
    mutations: [
      {
        what: 'deliver through a gate that nothing proves',
        file: 'src/rules/gate.ts',
        from: 'return approversOf(facts).length > 0 ? undefined : unprotected(facts);',
        to: 'return approversOf(facts).length >= 0 ? undefined : unprotected(facts);'
      },
      {
        what: 'name as approver whoever rejected',
        file: 'src/rules/gate.ts',
        from: "state === 'approved' && environments.some",
        to: "state !== 'pending' && environments.some"
      },
      {
        what: 'not say that nobody is known to have approved',
        file: 'src/rules/gate.ts',
        from: "if (approvers.length === 0) notes.push({ kind: 'approver-unknown' });",
        to: "if (approvers.length > 9) notes.push({ kind: 'approver-unknown' });"
      }
    ]
  }
];
