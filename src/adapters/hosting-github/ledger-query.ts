import { MANIFEST_NAME } from '../../domain/release.ts';
import type { LedgerQuestion } from '../../ports/ledger.ts';
import type { Query } from './facts-query.ts';
import { STOP_LABEL } from './stops.ts';

/** GitHub's most for one page. */
const PER_PAGE = 100;
const INCIDENTS = 50;

const RECORD = `
fragment record on Deployment {
  id environment commitOid task payload state createdAt
  statuses(first: 20) { nodes { state createdAt environmentUrl } }
}`;

const RELEASE = `
fragment listed on Release {
  databaseId tagName isDraft isPrerelease url publishedAt tagCommit { oid }
  tag { target { __typename ... on Tag { message } } }
  releaseAssets(first: 1, name: "${MANIFEST_NAME}") { nodes { url } }
}`;

const ORDER = 'orderBy: {field: CREATED_AT, direction: DESC}';

interface Part {
  readonly declared: string;
  readonly field: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface List {
  readonly name: 'records' | 'releases';
  readonly alias: string;
  /** Its field, and the arguments of its own. */
  readonly field: string;
  readonly node: string;
}

const RECORDS: List = {
  name: 'records',
  alias: 'envs',
  field: 'deployments(environments: $environments, ',
  node: 'record'
};
const RELEASES: List = { name: 'releases', alias: 'releases', field: 'releases(', node: 'listed' };

/** One page of a list, while it goes on; its cursor travels as a variable of its name. */
const partOf = ({ name, alias, field, node }: List, { after }: LedgerQuestion): Part[] => {
  const cursor = after?.[name];
  if (cursor === null) return [];
  const from = cursor === undefined ? '' : `, after: $${name}`;
  const total = after === undefined ? 'totalCount ' : '';
  const asked = `${total}pageInfo { hasNextPage endCursor } nodes { ...${node} }`;
  return [
    {
      declared: cursor === undefined ? '' : `, $${name}: String!`,
      field: `${alias}: ${field}first: ${PER_PAGE}${from}, ${ORDER}) { ${asked} }`,
      variables: cursor === undefined ? {} : { [name]: cursor }
    }
  ];
};

/** The other end of a list that is read from both. */
const oldestOf = ({ name, alias, field, node }: List, { after, oldest }: LedgerQuestion): Part[] => {
  if (oldest?.list !== name || after?.[name] === null) return [];
  const { before } = oldest;
  const until = before === null ? '' : ', before: $before';
  return [
    {
      declared: before === null ? '' : ', $before: String!',
      field: `${alias}Oldest: ${field}last: ${PER_PAGE}${until}, ${ORDER}) { pageInfo { hasPreviousPage startCursor } nodes { ...${node} } }`,
      variables: before === null ? {} : { before }
    }
  ];
};

const bothOf = (list: List, question: LedgerQuestion): readonly Part[] => [
  ...partOf(list, question),
  ...oldestOf(list, question)
];

const STOPS: Part = {
  declared: '',
  field: `stops: issues(labels: ["${STOP_LABEL}"], states: [OPEN, CLOSED], first: ${INCIDENTS}, ${ORDER}) {
      nodes { number url title createdAt closedAt author { login } }
    }`,
  variables: {}
};

/**
 * 100 records and 100 releases together, 100 more of one of them from its other end, and the records to look at again;
 * the first page also holds stopped lines.
 */
export const ledgerQuery = (question: LedgerQuestion, repository: { owner: string; name: string }): Query => {
  const { environments, again, after } = question;
  // an empty filter may mean every environment there is
  const records = environments.length === 0 ? [] : bothOf(RECORDS, question);
  const releases = bothOf(RELEASES, question);
  const parts = [...records, ...releases, ...(after === undefined ? [STOPS] : [])];
  const looks = again.length > 0;
  const lists = records.length > 0;
  const fragments = [...(lists || looks ? [RECORD] : []), ...(releases.length > 0 ? [RELEASE] : [])].join('');
  const declared = `${lists ? ', $environments: [String!]!' : ''}${parts.map((part) => part.declared).join('')}`;
  const query = `query ledger($owner: String!, $name: String!${declared}${looks ? ', $again: [ID!]!' : ''}) {
  repository(owner: $owner, name: $name) {
    visibility
    ${parts.map(({ field }) => field).join('\n    ')}
  }${looks ? '\n  nodes(ids: $again) { __typename ...record }' : ''}
}${fragments}`;
  const cursors = Object.fromEntries(parts.flatMap((part) => Object.entries(part.variables)));
  const variables = { ...repository, ...cursors, ...(lists ? { environments } : {}) };
  return { query, variables: looks ? { ...variables, again } : variables };
};
