import * as v from 'valibot';
import type { Asset, Hosting, ReleaseState, Releases } from '../../ports.ts';
import { assetShape, usable } from './asset-list.ts';
import { nothing, shaped } from './client.ts';
import type { Client, LookUp, Request } from './client.ts';
import { valueOf } from './reply.ts';
import { id, link } from './shapes.ts';
import { createTag, tagState } from './tags.ts';
import { cut } from './text.ts';

const read = 'contents: read';
const permission = 'contents: write';
/** GitHub's limit for the text of a release, in characters. */
const BODY = 125_000;
const PER_PAGE = 100;
/** Drafts of current work stand at the top of the list; five pages are 500 releases. */
const PAGES = 5;

const releaseShape = v.object({
  id,
  tag_name: v.string(),
  draft: v.boolean(),
  html_url: link,
  upload_url: v.string(),
  assets: v.optional(v.array(assetShape), [])
});
type Release = v.InferOutput<typeof releaseShape>;

/** Published releases are found by tag; drafts are not. */
const publishedAt = async (client: Client, tag: string): Promise<Release | undefined> => {
  const route = 'GET /repos/{owner}/{repo}/releases/tags/{tag}';
  const request = { call: route, route, permission: read, parameters: { tag }, read: shaped(releaseShape) };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 404) return undefined;
  return valueOf(request, answer);
};

/** The oldest draft of the tag, so that two runs that both made one go on with the same. */
const draftOf = async (client: Client, tag: string): Promise<Release | undefined> => {
  const route = 'GET /repos/{owner}/{repo}/releases';
  const found: Release[] = [];
  for (let page = 1; page <= PAGES && found.length === 0; page += 1) {
    const parameters = { per_page: PER_PAGE, page };
    const request = { call: route, route, permission: read, parameters, read: shaped(v.array(releaseShape)) };
    const listed = valueOf(request, await client.ask(request));
    found.push(...listed.filter((release) => release.tag_name === tag));
    if (listed.length < PER_PAGE) break;
  }
  return found.toSorted((a, b) => Number(a.draft) - Number(b.draft) || a.id - b.id).at(0);
};

/** Where the assets of a release are sent to; GitHub names the place when it shows the release. */
export type UploadUrls = Map<number, string>;

interface Tools {
  readonly client: Client;
  readonly urls: UploadUrls;
}

type Shown = NonNullable<ReleaseState['release']>;

const shown = ({ urls }: Tools, release: Release): Shown => {
  urls.set(release.id, release.upload_url);
  const assets = release.assets.flatMap((asset): Asset[] => usable(asset));
  return { id: release.id, draft: release.draft, url: release.html_url, assets };
};

const releaseState = async (tools: Tools, tag: string): Promise<ReleaseState> => {
  const { client } = tools;
  const tagged = await tagState(client, tag);
  const release = (await publishedAt(client, tag)) ?? (await draftOf(client, tag));
  return {
    ...(tagged === undefined ? {} : { tag: tagged }),
    ...(release === undefined ? {} : { release: shown(tools, release) })
  };
};

type Draft = Parameters<Releases['createDraft']>[0];

/** May be repeated: gone is gone. */
const remove = async (client: Client, release: number): Promise<void> => {
  const route = 'DELETE /repos/{owner}/{repo}/releases/{release_id}';
  const parameters = { release_id: release };
  const request = { call: route, route, permission, parameters, read: nothing };
  const answer = await client.ask(request);
  if (answer.kind === 'ok' || answer.status !== 404) valueOf(request, answer);
};

/**
 * GitHub takes any number of drafts for one tag. Whoever made a younger one removes it again and goes on with the
 * oldest, so that two runs that release at the same time end with one.
 */
const theOne = async (client: Client, made: Release): Promise<Release> => {
  const first = await draftOf(client, made.tag_name);
  if (first === undefined || first.id === made.id || (first.draft && first.id > made.id)) return made;
  await remove(client, made.id);
  return first;
};

const createDraft = async (tools: Tools, { tag, commit, name, body }: Draft): Promise<Shown> => {
  const { client } = tools;
  const route = 'POST /repos/{owner}/{repo}/releases';
  const content = { tag_name: tag, target_commitish: commit, name, body: cut(body, BODY) };
  const parameters = { ...content, draft: true, prerelease: true };
  const request: Request<Release> = { call: route, route, permission, parameters, read: shaped(releaseShape) };
  const lookUp: LookUp<Release> = { find: () => draftOf(client, tag), looks: client.pace.looks };
  const made = valueOf(request, await client.change(request, lookUp));
  return shown(tools, await theOne(client, made));
};

const releaseWith = (client: Client, release: number): Promise<Release> => {
  const route = 'GET /repos/{owner}/{repo}/releases/{release_id}';
  const parameters = { release_id: release };
  const request = { call: route, route, permission: read, parameters, read: shaped(releaseShape) };
  return client.ask(request).then((answer) => valueOf(request, answer));
};

/** `make_latest` stays false: what is latest is decided after production, not here. */
const publish = async (client: Client, release: number): Promise<string> => {
  const route = 'PATCH /repos/{owner}/{repo}/releases/{release_id}';
  const parameters = { release_id: release, draft: false, prerelease: true, make_latest: 'false' };
  const request: Request<Release> = { call: route, route, permission, parameters, read: shaped(releaseShape) };
  const find = async (): Promise<Release | undefined> => {
    const now = await releaseWith(client, release);
    return now.draft ? undefined : now;
  };
  return valueOf(request, await client.change(request, { find, looks: 1 })).html_url;
};

/** Works on immutable releases too. The same however often it is made. */
const makeFull = async (client: Client, release: number, latest: boolean): Promise<void> => {
  const route = 'PATCH /repos/{owner}/{repo}/releases/{release_id}';
  const parameters = { release_id: release, prerelease: false, make_latest: String(latest) };
  const request: Request<Release> = { call: route, route, permission, parameters, read: shaped(releaseShape) };
  valueOf(request, await client.ask(request));
};

/** The template (RFC 6570, `{?name,label}`) for uploads to a release; one call when it was not shown before. */
export const uploadUrlOf = async (tools: Tools, release: number): Promise<string> => {
  const known = tools.urls.get(release);
  if (known !== undefined) return known;
  const { upload_url: url } = await releaseWith(tools.client, release);
  tools.urls.set(release, url);
  return url;
};

/** Calls when nothing fails: `releaseState` 2 to 4 (and one per further hundred releases), `createTag` and `createDraft` 2,
 * others 1. */
export const createReleases = (
  client: Client,
  urls: UploadUrls
): Pick<Hosting, 'releaseState' | 'createTag' | 'createDraft' | 'publish' | 'makeFull'> => ({
  releaseState: (tag) => releaseState({ client, urls }, tag),
  createTag: (tag) => createTag(client, tag),
  createDraft: (draft) => createDraft({ client, urls }, draft),
  publish: (release) => publish(client, release),
  makeFull: (release, latest) => makeFull(client, release, latest)
});
