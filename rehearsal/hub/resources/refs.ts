import { Problem, invalid, notFound, reads, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { GitError } from '../git.ts';
import type { GitObject } from '../git.ts';
import { parseTag, readRef, stamp } from '../git-objects.ts';
import { readRefs } from '../ref-list.ts';
import type { World } from '../world.ts';
import { nodeId, repositoryApi } from '../world.ts';

export const ABSENT = '0'.repeat(40);

const refView = (world: World, name: string, object: Pick<GitObject, 'oid'> & { readonly type: string }): unknown => {
  const api = repositoryApi(world);
  return {
    ref: name,
    node_id: nodeId('REF', name),
    url: `${api}/git/${name}`,
    object: { sha: object.oid, type: object.type, url: `${api}/git/${object.type}s/${object.oid}` }
  };
};

const tagView = (world: World, object: GitObject): unknown => {
  const tag = parseTag(object);
  const api = repositoryApi(world);
  return {
    node_id: nodeId('TA', tag.sha),
    sha: tag.sha,
    url: `${api}/git/tags/${tag.sha}`,
    tagger: tag.tagger,
    object: { sha: tag.object, type: tag.type, url: `${api}/git/${tag.type}s/${tag.object}` },
    tag: tag.name,
    message: tag.message,
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }
  };
};

const isEmpty = async ({ world }: Call): Promise<boolean> =>
  (await world.git.run(['for-each-ref', '--count=1', 'refs/heads'])) === '';

const getRef = async ({ world, view, params }: Call): Promise<Reply> => {
  const name = `refs/${params.text('ref')}`;
  const object = await readRef(world.git, name, view.refs);
  if (object === undefined) throw notFound();
  return { status: 200, body: refView(world, name, object) };
};

/** Everything whose name begins so, also in the middle of a part. */
const listMatching = async ({ world, params }: Call): Promise<Reply> => {
  const matching = (await readRefs(world.git, 'refs/')).filter(({ name }) => name.startsWith(params.text('ref')));
  return { status: 200, body: matching.map((each) => refView(world, `refs/${each.name}`, each)) };
};

/** Moves the ref from `before` to `after` in one step, as git's own lock allows it; undefined = does not exist. */
export const writeRef = async (
  world: World,
  name: string,
  { before, after }: { readonly before: string | undefined; readonly after: string | undefined }
): Promise<boolean> => {
  try {
    await world.git.run(['update-ref', name, after ?? ABSENT, before ?? ABSENT]);
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
  world.state.wroteRef({ name, before });
  return true;
};

export const checkName = async (world: World, name: string): Promise<void> => {
  const plausible = /^refs\/[^/]+\/./.test(name);
  const wellFormed =
    plausible &&
    (await world.git.run(['check-ref-format', name]).then(
      () => true,
      () => false
    ));
  if (!wellFormed) throw new Problem(422, "Reference name must start with 'refs/' and contain two slashes.");
};

const createRef = async (call: Call): Promise<Reply> => {
  const { world, body } = call;
  const [name, sha] = [body.text('ref'), body.text('sha')];
  if (await isEmpty(call)) throw new Problem(409, 'Git Repository is empty.');
  await checkName(world, name);
  const object = await world.git.read(sha);
  if (object === undefined || object.oid !== sha) throw new Problem(422, 'Object does not exist');
  // git creates it or refuses; also when it already points there, for the API does not compare
  if (!(await writeRef(world, name, { before: undefined, after: sha })))
    throw new Problem(422, 'Reference already exists');
  return { status: 201, body: refView(world, name, object) };
};

const held = async ({ world }: Call, name: string): Promise<string> => {
  const now = await world.git.read(name);
  if (now === undefined) throw new Problem(422, 'Reference does not exist');
  return now.oid;
};

/** The tag of a published immutable release neither moves nor goes. */
export const checkMovable = (world: World, name: string): void => {
  const { releases } = world.state.now().data;
  const fixed = releases.some((release) => release.immutable && !release.draft && `refs/tags/${release.tag}` === name);
  if (fixed) throw new Problem(422, 'Repository rule violations found\n\nCannot change a tag of an immutable release');
};

export const isForward = (world: World, before: string, after: string): Promise<boolean> =>
  world.git.run(['merge-base', '--is-ancestor', before, after]).then(
    () => true,
    () => false
  );

const updateRef = async (call: Call): Promise<Reply> => {
  const { world, params, body } = call;
  const [name, sha] = [`refs/${params.text('ref')}`, body.text('sha')];
  const before = await held(call, name);
  checkMovable(world, name);
  const object = await world.git.read(sha);
  if (object === undefined) throw new Problem(422, 'Object does not exist');
  if (!(await isForward(world, before, sha)) && !body.flagOr('force', false))
    throw new Problem(422, 'Update is not a fast forward');
  await writeRef(world, name, { before, after: sha });
  return { status: 200, body: refView(world, name, object) };
};

const deleteRef = async (call: Call): Promise<Reply> => {
  const name = `refs/${call.params.text('ref')}`;
  const before = await held(call, name);
  checkMovable(call.world, name);
  await writeRef(call.world, name, { before, after: undefined });
  return { status: 204 };
};

const taggerLine = ({ world, body, caller }: Call): string => {
  const given = body.raw('tagger');
  const part = (name: string, otherwise: string): string => {
    const value: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
    return typeof value === 'string' ? value.replaceAll(/[<>\n]/g, '') : otherwise;
  };
  const email = part('email', `${caller.login}@users.noreply.github.com`);
  const date = part('date', stamp(world.now()));
  return `${part('name', caller.login)} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
};

const createTag = async (call: Call): Promise<Reply> => {
  const { world, body } = call;
  const target = await world.git.read(body.text('object'));
  if (target === undefined) throw invalid({ resource: 'Tag', code: 'invalid', field: 'object' });
  const head = `object ${target.oid}\ntype ${body.text('type')}\ntag ${body.text('tag')}\ntagger ${taggerLine(call)}`;
  const message = body.text('message');
  const input = `${head}\n\n${message}${message.endsWith('\n') ? '' : '\n'}`;
  const sha = await world.git.run(['mktag'], { input }).catch((error: unknown) => {
    throw error instanceof GitError ? invalid({ resource: 'Tag', code: 'custom', message: error.message }) : error;
  });
  const object = await world.git.read(sha.trim());
  if (object === undefined) throw new TypeError('the tag just written is not there');
  return { status: 201, body: tagView(world, object) };
};

const getTag = async ({ world, params }: Call): Promise<Reply> => {
  const object = await world.git.read(params.text('tag_sha'));
  if (object?.type !== 'tag') throw notFound();
  return { status: 200, body: tagView(world, object) };
};

export const refs: Operations = {
  'git/get-ref': { needs: reads('contents'), run: getRef },
  'git/list-matching-refs': { needs: reads('contents'), run: listMatching },
  'git/create-ref': { needs: writes('contents'), run: createRef },
  'git/update-ref': { needs: writes('contents'), run: updateRef },
  'git/delete-ref': { needs: writes('contents'), run: deleteRef },
  'git/create-tag': { needs: writes('contents'), run: createTag },
  'git/get-tag': { needs: reads('contents'), run: getTag }
};
