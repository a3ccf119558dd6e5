import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, byId, newestFirst, paged, reads } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { stamp } from '../git-objects.ts';
import type { Artifact } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi } from '../world.ts';
import { REPOSITORY_ID } from './repository.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;
/** Any other repository. */
const FORK_ID = REPOSITORY_ID + 1;

export interface NewArtifact {
  readonly run: number;
  readonly name: string;
  /** Kept as it is; absent for an archive, which nobody can fetch here. */
  readonly file?: string;
  /** Until it is gone; default 90. */
  readonly days?: number;
  /** Left by a run of a pull request of a fork. */
  readonly fork?: boolean;
}

const digestOf = (file: string): { readonly size: number; readonly digest: string } => {
  const bytes = readFileSync(file);
  return { size: bytes.length, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
};

/** What a runner uploads by a service of its own, beside the API. Its id. */
export const keepArtifact = (world: World, given: NewArtifact): number => {
  const id = world.state.nextId();
  const { run, name, days = USUAL_DAYS, fork = false } = given;
  const file = given.file === undefined ? null : join(world.store, String(id));
  if (given.file !== undefined && file !== null) copyFileSync(given.file, file);
  const { size, digest } = file === null ? { size: 0, digest: null } : digestOf(file);
  const expiresAt = stamp(new Date(world.now().getTime() + days * DAY_MS));
  const artifact: Artifact = { id, run, name, size, digest, file, createdAt: nowStamp(world), expiresAt, fork };
  world.state.write((data) => ({ ...data, artifacts: [...data.artifacts, artifact] }));
  return id;
};

const isExpired = (world: World, { expiresAt }: Artifact): boolean => Date.parse(expiresAt) <= world.now().getTime();

const artifactView = ({ world, view }: Call, artifact: Artifact): unknown => {
  const url = `${repositoryApi(world)}/actions/artifacts/${artifact.id}`;
  const run = byId(view.data.runs, artifact.run);
  return {
    id: artifact.id,
    node_id: nodeId('A', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(world, artifact),
    digest: artifact.digest,
    created_at: artifact.createdAt,
    expires_at: artifact.expiresAt,
    updated_at: artifact.createdAt,
    workflow_run: {
      id: run.id,
      repository_id: REPOSITORY_ID,
      head_repository_id: artifact.fork ? FORK_ID : REPOSITORY_ID,
      head_branch: run.ref.replace(/^refs\/(heads|tags)\//, ''),
      head_sha: run.sha
    }
  };
};

/** Of the whole repository: of every workflow, and of every pull request as well. */
const list = (call: Call): Reply => {
  const { query, view } = call;
  const named = view.data.artifacts.filter(({ name }) => !query.has('name') || name === query.text('name'));
  const { items, headers } = paged(call, newestFirst(named));
  return {
    status: 200,
    headers,
    body: { total_count: named.length, artifacts: items.map((artifact) => artifactView(call, artifact)) }
  };
};

/** `zip` is the only word the address takes, also where no archive was made of the file. */
const download = (call: Call): Reply => {
  const artifact = byId(call.view.data.artifacts, call.params.number('artifact_id'));
  if (isExpired(call.world, artifact)) throw new Problem(410, 'Artifact has expired');
  if (artifact.file === null) throw new Problem(501, `not emulated: the archive of ${artifact.name}`);
  return { status: 302, headers: { location: call.world.urls.storage + artifactPath(artifact) } };
};

/** The signed address of its bytes. */
export const artifactPath = ({ id, createdAt, file }: Artifact): string => {
  const signature = createHash('sha256').update(`${file} ${createdAt}`).digest('hex').slice(0, 32);
  return `/artifacts/${id}?sig=${signature}`;
};

export const artifacts: Operations = {
  'actions/list-artifacts-for-repo': { needs: reads('actions'), run: list },
  'actions/download-artifact': { needs: reads('actions'), run: download }
};
