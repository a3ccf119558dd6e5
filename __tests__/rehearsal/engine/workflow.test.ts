import { describe, expect, test } from '@jest/globals';
import { readWorkflow } from '../../../rehearsal/engine/read-workflow.ts';

const JOB = 'jobs: { one: { runs-on: ubuntu-latest, steps: [{ run: echo }] } }';
const read = (text: string): ReturnType<typeof readWorkflow> => readWorkflow('.github/workflows/ci.yml', text);

describe('reading a workflow', () => {
  test.each([
    ['on: release', 'on: the engine does not know "release"'],
    ['on: { push: { branches: [a], branches-ignore: [b] } }', 'branches and branches-ignore cannot stand together'],
    ['on: push\nnonsense: 1', "Unexpected value 'nonsense'"],
    ['on: push\npermissions: { attestations: write, artifact-metadata: write }', '"artifact-metadata"']
  ])('%s is refused', async (head, message) => {
    await expect(read(`${head}\n${JOB}`)).rejects.toThrow(message);
  });

  test.each([
    ['services: { db: { image: postgres } }', '"services"'],
    ['container: node', '"container"'],
    ['environment: { name: a, nonsense: b }', 'nonsense'],
    ['if: "${{ unknown() }}"', 'unknown'],
    ['cancel-timeout-minutes: 3', '"cancel-timeout-minutes"'],
    ['needs: nobody', 'unknown job']
  ])('a job with %s is refused', async (line, message) => {
    const text = `on: push\njobs:\n  zero: { runs-on: ubuntu-latest, steps: [{ run: echo }] }\n  one:\n    runs-on: ubuntu-latest\n    ${line}\n    steps: [{ run: echo }]\n`;
    await expect(read(text)).rejects.toThrow(message);
  });

  test.each([
    ['{ run: echo, background: true }', 'background'],
    ['{ wait-all: true }', 'wait-all'],
    ['{ run: echo, with: { a: b } }', 'with'],
    ['{ run: echo, id: a }, { run: echo, id: a }', 'may not be used more than once']
  ])('a step like %s is refused', async (step, message) => {
    const text = `on: push\njobs: { one: { runs-on: ubuntu-latest, steps: [${step}] } }\n`;
    await expect(read(text)).rejects.toThrow(message);
  });

  test('if: means success() && (...) unless it asks for the status itself', async () => {
    const { jobs } = await read(`on: push
jobs:
  one: { runs-on: ubuntu-latest, if: "github.ref == 'a'", steps: [{ run: echo, if: "\${{ always() }}" }] }
`);
    expect(jobs[0]).toMatchObject({
      condition: "success() && (github.ref == 'a')",
      steps: [{ condition: 'always()' }]
    });
  });
});
