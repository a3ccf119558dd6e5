import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from './access.ts';
import { jsonAnswer, refusalBody } from './answer.ts';
import type { Answer } from './answer.ts';
import type { View } from './state.ts';
import type { World } from './world.ts';

export interface GraphCall {
  readonly request: IncomingMessage;
  readonly caller: Caller;
  readonly view: View;
}

export type Graph = (call: GraphCall) => Promise<Answer>;

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  try {
    const value: unknown = JSON.parse((await buffer(request)).toString('utf8'));
    return value;
  } catch {
    return undefined;
  }
};

let loading: Promise<GraphQLSchema> | undefined;

/** GraphQL and its megabyte of schema are loaded by the first query, for all hubs of the process. */
export const createGraph =
  (world: World, report: (problem: string) => void): Graph =>
  async ({ request, caller, view }) => {
    const { executeGraph, graphRequest, loadSchema } = await import('./graphql/execute.ts');
    const asked = request.method === 'POST' ? graphRequest(await readBody(request)) : undefined;
    if (asked === undefined) return jsonAnswer(400, refusalBody(400, 'Problems parsing JSON'));
    loading ??= loadSchema();
    const result = await executeGraph({
      schema: await loading,
      scope: { world, view, caller },
      request: asked,
      report
    });
    // partial data and refusals alike come with 200
    return jsonAnswer(200, result);
  };
