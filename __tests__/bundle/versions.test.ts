import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandName } from '../../src/contract.ts';
import { importHistories } from './histories.ts';
import type { Step } from './histories.ts';
import { openWorkshop } from './harness.ts';
import type { JobRequest, JobResult, Workshop } from './harness.ts';
import { inTurns, refusalOf, refused, saidBy } from './refusing.ts';

const now = new Date();
const MONTH = `${now.getUTCFullYear()}.${now.getUTCMonth() + 1}`;

interface Scenario {
  readonly steps: readonly Step[];
  /** Of `delivery.yml`, below `version:`. */
  readonly policy?: string;
  readonly depth?: number;
  readonly expected: {
    readonly version: string;
    readonly previous?: string;
    readonly changed?: boolean;
    /** Newest first. */
    readonly changes?: readonly string[];
  };
}

const tagged = (version: string): Step => ({ message: 'feat: begin', tags: [version] });
const say = (message: string, more: Partial<Step> = {}): Step => ({ message, ...more });
const many = (count: number, message: string): readonly Step[] =>
  Array.from({ length: count }, (_, index) => say(`${message} ${index}`));

/** `@` is the name of the scenario, which its tags begin with: the repository is shared. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  first: { steps: [say('hello'), say('feat: world')], expected: { version: '0.1.0', changes: ['world', 'hello'] } },
  fix: { steps: [tagged('@1.2.3'), say('fix: a')], expected: { version: '1.2.4', previous: '1.2.3', changes: ['a'] } },
  feature: {
    steps: [tagged('@1.2.3'), say('feat: a'), say('fix: b')],
    expected: { version: '1.3.0', previous: '1.2.3', changes: ['b', 'a'] }
  },
  other: { steps: [tagged('@1.2.3'), say('tidy up')], expected: { version: '1.2.4', previous: '1.2.3' } },
  breaking: { steps: [tagged('@1.2.3'), say('feat(api)!: a')], expected: { version: '2.0.0', previous: '1.2.3' } },
  early: { steps: [tagged('@0.4.2'), say('feat(api)!: a')], expected: { version: '0.5.0', previous: '0.4.2' } },
  footer: {
    steps: [tagged('@1.2.3'), say('fix: a\n\nWhy.\n\nBREAKING CHANGE: no more a\n')],
    expected: { version: '2.0.0', previous: '1.2.3' }
  },
  murmur: {
    steps: [tagged('@1.2.3'), say('fix: a\n\nThis is no breaking change: really\n')],
    expected: { version: '1.2.4', previous: '1.2.3' }
  },
  'release-as': {
    steps: [tagged('@1.2.3'), say('chore: jump\n\nRelease-As: 4.0.0\n'), say('feat: a')],
    expected: { version: '4.0.0', previous: '1.2.3' }
  },
  tagged: {
    steps: [tagged('@1.2.3'), say('feat: a', { tags: ['@1.3.0'] })],
    expected: { version: '1.3.0', previous: '1.2.3', changed: false, changes: ['a'] }
  },
  lightweight: {
    steps: [say('feat: begin', { refs: ['refs/tags/@1.2.3'] }), say('fix: a')],
    expected: { version: '1.2.4', previous: '1.2.3' }
  },
  'calendar-new': {
    policy: 'scheme: calver',
    steps: [tagged('@2020.1.5'), tagged('@1.0.0'), say('feat!: a')],
    expected: { version: `${MONTH}.0`, previous: '2020.1.5' }
  },
  'calendar-again': {
    policy: 'scheme: calver',
    steps: [tagged(`@${MONTH}.3`), say('feat!: a')],
    expected: { version: `${MONTH}.4`, previous: `${MONTH}.3` }
  },
  merge: {
    steps: [
      { ...tagged('@1.0.0'), id: 'base' },
      say('feat: a basket', { id: 'side', parents: ['base'] }),
      say('fix: a price', { id: 'main', parents: ['base'] }),
      say('Merge pull request #7 from acme/basket\n\nA basket', { parents: ['main', 'side'] })
    ],
    expected: { version: '1.1.0', previous: '1.0.0', changes: ['a price', 'a basket'] }
  },
  'merged-hotfix': {
    steps: [
      { ...tagged('@1.0.0'), id: 'base' },
      say('fix: urgent', { id: 'hotfix', parents: ['base'], tags: ['@1.0.1'] }),
      say('docs: meanwhile', { id: 'main', parents: ['base'] }),
      say('Merge branch hotfix', { parents: ['main', 'hotfix'] })
    ],
    // what the merge brought is out already, so only the merge itself is left to tell of
    expected: { version: '1.0.2', previous: '1.0.1', changes: ['Merge branch hotfix', 'meanwhile'] }
  },
  'side-tag': {
    steps: [
      { ...tagged('@1.0.0'), id: 'base' },
      say('feat!: somebody tried', { parents: ['base'], tags: ['@9.0.0', '@1.0.1'] }),
      say('fix: a', { parents: ['base'] })
    ],
    expected: { version: '1.0.2', previous: '1.0.0', changes: ['a'] }
  },
  'no-versions': {
    steps: [tagged('@1.2.3'), say('fix: a', { tags: ['@1.2', '@01.9.0', '@1.9.0-rc.1', '@NaN', '@９.9.9'] })],
    expected: { version: '1.2.4', previous: '1.2.3' }
  },
  'depth-20': {
    steps: [tagged('@1.0.0'), say('feat: deep'), ...many(30, 'fix: a')],
    depth: 20,
    expected: { version: '1.1.0', previous: '1.0.0' }
  },
  'depth-whole': {
    steps: [tagged('@1.0.0'), say('feat: deep'), ...many(3, 'fix: a')],
    depth: 100,
    expected: { version: '1.1.0', previous: '1.0.0' }
  },
  far: {
    steps: [tagged('@1.0.0'), say('feat!: deep'), ...many(60, 'fix: a')],
    expected: { version: '2.0.0', previous: '1.0.0' }
  },
  odd: {
    steps: [
      tagged('@1.0.0'),
      { message: '' },
      { message: Buffer.from([0x66, 0x69, 0x78, 0x3a, 0x20, 0xff, 0xfe, 0x0a]) },
      say('fix: windows\r\n\r\nBREAKING-CHANGE: line ends\r\n')
    ],
    expected: { version: '2.0.0', previous: '1.0.0' }
  },
  'conventional-fix': {
    policy: 'release-on: conventional',
    steps: [tagged('@1.0.0'), say('docs: a'), say('perf: b'), say('chore: c')],
    expected: { version: '1.0.1', previous: '1.0.0' }
  }
};

const COMPONENT = (name: string): string => `version:
  tag: ${name}/v{version}
  paths: [services/${name}/**]
build:
  run: mkdir -p out && cp services/${name}/* out/
  files: [out/**]
`;

const OTHERS: Readonly<Record<string, readonly Step[]>> = {
  reverted: [tagged('@1.0.0'), say('feat: a mistake', { id: 'mistake' })],
  lower: [tagged('@1.2.3'), say('fix: a\n\nRelease-As: 1.2.3\n')],
  contained: [tagged('@1.0.0'), say('feat: a', { id: 'a' }), say('fix: b', { tags: ['@1.1.0'] })],
  quiet: [tagged('@1.0.0'), say('docs: a'), say('chore: b')],
  lost: [tagged('@1.0.0'), say('fix: a')],
  components: [
    say('feat: begin', {
      files: { 'services/api/a.txt': '1', 'services/web/w.txt': '1' },
      tags: ['api/v1.0.0', 'web/v5.0.0']
    }),
    say('feat: more api', { files: { 'services/api/a.txt': '2' } }),
    say('fix: web', { files: { 'services/web/w.txt': '2' } }),
    say('feat!: only words', { files: { 'README.md': 'words' } })
  ],
  still: [
    say('feat: begin', {
      files: { 'services/api/a.txt': '1', 'services/web/w.txt': '1' },
      tags: ['api/v3.0.0', 'web/v7.0.0']
    }),
    say('fix: web', { files: { 'services/web/w.txt': '3' } })
  ]
};

const CONFIG = '.github/delivery.yml';

/** The first commit brings the config; tags get the name of the scenario. */
const prepared = (name: string, steps: readonly Step[], policy = 'scheme: semver'): readonly Step[] =>
  steps.map((step, index) => {
    const named = (text: string): string => text.replace('@', `${name}-`);
    const config = `version:\n  tag: ${name}-{version}\n  ${policy}\n`;
    const first = { [CONFIG]: config, 'api.yml': COMPONENT('api'), 'web.yml': COMPONENT('web') };
    return {
      ...step,
      ...(step.tags && { tags: step.tags.map(named) }),
      ...(step.refs && { refs: step.refs.map(named) }),
      files: { ...(index === 0 ? first : { 'story.txt': `${name} ${index}` }), ...step.files }
    };
  });

const subjects = ({ result }: JobResult): readonly string[] => {
  const { changes } = result;
  return Array.isArray(changes) ? changes.map((change: { subject: string }) => change.subject) : [];
};

describe('versions, from a checkout of one commit', () => {
  let shop: Workshop;
  let heads: ReadonlyMap<string, string>;
  const planned = new Map<string, JobResult>();
  let unreachable: Promise<JobResult>;

  const job = (command: CommandName, sha: string, request: Partial<JobRequest> = {}): Promise<JobResult> =>
    shop.job(command, { run: shop.start(sha), ...request });
  const head = (name: string): string => heads.get(name) ?? '';
  const git = (args: readonly string[], cwd: string): string =>
    execFileSync('git', [...args], { cwd, encoding: 'utf8' }).trim();

  beforeAll(async () => {
    shop = await openWorkshop();
    const all = {
      ...OTHERS,
      ...Object.fromEntries(Object.entries(SCENARIOS).map(([name, { steps }]) => [name, steps]))
    };
    const policies = new Map(Object.entries(SCENARIOS).map(([name, { policy }]) => [name, policy]));
    policies.set('quiet', 'release-on: conventional');
    heads = importHistories(
      shop.hub.bare,
      Object.fromEntries(Object.entries(all).map(([name, steps]) => [name, prepared(name, steps, policies.get(name))]))
    );
    const lost = await job('plan', head('lost'));
    git(['remote', 'set-url', 'origin', 'http://127.0.0.1:9/acme/shop.git'], lost.workspace);
    // asks again after pauses, so it runs beside all others
    unreachable = job('plan', head('lost'), { workspace: lost.workspace });
    await inTurns(Object.entries(SCENARIOS), async ([name, { depth = 1 }]) => {
      planned.set(name, await job('plan', head(name), { depth }));
    });
  });
  afterAll(async () => {
    await unreachable;
    await shop.close();
  });

  test.each(Object.entries(SCENARIOS))('%s', (name, { expected }) => {
    const plan = planned.get(name);
    if (plan === undefined) throw new Error(name);
    expect({ log: plan.exitCode === 0 ? '' : plan.log, ...plan.outputs }).toMatchObject({
      log: '',
      version: expected.version,
      tag: `${name}-${expected.version}`,
      commit: head(name),
      changed: String(expected.changed ?? true),
      decision: 'done',
      'reason-code': 'planned'
    });
    expect(plan.outputs['previous-version']).toBe(expected.previous);
    expect(subjects(plan)).toEqual(expected.changes ?? subjects(plan));
  });

  test('a merge tells its commits with the number of their pull request', () => {
    expect(planned.get('merge')?.result['changes']).toMatchObject([{ subject: 'a price' }, { pull: 7 }]);
  });

  test('every commit since the tag is told, however deep', () => {
    const counts = ['depth-20', 'far'].map((name) => planned.get(name)?.result['changes']);
    expect(counts.map((changes) => (Array.isArray(changes) ? changes.length : 0))).toEqual([31, 61]);
  });

  test('a revert inside the range takes its commit out of version and list', async () => {
    const mistake = head('reverted');
    const message = `Revert "feat: a mistake"\n\nThis reverts commit ${mistake}.\n`;
    const tree = git(['rev-parse', `${mistake}^{tree}`], shop.hub.bare);
    const make = (parent: string, text: string): string =>
      git(
        ['-c', 'user.name=Ana', '-c', 'user.email=a@b.c', 'commit-tree', tree, '-p', parent, '-m', text],
        shop.hub.bare
      );
    const sha = make(make(mistake, message), 'fix: what stays');
    git(['update-ref', 'refs/heads/reverted', sha], shop.hub.bare);
    const plan = await job('plan', sha);
    expect(plan.outputs).toMatchObject({ version: '1.0.1', 'previous-version': '1.0.0' });
    expect(subjects(plan)).toEqual(['what stays']);
  });

  test('Release-As that does not go up is refused with the commit that asks', async () => {
    const plan = await job('plan', head('lower'));
    expect(refusalOf(plan)).toEqual(refused('release-as-invalid'));
    for (const part of [head('lower'), '1.2.3', 'not above']) expect(saidBy(plan)).toContain(part);
  });

  test('a commit that a newer version contains gets no version of its own', async () => {
    const older = git(['rev-parse', `${head('contained')}~1`], shop.hub.bare);
    const plan = await job('plan', older);
    expect(refusalOf(plan)).toEqual(refused('version-taken'));
    expect(saidBy(plan)).toContain('contained-1.1.0');
  });

  test.each(['plan', 'build'] as const)('%s with nothing to release is green and says since when', async (command) => {
    const ended = await job(command, head('quiet'));
    expect(ended).toMatchObject({ exitCode: 0, annotations: [] });
    expect(ended.outputs).toMatchObject({
      decision: 'nothing-to-do',
      'reason-code': 'nothing-to-release',
      changed: 'false'
    });
    expect(ended.printed.join('\n')).toContain('no change since 1.0.0');
  });

  test('two components of one repository count and build apart', async () => {
    const run = shop.start(head('components'));
    const jobs = await Promise.all(
      ['api', 'web'].map((name) => shop.job('build', { run, inputs: { config: `${name}.yml` } }))
    );
    const manifests = await Promise.all(
      jobs.map(async ({ artifact }) => {
        const manifest: unknown = JSON.parse(await readFile(join(artifact, 'release.json'), 'utf8'));
        return manifest;
      })
    );
    const common = { commit: head('components') };
    expect(jobs.map(({ log, exitCode }) => (exitCode === 0 ? '' : log))).toEqual(['', '']);
    expect(manifests).toMatchObject([
      { ...common, version: '1.1.0', tag: 'api/v1.1.0', previous: '1.0.0', changes: [{ subject: 'more api' }] },
      { ...common, version: '5.0.1', tag: 'web/v5.0.1', previous: '5.0.0', changes: [{ subject: 'web' }] }
    ]);
    expect(manifests).toMatchObject([{ files: [{ path: 'out/a.txt' }] }, { files: [{ path: 'out/w.txt' }] }]);
    const archives = ['shop-api-v1.1.0.tar.zst', 'shop-web-v5.0.1.tar.zst'];
    expect(manifests).toMatchObject(archives.map((name) => ({ archive: { name } })));
  });

  test('a component without a change has nothing to release, its neighbour has', async () => {
    const run = shop.start(head('still'));
    const [api, web] = await Promise.all(
      ['api', 'web'].map((name) => shop.job('plan', { run, inputs: { config: `${name}.yml` } }))
    );
    expect(api?.outputs).toMatchObject({ decision: 'nothing-to-do', 'previous-version': '3.0.0' });
    expect(web?.outputs).toMatchObject({ decision: 'done', version: '7.0.1' });
  });

  test('a commit that carries its version is built under it', async () => {
    const built = await job('build', head('tagged'));
    expect(built.outputs).toMatchObject({ version: '1.3.0', changed: 'false', 'reason-code': 'built' });
  });

  test('a shallow checkout whose remote does not answer: refused, with the lines to write', async () => {
    const plan = await unreachable;
    expect(refusalOf(plan)).toEqual(refused('history-unknown'));
    expect(saidBy(plan)).toContain('the tags of the remote could not be listed');
    expect(saidBy(plan)).toMatch(/with:\n {4}fetch-depth: 0$/);
  });

  test('no plan and no build wrote anything, and the hub knew every question', async () => {
    const { releases, deployments, issues } = await shop.hub.snapshot();
    expect({ releases, deployments, issues, problems: shop.hub.problems }).toEqual({
      releases: [],
      deployments: [],
      issues: [],
      problems: []
    });
    expect(shop.hub.log.filter(({ kind }) => kind === 'api')).toEqual([]);
  });
});
