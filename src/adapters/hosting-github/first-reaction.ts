import * as v from 'valibot';
import type { Client, Request } from './client.ts';
import { ok, unsure } from './reply.ts';
import type { Reply } from './reply.ts';
import { id } from './shapes.ts';

const reactionShape = v.object({ id, content: v.literal('rocket') });

type Order = 'first' | 'late';

/** GitHub answers 201 to whoever adds a reaction, and 200 where the same user has added it before. */
const readOrder = (data: unknown, status: number): Reply<Order> => {
  if (!v.is(reactionShape, data)) return unsure('invalid answer (reaction)');
  return ok(status === 201 ? 'first' : 'late');
};

/**
 * A rocket below a pull request or an issue, which says "it is out" and does more: all runs are one user to GitHub, so of two
 * that react one alone is told that it was the first (REST, "Create reaction for an issue"). Where the answer got lost nobody
 * is, which costs a wait; where GitHub refuses the reaction everybody is, and looking again finds the double.
 */
export const reactFirst = async (client: Client, number: number, permission: string): Promise<Order> => {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions';
  const parameters = { issue_number: number, content: 'rocket' };
  const request: Request<Order> = { call: route, route, permission, parameters, read: readOrder };
  const answer = await client.ask(request);
  return answer.kind === 'ok' ? answer.value : 'first';
};

/** What somebody else is just making, looked for as long as a lost write of our own. */
export const awaited = async <T>(
  { pace, options }: Client,
  find: () => Promise<T | undefined>
): Promise<T | undefined> => {
  for (let look = 1; look <= pace.looks; look += 1) {
    await options.clock.sleep(pace.settle * look);
    const found = await find();
    if (found !== undefined) return found;
  }
  return undefined;
};
