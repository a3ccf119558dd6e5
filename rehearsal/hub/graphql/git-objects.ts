import { parseCommit, parseTag, peel, readRef } from '../git-objects.ts';
import type { Person } from '../git-objects.ts';
import type { GitObject } from '../git.ts';
import { nodeId, repositoryPage } from '../world.ts';
import type { GraphScope } from './scope.ts';

const person = ({ name, email, date }: Person): object => ({ name, email, date, user: null });

const common = ({ world }: GraphScope, object: GitObject): Readonly<Record<string, unknown>> => ({
  id: nodeId(object.type, object.oid),
  oid: object.oid,
  abbreviatedOid: object.oid.slice(0, 7),
  commitUrl: `${repositoryPage(world)}/commit/${object.oid}`,
  commitResourcePath: new URL(`${repositoryPage(world)}/commit/${object.oid}`).pathname
});

const commitNode = (scope: GraphScope, object: GitObject): object => {
  const commit = parseCommit(object);
  const [headline = '', ...rest] = commit.message.split('\n');
  const url = `${repositoryPage(scope.world)}/commit/${commit.sha}`;
  return {
    __typename: 'Commit',
    ...common(scope, object),
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    committedDate: commit.committer.date,
    authoredDate: commit.author.date,
    author: person(commit.author),
    committer: person(commit.committer),
    url,
    resourcePath: new URL(url).pathname
  };
};

const tagNode = (scope: GraphScope, object: GitObject): object => {
  const tag = parseTag(object);
  return {
    __typename: 'Tag',
    ...common(scope, object),
    name: tag.name,
    message: tag.message,
    tagger: person(tag.tagger),
    target: async () => {
      const target = await scope.world.git.read(tag.object);
      return target === undefined ? null : gitNode(scope, target);
    }
  };
};

export const gitNode = (scope: GraphScope, object: GitObject): object => {
  switch (object.type) {
    case 'commit':
      return commitNode(scope, object);
    case 'tag':
      return tagNode(scope, object);
    case 'tree':
      return { __typename: 'Tree', ...common(scope, object) };
    case 'blob':
      return {
        __typename: 'Blob',
        ...common(scope, object),
        byteSize: object.content.length,
        isBinary: object.content.includes(0),
        isTruncated: false,
        text: object.content.includes(0) ? null : object.content.toString('utf8')
      };
  }
};

export const refNode = async (scope: GraphScope, name: string): Promise<object | null> => {
  const object = await readRef(scope.world.git, name, scope.view.refs);
  if (object === undefined) return null;
  const [prefix = ''] = /^refs\/[^/]+\//.exec(name) ?? [];
  return {
    __typename: 'Ref',
    id: nodeId('REF', name),
    name: name.slice(prefix.length),
    prefix,
    target: () => gitNode(scope, object)
  };
};

/** Fully qualified names first, short ones after, as the schema documents it. */
export const findRef = async (scope: GraphScope, name: string): Promise<object | null> => {
  if (name.startsWith('refs/')) return refNode(scope, name);
  return (await refNode(scope, `refs/heads/${name}`)) ?? refNode(scope, `refs/tags/${name}`);
};

export const commitNodeOf = async (scope: GraphScope, revision: string): Promise<object | null> => {
  const commit = await peel(scope.world.git, await readRef(scope.world.git, revision, scope.view.refs));
  const object = commit === undefined ? undefined : await scope.world.git.read(commit.sha);
  return object === undefined ? null : gitNode(scope, object);
};
