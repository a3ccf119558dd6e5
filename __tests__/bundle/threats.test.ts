import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OUTPUTS } from '../../src/contract.ts';
import type { CommandName } from '../../src/contract.ts';
import { aliveInDocument, tablesHold } from '../report/strict-markdown.ts';
import { openWorkshop } from './harness.ts';
import type { JobRequest, JobResult, Workshop } from './harness.ts';
import { importHistories } from './histories.ts';
import type { Step } from './histories.ts';
import { CANARIES, leaksIn, saidBy as spoken } from './leaks.ts';
import { ask, refusalOf, refused, saidBy } from './refusing.ts';
import type { Question } from './refusing.ts';

/** What a commit message, an author or a value of the config may try. */
const HOSTILE: readonly string[] = [
  '::add-mask::0.1.1',
  '  ::add-mask::0.1.1',
  '##[add-mask]0.1.1',
  'in the middle ##[add-mask]0.1.1',
  '::set-env name=NODE_OPTIONS::--require=/tmp/x',
  '::set-output name=version::9.9.9',
  '::save-state name=isPost::true',
  '::add-path::/tmp',
  '::stop-commands::forever',
  '::error::forged',
  '::endgroup::',
  'a carriage\r::set-output name=version::9.9.9\rreturn',
  'a separator\u2028::set-output name=version::9.9.9',
  '\u200b::set-output name=version::9.9.9',
  '\u{1b}]0;title\u0007 and \u{1b}[2J',
  'ghadelimiter_1\nversion=9.9.9',
  'EOF\nversion=9.9.9',
  '@acme/team @everyone fixes #1, acme/shop#2 and GH-3',
  '<img src=x onerror=alert(1)>',
  '<details><summary>',
  '</td></tr></table>',
  '<!-- the rest is gone',
  '<script>alert(1)</script>',
  '[click](javascript:alert(1))',
  '![](http://tracker.example/x.png) www.tracker.example',
  '| a | b |\n|---|---|',
  '`code` ``` **bold** _so_ ~gone~ $x^2$ [^1] \\',
  '#'.repeat(400),
  '\u202egnihton si siht',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349',
  '$(touch canary) `touch canary` "; touch canary; \'',
  '${{ secrets.GITHUB_TOKEN }} %0A::set-output name=version::9.9.9',
  '(((((((((('.repeat(5000),
  'deadbeefdeadbeef https://evil.example/'
];

const AUTHORS = ['::add-mask::0.1.1', '##[add-mask]0.1.1', '@everyone', '$(touch canary)', '__proto__', '![](x)'];

/** A deploy script that tries what a script can, and writes down what it could see. */
const DEPLOY = `#!/bin/bash
mkdir -p "$TARGET"
env -0 > "$TARGET/environment-$DELIVERY_KIND"
for text in '::set-output name=version::9.9.9' '::add-mask::0.1.1' '##[add-mask]0.1.1' '::stop-commands::x' \\
    '::set-env name=A::b' '::error::forged' '##[set-output name=decision]done' '::save-state name=a::b'; do
  echo "$text"; echo "$text" >&2; printf 'x\\r%s\\r' "$text"; printf '%s' "$text"
done
for name in OUTPUT ENV PATH STATE STEP_SUMMARY; do
  variable=GITHUB_$name
  [ -z "\${!variable}" ] || printf 'version=9.9.9\\nforged=yes\\n' >> "\${!variable}"
done
{
  echo 'url=javascript:alert(1)'
  echo 'note=::add-mask::0.1.1 ##[add-mask]0.1.1 <img src=x> @everyone'
  echo 'version=9.9.9'
  echo 'decision=refused'
} >> "$DELIVERY_OUTPUT"
`;

const CONFIG = `build:
  run: |
    # ::set-output name=version::9.9.9
    # ##[add-mask]0.1.1
    env > seen-by-build.txt
  files: [deploy.sh, seen-by-build.txt]
deploy: { run: 'bash ./deploy.sh', timeout: 30s }
verify: { run: 'env > "$TARGET/environment-verify"; echo ::add-mask::0.1.1; test "$DELIVERY_ENVIRONMENT" != sick', within: 1s }
environments:
  staging: { url: 'https://staging.example.com' }
  sick: {}
  ../../secrets: {}
  '::add-mask::0.1.1': { gate: approval }
  'a?b#c/d e': { gate: approval }
  '<img src=x>': { needs: [sick], freeze: [{ from: 2020-01-01, to: 2099-12-31, reason: '::error::forged ##[add-mask]0.1.1 @everyone' }] }
`;

/** What a script gets of its step: the runner's public words, the workflow's own variables, and what bash adds. */
const STEP: readonly string[] =
  `CI DEPLOY_KEY GITHUB_ACTION GITHUB_ACTIONS GITHUB_ACTOR GITHUB_API_URL GITHUB_EVENT_NAME
GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL GITHUB_JOB GITHUB_REF GITHUB_REF_NAME GITHUB_REF_TYPE GITHUB_REPOSITORY
GITHUB_REPOSITORY_OWNER GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA
GITHUB_TRIGGERING_ACTOR GITHUB_WORKFLOW GITHUB_WORKSPACE HOME PATH PWD RUNNER_ARCH RUNNER_ENVIRONMENT RUNNER_NAME RUNNER_OS
RUNNER_TEMP RUNNER_TOOL_CACHE SHLVL TARGET _`.split(/\s/);
const BUILDING =
  'DELIVERY_COMMIT DELIVERY_OUTPUT DELIVERY_PREVIOUS_VERSION DELIVERY_TAG DELIVERY_VERSION GITHUB_HEAD_REF'.split(' ');
const DELIVERING =
  `DELIVERY_COMMIT DELIVERY_ENVIRONMENT DELIVERY_FILES DELIVERY_KIND DELIVERY_OUTPUT DELIVERY_PREVIOUS_VERSION
DELIVERY_TAG DELIVERY_URL DELIVERY_VERSION`.split(/\s/);

const STORY: readonly Step[] = [
  { message: 'feat: begin', tags: ['v0.1.0'], files: { '.github/delivery.yml': CONFIG, 'deploy.sh': DEPLOY } },
  ...HOSTILE.map((text, index): Step => {
    const author = AUTHORS[index];
    return {
      message: index % 2 === 0 ? `fix(${text.slice(0, 20)}): ${text}` : text,
      ...(author === undefined ? {} : { author })
    };
  }),
  ...HOSTILE.map((text): Step => ({ message: `fix: ${text}\n\n${text}\n\nSigned-off-by: ${text}\n` })),
  { message: Buffer.from([0x66, 0x69, 0x78, 0x3a, 0x20, 0xff, 0xc0, 0x80, 0x0a]) },
  {
    message: 'fix: names',
    refs: [
      'refs/heads/zzz";echo${IFS}"x";#',
      'refs/heads/$(touch${IFS}canary)',
      'refs/heads/`id`',
      'refs/heads/HEAD',
      'refs/tags/--upload-pack=touch${IFS}canary',
      'refs/tags/v$(id)',
      'refs/tags/v9.9.9;rm',
      'refs/tags/__proto__'
    ]
  }
];

/** What the runner takes from a step besides what it should. */
const forgedIn = (job: JobResult): object => ({
  forbidden: job.forbidden,
  problems: job.problems,
  dropped: job.dropped,
  environment: job.environment,
  path: job.path,
  strangers: Object.keys(job.stepOutputs).filter((name) => !OUTPUTS.some((each) => each === name)),
  forged: job.annotations.filter(({ message }) => message === 'forged')
});

const NOTHING_FORGED = {
  forbidden: [],
  problems: [],
  dropped: [],
  environment: {},
  path: '',
  strangers: [],
  forged: []
};

describe('a repository that means harm', () => {
  let shop: Workshop;
  let sha: string;
  const jobs = new Map<string, JobResult>();
  const did = (name: string): JobResult => {
    const job = jobs.get(name);
    if (job === undefined) throw new Error(`nobody did ${name}`);
    return job;
  };
  const perform = async (name: string, command: CommandName, request: JobRequest): Promise<JobResult> => {
    const environment = { DEPLOY_KEY: 'the-key-of-the-user', ...request.environment };
    const job = await shop.job(command, { ...request, environment });
    jobs.set(name, job);
    return job;
  };

  beforeAll(async () => {
    shop = await openWorkshop();
    sha = importHistories(shop.hub.bare, { hostile: STORY }).get('hostile') ?? '';
    const run = shop.start(sha);
    const ref = 'refs/heads/zzz";echo${IFS}"::add-mask::0.1.1";#';
    const environment = { GITHUB_REF: ref, GITHUB_REF_NAME: ref, GITHUB_HEAD_REF: '$(touch canary)' };
    const { artifact, workspace } = await perform('build', 'build', { run, environment });
    await perform('release', 'release', { run, artifact });
    const to = (name: string): JobRequest => ({ run, workspace, inputs: { environment: name, version: '0.1.1' } });
    await perform('deploy', 'deploy', to('staging'));
    await perform('fail', 'deploy', to('sick'));
    for (const { number } of (await shop.hub.snapshot()).issues) {
      await fetch(`${shop.hub.apiUrl}/repos/${shop.hub.owner}/${shop.hub.name}/issues/${number}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${shop.hub.personToken('ana')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'closed' })
      });
    }
    await Promise.all([
      perform('plan', 'plan', { run, workspace }),
      perform('verify', 'verify', { run, workspace, inputs: { environment: 'staging' } }),
      perform('outside', 'deploy', to('../../secrets'))
    ]);
    await Promise.all([
      perform('masked', 'deploy', to('::add-mask::0.1.1')),
      perform('encoded', 'deploy', to('a?b#c/d e')),
      perform('frozen', 'deploy', to('<img src=x>'))
    ]);
  });
  afterAll(() => shop.close());

  const ENDINGS: Readonly<Record<string, readonly [decision: string, reason: string]>> = {
    build: ['done', 'built'],
    release: ['done', 'released'],
    deploy: ['done', 'delivered'],
    fail: ['failed', 'verification-failed'],
    plan: ['done', 'planned'],
    verify: ['done', 'verified'],
    outside: ['done', 'delivered'],
    masked: ['refused', 'gate-missing'],
    encoded: ['refused', 'gate-missing'],
    frozen: ['refused', 'freeze']
  };

  test.each(Object.entries(ENDINGS))('%s: ends as it should, its outputs are its own', (name, [decision, reason]) => {
    const job = did(name);
    expect(job.outputs).toMatchObject({ decision, 'reason-code': reason });
    expect([undefined, '0.1.1']).toContain(job.outputs['version']);
    expect(job.outputs['version'] ?? name).not.toBe(decision === 'done' ? name : '');
    expect(forgedIn(job)).toEqual(NOTHING_FORGED);
  });

  test.each(Object.keys(ENDINGS))('%s: the summary is inert and its tables hold', (name) => {
    const { summary } = did(name);
    expect(aliveInDocument(summary, [shop.hub.url, 'https://staging.example.com'])).toEqual([]);
    expect(tablesHold(summary)).toBe(true);
  });

  test('the release notes are inert, whole and name every change', async () => {
    const { releases } = await shop.hub.snapshot();
    const body = releases[0]?.body ?? '';
    expect(body.length).toBeGreaterThan(HOSTILE.length * 20);
    expect(body.length).toBeLessThan(125_000);
    expect(aliveInDocument(body, [shop.hub.url])).toEqual([]);
  });

  test('statuses and the issue that stops the line are plain', async () => {
    const { deployments, issues } = await shop.hub.snapshot();
    for (const { description } of deployments.flatMap(({ statuses }) => statuses)) {
      expect(description).toMatch(/^[^\p{Cc}]{1,140}$/u);
    }
    expect(issues).toHaveLength(1);
  });

  test('nothing of a message, a name or a config ran', async () => {
    const found = execFileSync('find', [shop.directory, shop.hub.bare, '-name', 'canary*'], { encoding: 'utf8' });
    expect(found).toBe('');
  });

  test('names of environments stay one segment of an address', () => {
    const asked = shop.hub.log.filter(({ operation }) => operation === 'repos/get-environment').map(({ path }) => path);
    expect(asked.map((path) => path.replace(/.*\/environments\//, ''))).toEqual(
      expect.arrayContaining(['%3A%3Aadd-mask%3A%3A0.1.1', 'a%3Fb%23c%2Fd%20e'])
    );
    expect(shop.hub.problems).toEqual([]);
  });

  test('a script sees what is its own, and nothing of the runner', async () => {
    const tokens = [...jobs.values()].map(({ token }) => token);
    const seen = await Promise.all(
      (await readdir(shop.target)).map((file) => readFile(join(shop.target, file), 'utf8'))
    );
    expect(seen.length).toBeGreaterThanOrEqual(2);
    for (const environment of seen) {
      expect(environment).toContain('DEPLOY_KEY=the-key-of-the-user');
      expect(environment).toContain('DELIVERY_VERSION=0.1.1');
      expect(leaksIn(environment, [...CANARIES, ...tokens])).toEqual([]);
      expect(environment).not.toMatch(/(^|\0|\n)(INPUT_|STATE_|ACTIONS_.*TOKEN|GITHUB_(OUTPUT|ENV|PATH|STATE)=)/);
    }
  });

  test.each([
    ['build', () => join(did('build').workspace, 'seen-by-build.txt'), BUILDING],
    ['deploy', () => join(shop.target, 'environment-deploy'), DELIVERING],
    ['verify', () => join(shop.target, 'environment-verify'), DELIVERING]
  ])('the %s script has exactly these variables', async (_, file, own) => {
    const text = await readFile(file(), 'utf8');
    const names = text.split(/[\0\n]/).flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
    expect(names.toSorted()).toEqual([...STEP, ...own].toSorted());
  });

  test('no secret of the runner is in a log, a summary, an output, GitHub or what is packed', async () => {
    const secrets = [...CANARIES, ...[...jobs.values()].map(({ token }) => token)];
    const said = [...jobs.values()].map((job) => spoken(job, secrets));
    const snapshot = await shop.hub.snapshot();
    const tags = execFileSync('git', ['for-each-ref', '--format=%(contents)', 'refs/tags'], { cwd: shop.hub.bare });
    const assets = await Promise.all(
      snapshot.releases
        .flatMap(({ assets: all }) => all)
        .map(async ({ name, file }) => {
          const bytes = await readFile(file);
          return (name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1');
        })
    );
    expect(assets.join('')).toContain('DEPLOY_KEY=the-key-of-the-user');
    const all = [...said, JSON.stringify(snapshot), String(tags), ...assets].join('\n');
    expect(leaksIn(all, secrets)).toEqual([]);
  });

  test('what a script says through its own file is checked: an address, a note, nothing else', () => {
    const { outputs, annotations } = did('deploy');
    expect(outputs).toMatchObject({
      version: '0.1.1',
      decision: 'done',
      'environment-url': 'https://staging.example.com'
    });
    const notes = annotations.filter(({ message }) => message.includes('@everyone')).map(({ message }) => message);
    expect(notes).toHaveLength(1);
    expect(notes[0]).not.toMatch(/^::|##\[/);
  });

  test('what a script prints is shown, as text', () => {
    const printed = did('deploy').printed.join('\n');
    for (const text of ['::set-output name=version::9.9.9', '::stop-commands::x']) {
      expect(printed.replaceAll(': :', '::')).toContain(text);
    }
    expect(printed).not.toContain('***');
  });
});

describe('values and files that must not pass', () => {
  let shop: Workshop;
  let asked: Awaited<ReturnType<typeof ask>>;
  const INPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a line break after the version': { version: '1.2.3\n' },
    'blanks around the version': { version: ' 1.2.3 ' },
    'leading zeros': { version: '01.2.3' },
    'two numbers': { version: '1.2' },
    'a pre-release': { version: '1.2.3-01' },
    'full-width digits': { version: '\uff11.2.3' },
    'an encoded line break': { version: '1.2.3+b%0A' },
    'a command as an override': { override: '::add-mask::x', reason: 'x' },
    'a way out of the workspace': { config: '.github/../../x.yml' },
    'an absolute path': { config: '/etc/passwd' },
    'a line break in an environment': { environment: 'staging\nversion=9.9.9' },
    'a line break in the token': { token: 'x\r\nx-evil: 1' }
  };
  const ENVIRONMENTS = ['__proto__', 'constructor', 'toString', '::add-mask::x', '##[add-mask]x <b>@everyone'];
  const FILES: Readonly<Record<string, readonly [config: string, named: string]>> = {
    git: ["build: { run: 'true', files: ['**'] }\n", '.git/'],
    npmrc: ["build: { run: 'cp secret.txt .npmrc', files: ['.npmrc', 'a.txt'] }\n", '.npmrc'],
    env: ["build: { run: 'cp secret.txt .env', files: ['*', '.env'] }\n", '.env'],
    link: ["build: { run: 'mkdir out && ln -s /proc/self/environ out/x', files: ['out/**'] }\n", 'out/x'],
    key: ["build: { run: 'mkdir out && cp secret.txt out/a.pem', files: ['out/**'] }\n", 'out/a.pem']
  };
  beforeAll(async () => {
    shop = await openWorkshop();
    const configs = Object.entries(FILES).map(([name, [config]]): [string, string] => [`${name}.yml`, config]);
    const files = {
      '.github/delivery.yml': 'environments: { staging: {} }\n',
      'a.txt': 'a\n',
      'secret.txt': '-----BEGIN RSA PRIVATE KEY-----\ncanary-content\n',
      ...Object.fromEntries(configs)
    };
    const run = shop.start(await shop.hub.commit({ message: 'feat: begin', files }));
    const { workspace } = await shop.job('plan', { run });
    const deploy = (inputs: Record<string, string>): Question => ({
      command: 'deploy',
      run,
      workspace,
      inputs: { environment: 'staging', ...inputs }
    });
    asked = await ask(shop, {
      ...Object.fromEntries(Object.entries(INPUTS).map(([name, inputs]) => [name, deploy(inputs)])),
      ...Object.fromEntries(ENVIRONMENTS.map((environment) => [environment, deploy({ environment })])),
      ...Object.fromEntries(
        Object.keys(FILES).map((name): [string, Question] => [
          name,
          { command: 'build', run, inputs: { config: `${name}.yml` } }
        ])
      )
    });
  });
  afterAll(() => shop.close());

  test.each(Object.keys(INPUTS))('%s is refused as an input', (name) => {
    expect(refusalOf(asked.of(name))).toEqual(refused('invalid-input'));
  });

  test.each(ENVIRONMENTS)('environment %s is unknown, and its name inert', (name) => {
    const job = asked.of(name);
    expect(refusalOf(job)).toMatchObject({ ...refused('environment-unknown'), logged: expect.any(Number) });
    expect(aliveInDocument(job.summary, [shop.hub.url])).toEqual([]);
  });

  test.each(Object.entries(FILES))(
    '%s in the archive is refused by name, its content stays unread',
    async (name, [, named]) => {
      const job = asked.of(name);
      expect(refusalOf(job)).toMatchObject(refused('files-forbidden'));
      expect(saidBy(job)).toContain(named);
      expect(job.log + job.summary + JSON.stringify(job.stepOutputs)).not.toContain('canary-content');
      expect((await readdir(job.artifact)).filter((file) => /zst|release\.json/.test(file))).toEqual([]);
    }
  );

  test('nothing was written', () => {
    expect(asked.after).toEqual(asked.before);
    expect(shop.hub.problems).toEqual([]);
  });
});
