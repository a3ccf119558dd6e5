import { Problem } from '../call.ts';
import { GitError } from '../git.ts';
import { ABSENT, checkMovable, checkName, isForward } from '../resources/refs.ts';
import { typedError } from './paging.ts';
import { REPOSITORY, demandWrite } from './scope.ts';
import type { GraphScope } from './scope.ts';

/** GitHub's `RefUpdate`. */
interface RefUpdate {
  readonly name: string;
  readonly beforeOid?: string | null;
  readonly afterOid: string;
  readonly force?: boolean | null;
}

interface UpdateRefs {
  readonly input: {
    readonly repositoryId: string;
    readonly refUpdates: readonly RefUpdate[];
    readonly clientMutationId?: string | null;
  };
}

/** Not compared with the live service: only that a no is an error at the field is certain. */
const refuse = (message: string): never => {
  throw typedError('UNPROCESSABLE', message);
};

const OID = /^[0-9a-f]{40}$/;

const checkUpdate = async ({ world }: GraphScope, update: RefUpdate): Promise<void> => {
  const { name, beforeOid, afterOid, force } = update;
  await checkName(world, name);
  checkMovable(world, name);
  if (![afterOid, beforeOid ?? ABSENT].every((oid) => OID.test(oid))) refuse('A git object id has 40 hex digits');
  if (afterOid === ABSENT) return;
  if ((await world.git.read(afterOid)) === undefined) refuse('Object does not exist');
  const now = await world.git.read(name);
  if (now !== undefined && force !== true && !(await isForward(world, now.oid, afterOid)))
    refuse('Update is not a fast forward');
};

/** One line of git's own transaction, which compares and swaps under the locks of all refs (git-update-ref, `--stdin`). */
const lineFor = ({ name, beforeOid, afterOid }: RefUpdate): string =>
  `update ${name} ${afterOid}${beforeOid === undefined || beforeOid === null ? '' : ` ${beforeOid}`}\n`;

/** All or none. */
const updateRefs = async (scope: GraphScope, { input }: UpdateRefs): Promise<object> => {
  const { world } = scope;
  demandWrite(scope, 'contents');
  const { repositoryId, refUpdates, clientMutationId } = input;
  if (repositoryId !== REPOSITORY)
    throw typedError('NOT_FOUND', `Could not resolve to a node with the global id of '${repositoryId}'`);
  for (const update of refUpdates) await checkUpdate(scope, update);
  const before = await Promise.all(refUpdates.map(async ({ name }) => (await world.git.read(name))?.oid));
  await world.git.run(['update-ref', '--stdin'], { input: refUpdates.map(lineFor).join('') });
  for (const [index, { name }] of refUpdates.entries()) world.state.wroteRef({ name, before: before[index] });
  return { __typename: 'UpdateRefsPayload', clientMutationId: clientMutationId ?? null };
};

/** A no of git, or of a rule that REST knows as well, in the words of GraphQL. */
const inWords = async (work: () => Promise<object>): Promise<object> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem || error instanceof GitError) return refuse(error.message);
    throw error;
  }
};

/** The changes GraphQL can make here; any other one is a problem, as a field nobody knows is. */
export const changesOf = (scope: GraphScope): object => ({
  updateRefs: (asked: UpdateRefs) => inWords(() => updateRefs(scope, asked))
});
