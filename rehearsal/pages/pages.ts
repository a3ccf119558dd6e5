import type { IncomingMessage } from 'node:http';
import type { Rehearsal, RunView } from '../engine/index.ts';
import type { Answer, Pages } from '../hub/index.ts';
import type { Desk } from './desk.ts';
import { commitPage, issuePage, releasePage } from './documents.ts';
import { isOurHost, newToken, ownForm } from './door.ts';
import { html } from './html.ts';
import { pageAnswer } from './layout.ts';
import { overview } from './overview.ts';
import { publishedFile } from './published.ts';
import { runPage } from './run.ts';
import type { RunPage } from './run.ts';

export interface PagesOptions {
  readonly rehearsal: Rehearsal;
  readonly desk: Desk;
  /** Who sits before the page: the buttons are theirs. */
  readonly reviewer: string;
}

const problem = ({ hub }: Rehearsal, status: number, text: string): Answer =>
  pageAnswer({ title: text, repository: `${hub.owner}/${hub.name}`, status, body: html`<h1>${text}</h1>` });

/** Where the buttons of a report lead. */
const orderPage = ({ hub }: Rehearsal, name: string): Answer =>
  pageAnswer({
    title: name,
    repository: `${hub.owner}/${hub.name}`,
    body: html`<h1>${name}</h1>
      <p>
        On GitHub the button “Run workflow” stands here: choose a version and an environment. This box has no such
        button.
      </p>`
  });

const isState = (text: string | null): text is 'approved' | 'rejected' => text === 'approved' || text === 'rejected';

const review = async (page: RunPage, run: RunView, request: IncomingMessage): Promise<Answer> => {
  const { rehearsal, desk, reviewer } = page;
  const form = await ownForm(request, page.token);
  if (form === undefined) return problem(rehearsal, 403, 'This did not come from a page of ours. Load the page again.');
  const [environment, state] = [form.get('environment') ?? '', form.get('state')];
  if (!isState(state)) return problem(rehearsal, 400, 'Approve or reject: it was neither.');
  const given = { state, by: reviewer, where: 'on the page' };
  const counts = desk.answer({ run, environment }, given);
  if (counts === undefined) return runPage(page, run, 'Nobody asks for an answer here any more.');
  if (counts !== given) {
    return runPage(page, run, `Somebody was faster: ${counts.by} has ${counts.state} it ${counts.where}.`);
  }
  const { owner, name } = rehearsal.hub;
  return { status: 303, headers: { location: `/${owner}/${name}/actions/runs/${run.id}` }, body: Buffer.alloc(0) };
};

type Route = readonly [
  pattern: RegExp,
  method: 'GET' | 'POST',
  show: (found: string, request: IncomingMessage) => Promise<Answer | undefined>
];

const routesOf = (page: RunPage): readonly Route[] => {
  const { rehearsal } = page;
  const { hub } = rehearsal;
  const runOf = (id: string): RunView | undefined => rehearsal.runs().find((run) => run.id === Number(id));
  return [
    [/^\/$/, 'GET', () => overview(rehearsal)],
    [
      /^\/actions\/runs\/(\d+)(?:\/attempts\/\d+)?$/,
      'GET',
      async (id) => {
        const run = runOf(id);
        return run && runPage(page, run);
      }
    ],
    [
      /^\/actions\/runs\/(\d+)\/review$/,
      'POST',
      async (id, request) => {
        const run = runOf(id);
        return run && review(page, run, request);
      }
    ],
    [/^\/issues\/(\d+)$/, 'GET', (number) => issuePage(hub, Number(number))],
    [/^\/releases\/tag\/(.+)$/, 'GET', (tag) => releasePage(hub, tag)],
    [/^\/commit\/([0-9a-f]{40})$/, 'GET', (commit) => commitPage(hub, commit)],
    [/^\/pages\/(.*)$/, 'GET', (path) => publishedFile(rehearsal, path)],
    [/^\/actions\/workflows\/([\w-]+\.yml)$/, 'GET', async (name) => orderPage(rehearsal, name)]
  ];
};

/** The pages of the rehearsed GitHub, as far as people need them here; on the very addresses that reports link to. */
export const createPages = (options: PagesOptions): Pages => {
  const { rehearsal } = options;
  const { hub } = rehearsal;
  const routes = routesOf({ ...options, token: newToken() });
  const home = `/${hub.owner}/${hub.name}`;
  return async (request, url) => {
    if (!isOurHost(request, hub.url)) return problem(rehearsal, 421, 'This is not the address of this page.');
    const path = `${url.pathname}/`.startsWith(`${home}/`) ? url.pathname.slice(home.length) || '/' : url.pathname;
    for (const [pattern, method, show] of routes) {
      const found = method === request.method ? pattern.exec(path) : null;
      const answer = found === null ? undefined : await show(found[1] ?? '', request);
      if (answer !== undefined) return answer;
    }
    return problem(rehearsal, 404, 'There is nothing here.');
  };
};
