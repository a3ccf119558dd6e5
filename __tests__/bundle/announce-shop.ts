import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StartedRun } from '../../rehearsal/hub/index.ts';
import { ACTION, openProject } from './harness.ts';
import type { JobRequest, JobResult, Workshop } from './harness.ts';

/** A version in production, the pull request in it and the issue that closed. */
export interface Shipped {
  readonly version: string;
  readonly pull: number;
  readonly issue: number;
  readonly run: StartedRun;
}

export interface AnnounceShop extends Workshop {
  byHand(method: string, path: string, body?: unknown): Promise<Response>;
  ship(labels?: readonly string[], files?: Readonly<Record<string, string>>): Promise<Shipped>;
  announce(run: StartedRun, request?: Partial<JobRequest>): Promise<JobResult>;
  /** Its machine stands still for so many seconds, between its first reaction and the comment. */
  announceStuck(
    run: StartedRun,
    seconds: number
  ): { readonly reached: Promise<void>; readonly job: Promise<JobResult> };
  /** As if the version had never been announced. */
  forget(): Promise<void>;
  /** The next attempt of a run; the one before is over. */
  again(run: StartedRun): StartedRun;
  /** Another run that announces the same. */
  beside(run: StartedRun): Promise<StartedRun>;
  bodies(number: number): Promise<readonly string[]>;
  /** How many comments the pull request and the issue have. */
  counts(shipped: Shipped): Promise<readonly number[]>;
  latest(): Promise<string | undefined>;
}

/** Everything stands still in the very moment in which the first reaction is known to be made. */
const stuckAction = (marker: string, seconds: number): string => `
import { writeFileSync } from 'node:fs';
const { fetch } = globalThis;
let isFirst = true;
globalThis.fetch = async (url, init) => {
  // the connection has been idle for too long by then, and a new one is made
  const response = await fetch(url, init).catch(() => fetch(url, init));
  if (!isFirst || !String(url).endsWith('/reactions')) return response;
  isFirst = false;
  const text = await response.text();
  response.text = async () => {
    writeFileSync(${JSON.stringify(marker)}, '');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${seconds * 1000});
    return text;
  };
  return response;
};
await import(${JSON.stringify(ACTION)});
`;

/** A private repository with immutable releases, its first version in production. */
export const openAnnounceShop = async (): Promise<AnnounceShop> => {
  const shop = await openProject({ visibility: 'private', hourlyLimit: 1_000_000, immutableReleases: true });
  shop.hub.defineEnvironment('production', { reviewers: ['bruno'] });
  await shop.line(shop.first);
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
    const { comments, reactions, releases, latestRelease } = await shop.hub.snapshot();
    for (const { id } of comments) await byHand('DELETE', `/issues/comments/${id}`);
    for (const { id, issue } of reactions) await byHand('DELETE', `/issues/${issue}/reactions/${id}`);
    const other = releases.findLast(({ id, prerelease }) => id !== latestRelease && !prerelease);
    await byHand('PATCH', `/releases/${other?.id ?? 0}`, { make_latest: 'true' });
  };

  /** An issue, a merged pull request that closes it, and its version in production. */
  const ship = async (
    labels: readonly string[] = [],
    files: Readonly<Record<string, string>> = {}
  ): Promise<Shipped> => {
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

  const announceStuck: AnnounceShop['announceStuck'] = (run, seconds) => {
    count += 1;
    const [action, marker] = [join(shop.directory, `stuck-${count}.mjs`), join(shop.directory, `stuck-${count}`)];
    const job = writeFile(action, stuckAction(marker, seconds)).then(() => announce(run, { action }));
    const reached = async (): Promise<void> => {
      while (!existsSync(marker)) await pause(20);
    };
    return { reached: reached(), job };
  };

  const again = (run: StartedRun): StartedRun => {
    shop.hub.finishRun(run, 'failure');
    return shop.hub.rerun(run);
  };

  const beside = async ({ id }: StartedRun): Promise<StartedRun> => {
    const { sha = '' } = (await shop.hub.snapshot()).runs.find((each) => each.id === id) ?? {};
    return shop.start(sha);
  };

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

  return { ...shop, byHand, ship, announce, announceStuck, forget, again, beside, bodies, counts, latest };
};
