import type { FactsQuestion } from '../../ports.ts';
import { STOP_LABEL } from './stops.ts';

export interface Query {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const FRAGMENTS = `
fragment record on Deployment {
  id databaseId environment commitOid task payload state createdAt
  statuses(first: 20) { nodes { state createdAt environmentUrl } }
}
fragment published on Release {
  databaseId tagName isDraft isPrerelease isLatest url tagCommit { oid }
  tag { target { __typename ... on Tag { message } } }
}`;

/** The newest 30 records of an environment: deciding needs the live one, the last good one and the open ones. */
const recordsAlias = (_: string, index: number): string =>
  `env${index}: deployments(environments: [$env${index}], first: 30, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { ...record } }`;

/** One query for everything. Values travel as variables, never as part of the text. */
export const factsQuery = (
  { environments, tag }: FactsQuestion,
  repository: { owner: string; name: string }
): Query => {
  const declared = environments.map((_, index) => `, $env${index}: String!`).join('');
  const asked = tag === undefined ? '' : 'asked: release(tagName: $tag) { ...published }';
  const query = `query facts($owner: String!, $name: String!${declared}${tag === undefined ? '' : ', $tag: String!'}) {
  repository(owner: $owner, name: $name) {
    ${environments.map(recordsAlias).join('\n    ')}
    releases(first: 30, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { ...published } }
    ${asked}
    stops: issues(labels: ["${STOP_LABEL}"], states: OPEN, first: 10) { nodes { number url title createdAt author { login } } }
  }
}${environments.length === 0 ? FRAGMENTS.slice(FRAGMENTS.indexOf('fragment published')) : FRAGMENTS}`;
  const named = Object.fromEntries(environments.map((environment, index) => [`env${index}`, environment]));
  return { query, variables: { ...repository, ...named, ...(tag === undefined ? {} : { tag }) } };
};
