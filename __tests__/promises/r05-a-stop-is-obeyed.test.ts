// R5: a stop, freeze or veto set before the first write is obeyed, also after approval.
import { expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import type { Freeze } from '../../src/domain/environment.ts';
import { environment, record } from '../fakes/builders.ts';
import type { World } from '../fakes/world.ts';
import { asking } from '../fakes/world.ts';
import { newRun, opened, recordsIn } from './story.ts';

const GATED = [environment({ name: 'staging' }), environment({ needs: ['staging'], gate: 'approval' })];

/** 1.1.0 is proven, and a person has approved it for production. */
const approved = async (): Promise<World> => {
  const base = await opened({ environments: GATED });
  await deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' }));
  const run = newRun(base, false);
  const review = { environments: ['production'], state: 'approved', user: 'bruno', comment: '' } as const;
  base.hosting.approved.set(run.surroundings.run.id, [review]);
  run.target.tasks.length = 0;
  return run;
};

const stop = ({ hosting }: World): void =>
  void hosting.stops.push({ number: 1, url: 'https://hub.test/1', title: 'hold', author: 'ana', createdAt: '' });

/** Another run has just seen the same bytes break there. */
const veto = ({ hosting }: World): void => {
  const { digest } = hosting.all[0]?.payload ?? { digest: '' };
  hosting.all.push(record(9000, '1.1.0', { state: 'failure', payload: { digest } }));
};

/** Calls of an approved delivery in order; the record under which the decision is taken again is the third. */
const BEFORE_WRITING = ['facts', 'approvals', 'createRecord'] as const;

test.each([
  ['stop', 'line-stopped', stop],
  ['veto', 'veto', veto]
] as const)('a %s that comes at any call before the target may be touched', async (_, code, comes) => {
  for (const call of BEFORE_WRITING) {
    const run = await approved();
    const mine = run.hosting.all.length;
    run.hosting.before = (name) => {
      if (name !== call) return;
      run.hosting.before = () => undefined;
      comes(run);
    };
    const outcome = await deploy(run, asking('1.1.0'));
    expect({ call, verdict: outcome.verdict, code: outcome.reason.code }).toEqual({ call, verdict: 'refused', code });
    expect(run.target.tasks).toEqual([]);
    const ours = run.hosting.all.slice(mine).filter(({ id }) => id !== 9000);
    expect(ours.map(({ state }) => state).filter((state) => state !== 'inactive')).toEqual([]);
    expect(recordsIn(run, 'production').every(({ startedAt, id }) => startedAt === undefined || id === 9000)).toBe(
      true
    );
  }
});

test('a freeze that begins while the approved delivery stands in the queue', async () => {
  const freeze: Freeze = { kind: 'dates', from: '2026-11-25', to: '2026-11-26', zone: 'UTC', reason: 'holidays' };
  const environments = [environment({ name: 'staging' }), environment({ needs: ['staging'], freeze: [freeze] })];
  const base = await opened({ environments });
  await deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' }));
  base.target.tasks.length = 0;
  const run = newRun(base, false);
  const createRecord = run.hosting.createRecord.bind(run.hosting);
  run.hosting.createRecord = async (given) => {
    await base.clock.sleep(13 * 60 * 60);
    return createRecord(given);
  };
  expect(await deploy(run, asking('1.1.0'))).toMatchObject({ verdict: 'refused', reason: { code: 'freeze' } });
  expect(run.target.tasks).toEqual([]);
});
