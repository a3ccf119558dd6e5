import { describe, expect, test } from '@jest/globals';
import { scenes, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { json } from './scripted-server.ts';
import type { Step } from './scripted-server.ts';

const openScene = scenes();
const scene = (...steps: Step[]): Promise<Scene> => openScene(() => steps);

const forbidden = json(403, { message: 'Resource not accessible by integration' });
const missing = json(404, { message: 'Not Found' });
const HIDDEN = { kind: 'unknown', needs: 'administration: read' };

describe('rules for tags', () => {
  test('are the active rulesets for tags, each asked for what it says', async () => {
    const { hosting, server } = await scene(
      json(200, [
        { id: 1, target: 'tag', enforcement: 'active' },
        { id: 2, target: 'branch', enforcement: 'active' },
        { id: 3, target: 'tag', enforcement: 'evaluate' },
        { id: 4, target: 'tag', enforcement: 'active' }
      ]),
      json(200, {
        conditions: { ref_name: { include: ['refs/tags/v*'], exclude: ['refs/tags/v0*'] } },
        rules: [{ type: 'update' }, { type: 'deletion' }]
      }),
      json(200, { conditions: null })
    );
    expect(await hosting.tagRulesets()).toEqual({
      kind: 'known',
      value: [
        { include: ['refs/tags/v*'], exclude: ['refs/tags/v0*'], rules: ['update', 'deletion'] },
        { include: [], exclude: [], rules: [] }
      ]
    });
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/repos/acme/shop/rulesets?per_page=100',
      '/repos/acme/shop/rulesets/1',
      '/repos/acme/shop/rulesets/4'
    ]);
  });

  test('are unknown when any of them is hidden', async () => {
    const { hosting } = await scene(json(200, [{ id: 1, target: 'tag', enforcement: 'active' }]), missing);
    expect(await hosting.tagRulesets()).toEqual({ kind: 'unknown', needs: 'metadata: read' });
    expect(await (await scene(missing)).hosting.tagRulesets()).toMatchObject({ kind: 'unknown' });
  });
});

describe('immutable releases', () => {
  test('by the setting, for those who may see it', async () => {
    const { hosting } = await scene(json(200, { enabled: true, enforced_by_owner: false }));
    expect(await hosting.immutableReleases()).toEqual({ kind: 'known', value: true });
  });

  test.each([forbidden, missing])('by the newest release, for others', async (answer) => {
    const { hosting } = await scene(
      answer,
      json(200, [{ draft: true, immutable: false }, { draft: false, immutable: true }, { draft: false }])
    );
    expect(await hosting.immutableReleases()).toEqual({ kind: 'known', value: true });
  });

  test.each([json(200, []), json(200, [{ draft: false }]), forbidden])(
    'unknown where no release tells',
    async (answer) => {
      const { hosting } = await scene(forbidden, answer);
      expect(await hosting.immutableReleases()).toEqual(HIDDEN);
    }
  );
});

test('what only administrators see is unknown to others', async () => {
  const { hosting } = await scene(forbidden, forbidden);
  expect([await hosting.tokenDefault(), await hosting.pinsRequired()]).toEqual([HIDDEN, HIDDEN]);
  const admin = await scene(
    json(200, { default_workflow_permissions: 'write', can_approve_pull_request_reviews: false }),
    json(200, { enabled: true, sha_pinning_required: true }),
    json(200, { enabled: true })
  );
  expect(await admin.hosting.tokenDefault()).toEqual({ kind: 'known', value: 'write' });
  expect(await admin.hosting.pinsRequired()).toEqual({ kind: 'known', value: true });
  expect(await admin.hosting.pinsRequired()).toEqual({ kind: 'known', value: false });
});

test.each([
  ['workflow', json(200, { build_type: 'workflow' }), { kind: 'known', value: 'workflow' }],
  ['branch', json(200, { build_type: 'legacy' }), { kind: 'known', value: 'legacy' }],
  ['branch, on servers that do not say', json(200, { build_type: null }), { kind: 'known', value: 'legacy' }],
  ['off', missing, { kind: 'known', value: 'off' }],
  ['hidden', forbidden, { kind: 'unknown', needs: 'pages: read' }]
])('the site: %s', async (_, step, expected) => {
  const { hosting, server } = await scene(step);
  expect(await hosting.site()).toEqual(expected);
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /repos/acme/shop/pages']);
});

test('the permission GitHub names itself wins; another failure is one', async () => {
  const step: Step = (response) => {
    response.writeHead(403, {
      'content-type': 'application/json',
      'x-accepted-github-permissions': 'administration=read'
    });
    response.end('{"message":"Resource not accessible by integration"}');
  };
  const { hosting } = await scene(step);
  expect(await hosting.tagRulesets()).toEqual(HIDDEN);
  const broken = await scene(json(422, { message: 'no' }));
  expect(await refusalOf(broken.hosting.tokenDefault())).toMatchObject({ code: 'hosting-failed' });
});
