import type { JobView, RunView } from '../engine/index.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const SIGNS: Readonly<Record<string, string>> = {
  success: '✓',
  failure: '✕',
  cancelled: '⊘',
  skipped: '–',
  waiting: '◔',
  in_progress: '●',
  pending: '…',
  queued: '…'
};

const WORDS: Readonly<Record<string, string>> = { waiting: 'waits for approval', in_progress: 'running' };

const stateOf = ({ status, conclusion }: Pick<JobView | RunView, 'status' | 'conclusion'>): string =>
  conclusion ?? status;

/** A sign and a word: colour alone tells nobody anything. */
export const statePill = (view: Pick<JobView | RunView, 'status' | 'conclusion'>): Html => {
  const state = stateOf(view);
  return html`<span class="state ${state}"><i aria-hidden="true">${SIGNS[state]}</i>${WORDS[state] ?? state}</span>`;
};

const seconds = ({ machineMs }: JobView): Html | undefined =>
  machineMs === 0 ? undefined : html`<small>${(machineMs / 1000).toFixed(1)} s</small>`;

const step = (job: JobView): Html => {
  const state = stateOf(job);
  const said = WORDS[state] ?? state;
  const more = state === 'waiting' ? html`<small>${said}</small>` : seconds(job);
  return html`<li class="state ${state}" title="${said}">
    <i aria-hidden="true">${SIGNS[state]}</i>${job.name}${more}
  </li>`;
};

/** The jobs of a run in their order, as far as it has come. */
export const flow = (jobs: readonly JobView[]): Html =>
  html`<ol class="flow">
    ${jobs.map(step)}
  </ol>`;

export const moment = (iso: string): Html => html`<time datetime="${iso}">${iso.slice(11, 19)} UTC</time>`;
