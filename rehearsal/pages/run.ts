import type { JobView, Rehearsal, RunView } from '../engine/index.ts';
import type { Answer } from '../hub/index.ts';
import type { Desk } from './desk.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { pageAnswer } from './layout.ts';
import { markdown } from './markdown.ts';
import { flow, statePill } from './states.ts';

const REFRESH_SECONDS = 2;

export interface RunPage {
  readonly rehearsal: Rehearsal;
  readonly desk: Desk;
  /** Who sits before the page. */
  readonly reviewer: string;
  /** What its forms carry, so that no other site can send them. */
  readonly token: string;
}

const summaryOf = ({ steps }: JobView): string => steps.map(({ summary }) => summary).join('\n');

/** The card that `propose` wrote; what it ships stands open. */
const card = (jobs: readonly JobView[]): Html => {
  const written = markdown(jobs.map((job) => (job.key === 'propose' ? summaryOf(job) : '')).join(''));
  return { markup: written.markup.replace('<details>', '<details open>') };
};

const gate = (page: RunPage, run: RunView, environment: string): Html => {
  const { hub } = page.rehearsal;
  const action = `/${hub.owner}/${hub.name}/actions/runs/${run.id}/review`;
  return html`<section class="card gate">
    <h2>${environment} waits for ${page.reviewer}’s answer</h2>
    ${card(page.rehearsal.jobs(run))}
    <form method="post" action="${action}">
      <input type="hidden" name="token" value="${page.token}" /><input
        type="hidden"
        name="environment"
        value="${environment}"
      />
      <button class="yes" name="state" value="approved">Approve</button
      ><button class="no" name="state" value="rejected">Reject</button>
    </form>
  </section>`;
};

const verdictLine = ({ desk }: RunPage, run: RunView, environment: string): Html | undefined => {
  const verdict = desk.verdict({ run, environment });
  if (verdict === undefined) return undefined;
  const { state, by, where } = verdict;
  return html`<p class="card"><strong>${environment}</strong> was ${state} by ${by} ${where}.</p>`;
};

/** Without what the runner writes for its own page. */
const readable = (log: JobView['log']): string =>
  log
    .filter((line) => line !== '##[endgroup]')
    .map((line) => line.replace(/^##\[group\]/, '▸ ').replace(/^##\[(\w+)\]/, '$1: '))
    .join('\n');

const jobDetails = (job: JobView): Html => {
  const errors = job.annotations
    .filter(({ level }) => level === 'error')
    .map(({ message }) => html`<li>${message}</li>`);
  const log =
    job.log.length === 0
      ? undefined
      : html`<details>
          <summary>Log</summary>
          <pre>${readable(job.log)}</pre>
        </details>`;
  return html`<details class="card job" ${job.conclusion === 'failure' ? 'open' : ''}>
    <summary>${job.name} ${statePill(job)}</summary>
    ${
      errors.length === 0
        ? undefined
        : html`<ul>
            ${errors}
          </ul>`
    }${markdown(summaryOf(job))}${log}
  </details>`;
};

const bodyOf = (page: RunPage, run: RunView, notice: string | undefined): Html => {
  const jobs = page.rehearsal.jobs(run);
  const environments = [...new Set(jobs.flatMap(({ environment }) => environment ?? []))];
  const waiting = environments.filter((name) =>
    jobs.some((job) => job.environment === name && job.status === 'waiting')
  );
  return html`<h1>${run.title}</h1>
    <p class="soft">${run.event} by ${run.actor} · <code>${run.sha.slice(0, 7)}</code> ${statePill(run)}</p>
    ${flow(jobs)} ${notice === undefined ? undefined : html`<p class="card stop" role="alert">${notice}</p>`}
    ${environments.map((environment) => verdictLine(page, run, environment))}
    ${waiting.map((environment) => gate(page, run, environment))}
    <h2>Jobs</h2>
    ${jobs.map(jobDetails)}`;
};

/** One run: its jobs with summaries and logs, and where it waits, what will ship above the two buttons. */
export const runPage = (page: RunPage, run: RunView, notice?: string): Answer => {
  const { hub } = page.rehearsal;
  const moves = run.status !== 'completed' && run.status !== 'waiting' && notice === undefined;
  return pageAnswer({
    title: run.title,
    repository: `${hub.owner}/${hub.name}`,
    body: bodyOf(page, run, notice),
    refresh: moves ? REFRESH_SECONDS : undefined,
    status: notice === undefined ? 200 : 409
  });
};
