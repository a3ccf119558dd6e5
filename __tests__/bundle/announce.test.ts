import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { certificate } from '../fakes/certificate.ts';
import { portIn } from '../fakes/port.ts';
import type { StartedRun } from '../../rehearsal/hub/index.ts';
import { PROJECT, openProject } from './harness.ts';
import type { JobRequest, JobResult, Workshop } from './harness.ts';

const MARKER = '<!-- esteira:announcement v%7Bversion%7D -->';

interface Shipped {
  readonly version: string;
  readonly pull: number;
  readonly issue: number;
  readonly run: StartedRun;
}

let shop: Workshop;
let count = 0;

const numbersIn = async () => (await shop.hub.snapshot()).issues.length;

/** What a person does at GitHub. */
const byHand = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${shop.hub.apiUrl}/repos/acme/shop${path}`, {
    method,
    headers: { authorization: `Bearer ${shop.hub.personToken('bia')}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });

const openIssue = async (title: string): Promise<number> => {
  await byHand('POST', '/issues', { title });
  return numbersIn();
};

/** As if the version had never been announced. */
const forget = async (): Promise<void> => {
  const { comments, releases, latestRelease } = await shop.hub.snapshot();
  for (const { id } of comments) await byHand('DELETE', `/issues/comments/${id}`);
  const other = releases.findLast(({ id, prerelease }) => id !== latestRelease && !prerelease);
  await byHand('PATCH', `/releases/${other?.id ?? 0}`, { make_latest: 'true' });
};

/** An issue, a merged pull request that closes it, and its version in production. */
const ship = async (labels: readonly string[] = [], files: Readonly<Record<string, string>> = {}): Promise<Shipped> => {
  count += 1;
  const issue = await openIssue(`wish ${count}`);
  const pull = issue + 1;
  const message = `fix: wish ${count} @bia closes #1 (#${pull})`;
  const sha = await shop.hub.commit({ message, files: { 'wish.txt': `${count}\n`, ...files } });
  shop.hub.openPull({ title: message, labels, closes: [issue], mergeCommit: sha });
  const { version, production } = await shop.line(sha);
  if (!['done', 'rolled-back'].includes(production.outputs['decision'] ?? '')) throw new Error(production.log);
  return { version, pull, issue, run: shop.start(sha) };
};

const announce = (run: StartedRun, request: Partial<JobRequest> = {}): Promise<JobResult> =>
  shop.job('announce', { run, ...request });

const bodies = async (number: number): Promise<readonly string[]> =>
  (await shop.hub.snapshot()).comments.filter(({ issue }) => issue === number).map(({ body }) => body);

const counts = async ({ pull, issue }: Shipped): Promise<readonly number[]> => [
  (await bodies(pull)).length,
  (await bodies(issue)).length
];

const latest = async (): Promise<string | undefined> => {
  const { releases, latestRelease } = await shop.hub.snapshot();
  return releases.find(({ id }) => id === latestRelease)?.tag;
};

beforeAll(async () => {
  shop = await openProject({ visibility: 'private', hourlyLimit: 1_000_000, immutableReleases: true });
  shop.hub.defineEnvironment('production', { reviewers: ['bruno'] });
  await shop.line((await shop.hub.snapshot()).branches[0]?.commit ?? '');
});
afterAll(() => shop.close());

test('a delivery: latest, one comment on the pull request and on the issue; once more, nothing', async () => {
  const one = await ship();
  const told = await announce(one.run);
  expect(told).toMatchObject({
    exitCode: 0,
    outputs: { decision: 'done', 'reason-code': 'announced', changed: 'true', version: one.version }
  });
  expect(told.calls).toEqual([
    'graphql',
    'repos/list-release-assets',
    'graphql',
    'graphql',
    'issues/create-comment',
    'issues/create-comment',
    'repos/update-release',
    'graphql',
    'graphql',
    'graphql'
  ]);
  expect(await latest()).toBe(`v${one.version}`);
  for (const number of [one.pull, one.issue]) {
    expect(await bodies(number)).toEqual([expect.stringMatching(/^<!-- esteira:announcement v%7Bversion%7D -->\n/)]);
  }
  const [body = ''] = await bodies(one.pull);
  expect(body).toContain(`Version [**${one.version}**](${shop.hub.url}/acme/shop/releases/tag/v${one.version})`);
  expect(body).toMatch(/- ✅ \[\*\*production\*\*\]\(https:\/\/example\.com\/\): in use since .* UTC, with version/);
  expect(told.summary).toContain(`Announced: ${one.version} → production`);
  const again = await announce(one.run);
  expect(again).toMatchObject({ exitCode: 0, outputs: { changed: 'false', 'reason-code': 'announced' } });
  expect(again.calls.filter((call) => !call.startsWith('repos/list'))).toEqual(['graphql', 'graphql', 'graphql']);
});

test('a rollback: latest goes back, and the same comments say so in the language asked for', async () => {
  const one = await ship();
  await announce(one.run);
  const two = await ship();
  await announce(two.run);
  const run = shop.start(await head(), 'workflow_dispatch');
  shop.hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
  const back = await shop.job('rollback', { run, inputs: { environment: 'production', reason: 'slow' } });
  expect(back.outputs['decision']).toBe('done');
  const told = await announce(run, { inputs: { language: 'pt-BR' } });
  expect(told.outputs).toMatchObject({ decision: 'done', version: one.version, 'previous-version': two.version });
  expect(await latest()).toBe(`v${one.version}`);
  for (const number of [two.pull, two.issue])
    expect(await bodies(number)).toEqual([
      expect.stringContaining(`lá está a versão ${one.version}, sem esta mudança`)
    ]);
  expect(await counts(one)).toEqual([1, 1]);
});

const head = async (): Promise<string> =>
  (await shop.hub.snapshot()).branches.find(({ name }) => name === 'main')?.commit ?? '';

test('a version that broke and rolled back by itself is not announced as delivered', async () => {
  const good = await latest();
  const broken = await ship([], { 'health.txt': 'sick in production\n' });
  const told = await announce(broken.run);
  expect(told).toMatchObject({ exitCode: 0, outputs: { decision: 'done', 'previous-version': broken.version } });
  expect(await counts(broken)).toEqual([0, 0]);
  expect(await latest()).toBe(good);
  const { issues } = await shop.hub.snapshot();
  const stop = issues.find(({ state, labels }) => state === 'open' && labels.includes('line-stopped'));
  await byHand('PATCH', `/issues/${stop?.number ?? 0}`, { state: 'closed' });
  const healed = await ship([], { 'health.txt': 'well\n' });
  await announce(healed.run);
  expect(await counts(broken)).toEqual([1, 1]);
});

test('the label leaves a pull request and what it closes alone', async () => {
  const quiet = await ship(['no-announcement']);
  expect((await announce(quiet.run)).exitCode).toBe(0);
  expect(await counts(quiet)).toEqual([0, 0]);
});

describe('one comment, and the right release', () => {
  let one: Shipped;
  beforeAll(async () => {
    await announce((await ship()).run);
    one = await ship();
  });
  beforeEach(forget);

  const settled = async (): Promise<void> => {
    expect(await counts(one)).toEqual([1, 1]);
    for (const number of [one.pull, one.issue])
      expect(await bodies(number)).toEqual([expect.stringContaining(`**${one.version}**`)]);
    expect(await latest()).toBe(`v${one.version}`);
  };

  const CALLS = {
    graphql: 6,
    'repos/list-release-assets': 1,
    'repos/get-release-asset': 1,
    'issues/create-comment': 2,
    'repos/update-release': 1
  };
  const strikes = Object.entries(CALLS).flatMap(([operation, calls]) =>
    Array.from({ length: calls }, (_, n) => n + 1).flatMap((nth) => [
      [operation, nth, 'before'] as const,
      [operation, nth, 'after'] as const
    ])
  );

  test.each(strikes)('killed at %s, number %i, %s it is done, and run again', async (operation, nth, phase) => {
    const kill = new AbortController();
    const strike = shop.hub.fault({ match: { operation, nth }, phase, kind: 'hang' });
    const job = announce(one.run, { step: { kill: kill.signal } });
    await strike.reached;
    kill.abort();
    expect((await job).exitCode).not.toBe(0);
    strike.cancel();
    expect((await announce(one.run)).exitCode).toBe(0);
    await settled();
  });

  test.each([2, 3])('%i at once, each sure that there is no comment yet', async (requests) => {
    shop.hub.hold({ match: { operation: 'issues/create-comment' }, requests });
    const jobs = await Promise.all(Array.from({ length: requests }, () => announce(one.run)));
    expect(jobs.map(({ exitCode }) => exitCode)).toEqual(jobs.map(() => 0));
    expect(jobs.flatMap(({ calls }) => calls)).toContain('issues/delete-comment');
    await settled();
  });

  test.each([1, 2, 3])('lists that lag by %i writes', async (writes) => {
    const lag = shop.hub.fault({ match: { graphql: true, nth: 2 }, kind: 'stale', writes, times: 4 });
    expect((await announce(one.run)).exitCode).toBe(0);
    lag.cancel();
    await settled();
  });

  test('lists that lag after a run that was killed', async () => {
    const kill = new AbortController();
    const written = shop.hub.fault({ match: { operation: 'issues/create-comment' }, phase: 'after', kind: 'hang' });
    const job = announce(one.run, { step: { kill: kill.signal } });
    await written.reached;
    kill.abort();
    await job;
    const lag = shop.hub.fault({ match: { graphql: true, nth: 2 }, kind: 'stale', writes: 1, times: 1 });
    expect((await announce(one.run)).exitCode).toBe(0);
    lag.cancel();
    await settled();
  });

  test.each([502, 'reset', 'truncate'] as const)('a first comment whose answer is lost: %s', async (kind) => {
    const lost = shop.hub.fault({ match: { operation: 'issues/create-comment' }, phase: 'after', kind });
    const told = await announce(one.run);
    expect([lost.fired, told.exitCode]).toEqual([1, 0]);
    expect(told.calls.filter((call) => call === 'issues/create-comment')).toHaveLength(2);
    await settled();
  });

  test('whatever the job may not do is a warning, never red', async () => {
    const all = { contents: 'write', deployments: 'read', 'pull-requests': 'write', issues: 'write' } as const;
    for (const scope of ['contents', 'pull-requests', 'issues', 'deployments'] as const) {
      const { [scope]: _, ...permissions } = { ...all };
      const told = await announce(one.run, { permissions });
      expect([scope, told.exitCode, told.outputs['reason-code']]).toEqual([scope, 0, 'announced-in-part']);
      const warned = told.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
      expect(warned.join('\n')).toContain(`${scope}: ${all[scope]}`);
    }
    await announce(one.run);
    await settled();
  });

  test('a dry run changes nothing and says what it would do', async () => {
    const { runs: _, ...before } = await shop.hub.snapshot();
    const told = await announce(one.run, { inputs: { 'dry-run': 'true' } });
    expect(await shop.hub.snapshot()).toMatchObject(before);
    expect(told.outputs).toMatchObject({ 'reason-code': 'dry-run', changed: 'false' });
    expect(told.log).toContain(`GitHub would call ${one.version} the latest release.`);
    expect(told.log).toContain(`#${one.pull}, #${one.issue}`);
  });
});

test('a version is nobody’s to claim: the input does not exist', async () => {
  const told = await announce(shop.start(await head()), { inputs: { version: '9.9.9' } });
  expect(told).toMatchObject({ exitCode: 1, outputs: { decision: 'refused', 'reason-code': 'invalid-input' } });
});

const keysOf = (body: string): readonly string[] => {
  const parsed: unknown = JSON.parse(body);
  return Object.keys(Object(parsed));
};

describe('messages', () => {
  test('go out once by https, and their address stands nowhere', async () => {
    const ours = certificate();
    const ca = join(shop.directory, 'ca.pem');
    await writeFile(ca, ours.cert);
    const received: { readonly url: string | undefined; readonly body: string }[] = [];
    const server = createServer(ours, (request, response) => {
      void readText(request).then((body) => {
        received.push({ url: request.url, body });
        response.end('ok');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const base = `https://localhost:${portIn(server.address())}`;
    const environment = {
      NODE_EXTRA_CA_CERTS: ca,
      CHAT: `${base}/services/T000/verysecret`,
      ROOM: `${base}/workflows/alsosecret`,
      HOOK: `${base}/hook/mostsecret`
    };
    const delivery = `${PROJECT['.github/delivery.yml'] ?? ''}announce: { slack: CHAT, teams: ROOM, webhook: HOOK }\n`;
    const one = await ship([], { '.github/delivery.yml': delivery });
    const told = await announce(one.run, { environment });
    await Promise.all([announce(one.run, { environment }), announce(one.run, { environment })]);
    server.closeAllConnections();
    server.close();
    expect(told).toMatchObject({ exitCode: 0, outputs: { 'reason-code': 'announced' } });
    expect(received.map(({ url }) => url)).toEqual([
      '/services/T000/verysecret',
      '/workflows/alsosecret',
      '/hook/mostsecret'
    ]);
    expect(received.map(({ body }) => keysOf(body))).toEqual([
      ['text', 'blocks'],
      ['type', 'attachments'],
      expect.arrayContaining(['schema', 'event', 'changes'])
    ]);
    expect(told.printed.join('\n') + told.summary + JSON.stringify(told.outputs)).not.toMatch(
      /verysecret|alsosecret|mostsecret/
    );
    const unset = await announce((await ship()).run);
    expect(unset).toMatchObject({ exitCode: 0, outputs: { 'reason-code': 'announced-in-part' } });
    expect(unset.log).toContain('the step does not set the variable CHAT');
  });
});

test('our comments bear the marker, and nobody is mentioned in any of them', async () => {
  const { comments } = await shop.hub.snapshot();
  expect(comments.length).toBeGreaterThan(1);
  for (const { body } of comments) {
    expect(body.startsWith(MARKER)).toBe(true);
    expect(body).not.toMatch(/@\w|#\d|closes/);
  }
});
