import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openProject } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';

type Project = Workshop & { readonly first: string };

const PATH = '.github/workflows/continuous-delivery.yml';

let shop: Project;
let template = '';
beforeAll(async () => {
  shop = await openProject({ defaultWorkflowPermissions: 'write' });
  template = (await readFile('workflows-templates/continuous-delivery.yml', 'utf8')).replace(
    /uses: OWNER\/esteira@0{40}/g,
    `uses: acme/esteira@${'0'.repeat(40)}`
  );
});
afterAll(() => shop.close());

const examine = async (sha: string, inputs: Readonly<Record<string, string>> = {}): Promise<JobResult> => {
  const run = shop.start(sha, 'schedule');
  const result = await shop.job('doctor', { run, inputs });
  shop.hub.finishRun(run, 'success');
  return result;
};

const flaws = ({ result }: JobResult): string[] => {
  const { findings } = result;
  const text = JSON.stringify(findings ?? []);
  return [...text.matchAll(/"severity":"(\w+)","flaw":\{"kind":"([\w-]+)"/g)].map(
    ([, severity, kind]) => `${severity} ${kind}`
  );
};

test('an open gate, a bypassed one and loose tags: red, with what to click', async () => {
  shop.hub.defineEnvironment('production', { reviewers: [], adminsCanBypass: true });
  const line = template.replace(/ +environment: \{ name: production[^\n]*\n/, '').replace('permissions: {}\n', '');
  const sha = await shop.hub.commit({ message: 'chore: a line', files: { [PATH]: line } });
  const examined = await examine(sha);
  expect(examined).toMatchObject({ exitCode: 1, outputs: { decision: 'failed', 'reason-code': 'promise-broken' } });
  expect(flaws(examined)).toEqual([
    'broken gate-open',
    'broken gate-bypassed',
    'note any-branch',
    'note any-branch',
    'note tags-free',
    'note copy-changed',
    'note permissions-open',
    'unchecked not-checked',
    'unchecked not-checked',
    'unchecked not-checked'
  ]);
  expect(examined.summary).toContain(`(${shop.hub.url}/acme/shop/settings/environments)`);
  expect(examined.log).toContain('has no required reviewers');
});

test('made good, it is green; what the token of a job may not see is said', async () => {
  shop.hub.defineEnvironment('production', { reviewers: ['bruno'], preventSelfReview: true, adminsCanBypass: false });
  shop.hub.defineRuleset({ include: ['refs/tags/v*'], rules: ['update', 'deletion'] });
  const sha = await shop.hub.commit({
    message: 'chore: the template as it is',
    files: { [PATH]: await readFile('workflows-templates/continuous-delivery.yml', 'utf8') }
  });
  const before = await shop.hub.snapshot();
  const examined = await examine(sha, { language: 'pt-BR' });
  expect(examined).toMatchObject({ exitCode: 0, outputs: { decision: 'done', 'reason-code': 'examined' } });
  expect(flaws(examined)).toEqual([
    'note any-branch',
    'note any-branch',
    'unchecked not-checked',
    'unchecked not-checked',
    'unchecked not-checked'
  ]);
  expect(examined.summary).toContain('administration: read');
  expect(examined.calls.filter((call) => !/get|list|check/.test(call))).toEqual([]);
  const after = await shop.hub.snapshot();
  expect({ ...after, runs: [] }).toEqual({ ...before, runs: [] });
});

test('an administrator’s own token shows the settings, too', async () => {
  const run = shop.start(shop.first);
  const examined = await shop.job('doctor', { run, inputs: { token: shop.hub.personToken('ana') } });
  expect(flaws(examined)).toEqual([
    'note any-branch',
    'note any-branch',
    'note token-writes',
    'note pins-optional',
    'note no-line',
    'unchecked not-checked'
  ]);
});
