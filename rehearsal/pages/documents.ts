import { createGit } from '../hub/git.ts';
import type { Answer, Hub } from '../hub/index.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { pageAnswer } from './layout.ts';
import { markdown } from './markdown.ts';

const answer = ({ owner, name }: Hub, title: string, body: Html): Answer =>
  pageAnswer({
    title,
    repository: `${owner}/${name}`,
    body: html`<h1>${title}</h1>
      ${body}`
  });

export const issuePage = async (hub: Hub, number: number): Promise<Answer | undefined> => {
  const { issues } = await hub.snapshot();
  const issue = issues.find((each) => each.number === number);
  if (issue === undefined) return undefined;
  const { title, body, state, author, labels } = issue;
  const head = html`<p class="soft">issue ${number} by ${author} · ${state} · ${labels.join(', ')}</p>`;
  return answer(
    hub,
    title,
    html`${head}
      <div class="card">${markdown(body ?? '')}</div>`
  );
};

const inPath = (tag: string): string => tag.split('/').map(encodeURIComponent).join('/');

/** `tag` is as it stands in the address. */
export const releasePage = async (hub: Hub, tag: string): Promise<Answer | undefined> => {
  const { releases } = await hub.snapshot();
  const release = releases.find((each) => inPath(each.tag) === tag && !each.draft);
  if (release === undefined) return undefined;
  const assets = release.assets.map(
    ({ name, size, digest }) => html`<li>${name}, ${size} bytes<br /><code>${digest ?? ''}</code></li>`
  );
  return answer(
    hub,
    release.name ?? release.tag,
    html`<div class="card">${markdown(release.body ?? '')}</div>
      <h2>Files</h2>
      <ul>
        ${assets}
      </ul>`
  );
};

/** `commit` is a whole name. */
export const commitPage = async (hub: Hub, commit: string): Promise<Answer | undefined> => {
  const show = ['show', '--no-color', '--format=%an, %ad%n%n%B', '--stat', '--patch', commit, '--'];
  const text = await createGit(hub.bare)
    .run(show)
    .catch(() => undefined);
  return text === undefined ? undefined : answer(hub, `Commit ${commit.slice(0, 7)}`, html`<pre>${text}</pre>`);
};
