import { describe, expect, test } from '@jest/globals';
import { play, results } from './open.ts';

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
});
