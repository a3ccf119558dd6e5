import * as v from 'valibot';
import { readTagMessage } from '../../domain/tag-message.ts';
import type { ReleaseState, Releases } from '../../ports.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { failed, valueOf } from './reply.ts';
import type { Answer, Refused } from './reply.ts';
import { sha, timestamp } from './shapes.ts';

const read = 'contents: read';
const permission = 'contents: write';

/** The account that GitHub shows for what a workflow's own token does. */
const TAGGER = { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' };

export const refShape = v.object({ object: v.object({ type: v.string(), sha }) });
export type Ref = v.InferOutput<typeof refShape>;
const tagShape = v.object({ message: v.string(), object: v.object({ type: v.string(), sha }) });

/** Undefined when there is no such tag. */
const refOf = async (client: Client, tag: string): Promise<Ref['object'] | undefined> => {
  const route = 'GET /repos/{owner}/{repo}/git/ref/tags/{tag}';
  const request = { call: route, route, permission: read, parameters: { tag }, read: shaped(refShape) };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 404) return undefined;
  return valueOf(request, answer).object;
};

/** One call for no tag or a lightweight one, two for an annotated one. */
export const tagState = async (client: Client, tag: string): Promise<ReleaseState['tag']> => {
  const target = await refOf(client, tag);
  if (target === undefined) return undefined;
  if (target.type === 'commit') return { commit: target.sha };
  const route = 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}';
  const request = { call: route, route, permission: read, parameters: { tag_sha: target.sha }, read: shaped(tagShape) };
  const { message, object } = valueOf(request, await client.ask(request));
  if (object.type !== 'commit') throw failed(request, `the tag ${tag} points at a ${object.type}, not at a commit`);
  const note = readTagMessage(message);
  return { commit: object.sha, ...(note === undefined ? {} : { note }) };
};

/** A reference of ours that is neither branch nor tag, without the `refs/` of its name. */
export const findHidden = async (client: Client, name: string): Promise<Ref | undefined> => {
  const route = `GET /repos/{owner}/{repo}/git/ref/${name}`;
  const request = { call: route, route, permission: read, read: shaped(refShape) };
  const answer = await client.ask(request);
  return answer.kind === 'refused' && answer.status === 404 ? undefined : valueOf(request, answer);
};

/** Undefined where it is no tag object. */
export const messageOf = async (client: Client, { object }: Ref): Promise<string | undefined> => {
  if (object.type !== 'tag') return undefined;
  const route = 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}';
  const request = { call: route, route, permission: read, parameters: { tag_sha: object.sha }, read: shaped(tagShape) };
  const answer = await client.ask(request);
  return answer.kind === 'refused' && answer.status === 404 ? undefined : valueOf(request, answer).message;
};

type NewTag = Parameters<Releases['createTag']>[0];

/** Tag objects are named by their content: the same request gives the same object, so it may be repeated. */
export const createObject = async (client: Client, { name, commit, message, date }: NewTag): Promise<string> => {
  const route = 'POST /repos/{owner}/{repo}/git/tags';
  const tagger = { ...TAGGER, date: v.parse(timestamp, date) };
  const parameters = { tag: name, message, object: commit, type: 'commit', tagger };
  const request = { call: route, route, permission, parameters, read: shaped(v.object({ sha })) };
  return valueOf(request, await client.ask(request)).sha;
};

export const EXISTS = /reference already exists/i;
const RULES = /rule violation|protected|ruleset|creations? being restricted|cannot create ref/i;
const USED = /immutable release/i;

const advice = ({ message }: Refused, tag: string): string => {
  if (USED.test(message))
    return `${message}. The name ${tag} was used by an immutable release and stays used: release a new version`;
  return `${message}. A rule of this repository forbids creating the tag ${tag}: exclude it from the rule or let GitHub Actions bypass it`;
};

const explained = (answer: Answer<Ref>, request: Request<Ref>, tag: string): Ref => {
  const refused = answer.kind === 'refused' && !answer.forbidden && [403, 422].includes(answer.status);
  if (refused && (RULES.test(answer.message) || USED.test(answer.message))) throw failed(request, advice(answer, tag));
  return valueOf(request, answer);
};

/** Two calls. Creating the reference is the lock: of two runs one gets 201, the other 422. */
export const createTag = async (client: Client, tag: NewTag): Promise<'created' | 'exists'> => {
  const object = await createObject(client, tag);
  const route = 'POST /repos/{owner}/{repo}/git/refs';
  const parameters = { ref: `refs/tags/${tag.name}`, sha: object };
  const request: Request<Ref> = { call: route, route, permission, parameters, read: shaped(refShape) };
  const find = async (): Promise<Ref | undefined> => {
    const target = await refOf(client, tag.name);
    return target === undefined ? undefined : { object: target };
  };
  const answer = await client.change(request, { find, looks: 1 });
  if (answer.kind === 'refused' && answer.status === 422 && EXISTS.test(answer.message)) return 'exists';
  return explained(answer, request, tag.name).object.sha === object ? 'created' : 'exists';
};
