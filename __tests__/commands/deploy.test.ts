import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { environment, payload, record } from '../fakes/builders.ts';
import { PROCESS, asking, inRun, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const staging = asking('1.0.0', { environment: 'staging' });

/** Delivered to staging and production, both live. */
const delivered = async (base: World, version: string): Promise<Outcome> => {
  await publish(base, version);
  await deploy(base, asking(version, { environment: 'staging' }));
  return deploy(base, asking(version));
};

const states = (base: World, name = 'production'): string[] =>
  base.hosting.all.filter((each) => each.environment === name).map((each) => `${each.payload.version} ${each.state}`);

const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((caught: unknown) => caught);
  if (!(error instanceof Refusal)) throw new Error(`not a refusal: ${String(error)}`);
  return error.reason.code;
};

describe('a delivery', () => {
  test('goes through staging to production, and the record says so', async () => {
    const base = await world();
    const outcome = await delivered(base, '1.0.0');
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'delivered' }, changed: true, version: '1.0.0' });
    expect(Object.fromEntries(base.target.running)).toEqual({ staging: '1.0.0', production: '1.0.0' });
    expect(states(base)).toEqual(['1.0.0 success']);
    expect(base.hosting.all.at(-1)?.payload).toMatchObject({ kind: 'deploy', previous: null, requestedBy: 'ana' });
  });

  test('of the next version retires the record before it in production', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await delivered(base, '1.1.0');
    expect(states(base)).toEqual(['1.0.0 inactive', '1.1.0 success']);
    expect(base.hosting.all.at(-1)?.payload.previous).toBe('1.0.0');
  });

  test('of an approved production costs eight calls besides the downloads', async () => {
    const base = await world({
      environments: [environment({ name: 'staging' }), environment({ needs: ['staging'], gate: 'approval' })]
    });
    base.hosting.approved.set(100, [{ environments: ['production'], state: 'approved', user: 'bruno', comment: '' }]);
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.hosting.calls.length = 0;
    const outcome = await deploy(base, asking('1.1.0'));
    expect(outcome).toMatchObject({ approvedBy: ['bruno'], selfApproved: false });
    expect(base.hosting.calls.filter((call) => call !== 'download')).toEqual([
      'facts',
      'approvals',
      'createRecord',
      'facts',
      'assets',
      'setStatus in_progress',
      'setStatus success',
      'setStatus inactive'
    ]);
  });

  test('gives the scripts what the contract names', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    const { variables, directory } = base.target.tasks.find(({ label }) => label === 'deploy') ?? {};
    expect(variables).toMatchObject({
      DELIVERY_VERSION: '1.0.0',
      DELIVERY_TAG: 'v1.0.0',
      DELIVERY_ENVIRONMENT: 'staging',
      DELIVERY_PREVIOUS_VERSION: '',
      DELIVERY_FILES: directory,
      DELIVERY_KIND: 'deploy'
    });
  });

  test('already there: nothing to do, nothing written', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    base.hosting.calls.length = 0;
    expect(await deploy(base, asking('1.0.0'))).toMatchObject({
      verdict: 'nothing-to-do',
      reason: { code: 'already-live' }
    });
    expect(base.hosting.calls).toEqual(['facts']);
  });

  test('dry-run stops after the decision', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    expect(await deploy(base, { ...staging, dryRun: true })).toMatchObject({
      verdict: 'done',
      reason: { code: 'dry-run' }
    });
    expect(base.hosting.calls).toEqual(['facts']);
    expect(base.target.tasks).toEqual([]);
  });

  test('of an unknown version or environment is refused before anything is written', async () => {
    const base = await world();
    expect(await refusalOf(deploy(base, asking('9.9.9')))).toBe('version-unknown');
    expect(await refusalOf(deploy(base, asking('1.0.0', { environment: 'prodution' })))).toBe('environment-unknown');
    expect(base.hosting.all).toEqual([]);
  });
});

describe('a version that breaks', () => {
  const brokenInProduction = async (
    shape: Parameters<typeof world>[0] = {}
  ): Promise<{ base: World; outcome: Outcome }> => {
    const base = await world(shape);
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.target.sick.add('1.1.0');
    return { base, outcome: await deploy(base, asking('1.1.0')) };
  };

  test('is rolled back by itself, vetoed, and the line stops', async () => {
    const { base, outcome } = await brokenInProduction();
    expect(outcome).toMatchObject({
      verdict: 'rolled-back',
      reason: { code: 'rolled-back', details: { to: '1.0.0' } }
    });
    expect(base.target.running.get('production')).toBe('1.0.0');
    expect(states(base)).toEqual(['1.0.0 inactive', '1.1.0 failure', '1.0.0 success']);
    expect(base.hosting.stops).toHaveLength(1);
    expect(await deploy(base, asking('1.1.0'))).toMatchObject({ verdict: 'refused', reason: { code: 'line-stopped' } });
    base.hosting.stops.length = 0;
    expect(await deploy(base, asking('1.1.0'))).toMatchObject({ verdict: 'refused', reason: { code: 'veto' } });
  });

  test('is replaced by a rollback that names it, and that no person chose or approved', async () => {
    const base = await world({
      environments: [environment({ name: 'staging' }), environment({ needs: ['staging'], gate: 'approval' })]
    });
    base.hosting.approved.set(100, [{ environments: ['production'], state: 'approved', user: 'bruno', comment: '' }]);
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.target.sick.add('1.1.0');
    await deploy(base, asking('1.1.0'));
    expect(base.hosting.all.slice(-2).map(({ payload: told }) => told)).toMatchObject([
      { version: '1.1.0', kind: 'deploy', previous: '1.0.0', approvedBy: ['bruno'], manualTouches: 1 },
      { version: '1.0.0', kind: 'rollback', previous: '1.1.0', approvedBy: [], manualTouches: 0 }
    ]);
    expect(base.target.tasks.findLast(({ label }) => label === 'deploy')?.variables).toMatchObject({
      DELIVERY_KIND: 'rollback',
      DELIVERY_PREVIOUS_VERSION: '1.1.0'
    });
  });

  test('whose deploy script fails is rolled back just so', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.target.brokenDeploys.add('1.1.0');
    expect(await deploy(base, asking('1.1.0'))).toMatchObject({
      verdict: 'rolled-back',
      reason: { details: { problem: 'exit code 3' } }
    });
  });

  test('with rollback: manual stays as it is, recorded as failure: live is unknown', async () => {
    const { base, outcome } = await brokenInProduction({ rollback: 'manual' });
    expect(outcome).toMatchObject({ verdict: 'failed', reason: { code: 'verification-failed' } });
    expect(states(base)).toEqual(['1.0.0 success', '1.1.0 failure']);
  });

  test('as the first one ever has nowhere to go back to', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    base.target.sick.add('1.0.0');
    expect(await deploy(base, staging)).toMatchObject({ verdict: 'failed', reason: { code: 'verification-failed' } });
    expect(states(base, 'staging')).toEqual(['1.0.0 failure']);
  });

  test('and whose rollback breaks too never reads "rolled back"', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.target.sick.add('1.1.0').add('1.0.0');
    const outcome = await deploy(base, asking('1.1.0'));
    expect(outcome).toMatchObject({ verdict: 'failed', reason: { code: 'rollback-failed' } });
    expect(states(base)).toEqual(['1.0.0 success', '1.1.0 failure', '1.0.0 failure']);
  });

  test('says so when the token may not open issues', async () => {
    const base = await world();
    base.hosting.mayOpenIssues = false;
    await publish(base, '1.0.0');
    base.target.sick.add('1.0.0');
    expect((await deploy(base, staging)).notes).toContainEqual({ kind: 'line-not-stopped' });
  });
});

describe('rollback', () => {
  const rollback = asking('1.0.0', { name: 'rollback', wanted: { kind: 'previous' } });

  test('goes to the last good version by the same path, also on a stopped line', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await delivered(base, '1.1.0');
    await base.hosting.openStop({ title: 'hold', body: '' });
    const outcome = await deploy(base, rollback);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'rolled-back-by-request', details: { from: '1.1.0' } }
    });
    expect(base.target.running.get('production')).toBe('1.0.0');
    expect(base.target.tasks.findLast(({ label }) => label === 'deploy')?.variables['DELIVERY_KIND']).toBe('rollback');
  });

  test('has its own outcome when it breaks, and rolls nothing back again', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await delivered(base, '1.1.0');
    base.target.sick.add('1.0.0');
    expect(await deploy(base, rollback)).toMatchObject({ verdict: 'failed', reason: { code: 'verification-failed' } });
    expect(base.target.tasks.filter(({ label }) => label === 'deploy')).toHaveLength(5);
  });

  test('with no earlier good version is refused', async () => {
    expect(await refusalOf(deploy(await world(), rollback))).toBe('no-good-version');
  });
});

describe('the ticket', () => {
  const other = (base: World, id: number): World => inRun(base, { id, url: `https://hub.test/runs/${id}` });

  test('waits for the delivery before it, then decides again', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    await publish(base, '1.1.0');
    const holder = await base.hosting.createRecord({
      environment: 'staging',
      commit: 'c'.repeat(40),
      production: false,
      description: '',
      payload: { ...(await firstPayload(base)), run: { id: 55, attempt: 1, url: 'https://hub.test/runs/55' } }
    });
    base.clock.meanwhile = () => void base.hosting.setStatus(holder, { state: 'failure', description: '' });
    expect(await deploy(other(base, 101), staging)).toMatchObject({ verdict: 'done' });
    expect(base.said.map(({ kind }) => kind)).toContain('queued');
    expect(base.hosting.calls).toContain('setStatus queued');
  });

  test('of a dead run is closed as an error and taken over', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    await hold(base, 55);
    base.hosting.overRuns.add(55);
    const outcome = await deploy(base, staging);
    expect(outcome).toMatchObject({
      verdict: 'done',
      notes: expect.arrayContaining([{ kind: 'took-over', record: '1' }]) as unknown
    });
    expect(states(base, 'staging')).toContain('1.0.0 error');
  });

  test('of an earlier attempt of the same run needs no proof of death', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    await hold(base, 100);
    expect(await deploy(inRun(base, { attempt: 2 }), staging)).toMatchObject({ verdict: 'done' });
    expect(base.hosting.calls).not.toContain('runState');
  });

  test('of a dead run is closed and said even by a run that is told no', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    await hold(base, 55);
    await hold(base, 56);
    base.hosting.overRuns.add(55);
    await base.hosting.openStop({ title: 'stop', body: '' });
    const outcome = await deploy(base, staging);
    expect(outcome).toMatchObject({
      verdict: 'refused',
      reason: { code: 'line-stopped' },
      notes: expect.arrayContaining([{ kind: 'took-over', record: '1' }]) as unknown
    });
    expect(states(base, 'staging')).toEqual(['1.0.0 error', '1.0.0 pending']);
  });

  test('does not wait for ever', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    await hold(base, 55);
    expect(await refusalOf(deploy(base, staging))).toBe('queue-timeout');
    expect(states(base, 'staging')).toEqual(['1.0.0 pending', '1.0.0 error']);
  });

  test('a stop set after the first look is obeyed, and the record closes untouched (R5)', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    base.hosting.before = (call) => {
      if (call === 'createRecord')
        base.hosting.stops.push({ number: 1, url: 'u', title: 'stop', author: 'ana', createdAt: '' });
    };
    expect(await deploy(base, staging)).toMatchObject({ verdict: 'refused', reason: { code: 'line-stopped' } });
    expect(states(base, 'staging')).toEqual(['1.0.0 inactive']);
    expect(base.target.tasks).toEqual([]);
  });

  const firstPayload = async (base: World) => {
    const probe = await base.hosting.facts({ environments: [], tag: 'v1.0.0' });
    const note = probe.releases.find(({ tag }) => tag === 'v1.0.0')?.note;
    return payload('1.0.0', { digest: `sha256:${note?.tarSha256 ?? ''}` });
  };

  /** An open record of another run, older than anything to come. */
  const hold = async (base: World, run: number): Promise<void> => {
    const shape = {
      environment: 'staging',
      state: 'pending',
      payload: { run: { id: run, attempt: 1, url: 'r' } }
    } as const;
    base.hosting.all.push(record(1, '1.0.0', shape));
  };
});

describe('trouble on the way', () => {
  test('bytes that differ from what the tag promises are never run (R6)', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    for (const asset of base.hosting.stored[0]?.assets.values() ?? []) {
      if (asset.name.endsWith('.zst')) asset.bytes.write('x');
    }
    expect(await refusalOf(deploy(base, staging))).toBe('digest-mismatch');
    expect(base.target.tasks).toEqual([]);
    expect(states(base, 'staging')).toEqual(['1.0.0 error']);
  });

  test('a version without a deploy procedure is refused untouched', async () => {
    const base = await world();
    await publish(base, '1.0.0', {});
    expect(await refusalOf(deploy(base, staging))).toBe('deploy-undefined');
    expect(states(base, 'staging')).toEqual(['1.0.0 error']);
  });

  test('a version without a verify procedure goes out and says that nothing proved it', async () => {
    const base = await world();
    await publish(base, '1.0.0', PROCESS.deploy === undefined ? {} : { deploy: PROCESS.deploy });
    expect((await deploy(base, staging)).notes).toContainEqual({ kind: 'unverified', version: '1.0.0' });
  });

  test('a cancelled script ends the command; the record is closed (R7)', async () => {
    const base = await world();
    await publish(base, '1.0.0');
    base.target.cancelOn = 'deploy';
    expect(await refusalOf(deploy(base, staging))).toBe('cancelled');
    expect(states(base, 'staging')).toEqual(['1.0.0 error']);
  });

  test('an automatic rollback that was interrupted is made again by the next attempt', async () => {
    const base = await world({
      environments: [environment({ name: 'staging' }), environment({ needs: ['staging'], gate: 'approval' })]
    });
    base.hosting.approved.set(100, [{ environments: ['production'], state: 'approved', user: 'bruno', comment: '' }]);
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.target.sick.add('1.1.0');
    const run = base.target.run.bind(base.target);
    base.target.run = async (task) =>
      task.label === 'deploy' && task.variables['DELIVERY_KIND'] === 'rollback'
        ? { ending: { kind: 'cancelled' } }
        : run(task);
    await deploy(base, asking('1.1.0'));
    expect(states(base, 'production')).toEqual(['1.0.0 success', '1.1.0 failure', '1.0.0 error']);
    base.target.run = run;
    expect(await deploy(inRun(base, { attempt: 2 }), asking('1.1.0'))).toMatchObject({ verdict: 'rolled-back' });
    expect(states(base, 'production').at(-1)).toBe('1.0.0 success');
    expect(base.target.running.get('production')).toBe('1.0.0');
    // nobody chose or approved that
    const told = { kind: 'rollback', approvedBy: [], manualTouches: 0 };
    expect(base.hosting.all.at(-1)?.payload).toMatchObject(told);
    // and it is settled then: nothing is done a third time
    base.hosting.calls.length = 0;
    expect(await deploy(inRun(base, { attempt: 3 }), asking('1.1.0'))).toMatchObject({ verdict: 'refused' });
    expect(base.hosting.calls).not.toContain('createRecord');
  });

  test('a delivery that broke and was cancelled before it could go back goes back at the next attempt', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.target.brokenDeploys.add('1.1.0');
    const run = base.target.run.bind(base.target);
    const cancel = new AbortController();
    base.target.run = async (task) => {
      cancel.abort();
      return run(task);
    };
    await deploy({ ...base, ports: { ...base.ports, signal: cancel.signal } }, asking('1.1.0'));
    expect(states(base, 'production')).toEqual(['1.0.0 success', '1.1.0 failure']);
    base.target.run = run;
    expect(await deploy(inRun(base, { attempt: 2 }), asking('1.1.0'))).toMatchObject({ verdict: 'rolled-back' });
    expect(states(base, 'production').at(-1)).toBe('1.0.0 success');
    expect(base.target.running.get('production')).toBe('1.0.0');
  });

  test('a replaced record that cannot be closed does not undo the success; the next look mends it', async () => {
    const base = await world();
    await delivered(base, '1.0.0');
    await publish(base, '1.1.0');
    await deploy(base, asking('1.1.0', { environment: 'staging' }));
    base.hosting.before = (call) => {
      if (call === 'setStatus inactive') throw new Error('502');
    };
    expect(await deploy(base, asking('1.1.0'))).toMatchObject({
      verdict: 'done',
      notes: [expect.anything(), { kind: 'not-retired' }]
    });
    base.hosting.before = () => undefined;
    expect(await deploy(base, asking('1.1.0'))).toMatchObject({ verdict: 'nothing-to-do' });
    expect(states(base)).toEqual(['1.0.0 inactive', '1.1.0 success']);
  });
});
