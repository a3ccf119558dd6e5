import { RehearsalError } from './errors.ts';
import { concernsPullRequest, proposedFiles, repositoryPayload } from './events.ts';
import type { RunView } from './board.ts';
import type { Values } from './expressions.ts';
import type { Workflow } from './model.ts';
import type { Trigger } from './site.ts';
import { mergeBoth, mergeForTrial } from './trial-merge.ts';
import { ACTOR, plainTrigger, push, pushed, startAll, tip } from './triggers.ts';
import type { Parts, Pushed } from './triggers.ts';

type Files = Readonly<Record<string, string | null>>;

export interface PullRequest {
  readonly branch: string;
  readonly base?: string;
  readonly number: number;
  readonly actor?: string;
  readonly action?: string;
}

export interface NewPullRequest {
  readonly branch: string;
  /** Default: main. */
  readonly base?: string;
  /** Default: ana. */
  readonly actor?: string;
  /** `owner/name` its branch lies in. Default: the repository itself. */
  readonly from?: string;
}

export interface OpenedPull extends Pushed {
  readonly number: number;
}

/** What people do with pull requests. `runs` are all that were started; `sha` is the newest commit of its branch. */
export interface Pulls {
  /** The event alone, of a branch that must be there; the hub knows no such pull request. `sha` is the trial merge. */
  pullRequest(request: PullRequest): Promise<Pushed>;
  openPull(files: Files, given: NewPullRequest): Promise<OpenedPull>;
  pushToPull(number: number, files: Files, actor?: string): Promise<Pushed>;
  /** Its branch goes with it, as it does where the repository is set to that. */
  closePull(number: number, how?: { readonly merge?: boolean; readonly actor?: string }): Promise<Pushed>;
  reopenPull(number: number, actor?: string): Promise<Pushed>;
}

interface Known {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  readonly author: string;
  readonly from: string;
  readonly head: string;
}

const ourName = ({ site: { hub } }: Parts): string => `${hub.owner}/${hub.name}`;

const isFork = (parts: Parts, { from }: Known): boolean => from !== ourName(parts);

/** The branches of forks lie beside ours for the time of a commit only. */
const branchOf = (parts: Parts, pull: Known): string =>
  isFork(parts, pull) ? `forks/${pull.from}/${pull.branch}` : pull.branch;

interface Event {
  readonly action: string;
  readonly actor: string;
  readonly base: string;
  /** Set where it was merged. */
  readonly merged?: string;
}

const payloadOf = (parts: Parts, pull: Known, { action, actor, base, merged }: Event): Values => {
  const request = {
    number: pull.number,
    state: action === 'closed' ? 'closed' : 'open',
    merged: merged !== undefined,
    merge_commit_sha: merged ?? null,
    title: pull.branch,
    user: { login: pull.author },
    head: { ref: pull.branch, sha: pull.head, repo: { full_name: pull.from, fork: isFork(parts, pull) } },
    base: { ref: pull.base, sha: base, repo: { full_name: ourName(parts), fork: false } }
  };
  return { ...repositoryPayload(parts.site.hub, actor), action, number: pull.number, pull_request: request };
};

/** Once it is merged, its run is of the branch it went to; before that, of the trial merge. */
const placeOf = async (
  { git }: Parts,
  { number, head, base: branch }: Known,
  { base, merged }: Event
): Promise<{ sha: string; ref: string } | undefined> => {
  if (merged !== undefined) return { sha: merged, ref: `refs/heads/${branch}` };
  const sha = await mergeForTrial(git, number, { base, head });
  return sha === undefined ? undefined : { sha, ref: `refs/pull/${number}/merge` };
};

const startRuns = async (parts: Parts, pull: Known, event: Event): Promise<readonly RunView[]> => {
  const files = await proposedFiles(parts.git, event.base, pull.head);
  const at = await placeOf(parts, pull, event);
  if (at === undefined) return [];
  const trigger: Trigger = {
    ...plainTrigger('pull_request', event.actor, at),
    headRef: pull.branch,
    baseRef: pull.base,
    payload: payloadOf(parts, pull, event),
    fork: isFork(parts, pull)
  };
  const about = { base: pull.base, action: event.action, files };
  const concerns = ({ events }: Workflow): boolean =>
    events.pullRequest !== undefined && concernsPullRequest(events.pullRequest, about);
  return startAll(parts, { trigger, title: pull.branch, concerns });
};

const pullRequest =
  (parts: Parts): Pulls['pullRequest'] =>
  async ({ branch, base = 'main', number, actor = ACTOR, action = 'opened' }) => {
    const [baseSha, head] = [await tip(parts, `refs/heads/${base}`), await tip(parts, `refs/heads/${branch}`)];
    const pull = { number, branch, base, author: actor, from: ourName(parts), head };
    const runs = await startRuns(parts, pull, { action, actor, base: baseSha });
    return { sha: await tip(parts, `refs/pull/${number}/merge`), runs };
  };

interface Change {
  readonly files: Files;
  readonly actor: string;
}

/** A push to a branch of ours starts what pushes start; what happens in a fork, starts nothing here. */
const commitTo = async (parts: Parts, pull: Known, { files, actor }: Change): Promise<Pushed> => {
  const branch = branchOf(parts, pull);
  const message = `feat: change ${pull.branch}`;
  if (!isFork(parts, pull)) return push(parts)(files, message, { branch, actor });
  const { git, site } = parts;
  if (pull.head !== '') await git.run(['update-ref', `refs/heads/${branch}`, pull.head]);
  const sha = await site.hub.commit({ message, files, branch, author: actor });
  await git.run(['update-ref', '-d', `refs/heads/${branch}`]);
  return { sha, runs: [] };
};

const mergeNow = async (parts: Parts, pull: Known, actor: string): Promise<Pushed> => {
  const ref = `refs/heads/${pull.base}`;
  const before = await tip(parts, ref);
  const message = `Merge pull request #${pull.number} from ${pull.branch}`;
  const after = await mergeBoth(parts.git, { base: before, head: pull.head }, message);
  if (after === undefined) throw new RehearsalError(`#${pull.number} has conflicts`);
  await parts.git.run(['update-ref', ref, after]);
  return pushed(parts, { actor, ref, before, after, message });
};

interface Desk extends Parts {
  readonly known: Map<number, Known>;
}

const find = ({ known }: Desk, number: number): Known => {
  const pull = known.get(number);
  if (pull === undefined) throw new RehearsalError(`there is no pull request ${number}`);
  return pull;
};

const tell = async (desk: Desk, pull: Known, event: Omit<Event, 'base'> & { base?: string }): Promise<Pushed> => {
  desk.known.set(pull.number, pull);
  const base = event.base ?? (await tip(desk, `refs/heads/${pull.base}`));
  return { sha: pull.head, runs: await startRuns(desk, pull, { ...event, base }) };
};

const openPull =
  (desk: Desk): Pulls['openPull'] =>
  async (files, { branch, base = 'main', actor = ACTOR, from = ourName(desk) }) => {
    const pull: Known = { number: 0, branch, base, author: actor, from, head: '' };
    const { sha, runs } = await commitTo(desk, pull, { files, actor });
    const fork = isFork(desk, pull);
    const number = desk.site.hub.openPull({ title: branch, author: actor, commits: [sha], fork });
    const opened = await tell(desk, { ...pull, number, head: sha }, { action: 'opened', actor });
    return { number, sha, runs: [...runs, ...opened.runs] };
  };

const pushToPull =
  (desk: Desk): Pulls['pushToPull'] =>
  async (number, files, actor = ACTOR) => {
    const pull = find(desk, number);
    const { sha, runs } = await commitTo(desk, pull, { files, actor });
    desk.site.hub.changePull(number, { head: sha });
    const told = await tell(desk, { ...pull, head: sha }, { action: 'synchronize', actor });
    return { sha, runs: [...runs, ...told.runs] };
  };

const closePull =
  (desk: Desk): Pulls['closePull'] =>
  async (number, { merge = false, actor = ACTOR } = {}) => {
    const pull = find(desk, number);
    const base = await tip(desk, `refs/heads/${pull.base}`);
    const merged = merge ? await mergeNow(desk, pull, actor) : undefined;
    const sha = merged === undefined ? {} : { mergeCommit: merged.sha };
    desk.site.hub.changePull(number, { state: 'closed', ...sha });
    if (!isFork(desk, pull)) await desk.git.run(['update-ref', '-d', `refs/heads/${pull.branch}`]);
    const event = { action: 'closed', actor, base, ...(merged === undefined ? {} : { merged: merged.sha }) };
    const told = await tell(desk, pull, event);
    return { sha: pull.head, runs: [...(merged?.runs ?? []), ...told.runs] };
  };

const reopenPull =
  (desk: Desk): Pulls['reopenPull'] =>
  async (number, actor = ACTOR) => {
    const pull = find(desk, number);
    desk.site.hub.changePull(number, { state: 'open' });
    if (!isFork(desk, pull)) await desk.git.run(['update-ref', `refs/heads/${pull.branch}`, pull.head]);
    return tell(desk, pull, { action: 'reopened', actor });
  };

export const createPulls = (parts: Parts): Pulls => {
  const desk: Desk = { ...parts, known: new Map() };
  return {
    pullRequest: pullRequest(parts),
    openPull: openPull(desk),
    pushToPull: pushToPull(desk),
    closePull: closePull(desk),
    reopenPull: reopenPull(desk)
  };
};
