import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openRehearsal } from '../../../rehearsal/engine/index.ts';
import type { Rehearsal, RunView } from '../../../rehearsal/engine/index.ts';
import { pagesFolder } from '../../../rehearsal/engine/shims/deploy-pages.ts';
import type { Pages } from '../../../rehearsal/hub/index.ts';
import { createDesk, createPages, liveNow } from '../../../rehearsal/pages/index.ts';

const HOSTILE = '<script>alert(1)</script> "quoted" & more';

const WORKFLOW = `on: push
jobs:
  propose:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "## Proposed: 1.0.0" >> "$GITHUB_STEP_SUMMARY"
          printf '\\n<details><summary>1 change</summary>\\n\\n- new <b>things</b>\\n\\n</details>\\n' >> "$GITHUB_STEP_SUMMARY"
          echo '::group::Looking'; echo '<img src=x>'; echo '::endgroup::'
  ship:
    needs: propose
    runs-on: ubuntu-latest
    environment: { name: production, deployment: false }
    steps: [{ run: exit 1 }]
`;

let rehearsal: Rehearsal;
let run: RunView;
let address: string;
beforeAll(async () => {
  let pages: Pages = () => Promise.resolve(undefined);
  rehearsal = await openRehearsal({
    files: { '.github/workflows/ci.yml': WORKFLOW },
    environments: { production: { reviewers: ['rui'] } },
    hub: { pages: (request, url) => pages(request, url) }
  });
  pages = createPages({ rehearsal, desk: createDesk(rehearsal), reviewer: 'rui' });
  const { runs } = await rehearsal.push({ 'a.txt': 'a' }, HOSTILE);
  const [started] = runs;
  if (started === undefined) throw new Error('no run');
  run = await rehearsal.waitFor(started, { environment: 'production' });
  address = `${rehearsal.hub.url}/acme/shop/actions/runs/${run.id}`;
});
afterAll(() => rehearsal.close());

const get = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
  const answer = await fetch(path.startsWith('http') ? path : rehearsal.hub.url + path);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

/** `fetch` does not let anybody forge a Host. */
const statusAs = (host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = httpRequest(address, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });

const tokenOn = async (): Promise<string> =>
  /name="token"\s+value="([^"]+)"/.exec((await get(address)).text)?.[1] ?? '';

const post = async (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> => {
  const body = new URLSearchParams({ token: await tokenOn(), environment: 'production', state: 'approved', ...fields });
  return fetch(`${address}/review`, { method: 'POST', redirect: 'manual', body, headers });
};

const isWaiting = (): boolean => rehearsal.job(run, 'ship').status === 'waiting';

describe('the page of a run that waits', () => {
  test('shows the card, its changes unfolded, above the two buttons', async () => {
    const { text } = await get(address);
    const order = [
      'waits for rui',
      '<h3>Proposed: 1.0.0</h3>',
      '<details open>',
      'new &lt;b&gt;things&lt;/b&gt;',
      'Approve',
      'Reject'
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).toContain('▸ Looking\n&lt;img src=x&gt;');
  });

  test('needs no script and runs none; what people wrote is text', async () => {
    for (const path of ['/', address, `/acme/shop/commit/${run.sha}`]) {
      const { text, headers, status } = await get(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(/<script|<img|\son\w+=/i);
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/
      );
    }
  });

  test('the overview leads to it, and says what is live', async () => {
    const { text } = await get('/');
    expect(text).toContain('production waits for your answer');
    expect(text).toContain(`href="${new URL(address).pathname}"`);
    expect(text).toMatch(/<h3>production<\/h3>\s*<b>nothing<\/b>/);
  });

  test('does not load itself anew under the eyes of who decides', async () => {
    expect((await get(address)).text).not.toContain('http-equiv="refresh"');
    expect((await get('/')).text).toContain('http-equiv="refresh"');
  });
});

describe('who may press', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1'])('nobody at the name %s', async (host) => {
    expect(await statusAs(host)).toBe(421);
  });

  test('localhost is this machine too', async () => {
    expect(await statusAs(`localhost:${new URL(address).port}`)).toBe(200);
  });

  test.each([
    ['a foreign origin', {}, { origin: 'http://evil.example' }],
    ['an origin that hides', {}, { origin: 'null' }],
    ['another port of this machine', {}, { origin: 'http://127.0.0.1:1' }],
    ['a foreign site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['a wrong token', { token: 'x' }, {}],
    ['a token of the right length', { token: 'x'.repeat(32) }, {}],
    ['something that is no form', {}, { 'content-type': 'text/plain' }],
    ['a form too large', { more: 'x'.repeat(5000) }, {}]
  ])('not %s', async (_, fields, headers) => {
    expect((await post(fields, headers)).status).toBe(403);
    expect(isWaiting()).toBe(true);
  });

  test('and neither approving nor rejecting is no answer; another environment does not ask', async () => {
    expect((await post({ state: 'maybe' })).status).toBe(400);
    expect((await post({ environment: 'staging' })).status).toBe(409);
    expect((await fetch(`${address}/review`)).status).toBe(404);
    expect(isWaiting()).toBe(true);
  });
});

describe('a published site', () => {
  test('is served as Pages serves it, and nothing beside it', async () => {
    const folder = pagesFolder(rehearsal.directory);
    expect((await get('/acme/shop/pages/')).status).toBe(404);
    mkdirSync(join(folder, 'badges'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<p>live</p>');
    writeFileSync(join(folder, 'badges', 'a.svg'), '<svg/>');
    writeFileSync(join(folder, '..', 'secret.json'), '{}');
    const page = await get('/acme/shop/pages/');
    expect([page.status, page.text, page.headers.get('content-type')]).toEqual([
      200,
      '<p>live</p>',
      'text/html; charset=utf-8'
    ]);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'none'");
    expect((await get('/acme/shop/pages/badges/a.svg')).headers.get('content-type')).toBe('image/svg+xml');
    for (const path of ['..%2fsecret.json', '%2e%2e/secret.json', 'badges', 'badges/', 'nothing.html']) {
      expect((await get(`/acme/shop/pages/${path}`)).status).toBe(404);
    }
  });

  test('its links lead somewhere: to the repository, and to where a version is chosen', async () => {
    expect((await get('/acme/shop')).text).toContain('What is live');
    expect((await get('/acme/shop/actions/workflows/deploy-version.yml')).text).toContain('Run workflow');
  });
});

test("an environment that only GitHub's own records name, as that of Pages, is no place of ours", async () => {
  const { hub } = rehearsal;
  hub.defineEnvironment('github-pages');
  const names = async (): Promise<readonly string[]> => (await liveNow(hub)).map(({ environment }) => environment);
  expect(await names()).toContain('github-pages');
  const reply = await fetch(`${hub.apiUrl}/repos/acme/shop/deployments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ref: 'main', environment: 'github-pages', auto_merge: false, required_contexts: [] })
  });
  expect(reply.status).toBe(201);
  expect(await names()).toEqual(['production']);
});

test('addresses that lead nowhere, and mangled ones, are no fault of the hub', async () => {
  const paths = [
    '/%zz',
    '/acme/shop/releases/tag/%zz',
    '/acme/shop/issues/7',
    '/acme/shop/actions/runs/1',
    '/acme/shop/commit/no'
  ];
  for (const path of [...paths, `/acme/shop/commit/${'0'.repeat(40)}`]) expect((await get(path)).status).toBe(404);
  expect(rehearsal.hub.problems).toEqual([]);
});

test('an answer counts once, from a page of ours', async () => {
  const token = await tokenOn();
  const answer = await post({}, { origin: rehearsal.hub.url, 'sec-fetch-site': 'same-origin' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, new URL(address).pathname]);
  await rehearsal.waitFor(run, 'completed');
  const late = await post({ token, state: 'rejected' });
  expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('rui has approved it on the page')]);
  const { text } = await get(address);
  expect(text).not.toContain('<form');
  expect(text).toContain('was approved by rui on the page');
  expect(text).toMatch(/<details class="card job" open>\s*<summary>\s*ship/);
});
