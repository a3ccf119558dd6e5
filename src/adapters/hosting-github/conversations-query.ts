import type { ConversationKind } from '../../ports/announcing.ts';
import type { Query } from './facts-query.ts';

/** How many comments one look shows, newest last: ours is written when the work is over, and so stands near the end. */
const COMMENTS = 50;

const SAID = `
fragment said on IssueCommentConnection {
  pageInfo { hasPreviousPage startCursor }
  nodes { fullDatabaseId body viewerDidAuthor }
}`;

const FRAGMENTS = `${SAID}
fragment issue on Issue {
  number
  labels(first: 100) { nodes { name } }
  comments(last: ${COMMENTS}) { ...said }
}
fragment pull on PullRequest {
  number merged
  labels(first: 100) { nodes { name } }
  closingIssuesReferences(first: 20) { nodes { number repository { nameWithOwner } } }
  comments(last: ${COMMENTS}) { ...said }
}`;

interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** Within GraphQL's `Int`: one larger number would spoil the query for the others, and no conversation has it. */
export const isPossible = (number: number): boolean => number <= 2 ** 31 - 1;

/** The alias tells the kind, and with it the permission that is missing when GitHub refuses one. */
export const aliasOf = (kind: ConversationKind, index: number): string => `${kind}${index}`;

/** All numbers in one query, and the repository's node id, which the lock needs. Values travel as variables, never as part of the text. */
export const conversationsQuery = (
  { kind, numbers }: { readonly kind: ConversationKind; readonly numbers: readonly number[] },
  repository: Repository
): Query => {
  const declared = numbers.map((_, index) => `, $n${index}: Int!`).join('');
  const asked = numbers.map(
    (_, index) =>
      `${aliasOf(kind, index)}: issueOrPullRequest(number: $n${index}) { type: __typename ...issue ...pull }`
  );
  const query = `query conversations($owner: String!, $name: String!${declared}) {
  repository(owner: $owner, name: $name) {
    id
    ${asked.join('\n    ')}
  }
}${FRAGMENTS}`;
  const named = Object.fromEntries(numbers.map((number, index) => [`n${index}`, number]));
  return { query, variables: { ...repository, ...named } };
};

/** The comments before those that were shown. */
export const earlierQuery = (
  { kind, number, before }: { readonly kind: ConversationKind; readonly number: number; readonly before: string },
  repository: Repository
): Query => ({
  query: `query earlier($owner: String!, $name: String!, $number: Int!, $before: String!) {
  repository(owner: $owner, name: $name) {
    ${aliasOf(kind, 0)}: issueOrPullRequest(number: $number) {
      ... on Issue { comments(last: ${COMMENTS}, before: $before) { ...said } }
      ... on PullRequest { comments(last: ${COMMENTS}, before: $before) { ...said } }
    }
  }
}${SAID}`,
  variables: { ...repository, number, before }
});
