import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { open, pushOne, results } from './open.ts';

const KIT = join(import.meta.dirname, 'fixtures', 'kit');

const CALLEE = `on:
  workflow_call:
    inputs:
      name: { type: string, required: true }
      loud: { type: boolean, default: false }
      times: { type: number, default: 2 }
    secrets:
      key: { required: true }
    outputs:
      greeting: { value: "\${{ jobs.say.outputs.greeting }}" }
permissions: { contents: read }
env: { INNER: inner }
jobs:
  say:
    runs-on: ubuntu-latest
    outputs: { greeting: "\${{ steps.s.outputs.greeting }}" }
    steps:
      - id: s
        run: |
          test "$KEY" = geheim
          echo "greeting=hi \${{ inputs.name }} \${{ inputs.loud == true }} \${{ inputs.times }} $INNER [$OUTER] \${{ github.workflow }}" >> "$GITHUB_OUTPUT"
        env: { KEY: "\${{ secrets.key }}" }
`;

const caller = (lines: string, head = 'name: line\non: push\nenv: { OUTER: outer }'): string =>
  `${head}
jobs:
  call:
    uses: ./.github/workflows/callee.yml
${lines}
  after:
    needs: call
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "\${{ needs.call.result }}: \${{ needs.call.outputs.greeting }}"' }]
`;

describe('a called workflow', () => {
  test('takes typed inputs and secrets, gives outputs, and sees nothing of its caller but github and vars', async () => {
    const rehearsal = await open(
      {
        'ci.yml': caller('    with: { name: ana, loud: "${{ 1 == 1 }}" }\n    secrets: { key: "${{ secrets.SAFE }}" }'),
        'callee.yml': CALLEE
      },
      { secrets: { SAFE: 'geheim' } }
    );
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(results(rehearsal, run)).toEqual({ call: 'success', 'call / say': 'success', after: 'success' });
    expect(rehearsal.job(run, 'after').log.at(-1)).toBe('success: hi ana true 2 inner [] line');
  });

  test('a failure in it is a result like any other', async () => {
    const rehearsal = await open(
      { 'ci.yml': caller('    with: { name: ana }\n    secrets: inherit'), 'callee.yml': CALLEE },
      { secrets: { key: 'wrong' } }
    );
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(results(rehearsal, run)).toEqual({ call: 'failure', 'call / say': 'failure', after: 'success' });
    expect(rehearsal.job(run, 'after').log.at(-1)).toBe('failure: ');
    expect(run.conclusion).toBe('failure');
  });

  test.each([
    ['    secrets: inherit', 'Input name is required'],
    ['    with: { name: a, odd: b }\n    secrets: inherit', 'Unexpected inputs provided: ["odd"]'],
    ['    with: { name: a }', 'Secret key is required'],
    [
      '    with: { name: a }\n    secrets: inherit\n    permissions: {}',
      "requesting 'contents: read', but is only allowed 'contents: none'"
    ]
  ])('%s stops the rehearsal', async (lines, message) => {
    const rehearsal = await open({ 'ci.yml': caller(lines), 'callee.yml': CALLEE });
    const outcome = pushOne(rehearsal).then((run) => rehearsal.waitFor(run, 'completed'));
    await expect(outcome).rejects.toThrow(message);
  });

  test('a value of the wrong type fails the calling job', async () => {
    const rehearsal = await open({
      'ci.yml': caller('    with: { name: a, loud: "${{ \'yes\' }}" }\n    secrets: { key: k }'),
      'callee.yml': CALLEE
    });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(rehearsal.job(run, 'call').annotations[0]?.message).toMatch("Unexpected value 'yes' for the input 'loud'");
  });

  test('gates inside it, a matrix around it, and re-runs of its failed jobs', async () => {
    const rehearsal = await open(
      {
        'ci.yml': `on: push
jobs:
  ship:
    strategy: { fail-fast: false, matrix: { to: [staging, production] } }
    uses: ./.github/workflows/callee.yml
    with: { to: "\${{ matrix.to }}" }
`,
        'callee.yml': `on: { workflow_call: { inputs: { to: { type: string } } } }
jobs:
  before: { runs-on: ubuntu-latest, steps: [{ run: echo }] }
  deploy:
    needs: before
    runs-on: ubuntu-latest
    environment: { name: "\${{ inputs.to }}", deployment: false }
    steps: [{ run: 'test "\${{ inputs.to }}" = staging || test $GITHUB_RUN_ATTEMPT = 2' }]
`
      },
      { environments: { production: { reviewers: ['bruno'] } } }
    );
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'production' });
    rehearsal.approve(run, 'production', 'bruno');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('failure');
    const again = rehearsal.rerun(run, { failedOnly: true });
    await rehearsal.waitFor(again, { environment: 'production' });
    rehearsal.approve(again, 'production', 'bruno');
    expect((await rehearsal.waitFor(again, 'completed')).conclusion).toBe('success');
    const ran = rehearsal
      .jobs(run)
      .filter(({ reused }) => !reused)
      .map(({ key }) => key);
    expect(ran.toSorted()).toEqual(['ship (production)', 'ship (production) / deploy']);
  });

  test('of another repository comes from its local copy, and gets no secrets of environments', async () => {
    const files = {
      'ci.yml': `on: push
jobs:
  call: { uses: other/kit/.github/workflows/deploy.yml@v1, secrets: inherit }
`
    };
    const rehearsal = await open(files, {
      repositories: { 'other/kit': KIT },
      environments: { production: { secrets: { KEY: 'hidden-value' }, vars: { WHERE: 'there' } } }
    });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(results(rehearsal, run)).toMatchObject({ 'call / deploy': 'success', 'call / nested': 'success' });
    expect(rehearsal.job(run, 'call / deploy').log.at(-1)).toBe('there []');
    const unmapped = await open(files);
    await expect(pushOne(unmapped)).rejects.toThrow('deploy.yml@v1" is not mapped');
  });

  test('its own group counts, and one that its caller holds is a deadlock', async () => {
    const callee =
      'on: workflow_call\nconcurrency: line\njobs: { one: { runs-on: ubuntu-latest, steps: [{ run: echo }] } }\n';
    const held = await open({
      'ci.yml': 'on: push\nconcurrency: LINE\njobs: { call: { uses: ./.github/workflows/callee.yml } }\n',
      'callee.yml': callee
    });
    const run = await held.waitFor(await pushOne(held), 'completed');
    expect(run.conclusion).toBe('cancelled');
    const free = await open({
      'ci.yml': 'on: push\njobs: { call: { uses: ./.github/workflows/callee.yml } }\n',
      'callee.yml': callee
    });
    expect((await free.waitFor(await pushOne(free), 'completed')).conclusion).toBe('success');
  });

  test('workflows that call each other for ever are refused', async () => {
    const rehearsal = await open({
      'ci.yml': 'on: [push, workflow_call]\njobs: { call: { uses: ./.github/workflows/ci.yml } }\n'
    });
    await expect(pushOne(rehearsal)).rejects.toThrow('more than 10 deep');
  });
});
