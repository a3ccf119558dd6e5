import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { ReleaseSnapshot, Snapshot } from '../../rehearsal/hub/index.ts';
import { granting } from '../../rehearsal/runner/job-permissions.ts';
import { runAction } from '../../rehearsal/runner/run-action.ts';
import type { StepRun } from '../../rehearsal/runner/run-action.ts';
import { COMMANDS, INPUTS_OF } from '../../src/contract.ts';
import { PERMISSIONS } from '../../src/domain/permissions.ts';
import type { CommandName } from '../../src/contract.ts';
import { ACTION, PROJECT, openProject } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';
import { TEMPLATES, commandsIn, readWorkflow } from '../templates/workflow.ts';
import { ask, refusalOf, refused, saidBy } from './refusing.ts';
import type { Answers, Question, Refused } from './refusing.ts';

type Project = Workshop & { readonly first: string };

interface Case {
  readonly command: CommandName;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly reason: string;
  /** Parts of the one sentence. */
  readonly says: readonly string[];
}

const questionsOf = (
  cases: Readonly<Record<string, Omit<Case, 'reason' | 'says'>>>,
  { run, workspace }: Pick<Question, 'run' | 'workspace'>
): Record<string, Question> =>
  Object.fromEntries(
    Object.entries(cases).map(([name, { command, inputs, environment }]) => [
      name,
      { command, inputs, run, ...(workspace === undefined ? {} : { workspace }), ...(environment && { environment }) }
    ])
  );

const nothingRan = async (shop: Workshop): Promise<boolean> =>
  (await Promise.all(['staging', 'production', 'plain'].map((each) => shop.running(each)))).every(
    (each) => each === ''
  );

/** What a runner sets, for steps that end before they ask anything of a hub. */
const surroundings = (server: string): Record<string, string> => ({
  GITHUB_ACTOR: 'ana',
  GITHUB_API_URL: `${server}/api/v3`,
  GITHUB_EVENT_NAME: 'push',
  GITHUB_GRAPHQL_URL: `${server}/api/graphql`,
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '1',
  GITHUB_SERVER_URL: server,
  GITHUB_WORKFLOW: 'delivery'
});

const STAGING = { environment: 'staging' };

const WRONG: Readonly<Record<string, Case>> = {
  'an unknown command': {
    command: 'build',
    inputs: { command: 'biuld' },
    reason: 'invalid-input',
    says: ['"biuld" is unknown', 'nearest first: `build`,']
  },
  'an unknown input': {
    command: 'deploy',
    inputs: { ...STAGING, environmnt: 'x' },
    reason: 'invalid-input',
    says: ['"environmnt"', 'nearest first: `environment`,']
  },
  'an input of another command': {
    command: 'build',
    inputs: STAGING,
    reason: 'invalid-input',
    says: [
      '`build` does not take it',
      COMMANDS.filter((name) => INPUTS_OF[name].includes('environment'))
        .map((name) => `\`${name}\``)
        .join(', ')
    ]
  },
  'a boolean in the words of YAML 1.1': {
    command: 'deploy',
    inputs: { ...STAGING, 'dry-run': 'yes' },
    reason: 'invalid-input',
    says: ['"yes" is no boolean', 'true or false']
  },
  'a number where a version must be': {
    command: 'deploy',
    inputs: { ...STAGING, version: '1.10' },
    reason: 'invalid-input',
    says: ['"1.10" is no version', 'write 1.4.2']
  },
  'an override without a reason': {
    command: 'deploy',
    inputs: { ...STAGING, override: 'freeze' },
    reason: 'reason-required',
    says: ['"override" needs a reason']
  },
  'an override that does not exist': {
    command: 'deploy',
    inputs: { ...STAGING, override: 'freze', reason: 'x' },
    reason: 'invalid-input',
    says: ['nearest first: `freeze`,']
  },
  'an empty token': {
    command: 'deploy',
    inputs: { ...STAGING, token: '' },
    reason: 'invalid-input',
    says: ['"token"']
  },
  'a config outside the workspace': {
    command: 'plan',
    inputs: { config: '../delivery.yml' },
    reason: 'invalid-input',
    says: ['inside the workspace']
  },
  'a config that was asked for and is not there': {
    command: 'plan',
    inputs: { config: 'nowhere.yml' },
    reason: 'config-missing',
    says: ['nowhere.yml does not exist', 'run: ./deploy.sh']
  },
  'a tab in the config': {
    command: 'plan',
    inputs: { config: 'bad/tab.yml' },
    reason: 'config-invalid',
    says: ['bad/tab.yml, line 3, column 1: tabs']
  },
  'an unfinished list in the config': {
    command: 'plan',
    inputs: { config: 'bad/list.yml' },
    reason: 'config-invalid',
    says: ['bad/list.yml, line 3, column 1:']
  },
  'a misspelt key': {
    command: 'plan',
    inputs: { config: 'bad/key.yml' },
    reason: 'config-invalid',
    says: ['line 1, column 1: `enviroments` is no known key', 'nearest first: `environments`,']
  },
  'a number that was meant as text': {
    command: 'plan',
    inputs: { config: 'bad/scalar.yml' },
    reason: 'config-invalid',
    says: ["line 2, column 49: `verify.http.contains` must be text; quote it: '1.10'"]
  },
  'a version instead of a section': {
    command: 'plan',
    inputs: { config: 'bad/version.yml' },
    reason: 'config-invalid',
    says: ['line 1, column 10: `version` must be a mapping']
  },
  'a key written twice': {
    command: 'plan',
    inputs: { config: 'bad/twice.yml' },
    reason: 'config-invalid',
    says: ['line 2, column 1: map keys must be unique']
  },
  'two documents in one config': {
    command: 'plan',
    inputs: { config: 'bad/two.yml' },
    reason: 'config-invalid',
    says: ['line 2, column 1: there must be one document']
  },
  'an environment that is not in the config': {
    command: 'deploy',
    inputs: { environment: 'prodution' },
    reason: 'environment-unknown',
    says: ['no environment named prodution', 'these exist: production, staging']
  },
  'the same in Portuguese': {
    command: 'deploy',
    inputs: { environment: 'prodution', language: 'pt-BR' },
    reason: 'environment-unknown',
    says: ['Não existe um ambiente chamado prodution', 'Existem estes, o mais parecido primeiro: production, staging']
  },
  'a version that does not exist': {
    command: 'deploy',
    inputs: { ...STAGING, version: '9.9.9' },
    reason: 'version-unknown',
    says: ['no released version 9.9.9']
  },
  'nothing to go back to': {
    command: 'rollback',
    inputs: STAGING,
    reason: 'no-good-version',
    says: ['no earlier version that worked in staging']
  },
  'a release without what was built': {
    command: 'release',
    inputs: {},
    reason: 'invalid-input',
    says: ['"output-dir"', 'no release.json in it', 'download']
  }
};

const BAD_CONFIGS = {
  'bad/tab.yml': 'build:\n  run: make\n\tfiles: []\n',
  'bad/list.yml': 'build:\n  files: [dist/**\nlanguage: en\n',
  'bad/key.yml': 'enviroments:\n  staging: {}\n',
  'bad/scalar.yml': "verify:\n  http: { url: 'https://example.com', contains: 1.10 }\n",
  'bad/version.yml': 'version: 1.10\n',
  'bad/twice.yml': 'language: en\nlanguage: pt-BR\n',
  'bad/two.yml': 'language: en\n---\nlanguage: en\n'
};

/** The action behind a line that takes its files away, as a broken runner would. */
const crippled = async (shop: Workshop, name: string, value: string): Promise<string> => {
  const file = join(shop.directory, `without-${name}.mjs`);
  await writeFile(
    file,
    `process.env[${JSON.stringify(name)}] = ${JSON.stringify(value)};\nawait import(${JSON.stringify(ACTION)});\n`
  );
  return file;
};

/** Its tries and pauses take a while, so it runs beside all others. */
const startUnreachable = async (workspace: string): Promise<StepRun> => {
  await mkdir(join(workspace, '.github'), { recursive: true });
  await writeFile(join(workspace, '.github/delivery.yml'), PROJECT['.github/delivery.yml'] ?? '');
  return runAction({
    action: ACTION,
    inputs: { command: 'deploy', environment: 'staging', token: 'ghs_nobody' },
    environment: surroundings('http://127.0.0.1:9'),
    workspace,
    temporary: join(workspace, 'temporary')
  });
};

let lonely: string;
let unreachable: Promise<StepRun>;
beforeAll(async () => {
  lonely = await mkdtemp(join(tmpdir(), 'lonely-'));
  unreachable = startUnreachable(lonely);
});
afterAll(async () => {
  await unreachable;
  await rm(lonely, { recursive: true, force: true });
});

describe('a question that is wrong in itself', () => {
  let shop: Project;
  let answers: Answers;
  beforeAll(async () => {
    shop = await openProject();
    const run = shop.start(await shop.hub.commit({ message: 'docs: bad examples', files: BAD_CONFIGS }));
    const { workspace } = await shop.job('plan', { run });
    answers = await ask(shop, {
      ...questionsOf(WRONG, { run, workspace }),
      'a token nobody gave': { command: 'deploy', run, workspace, inputs: { ...STAGING, token: 'ghs_nobody' } },
      'no repository': { command: 'plan', run, workspace, environment: { GITHUB_REPOSITORY: '' } },
      'nothing live': { command: 'verify', run, workspace, inputs: STAGING }
    });
  });
  afterAll(async () => {
    await shop.close();
  });

  test.each(Object.entries(WRONG))('%s: one sentence, one reason, red', (name, { reason, says }) => {
    const answer = answers.of(name);
    expect(refusalOf(answer)).toEqual(refused(reason));
    for (const part of says) expect(saidBy(answer)).toContain(part);
  });

  test('a token that GitHub does not know is called that, and not blamed on the permissions', () => {
    const answer = answers.of('a token nobody gave');
    expect(refusalOf(answer)).toEqual(refused('token-refused', 'failed'));
    expect(saidBy(answer)).toContain('does not accept the token');
    expect(answer.log.replaceAll('::add-mask::ghs_nobody', '')).not.toContain('ghs_nobody');
  });

  test('a runner without a repository: the variable is named, and outputs still tell', () => {
    const answer = answers.of('no repository');
    expect(refusalOf(answer)).toEqual({ ...refused('invalid-input'), summarized: false });
    expect(saidBy(answer)).toContain('"GITHUB_REPOSITORY"');
    expect(answer.summary).toBe('');
  });

  test('verify where nothing is live is nothing to do, and green', () => {
    expect(refusalOf(answers.of('nothing live'))).toMatchObject({
      exitCode: 0,
      decision: 'nothing-to-do',
      reason: 'nothing-live',
      errors: 0
    });
  });

  test('none of them wrote anything', async () => {
    expect(answers.after).toEqual(answers.before);
    expect(shop.hub.problems).toEqual([]);
    expect(answers.after).toMatchObject({ tags: [], releases: [], deployments: [], issues: [] });
    expect(await nothingRan(shop)).toBe(true);
  });

  test('no runner at all: the missing command is named, on one line', async () => {
    const temporary = join(shop.directory, 'bare');
    await mkdir(temporary, { recursive: true });
    const step = { action: ACTION, inputs: {}, environment: {}, workspace: temporary, temporary };
    const { annotations, exitCode, outputs } = await runAction(step);
    expect(annotations).toEqual([{ level: 'error', message: expect.stringContaining('"command" is not right') }]);
    expect({ exitCode, code: outputs['reason-code'] }).toEqual({ exitCode: 1, code: 'invalid-input' });
  });

  test.each([
    ['a folder', '/tmp', 'is not a regular file'],
    ['nothing', '', 'is not set']
  ])('outputs that cannot be written (%s) are found before the work', async (_, value, problem) => {
    const temporary = join(shop.directory, `no-output-${problem.length}`);
    const { log } = shop.hub;
    const seen = log.length;
    const { annotations, exitCode, outputs } = await runAction({
      action: await crippled(shop, 'GITHUB_OUTPUT', value),
      inputs: { command: 'plan', token: 'ghs_nobody' },
      environment: surroundings(shop.hub.url),
      workspace: answers.of('nothing live').workspace,
      temporary
    });
    expect(annotations).toEqual([{ level: 'error', message: expect.stringContaining(`GITHUB_OUTPUT ${problem}`) }]);
    expect({ exitCode, outputs, calls: log.length - seen }).toEqual({ exitCode: 1, outputs: {}, calls: 0 });
  });
});

const RULES = `${(PROJECT['.github/delivery.yml'] ?? '').replace(/within: 2s\nenvironments:[^]*$/, 'within: 1s\n')}environments:
  staging: {}
  plain: {}
  altered: {}
  frozen: { freeze: [{ from: 2020-01-01, to: 2099-12-31, reason: nobody on call }] }
  soaking: { needs: [staging], soak: 30d }
  small: { max-changes: 1 }
  unproven: { needs: [plain] }
  nowhere: { gate: approval }
  unguarded: { gate: approval }
  button: { gate: dispatch }
`;

const HELD: Readonly<Record<string, readonly [environment: string, reason: string, says: readonly string[]]>> = {
  'a freeze': ['frozen', 'freeze', ['until 01 Jan 2100', 'nobody on call', 'override: freeze']],
  'a time to be watched': ['soaking', 'soak', ['has to stay in staging until', 'override: soak']],
  'a batch too big': ['small', 'max-changes', ['holds 4 changes', 'at most 1', 'override: max-changes']],
  'a version not proven where it must be': ['unproven', 'not-proven', ['has not succeeded in plain']],
  'a gate on an environment GitHub does not have': ['nowhere', 'gate-missing', ['GitHub has no environment nowhere']],
  'a gate without reviewers': ['unguarded', 'gate-unprotected', ['no required reviewers', 'gate: dispatch']],
  'a gate for a person, asked by a push': ['button', 'dispatch-required', ['deploy-version', 'choose button and 0.2.0']]
};

const assetOf = (release: ReleaseSnapshot | undefined, end: string): ReleaseSnapshot['assets'][number] => {
  const found = release?.assets.find(({ name }) => name.endsWith(end));
  if (found === undefined) throw new Error(`no asset ${end}`);
  return found;
};

/** What somebody with the rights of a person does to the hub. */
const byHand = async (shop: Workshop, method: string, path: string, body: unknown): Promise<number> => {
  const base = path.startsWith('/uploads') ? `${shop.hub.url}/api/uploads` : shop.hub.apiUrl;
  const bytes = body instanceof Uint8Array;
  const { status } = await fetch(`${base}/repos/${shop.hub.owner}/${shop.hub.name}${path.replace(/^\/uploads/, '')}`, {
    method,
    headers: {
      authorization: `Bearer ${shop.hub.personToken('mallory')}`,
      'content-type': bytes ? 'application/octet-stream' : 'application/json'
    },
    ...(body === undefined ? {} : { body: bytes ? new Uint8Array(body) : JSON.stringify(body) })
  });
  return status;
};

const releaseOf = async (shop: Workshop, version: string): Promise<ReleaseSnapshot> => {
  const found = (await shop.hub.snapshot()).releases.find(({ tag }) => tag === `v${version}`);
  if (found === undefined) throw new Error(`no release ${version}`);
  return found;
};

/** Puts other bytes under the name of an asset, as a person can on the release's page. */
const replaceAsset = async (shop: Workshop, version: string, end: string, bytes: Uint8Array): Promise<void> => {
  const release = await releaseOf(shop, version);
  const { id, name } = assetOf(release, end);
  expect(await byHand(shop, 'DELETE', `/releases/assets/${id}`, undefined)).toBe(204);
  expect(await byHand(shop, 'POST', `/uploads/releases/${release.id}/assets?name=${name}`, bytes)).toBe(201);
};

describe('a delivery that may not be', () => {
  let shop: Project;
  let answers: Answers;
  let flipped: Promise<JobResult>;
  let newest: Question;
  const to = (environment: string, inputs: Record<string, string> = {}): Question => ({
    ...newest,
    inputs: { version: '0.2.0', environment, ...inputs }
  });
  beforeAll(async () => {
    shop = await openProject();
    shop.hub.defineEnvironment('unguarded');
    const commit = (message: string, files: Record<string, string>): Promise<string> =>
      shop.hub.commit({ message, files });
    const one = await shop.stage(await commit('feat: rules', { '.github/delivery.yml': RULES }));
    await commit('fix: one', { 'story.txt': 'one' });
    const two = await shop.stage(await commit('feat: two', { 'story.txt': 'two' }));
    const { workspace } = await shop.job('plan', { run: two.run });
    newest = { command: 'deploy', run: two.run, workspace };
    if (one.version !== '0.1.0') throw new Error(one.version);
    const held = Object.entries(HELD).map(([name, [environment]]): [string, Question] => [name, to(environment)]);
    answers = await ask(shop, {
      ...Object.fromEntries(held),
      'live already': to('staging'),
      older: to('staging', { version: '0.1.0' })
    });
    // the download is tried again and again, so it runs beside what follows
    const archive = assetOf(await releaseOf(shop, '0.1.0'), '.tar.zst');
    const bytes = await readFile(archive.file);
    writeFileSync(archive.file, Buffer.from(bytes).fill((bytes[40] ?? 0) ^ 1, 40, 41));
    flipped = shop.job('deploy', to('altered', { version: '0.1.0' }));
  });
  afterAll(async () => {
    await flipped;
    await shop.close();
  });

  test.each(Object.entries(HELD))('%s: refused with one sentence', (name, [, reason, says]) => {
    const answer = answers.of(name);
    expect(refusalOf(answer)).toEqual(refused(reason));
    for (const part of says) expect(saidBy(answer)).toContain(part);
  });

  test.each([
    ['live already', 'nothing-to-do', 'already-live'],
    ['older', 'refused', 'superseded']
  ])('%s is green: %s', (name, decision, reason) => {
    const answer = answers.of(name);
    expect(refusalOf(answer)).toEqual({ ...refused(reason, decision), exitCode: 0, errors: 0 });
    expect(answer.outputs['changed']).toBe('false');
  });

  test('none of them wrote anything', async () => {
    expect(answers.after).toEqual(answers.before);
    expect(shop.hub.problems).toEqual([]);
    expect(await shop.running('frozen')).toBe('');
    expect(await shop.running('staging')).toBe('app 0.2.0');
  });

  test('a person goes past a freeze: delivered, and the record says who and why', async () => {
    const job = await shop.job('deploy', to('frozen', { override: 'freeze', reason: 'the shop is on fire' }));
    expect(job.outputs).toMatchObject({ decision: 'done', 'reason-code': 'delivered' });
    expect(job.summary).toContain('ana took responsibility');
    const record = (await shop.hub.snapshot()).deployments.findLast(({ environment }) => environment === 'frozen');
    expect(record?.payload).toMatchObject({ override: ['freeze'], reason: 'the shop is on fire', requestedBy: 'ana' });
    expect(await shop.running('frozen')).toBe('app 0.2.0');
  });

  interface Mismatch {
    readonly said: string;
    readonly recorded: string | undefined;
    readonly running: string;
  }
  const mismatchIn = async (environment: string, job: JobResult): Promise<Mismatch & Refused> => {
    const records = (await shop.hub.snapshot()).deployments.filter((each) => each.environment === environment);
    const running = await shop.running(environment);
    return {
      ...refusalOf(job),
      said: saidBy(job).split(' is not what')[0] ?? '',
      recorded: records.at(-1)?.state,
      running
    };
  };
  /** Refused under the ticket, which ends as an error; the target is as it was. */
  const mismatched = (said: string): Mismatch & Refused => ({
    ...refused('digest-mismatch'),
    said,
    recorded: 'ERROR',
    running: ''
  });
  /** Everything but the environment in which another test is still at work. */
  const held = async (): Promise<Snapshot> => {
    const snapshot = await shop.hub.snapshot();
    return { ...snapshot, deployments: snapshot.deployments.filter(({ environment }) => environment !== 'altered') };
  };

  test('release.json replaced after the release: nothing runs', async () => {
    const { file } = assetOf(await releaseOf(shop, '0.2.0'), 'release.json');
    const honest = await readFile(file);
    await replaceAsset(shop, '0.2.0', 'release.json', Buffer.from(String(honest).replace('./deploy.sh', 'curl x|sh')));
    expect(await mismatchIn('plain', await shop.job('deploy', to('plain')))).toEqual(mismatched('release.json'));
    await replaceAsset(shop, '0.2.0', 'release.json', honest);
  });

  test('the archive of another version under this name: nothing runs', async () => {
    const { file } = assetOf(await releaseOf(shop, '0.2.0'), '.tar.zst');
    const honest = await readFile(file);
    await replaceAsset(shop, '0.2.0', '.tar.zst', await readFile(assetOf(await releaseOf(shop, '0.1.0'), '.zst').file));
    const job = await shop.job('deploy', to('plain'));
    expect(await mismatchIn('plain', job)).toEqual(mismatched('shop-v0.2.0.tar.zst'));
    await replaceAsset(shop, '0.2.0', '.tar.zst', honest);
  });

  test('a stopped line: the issue is named, no ticket is taken', async () => {
    const asked = await byHand(shop, 'POST', '/issues', { title: 'prices are wrong', labels: ['line-stopped'] });
    expect(asked).toBe(201);
    const before = await held();
    const job = await shop.job('deploy', to('plain'));
    expect(refusalOf(job)).toEqual(refused('line-stopped'));
    expect(saidBy(job)).toContain('The line is stopped: prices are wrong.');
    expect(saidBy(job)).toContain('/issues/');
    expect(await held()).toEqual(before);
    const number = before.issues.at(-1)?.number;
    expect(await byHand(shop, 'PATCH', `/issues/${number}`, { state: 'closed' })).toBe(200);
  });

  test('with its own bytes back, the same version is delivered', async () => {
    expect((await shop.job('deploy', to('plain'))).outputs).toMatchObject({ 'reason-code': 'delivered' });
  });

  test('a version that failed there does not go there again by itself', async () => {
    const files = { 'health.txt': 'sick in plain\n' };
    const run = shop.start(await shop.hub.commit({ message: 'fix: three', files }));
    const built = await shop.job('build', { run });
    await shop.job('release', { run, artifact: built.artifact });
    const question = { run, workspace: built.workspace, inputs: { environment: 'plain', version: '0.2.1' } };
    // without the right to stop the line it says so, and the line stays open
    const permissions = { contents: 'read', deployments: 'write', actions: 'read', issues: 'read' } as const;
    const failed = await shop.job('deploy', { ...question, permissions });
    expect(refusalOf(failed)).toEqual(refused('rolled-back', 'rolled-back'));
    expect(failed.summary).toContain('lacks `issues: write`');
    const before = await held();
    const again = await shop.job('deploy', question);
    expect(refusalOf(again)).toEqual(refused('veto'));
    expect(saidBy(again)).toContain('Version 0.2.1 failed in plain on ');
    expect(await held()).toEqual(before);
    expect(await shop.running('plain')).toBe('app 0.2.0');
  });

  test('a tag at another commit, a tag without our word, a tag for other bytes: no release', async () => {
    const sha = await shop.hub.commit({ message: 'fix: four', files: { 'health.txt': 'well\n' } });
    const run = shop.start(sha);
    const built = await shop.job('build', { run });
    const question = { run, workspace: built.workspace };
    const tag = `refs/tags/${built.outputs['tag']}`;
    const point = (at: string): Promise<number> => byHand(shop, 'POST', '/git/refs', { ref: tag, sha: at });
    const unpoint = (): Promise<number> => byHand(shop, 'DELETE', `/git/${tag}`, undefined);
    const releases = (await shop.hub.snapshot()).releases.length;

    expect(await point(shop.first)).toBe(201);
    const taken = await shop.job('release', question);
    expect(refusalOf(taken)).toEqual(refused('version-taken'));
    expect(saidBy(taken)).toContain(`already belongs to commit ${shop.first}, not to ${sha}`);
    await unpoint();

    expect(await point(sha)).toBe(201);
    const bare = await shop.job('release', question);
    expect(refusalOf(bare)).toEqual(refused('digest-mismatch'));
    expect(saidBy(bare)).toContain(`${built.outputs['tag']} is not what was built: expected none`);
    await unpoint();
    expect((await shop.hub.snapshot()).releases).toHaveLength(releases);

    expect((await shop.job('release', question)).exitCode).toBe(0);
    const before = await held();
    const file = join(built.artifact, 'release.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"fix"', '"feat"'));
    const other = await shop.job('release', question);
    expect(refusalOf(other)).toEqual(refused('digest-mismatch'));
    expect(saidBy(other)).toContain(`tag ${built.outputs['tag']} is not what was built`);
    expect(await held()).toEqual(before);
  });

  test('one byte of the archive changed in the storage: nothing runs', async () => {
    expect(await mismatchIn('altered', await flipped)).toEqual(mismatched('shop-v0.1.0.tar.zst'));
    expect(shop.hub.problems).toEqual([]);
  });
});

/** The first pull request has a preview that a run still works on; that of the second one is closed, and its preview stands. */
const leavePreviews = async (shop: Workshop): Promise<void> => {
  const sha = await shop.hub.commit({ branch: 'work', message: 'feat: work', files: { 'work.txt': 'work' } });
  const run = shop.start(sha);
  for (const state of ['in_progress', 'success']) {
    const pull = shop.hub.openPull({ title: 'work', head: sha });
    const url = `${shop.hub.url}/acme/shop/actions/runs/${run.id}`;
    const payload = {
      schema: 1,
      pull,
      kind: 'up',
      requestedBy: 'ana',
      expires: null,
      run: { id: run.id, attempt: 1, url }
    };
    const headers = { authorization: `Bearer ${shop.hub.personToken('ana')}`, 'content-type': 'application/json' };
    const place = `${shop.hub.apiUrl}/repos/${shop.hub.owner}/${shop.hub.name}/deployments`;
    const post = (path: string, body: object): Promise<Response> =>
      fetch(`${place}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const record = {
      ref: sha,
      task: 'preview',
      environment: 'preview',
      payload,
      auto_merge: false,
      required_contexts: []
    };
    const answer: unknown = await (await post('', record)).json();
    const { id } = v.parse(v.object({ id: v.number() }), answer);
    await post(`/${id}/statuses`, { state });
    if (state === 'success') shop.hub.changePull(pull, { state: 'closed' });
  }
};

describe('a token without a permission, in a private repository', () => {
  const INPUTS: Readonly<Partial<Record<CommandName, Readonly<Record<string, string>>>>> = {
    plan: {},
    build: {},
    release: {},
    propose: { environment: 'production', version: '0.1.0' },
    deploy: { environment: 'production', version: '0.1.0' },
    rollback: { environment: 'production', version: '0.1.0' },
    verify: STAGING,
    up: { environment: 'pr-1' },
    down: { environment: 'preview' }
  };
  /** Without images nobody needs `packages`. */
  const linesOf = (command: CommandName): readonly string[] =>
    Object.keys(PERMISSIONS[command]).filter((line) => !line.startsWith('packages'));
  /** How they end and what they say. Production is empty here: nobody is to be told, and nothing to be moved. */
  const ENDS: Readonly<Record<string, readonly [reason: string, says: string]>> = {
    'doctor actions: read': [
      'examined',
      'Could not be checked: the rules of an environment. The token needs actions: read.'
    ],
    'doctor pages: read': [
      'examined',
      'Could not be checked: whether GitHub Pages can publish the report. The token needs pages: read.'
    ],
    'doctor contents: read': ['examined', 'Could not be checked: whether releases are immutable.'],
    'announce contents: write': ['announced-in-part', 'Give this job the permission contents: write.'],
    'announce deployments: read': ['announced-in-part', 'Give this job the permission deployments: read.'],
    'announce pull-requests: write': ['nothing-live', ''],
    // only missed where another run is writing comments
    'announce actions: read': ['nothing-live', ''],
    'announce issues: write': ['announced-in-part', 'Give this job the permission issues: write.'],
    'report actions: read': ['reported', 'actions: read'],
    'report pull-requests: read': ['reported', 'pull-requests: read']
  };
  /** These go on without, and say so: what `doctor` may not see is a finding, what nobody could be told is a warning. */
  const goesOn = (command: CommandName, line: string): boolean =>
    command === 'doctor' || command === 'announce' || `${command} ${line}` in ENDS;
  const cases = COMMANDS.flatMap((command) => {
    const lines = linesOf(command).filter((line) => !goesOn(command, line));
    const rest = (line: string): readonly string[] => linesOf(command).filter((each) => each !== line);
    const missing = lines.map((line) => ({
      row: 77,
      name: `${command} without ${line}`,
      command,
      line,
      has: rest(line)
    }));
    // a line is stopped only when a version breaks, and an older button that stays is only a note: until then reading is enough
    const enough = command === 'propose' ? ['actions: write'] : ['issues: write'];
    const lowered = lines
      .filter((line) => line.endsWith('write') && !enough.includes(line))
      .map((line) => ({
        row: 77,
        name: `${command} with ${line.replace('write', 'read')} instead of write`,
        command,
        line,
        has: [...rest(line), line.replace('write', 'read')]
      }));
    return [...missing, ...lowered];
  });
  const UNSEEN = COMMANDS.flatMap((command) =>
    linesOf(command)
      .filter((line) => goesOn(command, line))
      .map((line) => {
        const [reason = '', says = ''] = ENDS[`${command} ${line}`] ?? [];
        return { command, line, reason, says };
      })
  );
  let shop: Project;
  let answers: Answers;
  beforeAll(async () => {
    shop = await openProject({ visibility: 'private' });
    await shop.stage(await shop.hub.commit({ message: 'feat: a pull request (#1)', files: { 'story.txt': 'one' } }));
    const report = await readFile('workflows-templates/delivery-report.yml', 'utf8');
    const delivery = `${PROJECT['.github/delivery.yml']}preview: { up: 'true', down: 'true' }\n`;
    const files = {
      'story.txt': 'next',
      '.github/workflows/delivery-report.yml': report,
      '.github/delivery.yml': delivery
    };
    const run = shop.start(await shop.hub.commit({ message: 'fix: next', files }));
    await leavePreviews(shop);
    const { workspace } = await shop.job('build', { run });
    const questions = cases.map(({ name, command, has }): [string, Question] => [
      name,
      { command, run, workspace, inputs: INPUTS[command] ?? {}, permissions: granting(has) }
    ]);
    const unseen = UNSEEN.map(({ command, line }): [string, Question] => {
      const has = linesOf(command).filter((each) => each !== line);
      return [`${command} without ${line}`, { command, run, workspace, permissions: granting(has) }];
    });
    answers = await ask(shop, Object.fromEntries([...questions, ...unseen]));
  });
  afterAll(async () => {
    await shop.close();
  });

  test('these are all scopes of all jobs of all templates', () => {
    const asked = TEMPLATES.flatMap((path) =>
      Object.values(readWorkflow(path).workflow.jobs).flatMap((job) =>
        commandsIn(job).flatMap((step) =>
          Object.entries(job.permissions ?? {}).map(
            ([scope, level]) => `${String(step.with['command'])} ${scope}: ${level}`
          )
        )
      )
    );
    const tried = [...cases, ...UNSEEN].map(({ command, line }) => `${command} ${line}`);
    expect(asked.length).toBeGreaterThan(10);
    // the scripts of previews come with the checkout, a step of its own
    const checkouts = ['up contents: read', 'down contents: read'];
    expect(asked.filter((each) => ![...tried, ...checkouts].includes(each))).toEqual([]);
  });

  test.each(UNSEEN)('$command without $line goes on, and says what it lacks', ({ command, line, reason, says }) => {
    const answer = answers.of(`${command} without ${line}`);
    expect(refusalOf(answer)).toMatchObject({ exitCode: 0, errors: 0, reason, wrong: [] });
    const warnings = answer.annotations.map(({ message }) => message);
    expect([answer.summary, ...warnings].join('\n')).toContain(says);
  });

  test.each(cases)('row $row: $name: the line to add is named, whole', ({ name, line }) => {
    const answer = answers.of(name);
    expect(refusalOf(answer)).toEqual(refused('permission-missing'));
    expect(saidBy(answer)).toMatch(new RegExp(`permissions:\\n {4}${line}$`));
  });

  test('none of them wrote anything', async () => {
    expect(answers.after).toEqual(answers.before);
    expect(shop.hub.problems).toEqual([]);
    expect(await shop.running('production')).toBe('');
  });
});

test('a GitHub that cannot be reached: said once, after five tries at most', async () => {
  const { exitCode, outputs, annotations, durationMs } = await unreachable;
  expect(annotations).toEqual([{ level: 'error', message: expect.stringContaining('no answer') }]);
  expect({ exitCode, decision: outputs['decision'], code: outputs['reason-code'] }).toEqual({
    exitCode: 1,
    decision: 'failed',
    code: 'hosting-failed'
  });
  // at most 1, 2, 4 and 8 seconds between them
  expect(durationMs).toBeLessThan(25_000);
});
