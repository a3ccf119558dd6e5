import { randomUUID } from 'node:crypto';
import { lockMessage, readLockMessage } from '../../domain/comment-lock.ts';
import type { LockHolder, LockStanding } from '../../domain/comment-lock.ts';
import type { RunAttempt } from '../../domain/deployment.ts';
import type { CommentLock, LockRequest } from '../../ports/announcing.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { readChange } from './graph-answer.ts';
import { ok, refusalOf, valueOf } from './reply.ts';
import type { Answer } from './reply.ts';
import type { RepositoryNode } from './repository-node.ts';
import { EXISTS, createObject, findHidden, messageOf, refShape } from './tags.ts';
import type { Ref } from './tags.ts';

const permission = 'contents: write';
const NAME = 'esteira/announcing';
/** GraphQL's word for "there is none" (schema, `updateRefs`). */
const ABSENT = '0'.repeat(40);

const CHANGE = 'mutation lock($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }';

interface Place {
  readonly client: Client;
  readonly repository: RepositoryNode;
}

interface Swap {
  readonly before: string;
  readonly after: string;
  /** Whether it has come to that: asked after a lost answer, or a no. */
  readonly done: () => Promise<boolean>;
}

const named = { call: 'GraphQL: updateRefs', permission };

const swapRequest = (client: Client, input: unknown): Request<true> => ({
  ...named,
  route: `POST ${client.options.graphqlUrl}`,
  parameters: { query: CHANGE, variables: { input } },
  read: (data) => readChange(data, 'updateRefs', permission),
  writes: true
});

/**
 * Compare and swap: "the given reference needs to point to the given value before performing any updates" (schema,
 * `updateRefs`). `force`, for one lock does not descend from the other. What came of it; whoever may not is refused.
 */
const swap = async ({ client, repository }: Place, { before, after, done }: Swap): Promise<Answer<true>> => {
  const refUpdates = [{ name: `refs/${NAME}`, beforeOid: before, afterOid: after, force: true }];
  const request = swapRequest(client, { repositoryId: await repository.id(), refUpdates });
  const answer = await client.change(request, { find: async () => ((await done()) ? true : undefined), looks: 1 });
  return answer.kind === 'refused' && !answer.forbidden && (await done()) ? ok(true) : answer;
};

/**
 * Creating a reference is the lock, as for tags: of two one gets 201, the other 422. What stands there then; undefined
 * where it was gone again. A 422 whose words got lost is known by what stands there, too.
 */
const create = async (client: Client, sha: string): Promise<Ref | undefined> => {
  const route = 'POST /repos/{owner}/{repo}/git/refs';
  const parameters = { ref: `refs/${NAME}`, sha };
  const request: Request<Ref> = { call: route, route, permission, parameters, read: shaped(refShape) };
  const answer = await client.change(request, { find: () => findHidden(client, NAME), looks: 1 });
  if (answer.kind === 'ok' || answer.status !== 422) return valueOf(request, answer);
  const standing = await findHidden(client, NAME);
  return standing === undefined && !EXISTS.test(answer.message) ? valueOf(request, answer) : standing;
};

/** Who made each lock that was met; what it is made of never changes. */
const createReader = (client: Client): ((ref: Ref) => Promise<LockHolder>) => {
  const known = new Map<string, RunAttempt | undefined>();
  return async (ref) => {
    const { sha: mark } = ref.object;
    if (!known.has(mark)) known.set(mark, readLockMessage((await messageOf(client, ref)) ?? ''));
    const run = known.get(mark);
    return { mark, ...(run === undefined ? {} : { run }) };
  };
};

/**
 * The reference points to an annotated tag that names the run and this very process, so that two never make the same one:
 * whoever has seen a holding can replace or delete that one only. Calls: two to have it and one to give it back; where
 * somebody has it two more, and two for each later look.
 */
export const createCommentLock = (place: Place, { run, commit }: LockRequest): CommentLock => {
  const { client } = place;
  const note = { id: run.id, attempt: run.attempt, nonce: randomUUID() };
  const holderOf = createReader(client);
  let made: string | undefined;

  const object = async (): Promise<string> => {
    const tag = { name: 'announcing', commit, message: lockMessage(note), date: '2000-01-01T00:00:00Z' };
    made ??= await createObject(client, tag);
    return made;
  };

  const standing = async (ref: Ref | undefined): Promise<LockStanding> => {
    if (ref === undefined) return { kind: 'held' };
    return ref.object.sha === made ? { kind: 'ours' } : { kind: 'held', holder: await holderOf(ref) };
  };

  const isOurs = async (): Promise<boolean> => (await findHidden(client, NAME))?.object.sha === made;
  const isGone = async (): Promise<boolean> => !(await isOurs());

  return {
    acquire: async () => standing(await create(client, await object())),
    takeOver: async ({ mark: before }) => {
      const answer = await swap(place, { before, after: await object(), done: isOurs });
      if (answer.kind === 'ok') return { kind: 'ours' };
      if (answer.forbidden) throw refusalOf(named, answer);
      return standing(await findHidden(client, NAME));
    },
    release: async () => {
      if (made === undefined) return;
      valueOf(named, await swap(place, { before: made, after: ABSENT, done: isGone }));
    }
  };
};
