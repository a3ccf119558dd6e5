import * as v from 'valibot';
import { shaped } from './client.ts';
import type { Client } from './client.ts';
import { valueOf } from './reply.ts';
import { id } from './shapes.ts';

/**
 * Numbers of deployments by their node id. GraphQL gives a deployment's number as a 32-bit `Int` only, and numbers on
 * github.com have outgrown it (https://github.com/Shopify/shipit-engine/pull/1385). Where it is missing, REST knows
 * both; what is known once costs no further call.
 */
export interface RecordIds {
  learn(node: string | undefined, number: number): void;
  known(node: string): number | undefined;
  /** One call. */
  look(environment: string, of?: Listing): Promise<void>;
}

/** Which hundred of an environment's records; pages count from 1. */
export interface Listing {
  readonly task: 'deploy' | 'preview';
  readonly page: number;
}

const NEWEST: Listing = { task: 'deploy', page: 1 };

const listShape = v.array(v.object({ id, node_id: v.string() }));

export const createRecordIds = (client: Client): RecordIds => {
  const numbers = new Map<string, number>();
  return {
    learn: (node, number) => {
      if (node !== undefined) numbers.set(node, number);
    },
    known: (node) => numbers.get(node),
    look: async (environment, { task, page } = NEWEST) => {
      const route = 'GET /repos/{owner}/{repo}/deployments';
      const parameters = { environment, task, per_page: 100, ...(page === 1 ? {} : { page }) };
      const request = { call: route, route, permission: 'deployments: read', parameters, read: shaped(listShape) };
      for (const each of valueOf(request, await client.ask(request))) numbers.set(each.node_id, each.id);
    }
  };
};
