import type { JobView, Rehearsal, RunView } from '../engine/index.ts';
import type { Answer } from '../hub/index.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { pageAnswer } from './layout.ts';
import { liveNow, openStops } from './records.ts';
import type { Live, OpenStop } from './records.ts';
import { flow, moment, statePill } from './states.ts';

const REFRESH_SECONDS = 2;

const place = ({ environment, version, since, url }: Live): Html => {
  const link = url === undefined || url === '' ? undefined : html` · <a href="${url}">open it</a>`;
  const when = since === undefined ? 'no delivery yet' : html`since ${moment(since)}${link}`;
  return html`<div class="card">
    <h3>${environment}</h3>
    <b>${version ?? 'nothing'}</b><span class="soft">${when}</span>
  </div>`;
};

const stopBanner = ({ number, title, url }: OpenStop): Html =>
  html`<p class="card stop">
    <strong>${title}</strong><br />Nothing is delivered by itself until somebody closes
    <a href="${url}">issue ${number}</a>.
  </p>`;

interface RunLine {
  readonly run: RunView;
  readonly jobs: readonly JobView[];
  readonly path: string;
}

const gateBanner = ({ run, jobs, path }: RunLine): readonly Html[] =>
  jobs
    .filter(({ status }) => status === 'waiting')
    .map(
      ({ environment }) =>
        html`<section class="card gate">
          <h2>${environment} waits for your answer</h2>
          <p>${run.title}</p>
          <p><a href="${path}">See what will ship, and approve or reject it</a></p>
        </section>`
    );

const runLine = ({ run, jobs, path }: RunLine): Html =>
  html`<li class="card">
    <h3><a href="${path}">${run.title}</a></h3>
    <span class="soft">${run.event} by ${run.actor}</span> ${statePill(run)}${flow(jobs)}
  </li>`;

/** What waits, what is live where, and every run, the newest first. */
export const overview = async (rehearsal: Rehearsal): Promise<Answer> => {
  const { hub } = rehearsal;
  const repository = `${hub.owner}/${hub.name}`;
  const [live, stops] = await Promise.all([liveNow(hub), openStops(hub)]);
  const lines = rehearsal
    .runs()
    .toReversed()
    .map((run) => ({ run, jobs: rehearsal.jobs(run), path: `/${repository}/actions/runs/${run.id}` }));
  const runs = lines.length === 0 ? html`<p class="soft">Nothing was pushed yet.</p>` : undefined;
  return pageAnswer({
    title: 'What is live, what waits',
    repository,
    refresh: REFRESH_SECONDS,
    body: html`<h1>What is live, what waits</h1>
      ${lines.map(gateBanner)}${stops.map(stopBanner)}
      <h2>Live now</h2>
      <div class="places">${live.map(place)}</div>
      <h2>Runs</h2>
      ${runs}
      <ol class="runs" reversed>
        ${lines.map(runLine)}
      </ol>`
  });
};
