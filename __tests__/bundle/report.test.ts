import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readReport } from '../../src/config/report.ts';
import type { DeliveryReport, Figure, MetricRule } from '../../src/domain/report.ts';
import { openProject } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';

type Project = Workshop & { readonly first: string };

const fileOf = (job: JobResult, name: string): Promise<string> => readFile(join(job.artifact, name), 'utf8');

/** What was written, read as strictly as the next report does. */
const reportOf = async (job: JobResult): Promise<DeliveryReport> => {
  const report = await readReport([await fileOf(job, 'delivery.json')]);
  if (report === undefined) throw new Error(`no report:\n${job.log}`);
  return report;
};

const figure = (report: DeliveryReport, rule: MetricRule, environment = 'production'): Figure => {
  const line = report.environments.find(({ name }) => name === environment)?.lines.at(0);
  const found = line?.windows.at(0)?.figures.find((each) => each.rule === rule);
  if (found === undefined) throw new Error(rule);
  return found;
};

const write = async (shop: Workshop, path: string, body: object): Promise<Record<string, unknown>> => {
  const { hub } = shop;
  const answer = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body)
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Object(await answer.json());
};

/** Documents of releases that a job asked for. */
const documentsRead = async (shop: Workshop, work: () => Promise<JobResult>): Promise<[JobResult, number]> => {
  const seen = shop.hub.log.length;
  const job = await work();
  return [job, shop.hub.log.slice(seen).filter(({ kind }) => kind === 'download').length];
};

const change = (shop: Workshop, message: string, health = 'well'): Promise<string> =>
  shop.hub.commit({ message, files: { 'health.txt': `${health}\n`, 'story.txt': `${message}\n` } });

describe('a line from nothing to a rollback', () => {
  let shop: Project;
  let folder: string;
  beforeAll(async () => {
    shop = await openProject();
  });
  afterAll(() => shop.close());

  test('before the first delivery there is no data, and nothing is 0', async () => {
    const job = await shop.job('report', { run: shop.start(shop.first) });
    expect(job).toMatchObject({ exitCode: 0, outputs: { decision: 'done', 'reason-code': 'reported' } });
    folder = job.workspace;
    const written = await reportOf(job);
    expect(written).toMatchObject({
      deliveries: [],
      attempts: [],
      journeys: [],
      history: { from: null, complete: true }
    });
    expect(figure(written, 'deployments').value).toBeNull();
    expect(job.summary).toContain('| Change fail rate | no data |  | no data |');
    expect(await fileOf(job, 'badges/production-lead-time.json')).toBe(
      '{"schemaVersion":1,"label":"lead time","message":"no data","color":"lightgrey"}\n'
    );
    expect(job.calls).toEqual(['graphql', 'actions/list-workflow-runs-for-repo']);
  });

  test('a delivery, one that broke and was taken back, and its correction', async () => {
    const before = await shop.hub.snapshot();
    expect(before.deployments).toEqual([]);
    expect((await shop.line(shop.first)).production.exitCode).toBe(0);
    expect((await shop.line(await change(shop, 'feat: a basket', 'sick in production'))).production.exitCode).toBe(1);
    const { issues } = await shop.hub.snapshot();
    for (const { number } of issues) {
      const { hub } = shop;
      await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/issues/${number}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'closed' })
      });
    }
    expect((await shop.line(await change(shop, 'hotfix: mend the basket'))).production.exitCode).toBe(0);
    const run = shop.start(shop.first);
    const held = await shop.hub.snapshot();
    const job = await shop.job('report', { run, workspace: folder });
    expect(await shop.hub.snapshot()).toEqual(held);
    expect(job.exitCode).toBe(0);
    const written = await reportOf(job);
    expect(written.deliveries.filter(({ environment }) => environment === 'production')).toMatchObject([
      { version: '0.2.1', outcome: 'live', rework: 'hotfix', failure: null },
      { version: '0.1.0', outcome: 'live', kind: 'rollback', rework: 'rollback', changes: [] },
      { version: '0.2.0', outcome: 'taken-back', failure: { causes: ['failed-check'] } },
      { version: '0.1.0', outcome: 'live', first: true, approvedBy: ['bruno'] }
    ]);
    expect(written.incidents).toHaveLength(1);
    expect(figure(written, 'change-fail-rate')).toMatchObject({ part: 1, n: 4 });
    expect(job.summary).toContain('| Change fail rate | 25% | 1 of 4 | no data |');
  });

  test('the next report asks for what is new, and says the same of the rest', async () => {
    const before = await reportOf(await shop.job('report', { run: shop.start(shop.first), workspace: folder }));
    const [job, documents] = await documentsRead(shop, () =>
      shop.job('report', { run: shop.start(shop.first), workspace: folder })
    );
    expect(job.calls).toEqual(['graphql', 'actions/list-workflow-runs-for-repo']);
    expect(documents).toBe(0);
    const { generatedAt: _, history: __, environments: ___, ...rest } = await reportOf(job);
    expect(before).toMatchObject(rest);
  });

  test('a report from nothing says the same as one that went on', async () => {
    const kept = await reportOf(await shop.job('report', { run: shop.start(shop.first), workspace: folder }));
    const [fresh, documents] = await documentsRead(shop, () => shop.job('report', { run: shop.start(shop.first) }));
    expect(documents).toBe(0);
    const { generatedAt: _, history: __, environments: ___, ...rest } = await reportOf(fresh);
    expect(kept).toMatchObject(rest);
    expect(fresh.calls).toEqual(['graphql', 'actions/list-workflow-runs-for-repo']);
  });

  test('what is replaced after it was read is looked at again', async () => {
    expect((await shop.line(await change(shop, 'feat: a lamp'))).production.exitCode).toBe(0);
    const [job, documents] = await documentsRead(shop, () =>
      shop.job('report', { run: shop.start(shop.first), workspace: folder })
    );
    expect(job.calls).toEqual(['graphql', 'actions/list-workflow-runs-for-repo']);
    expect(documents).toBe(0);
    const { deliveries } = await reportOf(job);
    const [newest, replaced] = deliveries.filter(({ environment }) => environment === 'production');
    expect([newest?.state, replaced?.state]).toEqual(['success', 'inactive']);
    expect(newest?.changes).toHaveLength(1);
  });

  test('a version that waits at the gate is shown with its button', async () => {
    const { run, version } = await shop.stage(await change(shop, 'feat: a chair'));
    shop.hub.gate(run, { environment: 'production' });
    const job = await shop.job('report', { run: shop.start(shop.first), workspace: folder });
    const { environments } = await reportOf(job);
    expect(environments.find(({ name }) => name === 'production')?.lines[0]?.waiting).toMatchObject({
      version,
      changes: 1,
      authors: [expect.any(String)],
      run: { version, url: `${shop.hub.url}/acme/shop/actions/runs/${run.id}` }
    });
    expect(job.summary).toContain(`[approve ${version}](${shop.hub.url}/acme/shop/actions/runs/${run.id})`);
  });

  test('without `actions: read` the report is written all the same, in Portuguese too', async () => {
    const job = await shop.job('report', {
      run: shop.start(shop.first),
      workspace: folder,
      permissions: { contents: 'read', deployments: 'read', issues: 'read' },
      inputs: { language: 'pt-BR' }
    });
    expect(job.exitCode).toBe(0);
    expect(job.summary).toContain('Taxa de falha de mudanças');
  });

  test.each([
    ['no JSON', 'x'],
    ['half a file', '{"schema":1,"generatedAt":'],
    ['another schema', '{"schema":2}'],
    ['a file of somebody else', '{"schema":1,"repository":{"owner":"eve","name":"shop"}}']
  ])('%s where the earlier report should be is read over', async (_, content) => {
    await writeFile(join(folder, '.delivery', 'delivery.json'), content);
    const job = await shop.job('report', { run: shop.start(shop.first), workspace: folder });
    expect([job.exitCode, (await reportOf(job)).deliveries.length]).toEqual([0, 10]);
  });
});

const HOSTILE = `feat: <script>alert(1)</script> ::error::stolen @everyone ![x](https://evil.test/x) "'\u202E]]>`;

describe('what people wrote', () => {
  let shop: Project;
  beforeAll(async () => {
    shop = await openProject({ visibility: 'private' });
    await shop.line(shop.first);
    await shop.line(await change(shop, HOSTILE));
  });
  afterAll(() => shop.close());

  const inert = async (job: JobResult): Promise<void> => {
    const page = await fileOf(job, 'index.html');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
    expect(job.summary).not.toContain('<script>');
    expect(job.summary).not.toMatch(/@everyone|!\[x\]/);
    expect(job.annotations).toEqual([]);
  };

  test('stays out of the report of a private repository', async () => {
    const job = await shop.job('report', { run: shop.start(shop.first) });
    const written = await reportOf(job);
    expect(written.titles).toBe(false);
    expect(written.changes).toHaveLength(2);
    expect(written.changes.map(({ subject, scope }) => [subject, scope])).toEqual([
      [null, null],
      [null, null]
    ]);
    expect(await fileOf(job, 'delivery.json')).not.toContain('alert(1)');
    await inert(job);
  });

  test('is there when the file says so, and does nothing; a title that was left out is read again', async () => {
    const run = shop.start(shop.first);
    const first = await shop.job('report', { run });
    const config = join(first.workspace, '.github/delivery.yml');
    await writeFile(config, `${await readFile(config, 'utf8')}report: { titles: true, zone: America/Sao_Paulo }\n`);
    const job = await shop.job('report', { run, workspace: first.workspace });
    const written = await reportOf(job);
    expect(written).toMatchObject({ titles: true, zone: 'America/Sao_Paulo' });
    expect(written.changes[0]?.subject).toContain('<script>');
    await inert(job);
  });
});

/** A delivery as the line records it, told straight to GitHub: three writes. */
const deliver = async (shop: Project, nth: number): Promise<void> => {
  const version = `1.${nth}.0`;
  const payload = {
    schema: 1,
    version,
    tag: `v${version}`,
    digest: `sha256:${'d'.repeat(64)}`,
    kind: 'deploy',
    previous: nth === 0 ? null : `1.${nth - 1}.0`,
    reason: null,
    override: [],
    requestedBy: 'ana',
    approvedBy: ['bruno'],
    run: { id: nth + 1, attempt: 1, url: `${shop.hub.url}/acme/shop/actions/runs/${nth + 1}` },
    changes: 1,
    manualTouches: 1
  };
  const { id } = await write(shop, 'deployments', {
    ref: shop.first,
    task: 'deploy',
    auto_merge: false,
    required_contexts: [],
    environment: 'production',
    production_environment: true,
    payload
  });
  for (const state of ['in_progress', 'success']) await write(shop, `deployments/${String(id)}/statuses`, { state });
};

describe('250 records', () => {
  let shop: Project;
  beforeAll(async () => {
    shop = await openProject({ hourlyLimit: 10_000 });
    for (let nth = 0; nth < 250; nth += 1) await deliver(shop, nth);
  });
  afterAll(() => shop.close());

  const graphs = ({ calls }: JobResult): number => calls.filter((call) => call === 'graphql').length;

  test('take two calls, the second at both ends, the next report one, and fifty new ones one', async () => {
    const first = await shop.job('report', { run: shop.start(shop.first) });
    const written = await reportOf(first);
    expect([graphs(first), written.deliveries.length, written.history.complete]).toEqual([2, 250, true]);
    expect(written.deliveries.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index));
    const next = await shop.job('report', { run: shop.start(shop.first), workspace: first.workspace });
    expect(graphs(next)).toBe(1);
    for (let nth = 250; nth < 300; nth += 1) await deliver(shop, nth);
    const last = await shop.job('report', { run: shop.start(shop.first), workspace: first.workspace });
    expect([graphs(last), (await reportOf(last)).deliveries.length]).toEqual([1, 300]);
  });
});
