import { buffer } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { mayDo } from './access.ts';
import type { Caller } from './access.ts';
import { jsonAnswer, refusalBody } from './answer.ts';
import type { Answer } from './answer.ts';
import { Problem } from './call.ts';
import type { Operation, Reply } from './call.ts';
import { fieldsOf } from './fields.ts';
import { OPERATIONS } from './operations.ts';
import type { Match } from './router.ts';
import type { View } from './state.ts';
import type { Validation } from './validation.ts';
import type { World } from './world.ts';

export interface RestRequest {
  readonly match: Match;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly caller: Caller;
  readonly view: View;
}

export interface Rest {
  readonly world: World;
  readonly validation: Validation;
  /** Where our own mistakes go: an answer that GitHub's schema does not allow. */
  readonly report: (problem: string) => void;
}

const mismatch = (errors: readonly string[]): Problem => new Problem(422, `Invalid request.\n\n${errors.join('\n')}`);

const isUpload = (match: Match): boolean => match.route.operation === 'repos/upload-release-asset';

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const text = (await buffer(request)).toString('utf8');
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new Problem(400, 'Problems parsing JSON');
  }
};

const checkAccess = ({ world }: Rest, { match, caller }: RestRequest, operation: Operation): void => {
  const { owner, repo } = match.parameters;
  const { settings } = world;
  const other =
    owner !== undefined &&
    `${owner}/${repo ?? ''}`.toLowerCase() !== `${settings.owner}/${settings.name}`.toLowerCase();
  if (other) throw new Problem(404, 'Not Found');
  if (!mayDo(caller, operation.needs, settings.visibility)) {
    throw new Problem(403, 'Resource not accessible by integration');
  }
};

const operationOf = (match: Match): Operation => {
  const operation = OPERATIONS[match.route.operation];
  if (operation === undefined) throw new Problem(501, `not emulated: ${match.route.operation}`);
  return operation;
};

const run = async (rest: Rest, asked: RestRequest): Promise<Reply> => {
  const { match, request, url, caller, view } = asked;
  const operation = operationOf(match);
  const json = isUpload(match) ? undefined : await readJson(request);
  checkAccess(rest, asked, operation);
  const path = rest.validation.parameters(match.route, 'path', match.parameters);
  if (path.errors.length > 0) throw new Problem(404, 'Not Found');
  const query = rest.validation.parameters(match.route, 'query', Object.fromEntries(url.searchParams));
  const wrong = [...query.errors, ...rest.validation.body(match.route, json)];
  if (wrong.length > 0) throw mismatch(wrong);
  return operation.run({
    world: rest.world,
    view,
    caller,
    params: fieldsOf(path.values),
    query: fieldsOf(query.values),
    body: fieldsOf(json),
    request,
    accept: request.headers.accept ?? ''
  });
};

const settled = async (rest: Rest, asked: RestRequest): Promise<Reply> => {
  try {
    return await run(rest, asked);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: error.status, body: refusalBody(error.status, error.message, error.errors) };
  }
};

/** Carries out a REST request. An answer of ours that breaks GitHub's schema is a loud 500, and reported. */
export const answerRest = async (rest: Rest, asked: RestRequest): Promise<Answer> => {
  const { operation } = asked.match.route;
  const reply = await settled(rest, asked);
  const wrong = rest.validation.reply(asked.match.route, reply.status, reply.body);
  if (wrong.length === 0) return jsonAnswer(reply.status, reply.body, reply.headers);
  const problem = `${operation} answered ${reply.status} against GitHub's schema: ${wrong.join('; ')}`;
  rest.report(problem);
  return jsonAnswer(500, { message: problem });
};
