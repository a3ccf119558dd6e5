import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { certificate } from '../../fakes/certificate.ts';
import { portIn } from '../../fakes/port.ts';
import { openAnnounceShop } from '../../bundle/announce-shop.ts';
import type { AnnounceShop, Shipped } from '../../bundle/announce-shop.ts';
import { PROJECT } from '../../bundle/harness.ts';

const MARKER = '<!-- esteira:announcement v%7Bversion%7D -->';

let shop: AnnounceShop;
beforeAll(async () => {
  shop = await openAnnounceShop();
});
afterAll(() => shop.close());

test('a delivery: latest, one comment on the pull request and on the issue; once more, nothing', async () => {
  const one = await shop.ship();
  const told = await shop.announce(one.run);
  expect(told).toMatchObject({
    exitCode: 0,
    outputs: { decision: 'done', 'reason-code': 'announced', changed: 'true', version: one.version }
  });
  expect(told.calls).toEqual([
    'graphql',
    'repos/list-release-assets',
    'graphql',
    'graphql',
    // the lock, and both batches read again under it
    'git/create-tag',
    'git/create-ref',
    'graphql',
    'graphql',
    'reactions/create-for-issue',
    'issues/create-comment',
    'reactions/create-for-issue',
    'issues/create-comment',
    'repos/update-release',
    'graphql',
    'graphql',
    'graphql',
    // the lock is given back
    'graphql'
  ]);
  expect(await shop.latest()).toBe(`v${one.version}`);
  for (const number of [one.pull, one.issue]) {
    expect(await shop.bodies(number)).toEqual([
      expect.stringMatching(/^<!-- esteira:announcement v%7Bversion%7D -->\n/)
    ]);
  }
  const [body = ''] = await shop.bodies(one.pull);
  expect(body).toContain(`Version [**${one.version}**](${shop.hub.url}/acme/shop/releases/tag/v${one.version})`);
  expect(body).toMatch(/- ✅ \[\*\*production\*\*\]\(https:\/\/example\.com\/\): in use since .* UTC, with version/);
  expect(told.summary).toContain(`Announced: ${one.version} → production`);
  const again = await shop.announce(one.run);
  expect(again).toMatchObject({ exitCode: 0, outputs: { changed: 'false', 'reason-code': 'announced' } });
  expect(again.calls.filter((call) => !call.startsWith('repos/list'))).toEqual(['graphql', 'graphql', 'graphql']);
});

test('a rollback: latest goes back, and the same comments say so in the language asked for', async () => {
  const one = await shop.ship();
  await shop.announce(one.run);
  const two = await shop.ship();
  await shop.announce(two.run);
  const run = shop.start(await head(), 'workflow_dispatch');
  shop.hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
  const back = await shop.job('rollback', { run, inputs: { environment: 'production', reason: 'slow' } });
  expect(back.outputs['decision']).toBe('done');
  const told = await shop.announce(run, { inputs: { language: 'pt-BR' } });
  expect(told.outputs).toMatchObject({ decision: 'done', version: one.version, 'previous-version': two.version });
  expect(await shop.latest()).toBe(`v${one.version}`);
  for (const number of [two.pull, two.issue])
    expect(await shop.bodies(number)).toEqual([
      expect.stringContaining(`lá está a versão ${one.version}, sem esta mudança`)
    ]);
  expect(await shop.counts(one)).toEqual([1, 1]);
});

const head = async (): Promise<string> =>
  (await shop.hub.snapshot()).branches.find(({ name }) => name === 'main')?.commit ?? '';

test('a version that broke and rolled back by itself is not announced as delivered', async () => {
  const good = await shop.latest();
  const broken = await shop.ship([], { 'health.txt': 'sick in production\n' });
  const told = await shop.announce(broken.run);
  expect(told).toMatchObject({ exitCode: 0, outputs: { decision: 'done', 'previous-version': broken.version } });
  expect(await shop.counts(broken)).toEqual([0, 0]);
  expect(await shop.latest()).toBe(good);
  const { issues } = await shop.hub.snapshot();
  const stop = issues.find(({ state, labels }) => state === 'open' && labels.includes('line-stopped'));
  await shop.byHand('PATCH', `/issues/${stop?.number ?? 0}`, { state: 'closed' });
  const healed = await shop.ship([], { 'health.txt': 'well\n' });
  await shop.announce(healed.run);
  expect(await shop.counts(broken)).toEqual([1, 1]);
});

test('the label leaves a pull request and what it closes alone', async () => {
  const quiet = await shop.ship(['no-announcement']);
  expect((await shop.announce(quiet.run)).exitCode).toBe(0);
  expect(await shop.counts(quiet)).toEqual([0, 0]);
});

describe('a version that nobody was told of', () => {
  let one: Shipped;
  beforeAll(async () => {
    one = await shop.ship();
  });

  test('whatever the job may not do is a warning, never red', async () => {
    const all = { contents: 'write', deployments: 'read', 'pull-requests': 'write', issues: 'write' } as const;
    // `actions: read` is only missed where another run has the lock
    for (const scope of ['contents', 'pull-requests', 'issues', 'deployments'] as const) {
      const { [scope]: _, ...permissions } = { ...all };
      const told = await shop.announce(one.run, { permissions });
      expect([scope, told.exitCode, told.outputs['reason-code']]).toEqual([scope, 0, 'announced-in-part']);
      const warned = told.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
      expect(warned.join('\n')).toContain(`${scope}: ${all[scope]}`);
    }
    await shop.announce(one.run);
    expect(await shop.counts(one)).toEqual([1, 1]);
    for (const scope of ['contents', 'pull-requests', 'issues'] as const) {
      await shop.forget();
      const told = await shop.announce(one.run, { permissions: { ...all, [scope]: 'read' } });
      expect([scope, told.exitCode, told.outputs['reason-code']]).toEqual([scope, 0, 'announced-in-part']);
      expect(told.annotations.map(({ message }) => message).join('\n')).toContain(`${scope}: write`);
    }
    await shop.announce(one.run);
    expect(await shop.counts(one)).toEqual([1, 1]);
  });

  test('a dry run changes nothing and says what it would do', async () => {
    await shop.forget();
    const { runs: _, ...before } = await shop.hub.snapshot();
    const told = await shop.announce(one.run, { inputs: { 'dry-run': 'true' } });
    expect(await shop.hub.snapshot()).toMatchObject(before);
    expect(told.outputs).toMatchObject({ 'reason-code': 'dry-run', changed: 'false' });
    expect(told.log).toContain(`GitHub would call ${one.version} the latest release.`);
    expect(told.log).toContain(`#${one.pull}, #${one.issue}`);
  });
});

test('a version is nobody’s to claim: the input does not exist', async () => {
  const told = await shop.announce(shop.start(await head()), { inputs: { version: '9.9.9' } });
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
      const take = async (): Promise<void> => {
        received.push({ url: request.url, body: await readText(request) });
        response.end('ok');
      };
      void take();
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
    const one = await shop.ship([], { '.github/delivery.yml': delivery });
    const told = await shop.announce(one.run, { environment });
    await Promise.all([shop.announce(one.run, { environment }), shop.announce(one.run, { environment })]);
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
    const unset = await shop.announce((await shop.ship()).run);
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
