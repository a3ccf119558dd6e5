import { describe, expect, test } from '@jest/globals';
import { open, play, pushOne, results } from './open.ts';

const job = (id: string, run: string, more = ''): string =>
  `  ${id}:\n    runs-on: ubuntu-latest\n${more}    steps: [{ run: ${JSON.stringify(run)} }]\n`;

describe('jobs', () => {
  test('a failure skips what depends on it, however far, unless always() or failure() ask otherwise', async () => {
    const { rehearsal, run } = await play(
      job('bad', 'exit 1') +
        job('next', 'echo', '    needs: bad\n') +
        job('far', 'echo', '    needs: [next]\n') +
        job('rescue', 'echo', '    needs: far\n    if: failure()\n') +
        job('always', 'echo', '    needs: bad\n    if: always()\n') +
        job('afterwards', 'echo', '    needs: always\n') +
        job('unrelated', 'echo')
    );
    expect(results(rehearsal, run)).toEqual({
      bad: 'failure',
      next: 'skipped',
      far: 'skipped',
      rescue: 'success',
      always: 'success',
      // success() looks at all ancestors: a job between that passed by always() does not help
      afterwards: 'skipped',
      unrelated: 'success'
    });
    expect(run.conclusion).toBe('failure');
    expect((await rehearsal.hub.snapshot()).runs).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
  });

  test('!failure() && !cancelled() passes over a skipped job', async () => {
    const { rehearsal, run } = await play(
      job('off', 'echo', '    if: false\n') +
        job('strict', 'echo', '    needs: off\n') +
        job(
          'lenient',
          'echo',
          "    needs: off\n    if: ${{ !failure() && !cancelled() && needs.off.result == 'skipped' }}\n"
        )
    );
    expect(results(rehearsal, run)).toEqual({ off: 'skipped', strict: 'skipped', lenient: 'success' });
    expect(run.conclusion).toBe('success');
  });

  test('continue-on-error of a job lets the run and the next job go on', async () => {
    const { rehearsal, run } = await play(
      job('soft', 'exit 1', '    continue-on-error: true\n') +
        job('next', 'test ${{ needs.soft.result }} = success', '    needs: soft\n')
    );
    expect(run.conclusion).toBe('success');
    expect(rehearsal.job(run, 'soft')).toMatchObject({ result: 'success', conclusion: 'failure' });
  });

  test('jobs start as soon as their own needs have ended, not in stages', async () => {
    const rehearsal = await open(
      {
        'ci.yml': `on: push\njobs:\n${job('gated', 'echo', '    environment: slow\n')}${job('a', 'echo')}${job('b', 'echo', '    needs: a\n')}`
      },
      { environments: { slow: { reviewers: ['bruno'] } } }
    );
    const run = await pushOne(rehearsal);
    await rehearsal.waitFor(run, { job: 'b', status: 'completed' });
    await rehearsal.waitFor(run, { environment: 'slow' });
    expect(rehearsal.job(run, 'gated').status).toBe('waiting');
  });

  test('a matrix: names, contexts, outputs of the last leg, max-parallel', async () => {
    const { rehearsal, run } = await play(
      `  one:
    runs-on: ubuntu-latest
    strategy: { max-parallel: 1, matrix: { n: [1, 2], os: [linux] } }
    outputs: { n: "\${{ steps.s.outputs.n }}" }
    steps:
      - id: s
        run: echo "n=\${{ matrix.n }}-\${{ strategy.job-index }}/\${{ strategy.job-total }}" >> "$GITHUB_OUTPUT"
` + job('after', 'test "${{ needs.one.outputs.n }}" = "2-1/2"', '    needs: one\n')
    );
    expect(results(rehearsal, run)).toEqual({
      'one (1, linux)': 'success',
      'one (2, linux)': 'success',
      after: 'success'
    });
    const entries = rehearsal.timeline(run).filter((entry) => entry.job?.startsWith('one') === true);
    expect(entries.map((entry) => `${entry.job} ${entry.what}`)).toEqual([
      'one (1, linux) started',
      'one (1, linux) success',
      'one (2, linux) started',
      'one (2, linux) success'
    ]);
  });

  test('fail-fast cancels the other legs; without it they go on', async () => {
    const legs = (failFast: boolean): string => `  one:
    runs-on: ubuntu-latest
    strategy: { fail-fast: ${failFast}, matrix: { t: ['sleep 0.1; exit 1', 'exec sleep 0.6'] } }
    steps: [{ run: "\${{ matrix.t }}" }]
`;
    const fast = await play(legs(true), { patience: { interrupt: 50, terminate: 50 } });
    expect(Object.values(results(fast.rehearsal, fast.run))).toEqual(['failure', 'cancelled']);
    expect(fast.run.conclusion).toBe('failure');
    const slow = await play(legs(false));
    expect(Object.values(results(slow.rehearsal, slow.run))).toEqual(['failure', 'success']);
  });

  test('a matrix from outputs, and a machine nobody has stops the rehearsal', async () => {
    const { rehearsal, run } = await play(
      `  plan:
    runs-on: ubuntu-latest
    outputs: { list: "\${{ steps.s.outputs.list }}" }
    steps: [{ id: s, run: 'echo ''list=["a","b"]'' >> "$GITHUB_OUTPUT"' }]
  each:
    needs: plan
    name: each \${{ matrix.item }}!
    runs-on: ubuntu-latest
    strategy: { matrix: { item: "\${{ fromJSON(needs.plan.outputs.list) }}" } }
    steps: [{ run: 'test -n "\${{ matrix.item }}"' }]
`
    );
    expect(results(rehearsal, run)).toEqual({ plan: 'success', 'each a!': 'success', 'each b!': 'success' });
    const mac = await open({ 'ci.yml': 'on: push\njobs: { a: { runs-on: macos-latest, steps: [{ run: echo }] } }\n' });
    await expect(pushOne(mac)).rejects.toThrow('does not know the machine "macos-latest"');
    const computed = await play(job('a', 'echo').replace('ubuntu-latest', "${{ 'self-hosted' }}")).catch(
      (error: unknown) => error
    );
    expect(String(computed)).toMatch('does not know the machine "self-hosted"');
  });

  test('an expression that fails is the failure of its job, not of the rehearsal', async () => {
    const { rehearsal, run } = await play(
      job('bad', 'echo', '    strategy: { matrix: { a: "${{ fromJSON(\'[\') }}" } }\n') + job('good', 'echo')
    );
    expect(results(rehearsal, run)).toEqual({ bad: 'failure', good: 'success' });
    expect(rehearsal.job(run, 'bad').annotations[0]?.message).toMatch(/^The expression/);
  });

  test("the token has the job's permissions, else the workflow's, else the default, and dies with the run", async () => {
    const call =
      'curl -s -o /dev/null -w "%{http_code}" -X POST -H "Authorization: Bearer ${{ github.token }}" -d \'{"title":"x"}\' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"';
    const { rehearsal, run } = await play(
      job('mine', call, '    permissions: { issues: write }\n') + job('theirs', call),
      { head: 'on: push\npermissions: {}' }
    );
    expect(rehearsal.job(run, 'mine').log.at(-1)).toBe('201');
    expect(rehearsal.job(run, 'theirs').log.at(-1)).toBe('403');
    expect(
      rehearsal
        .calls(run)
        .map(({ status }) => status)
        .toSorted((a, b) => a - b)
    ).toEqual([201, 403]);
  });
});

describe('cancelling a run', () => {
  test('ends the running step, runs cleaning steps and jobs, keeps always() jobs', async () => {
    const rehearsal = await open(
      {
        'ci.yml': `on: push
jobs:
  long:
    runs-on: ubuntu-latest
    steps:
      - { id: work, run: exec sleep 30 }
      - { id: no, run: echo }
      - { id: clean, if: cancelled(), run: echo clean }
  kept:
    runs-on: ubuntu-latest
    if: always()
    steps: [{ run: sleep 0.3 }, { id: second, run: echo }]
${job('after', 'echo', '    needs: long\n')}${job('sweep', 'echo', '    needs: long\n    if: always()\n')}${job('gated', 'echo', '    environment: prod\n')}`
      },
      { environments: { prod: { reviewers: ['bruno'] } }, patience: { interrupt: 100, terminate: 100 } }
    );
    const run = await pushOne(rehearsal);
    await rehearsal.waitFor(run, { job: 'long', status: 'in_progress' });
    await rehearsal.waitFor(run, { environment: 'prod' });
    await rehearsal.waitFor(run, { job: 'kept', status: 'in_progress' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    rehearsal.cancel(run);
    const done = await rehearsal.waitFor(run, 'completed');
    expect(done.conclusion).toBe('cancelled');
    expect(results(rehearsal, run)).toEqual({
      long: 'cancelled',
      kept: 'success',
      after: 'skipped',
      sweep: 'success',
      gated: 'cancelled'
    });
    expect(rehearsal.job(run, 'long').steps.map(({ outcome }) => outcome)).toEqual(['cancelled', 'skipped', 'success']);
    expect(rehearsal.job(run, 'gated').machineMs).toBe(0);
  });

  test('a cancellation through the API is carried out', async () => {
    const rehearsal = await open(
      { 'ci.yml': `on: push\njobs:\n${job('long', 'exec sleep 30')}` },
      { patience: { interrupt: 100, terminate: 100 } }
    );
    const run = await pushOne(rehearsal);
    await rehearsal.waitFor(run, { job: 'long', status: 'in_progress' });
    const { hub } = rehearsal;
    const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/actions/runs/${run.id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hub.personToken('ana')}` }
    });
    expect(reply.status).toBe(202);
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('cancelled');
  });
});

describe('running again', () => {
  const files = {
    'ci.yml': `on: push
jobs:
  good:
    runs-on: ubuntu-latest
    outputs: { at: "\${{ steps.s.outputs.at }}" }
    steps: [{ id: s, run: 'echo "at=\${{ github.run_attempt }}" >> "$GITHUB_OUTPUT"' }]
  flaky:
    needs: good
    runs-on: ubuntu-latest
    strategy: { fail-fast: false, matrix: { n: [1, 2] } }
    steps: [{ run: 'test "\${{ needs.good.outputs.at }}" = 1 || exit 1; test \${{ matrix.n }} = 1 || test $GITHUB_RUN_ATTEMPT = 2' }]
${job('after', 'echo $GITHUB_ACTOR $GITHUB_TRIGGERING_ACTOR', '    needs: flaky\n')}`
  };

  test('only failed jobs and what depends on them; passed ones keep their outputs', async () => {
    const rehearsal = await open(files);
    const run = await pushOne(rehearsal);
    await rehearsal.waitFor(run, 'completed');
    expect(results(rehearsal, run)).toEqual({
      good: 'success',
      'flaky (1)': 'success',
      'flaky (2)': 'failure',
      after: 'skipped'
    });
    const again = rehearsal.rerun(run, { failedOnly: true, actor: 'carla' });
    expect(again).toMatchObject({ id: run.id, attempt: 2 });
    expect((await rehearsal.waitFor(again, 'completed')).conclusion).toBe('success');
    expect(
      rehearsal
        .jobs(run)
        .map(({ key, reused }) => `${key} ${reused}`)
        .toSorted()
    ).toEqual(['after false', 'flaky (1) true', 'flaky (2) false', 'good true']);
    expect(rehearsal.job(run, 'after').log.at(-1)).toBe('ana carla');
  });

  test('all jobs anew', async () => {
    const rehearsal = await open(files);
    const run = await pushOne(rehearsal);
    await rehearsal.waitFor(run, 'completed');
    const again = rehearsal.rerun(run);
    await rehearsal.waitFor(again, 'completed');
    expect(rehearsal.job(run, 'good')).toMatchObject({ reused: false, outputs: { at: '2' } });
    expect(rehearsal.run(run).conclusion).toBe('failure');
  });
});
