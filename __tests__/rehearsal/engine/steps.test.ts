import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { gitEnvironment } from '../../../rehearsal/hub/git.ts';
import { ECHO, open, play, pushOne, results } from './open.ts';

const execute = promisify(execFile);

const job = (steps: string, more = ''): string => `  one:\n    runs-on: ubuntu-latest\n${more}    steps:\n${steps}`;

describe('steps', () => {
  test('outputs go from step to step, from job to job, and into the summary', async () => {
    const { rehearsal, run } = await play(`  make:
    runs-on: ubuntu-latest
    outputs: { word: "\${{ steps.one.outputs.word }}" }
    steps:
      - id: one
        run: echo "word=$GREETING ana" >> "$GITHUB_OUTPUT"
        env: { GREETING: hello }
      - run: echo "# \${{ steps.one.outputs.word }}" >> "$GITHUB_STEP_SUMMARY"
  use:
    needs: make
    runs-on: [ubuntu-24.04]
    steps: [{ run: 'test "\${{ needs.make.outputs.word }}" = "hello ana"' }]
`);
    expect(run.conclusion).toBe('success');
    expect(rehearsal.summaries(run)).toEqual(['# hello ana\n']);
    expect(rehearsal.job(run, 'make').outputs).toEqual({ word: 'hello ana' });
    expect(results(rehearsal, run)).toEqual({ make: 'success', use: 'success' });
  });

  test('a failed step skips the next, but not always() and failure(); post steps run last', async () => {
    const { rehearsal, run } = await play(
      job(`      - { uses: acme/echo@v1, with: { say: hi } }
      - { id: soft, run: exit 1, continue-on-error: true }
      - { id: seen, run: 'echo "\${{ steps.soft.outcome }} \${{ steps.soft.conclusion }}"' }
      - { id: hard, run: exit 4 }
      - { id: none, run: echo never }
      - { id: rescue, if: failure(), run: echo rescue }
      - { id: last, if: always() && steps.hard.outcome == 'failure', run: echo last }
`)
    );
    const { steps, log, annotations } = rehearsal.job(run, 'one');
    expect(run.conclusion).toBe('failure');
    expect(steps.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual([
      '__uses_1 success',
      'soft success',
      'seen success',
      'hard failure',
      'none skipped',
      'rescue success',
      'last success'
    ]);
    expect(log).toContain('failure success');
    expect(log.at(-1)).toBe('post has hi');
    expect(annotations.map(({ message }) => message)).toContain('Process completed with exit code 4.');
  });

  test('an action gets defaults of its action.yml, evaluated; what it does not know is a warning', async () => {
    const { rehearsal, run } = await play(
      job(`      - { id: echo, uses: acme/echo@0123456, with: { strange: 1 } }
      - run: test '\${{ steps.echo.outputs.said }}' = 'nothing to ana'
`)
    );
    expect(run.conclusion).toBe('success');
    const { annotations, log } = rehearsal.job(run, 'one');
    expect(annotations).toEqual([
      { level: 'warning', message: "Unexpected input(s) 'strange', valid inputs are ['say', 'who', 'token']" }
    ]);
    expect(log).toContain('token there');
  });

  test('env on three levels, GITHUB_ENV and GITHUB_PATH, defaults.run and working-directory', async () => {
    const { rehearsal, run } = await play(
      job(
        `      - run: |
          mkdir -p bin sub
          printf '#!/bin/sh\\necho tool here\\n' > bin/tool && chmod +x bin/tool
          echo "$PWD/bin" >> "$GITHUB_PATH"
          echo "LATER=from a step" >> "$GITHUB_ENV"
      - run: echo "$A $B $C $LATER \${{ env.LATER }}"
        env: { C: step }
        working-directory: sub
      - run: tool; basename "$PWD"
`,
        '    env: { B: job, C: job }\n    defaults: { run: { shell: bash } }\n'
      ),
      { head: 'on: push\nenv: { A: workflow, B: workflow, C: workflow }\ndefaults: { run: { working-directory: . } }' }
    );
    const { log } = rehearsal.job(run, 'one');
    expect(log).toContain('workflow job step from a step from a step');
    expect(log).toEqual(expect.arrayContaining(['tool here', 'shop']));
  });

  test('a step in a folder that is not there fails, and makes none', async () => {
    const { rehearsal, run } = await play(
      job(`      - { id: nowhere, working-directory: nowhere, run: echo never, continue-on-error: true }
      - run: test '\${{ steps.nowhere.outcome }}' = failure && test ! -e nowhere
`)
    );
    expect(run.conclusion).toBe('success');
    expect(rehearsal.job(run, 'one').annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/working directory '.*\/nowhere'\. No such file or directory$/)
    ]);
  });

  test('without shell a pipe hides a failure, with shell: bash it does not', async () => {
    const plain = await play(job('      - run: false | cat\n'));
    expect(plain.run.conclusion).toBe('success');
    const strict = await play(job('      - { run: false | cat, shell: bash }\n'));
    expect(strict.run.conclusion).toBe('failure');
  });

  test('secrets are masked everywhere and never leave the job', async () => {
    const { rehearsal, run } = await play(
      job(
        `      - id: leak
        run: |
          echo "it is $WORD"
          echo "::add-mask::quiet"
          echo "word=$WORD" >> "$GITHUB_OUTPUT"
      - run: echo "not quiet"; echo "runtime [$ACTIONS_RUNTIME_TOKEN]"
`,
        '    env: { WORD: "${{ secrets.WORD }}" }\n    outputs: { word: "${{ steps.leak.outputs.word }}", open: yes }\n'
      ),
      { secrets: { WORD: 'sesame-open' } }
    );
    const { log, outputs, annotations } = rehearsal.job(run, 'one');
    expect(log).toEqual(expect.arrayContaining(['it is ***', 'not ***', 'runtime []']));
    expect(outputs).toEqual({ open: 'yes' });
    expect(annotations.map(({ message }) => message)).toEqual(["Skip output 'word' since it may contain secret."]);
  });

  test('a step out of time fails; a job out of time is cancelled, and its always() step still runs', async () => {
    const { rehearsal, run } = await play(
      `  step:
    runs-on: ubuntu-latest
    steps: [{ id: slow, run: exec sleep 20, timeout-minutes: 0.005 }]
  job:
    runs-on: ubuntu-latest
    timeout-minutes: 0.005
    steps: [{ id: slow, run: exec sleep 20 }, { id: never, run: echo }, { id: end, if: always(), run: echo end }]
  after:
    needs: job
    if: \${{ !success() }}
    runs-on: ubuntu-latest
    steps: [{ run: 'test \${{ needs.job.result }} = cancelled' }]
`,
      { patience: { interrupt: 50, terminate: 50 } }
    );
    expect(results(rehearsal, run)).toEqual({ step: 'failure', job: 'cancelled', after: 'success' });
    expect(rehearsal.job(run, 'job').steps.map(({ outcome }) => outcome)).toEqual(['cancelled', 'skipped', 'success']);
  });

  test('a broken command file fails the step, as on the runner', async () => {
    const { rehearsal, run } = await play(job('      - run: echo nothing >> "$GITHUB_OUTPUT"\n'));
    expect(run.conclusion).toBe('failure');
    expect(rehearsal.job(run, 'one').annotations[0]?.message).toMatch(/Invalid format 'nothing'/);
  });

  test('uses: ./path takes the action out of the checkout', async () => {
    const { rehearsal, run } = await play(
      job(`      - { uses: actions/checkout@v6 }
      - { id: own, uses: ./act }
`),
      {
        files: {
          'act/action.yml': 'name: own\ndescription: own\nruns: { using: node24, main: main.cjs }\n',
          'act/main.cjs': "require('fs').appendFileSync(process.env.GITHUB_OUTPUT, 'ok=yes\\n');\n"
        }
      }
    );
    expect(rehearsal.job(run, 'one').steps.at(-1)).toMatchObject({ conclusion: 'success', outputs: { ok: 'yes' } });
  });

  test('a job knows the file it stands in, and a copy of another repository can be checked out', async () => {
    const other = await mkdtemp(join(tmpdir(), 'other-'));
    const git = (...args: readonly string[]) => execute('git', ['-C', other, ...args], { env: gitEnvironment() });
    await git('init', '--quiet', '--initial-branch=main', '.');
    await writeFile(join(other, 'kit.txt'), 'kit\n');
    await git('add', '-A');
    await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'feat: kit');
    const { rehearsal, run } = await play(
      job(`      - { uses: actions/checkout@v6, with: { repository: other/kit, ref: main, path: kit } }
      - run: cat kit/kit.txt; echo "\${{ job.workflow_repository }} \${{ job.workflow_file_path }} \${{ job.workflow_sha == github.sha }}"
`),
      { repositories: { 'other/kit@main': other } }
    );
    await rm(other, { recursive: true });
    expect(rehearsal.job(run, 'one').log).toEqual(
      expect.arrayContaining(['kit', 'acme/shop .github/workflows/ci.yml true'])
    );
  });

  test('hashFiles and the runner and github contexts are there', async () => {
    const { rehearsal, run } = await play(
      job(`      - run: echo a > a.txt; echo b > b.txt
      - run: echo "\${{ hashFiles('*.txt') }} \${{ hashFiles('*.md') }}|\${{ runner.os }} \${{ github.ref_name }} \${{ github.run_number }}"
      - if: hashFiles('*.txt') != ''
        run: test -f "$GITHUB_EVENT_PATH" && test "$(node -p 'process.version')" = "${process.version}"
`)
    );
    expect(run.conclusion).toBe('success');
    expect(rehearsal.job(run, 'one').log.some((line) => /^[0-9a-f]{64} \|Linux main 1$/.test(line))).toBe(true);
  });

  test('what cannot run is refused before anything does', async () => {
    const rehearsal = await open({ 'ci.yml': `on: push\njobs:\n${job('      - uses: other/action@v1\n')}` });
    await expect(pushOne(rehearsal)).rejects.toThrow('"uses: other/action@v1" is not mapped');
    expect((await rehearsal.hub.snapshot()).runs).toEqual([]);
  });

  test('an unknown field of a context and an old command stop the rehearsal', async () => {
    for (const [step, message] of [
      ['echo ${{ github.actor_id }}', 'the engine does not know github.actor_id'],
      ['echo "::set-output name=a::b"', 'the engine does not know the command ::set-output::']
    ] as const) {
      const rehearsal = await open({ 'ci.yml': `on: push\njobs:\n${job(`      - run: ${JSON.stringify(step)}\n`)}` });
      const run = await pushOne(rehearsal);
      await expect(rehearsal.waitFor(run, 'completed')).rejects.toThrow(message);
    }
  });

  test('an action of this working tree is found under any ref', async () => {
    const { run } = await play(job(`      - uses: our/line/sub@${'a'.repeat(40)}\n`), {
      actionMap: { 'our/line/sub': ECHO }
    });
    expect(run.conclusion).toBe('success');
  });
});
