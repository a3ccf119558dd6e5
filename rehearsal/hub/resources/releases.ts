import { rm } from 'node:fs/promises';
import type { Caller } from '../access.ts';
import { byId, invalid, newestFirst, notFound, paged, reads, replaced, writes } from '../call.ts';
import type { Call, Detail, Operations, Reply } from '../call.ts';
import { resolveCommit } from '../git-objects.ts';
import type { Release } from '../records.ts';
import { nowStamp } from '../world.ts';
import { assetsOf, latestRelease, releaseView } from './release-view.ts';
import { writeRef } from './refs.ts';

const problem = (code: string, field: string): Detail => ({ resource: 'Release', code, field });

/** Drafts exist for those who may write. */
export const seesDrafts = (caller: Caller): boolean => caller.allows('contents', 'write');

export const visibleRelease = (call: Call, id: number): Release => {
  const release = byId(call.view.data.releases, id);
  if (release.draft && !seesDrafts(call.caller)) throw notFound();
  return release;
};

const show = (call: Call, status: number, release: Release): Reply => ({
  status,
  body: releaseView(call.world, status === 201 ? call.world.state.now().data : call.view.data, release)
});

const list = (call: Call): Reply => {
  const { data } = call.view;
  const visible = data.releases.filter((release) => !release.draft || seesDrafts(call.caller));
  const { items, headers } = paged(call, newestFirst(visible));
  return { status: 200, headers, body: items.map((release) => releaseView(call.world, data, release)) };
};

const byTag = (call: Call): Reply => {
  const tag = call.params.text('tag');
  // drafts are never found by tag, whoever asks
  const release = call.view.data.releases.find((each) => each.tag === tag && !each.draft);
  if (release === undefined) throw notFound();
  return show(call, 200, release);
};

const latest = (call: Call): Reply => {
  const release = latestRelease(call.view.data);
  if (release === undefined) throw notFound();
  return show(call, 200, release);
};

const targetDate = async ({ world }: Call, release: Pick<Release, 'tag' | 'target'>): Promise<string | undefined> => {
  const none = new Map<string, string>();
  const commit =
    (await resolveCommit(world.git, `refs/tags/${release.tag}`, none)) ??
    (await resolveCommit(world.git, release.target, none));
  return commit?.commit.committer.date;
};

/** What publishing does: the tag must be free, and is made where it is missing. */
const publish = async ({ world }: Call, release: Release): Promise<Release> => {
  const { data } = world.state.now();
  if (data.burntTags.includes(release.tag)) {
    throw invalid({ ...problem('custom', 'tag_name'), message: 'tag_name was used by an immutable release' });
  }
  const taken = data.releases.some((other) => other.id !== release.id && !other.draft && other.tag === release.tag);
  if (taken) throw invalid(problem('already_exists', 'tag_name'));
  const name = `refs/tags/${release.tag}`;
  if ((await world.git.read(name)) === undefined) {
    const target = await resolveCommit(world.git, release.target, new Map());
    if (target === undefined) throw invalid(problem('invalid', 'target_commitish'));
    const made = await writeRef(world, name, { before: undefined, after: target.commit.sha });
    if (!made) throw invalid(problem('invalid', 'tag_name'));
  }
  return { ...release, draft: false, publishedAt: nowStamp(world), immutable: world.settings.immutableReleases };
};

const markLatest = ({ world, body }: Call, release: Release): void => {
  const wish = body.textOr('make_latest', 'true');
  if (release.draft || (release.prerelease && !body.has('make_latest'))) return;
  if (release.prerelease && wish === 'true') throw invalid(problem('invalid', 'make_latest'));
  if (wish === 'true') world.state.write((data) => ({ ...data, latestRelease: release.id }));
  if (wish === 'legacy') world.state.write((data) => ({ ...data, latestRelease: null }));
};

const drafted = async (call: Call): Promise<Release> => {
  const { world, body, caller } = call;
  const now = nowStamp(world);
  const [tag, target] = [body.text('tag_name'), body.textOr('target_commitish', world.settings.defaultBranch)];
  return {
    id: world.state.nextId(),
    tag,
    target,
    name: body.textOr('name', null),
    body: body.textOr('body', null),
    draft: true,
    prerelease: body.flagOr('prerelease', false),
    immutable: false,
    author: caller.login,
    commitDate: (await targetDate(call, { tag, target })) ?? now,
    createdAt: now,
    updatedAt: now,
    publishedAt: null
  };
};

const MOST_CHARACTERS = 125_000;

const checkBody = ({ body }: Call): void => {
  if (body.textOr('body', '').length > MOST_CHARACTERS) {
    throw invalid({
      ...problem('custom', 'body'),
      message: `body is too long (maximum is ${MOST_CHARACTERS} characters)`
    });
  }
};

const create = async (call: Call): Promise<Reply> => {
  checkBody(call);
  const draft = await drafted(call);
  const release = call.body.flagOr('draft', false) ? draft : await publish(call, draft);
  call.world.state.write((data) => ({ ...data, releases: [...data.releases, release] }));
  markLatest(call, release);
  return show(call, 201, release);
};

/** Of an immutable release only texts and flags change. */
const checkChangeable = ({ body }: Call, release: Release): void => {
  if (!release.immutable || release.draft) return;
  const moved = body.textOr('tag_name', release.tag) !== release.tag;
  const aimed = body.textOr('target_commitish', release.target) !== release.target;
  if (moved || aimed || body.flagOr('draft', false))
    throw invalid(problem('custom', moved ? 'tag_name' : 'target_commitish'));
};

const update = async (call: Call): Promise<Reply> => {
  const { world, body, params } = call;
  checkBody(call);
  const release = byId(world.state.now().data.releases, params.number('release_id'));
  checkChangeable(call, release);
  const edited: Release = {
    ...release,
    tag: body.textOr('tag_name', release.tag),
    target: body.textOr('target_commitish', release.target),
    name: body.textOr('name', release.name),
    body: body.textOr('body', release.body),
    prerelease: body.flagOr('prerelease', release.prerelease),
    updatedAt: nowStamp(world)
  };
  const wantsDraft = body.flagOr('draft', release.draft);
  const after = release.draft && !wantsDraft ? await publish(call, edited) : { ...edited, draft: wantsDraft };
  world.state.write((data) => ({ ...data, releases: replaced(data.releases, after) }));
  const published = release.draft && !after.draft;
  const promoted = release.prerelease && !after.prerelease;
  if (published || promoted || body.has('make_latest')) markLatest(call, after);
  return { status: 200, body: releaseView(world, world.state.now().data, after) };
};

const remove = async ({ world, params }: Call): Promise<Reply> => {
  const { data } = world.state.now();
  const release = byId(data.releases, params.number('release_id'));
  const gone = assetsOf(data, release);
  world.state.write((before) => ({
    ...before,
    releases: before.releases.filter((other) => other.id !== release.id),
    assets: before.assets.filter((asset) => asset.release !== release.id),
    burntTags: release.immutable ? [...before.burntTags, release.tag] : before.burntTags
  }));
  for (const asset of gone) await rm(asset.file, { force: true });
  return { status: 204 };
};

export const releases: Operations = {
  'repos/list-releases': { needs: reads('contents'), run: list },
  'repos/get-release-by-tag': { needs: reads('contents'), run: byTag },
  'repos/get-latest-release': { needs: reads('contents'), run: latest },
  'repos/get-release': {
    needs: reads('contents'),
    run: (call) => show(call, 200, visibleRelease(call, call.params.number('release_id')))
  },
  'repos/create-release': { needs: writes('contents'), run: create },
  'repos/update-release': { needs: writes('contents'), run: update },
  'repos/delete-release': { needs: writes('contents'), run: remove }
};
