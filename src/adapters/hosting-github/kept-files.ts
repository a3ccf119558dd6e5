import * as v from 'valibot';
import type { KeptFile, KeptFiles, KeptQuestion } from '../../ports/ledger.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { download } from './download.ts';
import { valueOf } from './reply.ts';
import { id } from './shapes.ts';

const permission = 'actions: read';
const PER_PAGE = 100;
/** Candidates: others of the name may stand before the one that is wanted. */
const MOST = 3;

const listShape = v.object({ artifacts: v.array(v.unknown()) });

const artifactShape = v.object({
  id,
  name: v.string(),
  size_in_bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  expired: v.literal(false),
  digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  workflow_run: v.object({ repository_id: id, head_repository_id: id, head_branch: v.string() })
});

type Artifact = v.InferOutput<typeof artifactShape>;

/** What says too little of itself is none that can be trusted. */
const artifactIn = (item: unknown): Artifact[] => {
  const parsed = v.safeParse(artifactShape, item);
  return parsed.success ? [parsed.output] : [];
};

/**
 * The list holds what any run left behind, also the run of a pull request of a fork, whose code strangers write: that one
 * has another head repository, even where its branch has the same name.
 */
const isOurs = ({ name, branch, largest }: KeptQuestion, artifact: Artifact): boolean => {
  const { repository_id, head_repository_id, head_branch } = artifact.workflow_run;
  return (
    head_repository_id === repository_id &&
    head_branch === branch &&
    artifact.name === name &&
    artifact.size_in_bytes <= largest
  );
};

const keptFiles = async (client: Client, question: KeptQuestion): Promise<readonly KeptFile[]> => {
  const route = 'GET /repos/{owner}/{repo}/actions/artifacts';
  const parameters = { name: question.name, per_page: PER_PAGE };
  const request: Request<v.InferOutput<typeof listShape>> = {
    call: route,
    route,
    permission,
    parameters,
    read: shaped(listShape)
  };
  const { artifacts } = valueOf(request, await client.ask(request));
  return artifacts
    .flatMap(artifactIn)
    .filter((artifact) => isOurs(question, artifact))
    .toSorted((a, b) => b.id - a.id)
    .slice(0, MOST)
    .map(({ id: number, size_in_bytes: size, digest }) => ({
      id: number,
      size,
      sha256: digest.slice('sha256:'.length)
    }));
};

/** `zip` is the only format there is; a file kept without an archive comes as it is. */
const fetchKept = async (client: Client, kept: KeptFile, file: string): Promise<boolean> => {
  const call = 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
  const source = { call, permission, parameters: { artifact_id: kept.id, archive_format: 'zip' } };
  const { sha256 } = await download(client, { source, file, listed: kept });
  return sha256 === kept.sha256;
};

export const createKeptFiles = (client: Client): KeptFiles => ({
  keptFiles: (question) => keptFiles(client, question),
  fetchKept: (kept, file) => fetchKept(client, kept, file)
});
