import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { COLLECTOR, GATE_STEP, forAct, permissionsOf } from '../../scripts/witness/rewrite.ts';
import { namesIn, plainJobs } from '../../scripts/witness/names.ts';

const TEMPLATE = readFileSync('workflows-templates/continuous-delivery.yml', 'utf8');
const DEPLOYMENT = readFileSync('workflows-templates/continuous-deployment.yml', 'utf8');

const Job = v.looseObject({ steps: v.array(v.record(v.string(), v.unknown())) });
const Workflow = v.looseObject({ jobs: v.record(v.string(), Job) });
const jobsOf = (text: string): v.InferOutput<typeof Workflow>['jobs'] => v.parse(Workflow, parse(text)).jobs;

describe('a workflow for act', () => {
  test('has nothing left that act refuses', () => {
    const texts = [TEMPLATE, DEPLOYMENT];
    expect(texts.join('')).toMatch(/queue: max[\s\S]*deployment: false/);
    expect(texts.map((text) => forAct(text)).join('')).not.toMatch(/queue:|deployment:/);
  });

  test('keeps every job and step, in order', () => {
    const [before, after] = [jobsOf(TEMPLATE), jobsOf(forAct(TEMPLATE))];
    expect(Object.keys(after)).toEqual([...Object.keys(before), COLLECTOR]);
    for (const [id, { steps, environment: _e, concurrency: _c, if: _if, ...rest }] of Object.entries(before)) {
      expect(after[id]).toMatchObject(rest);
      expect(after[id]?.steps.map(({ uses, run }) => uses ?? run)).toEqual(steps.map(({ uses, run }) => uses ?? run));
    }
  });

  test('asks of an output that its job was not skipped, and leaves every other condition alone', () => {
    const job = (condition: string): string =>
      `jobs: { one: { needs: [a, b], if: ${JSON.stringify(condition)}, steps: [{ run: echo }] } }`;
    const rewritten = (condition: string): unknown => jobsOf(forAct(job(condition)))['one']?.['if'];
    expect(rewritten('always()')).toBe('always()');
    expect(rewritten("needs.a.outputs.x == 'y'")).toBe(
      "${{ needs.a.result != 'skipped' && (needs.a.outputs.x == 'y') }}"
    );
    expect(rewritten("${{ !cancelled() && needs.b.outputs.x != '' }}")).toBe(
      "${{ needs.b.result != 'skipped' && (!cancelled() && needs.b.outputs.x != '') }}"
    );
  });

  test('gives each use of our action the token of its own job, and no other step any', () => {
    const steps = Object.entries(jobsOf(forAct(TEMPLATE))).flatMap(([id, job]) =>
      job.steps.map((step) => ({ id, step }))
    );
    const ours = steps.filter(({ step }) => String(step['uses']).startsWith('OWNER/esteira@'));
    expect(ours).toHaveLength(6);
    for (const { id, step } of ours) {
      expect(step['with']).toHaveProperty('token', `\${{ secrets.WITNESS_TOKEN_${id.toUpperCase()} }}`);
    }
    const others = steps.filter((each) => !ours.includes(each));
    expect(JSON.stringify(others)).not.toContain('WITNESS_TOKEN');
  });

  test('waits first in the jobs of the gated environment, and only there', () => {
    const jobs = Object.entries(jobsOf(forAct(TEMPLATE, 'production')));
    const gated = jobs.filter(([, { steps }]) => steps[0]?.['id'] === GATE_STEP).map(([id]) => id);
    expect(gated).toEqual(['production']);
  });
});

describe('what a token may', () => {
  test('stands at the job, else at the top, else it is the restricted default', () => {
    const scopes = (top: string, job: string): unknown =>
      permissionsOf(`${top}\njobs: { a: { ${job}runs-on: x } }`).get('a');
    expect(scopes('permissions: {}', 'permissions: { issues: write }, ')).toEqual({ issues: 'write' });
    expect(scopes('permissions: read-all', '')).toBe('read-all');
    expect(scopes('name: x', '')).toEqual({ contents: 'read', packages: 'read' });
  });

  test('a scope GitHub does not know is an error', () => {
    expect(() => permissionsOf('jobs: { a: { permissions: { content: read } } }')).toThrow('Invalid type');
  });
});

describe('names of jobs', () => {
  const files = {
    '.github/workflows/a.yml': 'jobs: { one: { name: the first }, legs: { strategy: {} }, call: { uses: x } }',
    '.github/workflows/b.yml': 'jobs: { inner: { name: the inner one } }'
  };
  const names = namesIn({ files }, 'a.yml');

  test.each([
    ['the first', 'one'],
    ['legs (1, a)', 'legs (1, a)'],
    ['call / the inner one', 'inner'],
    ['unknown', 'unknown']
  ])('%s is %s', (key, id) => expect(names.idOf(key)).toBe(id));

  test('only jobs of their own are compared by result', () => {
    const jobs = ['the first', 'legs (1)', 'call', 'call / the inner one'].map((key) => [key, key] as const);
    expect(plainJobs(names, jobs)).toEqual({ one: 'the first' });
  });
});
