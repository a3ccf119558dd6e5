import * as v from 'valibot';
import { shaped } from './client.ts';
import type { Client, LookUp, Request } from './client.ts';
import type { RecordIds } from './record-ids.ts';
import { failed, valueOf } from './reply.ts';
import { id, sha } from './shapes.ts';
import { DESCRIPTION } from './statuses.ts';
import { cut } from './text.ts';

const permission = 'deployments: write';

/** A record to be filed, whatever it is about. */
export interface Order {
  readonly task: 'deploy' | 'preview';
  readonly environment: string;
  readonly commit: string;
  readonly production: boolean;
  /** It is to be gone one day; GitHub then says `destroyed` of what is inactive. */
  readonly transient: boolean;
  readonly description: string;
  readonly payload: object;
  /** Whether a record with this payload was made by the same attempt of the same run for the same purpose. */
  readonly isTwin: (payload: unknown) => boolean;
}

const createdShape = v.object({ id, sha, node_id: v.optional(v.string()) });
type Created = v.InferOutput<typeof createdShape>;

const listShape = v.array(v.object({ ...createdShape.entries, task: v.string(), payload: v.unknown() }));

/** Our records of the same environment and commit made for the same purpose. */
const twins = async (client: Client, order: Order): Promise<readonly Created[]> => {
  const route = 'GET /repos/{owner}/{repo}/deployments';
  const { environment, commit, task, isTwin } = order;
  const parameters = { environment, sha: commit, task, per_page: 100 };
  const request = { call: route, route, permission: 'deployments: read', parameters, read: shaped(listShape) };
  return valueOf(request, await client.ask(request)).filter((each) => each.task === task && isTwin(each.payload));
};

/**
 * `ref` is the full commit: a branch or tag could move between the check and the write. Without `auto_merge: false`
 * and `required_contexts: []` GitHub would merge or wait for this very job's check.
 */
const creation = (order: Order): Request<Created> => ({
  call: 'POST /repos/{owner}/{repo}/deployments',
  route: 'POST /repos/{owner}/{repo}/deployments',
  permission,
  parameters: {
    ref: order.commit,
    task: order.task,
    auto_merge: false,
    required_contexts: [],
    environment: order.environment,
    production_environment: order.production,
    transient_environment: order.transient,
    description: cut(order.description, DESCRIPTION),
    payload: order.payload
  },
  read: (data) => {
    // 202: GitHub did something else (merged) and made no deployment; repeating it would do so again.
    const other = v.safeParse(v.strictObject({ message: v.string() }), data);
    if (!other.success) return shaped(createdShape)(data);
    return { kind: 'refused', status: 202, message: other.output.message, codes: [], forbidden: false };
  }
});

/** Files records, and closes at once what must not stand. */
export interface Filing {
  readonly file: (order: Order) => Promise<number>;
}

/** One call each when nothing fails. */
export const createFiling = (
  client: Client,
  ids: RecordIds,
  close: (record: number, description: string) => Promise<void>
): Filing => {
  // A run may file the same version twice on purpose (it rehearses a rollback and comes back), so a lost reply must
  // not be taken for a record made earlier.
  const known = new Set<number>();

  const unknownTwins = async (order: Order): Promise<readonly Created[]> => {
    const found = await twins(client, order);
    return found.filter((each) => !known.has(each.id)).toSorted((a, b) => a.id - b.id);
  };

  const file = async (order: Order): Promise<number> => {
    let looked = false;
    const find: LookUp<Created>['find'] = async () => {
      looked = true;
      return (await unknownTwins(order)).at(0);
    };
    const request = creation(order);
    const created = valueOf(request, await client.change(request, { find, looks: client.pace.looks }));
    known.add(created.id);
    ids.learn(created.node_id, created.id);
    if (created.sha !== order.commit) {
      await close(created.id, 'Filed at another commit than asked for');
      throw failed(request, `filed at ${created.sha} instead of ${order.commit}`);
    }
    // Only after a lost reply: had the list lagged so long that it was made twice, the spare one would hold the queue.
    const spare = looked ? await unknownTwins(order) : [];
    for (const { id: double } of spare) await close(double, 'Made twice: the first answer was lost');
    return created.id;
  };

  return { file };
};
