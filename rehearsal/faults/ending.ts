import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DeploymentSnapshot, ReleaseSnapshot, Snapshot } from '../hub/index.ts';
import type { Stage, Step } from './stage.ts';

/** What counts when everything is over, without numbers and times; two endings are the same when their JSON is. */
export interface Ending {
  readonly tags: readonly string[];
  readonly releases: readonly string[];
  /** `environment kind version state` of every record that delivered, failed or is open; attempts that died are left out. */
  readonly records: readonly string[];
  readonly stops: readonly string[];
  /** What was said in which conversation. */
  readonly comments: readonly string[];
  /** The tag of the release that is called latest. */
  readonly latest: string;
  readonly waiting: number;
  readonly environments: readonly string[];
  /** What really runs, by environment. */
  readonly target: Readonly<Record<string, string>>;
  /** Digests of what a build or a report job hands on, for those jobs only. */
  readonly built: readonly string[];
}

const ENVIRONMENTS = ['staging', 'production'];

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

/** The document of a version names the run that built it; everything else must be the same. */
const digestOf = async (file: string, name: string): Promise<string> => {
  const bytes = await readFile(file);
  const { builder: _, ...same } = name === 'release.json' ? parsed(bytes.toString('utf8')) : {};
  return createHash('sha256')
    .update(name === 'release.json' ? JSON.stringify(same) : bytes)
    .digest('hex')
    .slice(0, 16);
};

const releaseText = async ({ tag, draft, prerelease, assets }: ReleaseSnapshot): Promise<string> => {
  const files = await Promise.all(
    assets.map(async ({ name, state, file }) => `${name} ${state} ${await digestOf(file, name).catch(() => 'lost')}`)
  );
  return [tag, draft ? 'draft' : 'published', prerelease ? 'pre-release' : 'full', ...files.toSorted()].join(', ');
};

const field = (payload: unknown, name: string): string => {
  const document = typeof payload === 'string' ? parsed(payload) : payload;
  return typeof document === 'object' && document !== null ? String(Reflect.get(document, name)) : '';
};

export const versionOf = ({ payload }: Pick<DeploymentSnapshot, 'payload'>): string => field(payload, 'version');

const OPEN = ['PENDING', 'QUEUED', 'IN_PROGRESS'];

export const isOpen = ({ state }: Pick<DeploymentSnapshot, 'state'>): boolean => OPEN.includes(state);

const succeeded = ({ statuses }: DeploymentSnapshot): boolean => statuses.some(({ state }) => state === 'success');

/** Its attempt broke off; a preview's record is put away later, when it has been made again or is gone. */
const brokeOff = ({ statuses }: DeploymentSnapshot): boolean => statuses.some(({ state }) => state === 'error');

const counts = (record: DeploymentSnapshot): boolean =>
  !brokeOff(record) && (succeeded(record) || isOpen(record) || record.state === 'FAILURE');

/** A preview has no version; it shows a commit. */
const shownBy = (record: DeploymentSnapshot): string =>
  record.task === 'preview' ? `${field(record.payload, 'pull')} at ${record.sha}` : versionOf(record);

const recordText = (record: DeploymentSnapshot): string =>
  `${record.environment} ${field(record.payload, 'kind')} ${shownBy(record)} ${record.state}`;

/** Previews are there or not; an environment that nothing was ever delivered to is empty. */
const running = async (target: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      [...new Set([...ENVIRONMENTS, ...(await readdir(target)).toSorted()])].map(
        async (name): Promise<[string, string]> => {
          const text = await readFile(join(target, name), 'utf8').catch(() => '');
          return [name, text.trim()];
        }
      )
    )
  );

const builtIn = async (artifact: string): Promise<readonly string[]> => {
  const names = await readdir(artifact);
  return Promise.all(names.toSorted().map(async (name) => `${name} ${await digestOf(join(artifact, name), name)}`));
};

/** Without the times and the address of this hub. */
const timeless = (text: string, { hub }: Stage): string =>
  text
    .replaceAll(hub.url, '')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
    .replaceAll(/\d\d:\d\d/g, '');

const reportedIn = async (stage: Stage): Promise<readonly string[]> => {
  const names = await readdir(stage.artifact, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile()).map(({ name, parentPath }) => join(parentPath, name));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const name = relative(stage.artifact, file);
      // the page is `delivery.json` in words, with how long ago everything was
      if (name.endsWith('.html')) return name;
      const digest = createHash('sha256').update(timeless(await readFile(file, 'utf8'), stage));
      return `${name} ${digest.digest('hex').slice(0, 16)}`;
    })
  );
};

const handedOn = async (stage: Stage, { command }: Pick<Step, 'command'>): Promise<readonly string[]> => {
  if (command === 'build') return builtIn(stage.artifact);
  return command === 'report' ? reportedIn(stage) : [];
};

const openStops = ({ issues }: Snapshot): readonly string[] =>
  issues.filter(({ state }) => state === 'open').map(({ title, labels }) => `${title} [${labels.join()}]`);

const readEnding = async (stage: Stage, step: Pick<Step, 'command'>, snapshot: Snapshot): Promise<Ending> => {
  return {
    tags: snapshot.tags.map(({ name, commit }) => `${name} ${commit}`),
    releases: await Promise.all(snapshot.releases.map(releaseText)),
    records: snapshot.deployments.filter(counts).map(recordText),
    stops: openStops(snapshot),
    comments: snapshot.comments.map(({ issue, body }) => `#${issue} ${timeless(body, stage)}`).toSorted(),
    latest: snapshot.releases.find(({ id }) => id === snapshot.latestRelease)?.tag ?? '',
    waiting: snapshot.runs.filter(({ status }) => status === 'waiting').length,
    environments: snapshot.environments.map(({ name }) => name).toSorted(),
    target: await running(stage.target),
    built: await handedOn(stage, step)
  };
};

/** Conversations with more than one comment of ours. */
const doubled = ({ comments }: Snapshot): readonly string[] => {
  const ours = comments.filter(({ body }) => body.startsWith('<!-- esteira:announcement')).map(({ issue }) => issue);
  return ours.filter((issue, index) => ours.indexOf(issue) !== index).map((issue) => `#${issue} has two comments`);
};

/** What must hold at every moment, also right after a process was killed; the problems found. */
const brokenPromises = (snapshot: Snapshot, target: Ending['target']): readonly string[] => {
  const { deployments, releases } = snapshot;
  const problems: string[] = [...doubled(snapshot)];
  for (const environment of ENVIRONMENTS) {
    const records = deployments.filter((each) => each.environment === environment).toReversed();
    const last = records.find(({ statuses }) =>
      statuses.some(({ state }) => ['in_progress', 'success'].includes(state))
    );
    if (last?.state !== 'ACTIVE') continue;
    if (target[environment] === `app ${versionOf(last)}`) continue;
    problems.push(`R2: ${environment} is recorded as ${versionOf(last)} and runs "${target[environment] ?? ''}"`);
  }
  for (const { tag, draft, assets } of releases) {
    const whole = assets.filter(({ state }) => state === 'uploaded').length;
    if (!draft && whole !== 2) problems.push(`release ${tag} is published with ${whole} of 2 assets`);
  }
  return problems;
};

export interface Look {
  readonly ending: Ending;
  readonly problems: readonly string[];
}

/** One look at everything there is. */
export const look = async (stage: Stage, step: Pick<Step, 'command'>): Promise<Look> => {
  const snapshot = await stage.hub.snapshot();
  const ending = await readEnding(stage, step, snapshot);
  return { ending, problems: brokenPromises(snapshot, ending.target) };
};

/** Lines in which two endings differ. */
export const differences = (expected: Ending, found: Ending): readonly string[] =>
  Object.entries(expected).flatMap(([key, value]) => {
    const [wanted, got] = [JSON.stringify(value), JSON.stringify(Reflect.get(found, key))];
    return wanted === got ? [] : [`${key}: expected ${wanted}`, `${key}: found    ${got}`];
  });
