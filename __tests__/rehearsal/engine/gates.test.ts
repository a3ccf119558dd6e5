import { describe, expect, test } from '@jest/globals';
import { mayDeploy } from '../../../rehearsal/engine/gates.ts';
import { open, play, pushOne, results } from './open.ts';

const deploy = (id: string, environment: string, more = '', run = 'echo'): string =>
  `  ${id}:\n    runs-on: ubuntu-latest\n    environment: ${environment}\n${more}    steps: [{ run: ${JSON.stringify(run)} }]\n`;
const SILENT = '{ name: production, deployment: false }';
const PRODUCTION = { reviewers: ['bruno', 'carla'], preventSelfReview: true };

const gated = (jobs: string, environments = { production: PRODUCTION }) =>
  open({ 'ci.yml': `on: push\njobs:\n${jobs}` }, { environments });

describe('the gate of an environment', () => {
  test('nothing runs and nothing is billed before somebody approves', async () => {
    const rehearsal = await gated(deploy('ship', SILENT) + deploy('next', SILENT, '    needs: ship\n'));
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    expect(run.status).toBe('waiting');
    expect((await rehearsal.hub.snapshot()).runs[0]?.status).toBe('waiting');
    expect(rehearsal.job(run, 'ship')).toMatchObject({ status: 'waiting', startedAt: undefined, steps: [] });
    await new Promise((resolve) => setTimeout(resolve, 150));
    rehearsal.approve(run, 'Production', 'bruno', 'go');
    await rehearsal.waitFor(run, { job: 'ship', status: 'completed' });
    expect(rehearsal.job(run, 'ship').machineMs).toBeLessThan(150);
    // each later job is asked about anew
    await rehearsal.waitFor(run, { environment: 'production' });
    rehearsal.approve(run, 'production', 'carla');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
    const { reviews, deployments } = await rehearsal.hub.snapshot();
    expect(reviews.map(({ user, state }) => `${user} ${state}`)).toEqual(['bruno approved', 'carla approved']);
    expect(deployments).toEqual([]);
  });

  test('a rejection fails the job, and what depends on it reacts', async () => {
    const rehearsal = await gated(
      deploy('ship', SILENT) +
        `  after: { needs: ship, runs-on: ubuntu-latest, steps: [{ run: echo }] }\n` +
        `  tell: { needs: ship, if: failure(), runs-on: ubuntu-latest, steps: [{ run: "test \${{ needs.ship.result }} = failure" }] }\n`
    );
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    rehearsal.reject(run, 'production', 'bruno', 'not today');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('failure');
    expect(results(rehearsal, run)).toEqual({ ship: 'failure', after: 'skipped', tell: 'success' });
    expect(rehearsal.job(run, 'ship').steps).toEqual([]);
  });

  test('only a required reviewer, and never the one who pushed', async () => {
    const rehearsal = await gated(deploy('ship', SILENT), {
      production: { ...PRODUCTION, reviewers: ['ana', 'bruno'] }
    });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    expect(() => rehearsal.approve(run, 'production', 'ana')).toThrow('ana is not allowed to review');
    expect(() => rehearsal.approve(run, 'production', 'zoe')).toThrow('zoe is not allowed to review');
    expect(() => rehearsal.approve(run, 'staging', 'bruno')).toThrow('no job of run');
    rehearsal.bypass(run, 'production');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
  });

  test('an approval through the API opens it too', async () => {
    const rehearsal = await gated(deploy('ship', SILENT));
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    const { hub } = rehearsal;
    const base = `${hub.apiUrl}/repos/${hub.owner}/${hub.name}/actions/runs/${run.id}/pending_deployments`;
    const headers = { authorization: `Bearer ${hub.personToken('bruno')}` };
    const [id] = (await hub.snapshot()).environments.map((each) => each.id);
    const body = JSON.stringify({ environment_ids: [id], state: 'approved', comment: 'ok' });
    expect((await fetch(base, { method: 'POST', headers, body })).status).toBe(200);
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
  });

  test('a wait timer runs on the clock of the hub', async () => {
    const rehearsal = await open(
      { 'ci.yml': `on: push\njobs:\n${deploy('ship', SILENT)}` },
      { environments: { production: { waitMinutes: 30 } } }
    );
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    rehearsal.advance(29);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(rehearsal.job(run, 'ship').status).toBe('waiting');
    rehearsal.advance(2);
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
  });

  test('secrets and vars of the environment are for its own jobs only', async () => {
    const show = 'echo "[${{ vars.WHERE }}] [$KEY]" | tr a-z A-Z';
    const key = '    env: { KEY: "${{ secrets.KEY }}" }\n';
    const { rehearsal, run } = await play(
      deploy('inside', SILENT, key, show) + deploy('outside', SILENT, key, show).replace(/ {4}environment.*\n/, ''),
      {
        vars: { WHERE: 'repository' },
        environments: { Production: { vars: { WHERE: 'environment' }, secrets: { KEY: 'open-sesame' } } }
      }
    );
    expect(rehearsal.job(run, 'inside').log.at(-1)).toBe('[ENVIRONMENT] [OPEN-SESAME]');
    expect(rehearsal.job(run, 'outside').log.at(-1)).toBe('[REPOSITORY] []');
  });

  test('a branch that may not deploy fails the job at once, without asking anybody', async () => {
    const rehearsal = await open(
      { 'ci.yml': `on: push\njobs:\n${deploy('ship', SILENT)}` },
      {
        environments: { production: { ...PRODUCTION, branches: ['main', 'release/*'] } }
      }
    );
    const { runs } = await rehearsal.push({ a: 'b' }, 'feat: x', { branch: 'topic' });
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('failure');
    expect(rehearsal.job(run, 'ship').annotations[0]?.message).toBe(
      '"topic" is not allowed to deploy to production due to environment protection rules.'
    );
    expect(mayDeploy({ branches: ['release/*'] }, 'refs/heads/release/1')).toBe(true);
    expect(mayDeploy({ branches: ['release/*'] }, 'refs/heads/release/1/a')).toBe(false);
    expect(mayDeploy({ branches: ['main'] }, 'refs/tags/v1')).toBe(false);
    expect(mayDeploy({ tags: ['v*'] }, 'refs/tags/v1')).toBe(true);
  });

  test("a plain name leaves the platform's own record at the run's commit; the address comes from the steps", async () => {
    const { rehearsal, run } = await play(`  ship:
    runs-on: ubuntu-latest
    environment: { name: "st\${{ 'aging' }}", url: "https://\${{ steps.s.outputs.host }}/" }
    steps: [{ id: s, run: 'echo host=x.example.com >> "$GITHUB_OUTPUT"' }]
  break:
    needs: ship
    runs-on: ubuntu-latest
    environment: staging
    steps: [{ run: exit 1 }]
`);
    const { deployments, environments } = await rehearsal.hub.snapshot();
    expect(environments.map(({ name }) => name)).toEqual(['staging']);
    const states = deployments.map(({ statuses }) => statuses.map(({ state }) => state));
    // a success retires the record before it, but not the other way round
    expect(states).toEqual([
      ['in_progress', 'success'],
      ['in_progress', 'failure']
    ]);
    expect(deployments.map(({ environment, sha }) => [environment, sha])).toEqual([
      ['staging', run.sha],
      ['staging', run.sha]
    ]);
    expect(deployments[0]?.statuses.find(({ state }) => state === 'success')?.environmentUrl).toBe(
      'https://x.example.com/'
    );
    expect(rehearsal.calls(run)).toEqual([]);
    expect(rehearsal.hub.problems).toEqual([]);
  });

  test('a re-run is asked about again', async () => {
    const rehearsal = await gated(deploy('ship', SILENT, '', 'test $GITHUB_RUN_ATTEMPT = 2'));
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    rehearsal.approve(run, 'production', 'bruno');
    await rehearsal.waitFor(run, 'completed');
    const again = rehearsal.rerun(run, { failedOnly: true });
    await rehearsal.waitFor(again, { environment: 'production' });
    rehearsal.approve(again, 'production', 'bruno');
    expect((await rehearsal.waitFor(again, 'completed')).conclusion).toBe('success');
  });

  test('waiting for what cannot come any more says what happened instead', async () => {
    const rehearsal = await gated(deploy('ship', 'free', '', 'exit 7'));
    const run = await pushOne(rehearsal);
    await expect(rehearsal.waitFor(run, { environment: 'production' })).rejects.toThrow(/ended before.*exit code 7/s);
  });
});
