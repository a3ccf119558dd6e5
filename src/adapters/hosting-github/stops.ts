import * as v from 'valibot';
import { shaped } from './client.ts';
import type { Client } from './client.ts';
import { valueOf } from './reply.ts';
import { link } from './shapes.ts';

export const STOP_LABEL = 'line-stopped';

const route = 'POST /repos/{owner}/{repo}/issues';
const listRoute = 'GET /repos/{owner}/{repo}/issues';

const labelShape = v.union([
  v.string(),
  v.pipe(
    v.object({ name: v.nullish(v.string(), '') }),
    v.transform(({ name }) => name)
  )
]);
const issueShape = v.object({ html_url: link, title: v.string(), labels: v.array(labelShape) });
type Issue = v.InferOutput<typeof issueShape>;
const listShape = v.array(v.object({ ...issueShape.entries, pull_request: v.optional(v.unknown()) }));

const openOne = async (client: Client, title: string): Promise<Issue | undefined> => {
  const parameters = { labels: STOP_LABEL, state: 'open', per_page: 100 };
  const request = {
    call: listRoute,
    route: listRoute,
    permission: 'issues: read',
    parameters,
    read: shaped(listShape)
  };
  const issues = valueOf(request, await client.ask(request));
  return issues.find((issue) => issue.title === title && issue.pull_request === undefined);
};

/** 403 and 404: the token may not; 410: the repository has no issues. */
const CANNOT = [403, 404, 410];

/** One call when nothing fails. After a lost reply an open issue of the same title is taken for ours. */
export const openStop = async (
  client: Client,
  { title, body }: { readonly title: string; readonly body: string }
): Promise<string | undefined> => {
  const parameters = { title, body, labels: [STOP_LABEL] };
  const request = { call: route, route, permission: 'issues: write', parameters, read: shaped(issueShape) };
  const answer = await client.change(request, { find: () => openOne(client, title), looks: client.pace.looks });
  if (answer.kind === 'refused' && CANNOT.includes(answer.status)) return undefined;
  const issue = valueOf(request, answer);
  // GitHub drops labels silently for those who may not set them; without its label the issue stops nothing.
  if (issue.labels.includes(STOP_LABEL)) return issue.html_url;
  client.options.warn?.(`${issue.html_url} was opened without the label ${STOP_LABEL}: it does not stop the line`);
  return undefined;
};
