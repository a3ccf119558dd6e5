import { createHash, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { ReasonCode } from '../../contract.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Claim } from '../../ports/announcing.ts';
import { nothing, shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { valueOf } from './reply.ts';
import { EXISTS, createObject, findHidden, refShape } from './tags.ts';
import type { Ref } from './tags.ts';

const permission = 'contents: write';
/** Neither a branch nor a tag: no page shows these references, no ruleset speaks of them, no clone fetches them. */
const ROOM = 'esteira/announced';

/** Names of environments may hold what no reference may. */
const folderOf = ({ environment, channel }: Claim): string =>
  `${ROOM}/${createHash('sha256').update(`${environment.toLowerCase()}\n${channel}`).digest('hex').slice(0, 16)}`;

const nameOf = (claim: Claim): string => `${folderOf(claim)}/${claim.record}`;

/** This very process: what it made is told from what another one made, also after a lost answer. */
const OURS = randomUUID();

const objectOf = (client: Client, { record, commit }: Claim): Promise<string> =>
  createObject(client, {
    name: `announced-${record}`,
    commit,
    message: `Announced by ${OURS}\n`,
    date: '2000-01-01T00:00:00Z'
  });

const remove = async (client: Client, name: string): Promise<void> => {
  const route = `DELETE /repos/{owner}/{repo}/git/refs/${name}`;
  const request = { call: route, route, permission, read: nothing };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && (answer.status === 422 || answer.status === 404)) return;
  valueOf(request, answer);
};

const listShape = v.array(v.object({ ref: v.string() }));

/** A record older than this one is never live again: going back makes a new record. */
const forgetOlder = async (client: Client, claim: Claim): Promise<void> => {
  const folder = folderOf(claim);
  const route = `GET /repos/{owner}/{repo}/git/matching-refs/${folder}/`;
  const request = { call: route, route, permission: 'contents: read', read: shaped(listShape) };
  for (const { ref } of valueOf(request, await client.ask(request))) {
    const record = Number(ref.slice(`refs/${folder}/`.length));
    if (record < claim.record) await remove(client, `${folder}/${record}`);
  }
};

const LATER: ReadonlySet<ReasonCode> = new Set(['hosting-failed', 'phase-timeout']);

/** What could not be forgotten now harms nobody, and goes with the next message; the claim is had all the same. */
const tidy = async (client: Client, claim: Claim): Promise<void> => {
  try {
    await forgetOlder(client, claim);
  } catch (error) {
    if (!(error instanceof Refusal && LATER.has(error.reason.code))) throw error;
  }
};

/** Creating a reference is the lock: of two runs one gets 201, the other 422. Three calls, and one per older claim. */
export const claim = async (client: Client, asked: Claim): Promise<'claimed' | 'taken'> => {
  const object = await objectOf(client, asked);
  const route = 'POST /repos/{owner}/{repo}/git/refs';
  const parameters = { ref: `refs/${nameOf(asked)}`, sha: object };
  const request: Request<Ref> = { call: route, route, permission, parameters, read: shaped(refShape) };
  const answer = await client.change(request, { find: () => findHidden(client, nameOf(asked)), looks: 1 });
  if (answer.kind === 'refused' && answer.status === 422 && EXISTS.test(answer.message)) return 'taken';
  if (valueOf(request, answer).object.sha !== object) return 'taken';
  await tidy(client, asked);
  return 'claimed';
};

/** Only a claim of this very process goes. */
export const unclaim = async (client: Client, asked: Claim): Promise<void> => {
  const standing = await findHidden(client, nameOf(asked));
  if (standing?.object.sha === (await objectOf(client, asked))) await remove(client, nameOf(asked));
};
