import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { kindOf, snippetsOf } from '../../scripts/lint-workflows/subjects.ts';
import { callProblems } from './calls.ts';
import { askedFor, parseWorkflow, readWorkflow } from './workflow.ts';
import type { Job } from './workflow.ts';

const LINE = readWorkflow('.github/workflows/delivery.yml');

/** Every call of our reusable workflow that the pages show. */
const calls = globSync(['*.md', 'docs/**/*.md']).flatMap((file) =>
  snippetsOf(readFileSync(file, 'utf8'))
    .filter(({ text }) => kindOf(text) === 'workflow')
    .flatMap(({ offset, text }) =>
      Object.values(parseWorkflow(text).jobs).map((job) => ({ place: `${file}:${offset}`, job }))
    )
    .filter(({ job: { uses } }) => uses?.includes('/.github/workflows/delivery.yml@') === true)
);

const example = (): Job => {
  const [first] = calls;
  if (first === undefined) throw new Error('no page shows how to call the line');
  return first.job;
};

describe('calls of the whole line', () => {
  test.each(calls)('$place', ({ job }) => {
    expect(callProblems(job, LINE.workflow)).toEqual([]);
  });

  test.each<[string, Partial<Job>, string]>([
    ['a name nobody declared', { with: { colour: 'red' } }, 'there is no input colour'],
    ['words for a number', { with: { 'retention-days': 'seven' } }, 'retention-days must be a number, not "seven"'],
    ['words for a switch', { with: { gate: 'false' } }, 'gate must be a boolean, not "false"'],
    ['a switch for words', { with: { runner: true } }, 'runner must be a string, not true'],
    ['all secrets', { secrets: 'inherit' }, 'secrets must be named, not inherited'],
    ['a secret nobody declared', { secrets: { KEY: '${{ secrets.KEY }}' } }, 'there is no secret KEY'],
    ['too few rights', { permissions: { contents: 'write' } }, 'deployments must be write, not none'],
    [
      'lesser rights',
      { permissions: { ...example().permissions, actions: 'read' } },
      'actions must be write, not read'
    ],
    [
      'too many rights',
      { permissions: { ...example().permissions, packages: 'write' } },
      'packages must be none, not write'
    ]
  ])('%s is found', (_, wrong, problem) => {
    expect(callProblems({ ...example(), ...wrong }, LINE.workflow)).toContain(problem);
  });

  test('an input or a secret that must be given and is not, is found', () => {
    const asks =
      'on: { workflow_call: { inputs: { a: { type: string, required: true } }, secrets: { b: { required: true } } } }';
    const callee = parseWorkflow(`${asks}\njobs: {}\n`);
    expect(callProblems({ ...example(), with: {}, permissions: {} }, callee)).toEqual([
      'a must be given',
      'secret b must be given'
    ]);
  });
});

describe('the whole line', () => {
  const { inputs, secrets } = askedFor(LINE.workflow);

  test('asks for little, and can run with nothing given', () => {
    expect(Object.keys(inputs).length).toBeLessThanOrEqual(12);
    expect(Object.values(inputs).filter(({ default: value }) => value === undefined)).toEqual([]);
    expect(secrets).toEqual({});
  });

  test.each(Object.entries(inputs))(
    '%s has the type of its default, is described and used',
    (name, { type, default: value, description }) => {
      expect(typeof value).toBe(type);
      expect(description).toMatch(/\S/);
      expect(LINE.text).toContain(`inputs.${name} `);
      expect(readFileSync('docs/templates.md', 'utf8')).toContain(`\`${name}\``);
    }
  );

  test('is the line of the template, in the same order and with the same scopes', () => {
    const template = readWorkflow('workflows-templates/continuous-delivery.yml').workflow;
    const shape = (jobs: typeof template.jobs): unknown =>
      Object.entries(jobs).map(([id, { permissions, environment, concurrency }]) => ({
        id,
        permissions,
        deployment: environment?.deployment,
        queue: typeof concurrency === 'object' ? concurrency.queue : undefined
      }));
    expect(shape(LINE.workflow.jobs)).toEqual(shape(template.jobs));
  });

  test('runs the action of its own commit, after the repository was checked out', () => {
    for (const job of Object.values(LINE.workflow.jobs)) {
      const [source, kit, ...rest] = job.steps;
      const { ref = '${{ github.ref }}', ...others } = source?.with ?? {};
      expect([ref, others]).toEqual(['${{ github.ref }}', { 'persist-credentials': false }]);
      expect(kit?.with).toEqual({
        repository: '${{ job.workflow_repository }}',
        ref: '${{ job.workflow_sha }}',
        path: '.esteira',
        'persist-credentials': false
      });
      expect(rest.filter(({ uses }) => uses === './.esteira')).toHaveLength(1);
    }
  });
});
