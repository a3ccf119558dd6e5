import type { Journey, JourneyStep } from '../../domain/report.ts';
import { durationOf } from '../amounts.ts';
import { wayBar } from './charts/way.ts';
import { filled, html, named } from './html.ts';
import type { Html } from './html.ts';
import { shareOf } from './amounts.ts';
import type { Sheet } from './sheet.ts';

/** A step as the page shows it: also the work before the merge, which the changes of the version know. */
export type Step = Omit<JourneyStep, 'kind'> & { readonly kind: JourneyStep['kind'] | 'work' };

const workBefore = ({ component, version, steps }: Journey, { report, changes }: Sheet): readonly Step[] => {
  const merged = steps[0]?.from;
  const release = report.releases.find((each) => each.version === version && each.component === component);
  const begun = (release?.changes ?? [])
    .map((commit) => changes.get(commit)?.begunAt)
    .filter((each) => each !== undefined)
    .toSorted()[0];
  if (merged === undefined || begun === undefined || !(begun < merged)) return [];
  const seconds = (Date.parse(merged) - Date.parse(begun)) / 1000;
  return [{ kind: 'work', environment: null, state: 'done', from: begun, to: merged, seconds, delivery: null }];
};

const stepName = ({ kind, environment }: Step, { words }: Sheet): Html => {
  const { steps } = words.journey;
  switch (kind) {
    case 'work':
    case 'build':
      return html`${steps[kind]}`;
    case 'wait':
    case 'deliver':
      return filled(steps[kind], named(environment ?? ''));
  }
};

/** What it looks like, in the list and in the bar. */
export const lookOf = ({ kind, state }: Step): string => {
  if (state === 'failed') return 'bad';
  if (kind === 'wait') return 'wait';
  return kind === 'work' ? 'work' : 'flow';
};

const stepItem = (step: Step, sheet: Sheet): Html => {
  const { words, clock, language } = sheet;
  const state = step.state === 'done' ? undefined : html` <em>${words.journey.states[step.state]}</em>`;
  return html`<li class="${lookOf(step)}">
    <span>${stepName(step, sheet)}</span><b>${durationOf(step.seconds, language)}${state}</b
    ><small>${clock.moment(step.from)}</small>
  </li>`;
};

const secondsOf = (steps: readonly Step[]): number => steps.reduce((sum, { seconds }) => sum + Math.max(0, seconds), 0);

const shareText = (steps: readonly Step[], { words, language }: Sheet): string => {
  const whole = secondsOf(steps);
  const waited = secondsOf(steps.filter(({ kind }) => kind === 'wait'));
  const share = shareOf(whole === 0 ? 0 : Math.round((waited / whole) * 100) / 100, language);
  const ended = steps.at(-1)?.to !== null;
  return words.journey[ended ? 'inAll' : 'soFar'](durationOf(whole, language), share);
};

const wayOf = (journey: Journey, sheet: Sheet): Html => {
  const steps = [...workBefore(journey, sheet), ...journey.steps];
  return html`${wayBar(steps, shareText(steps, sheet))}
    <ol class="way">
      ${steps.map((step) => stepItem(step, sheet))}
    </ol>
    <p class="soft">${shareText(steps, sheet)}</p>`;
};

const nameOf = ({ component, version }: Journey): Html =>
  component === '' ? named(version) : html`${named(component)} ${named(version)}`;

const MOST_EARLIER = 6;

/** The way of the newest version, step by step with its times; earlier ones are folded. */
export const journeySection = (sheet: Sheet): Html => {
  const { words, report } = sheet;
  const [newest, ...earlier] = report.journeys.filter(({ steps }) => steps.length > 0);
  if (newest === undefined) return html`<p>${words.nothingYet}</p>`;
  const others = earlier.slice(0, MOST_EARLIER).map(
    (journey) =>
      html`<h4>${filled(words.journey.way, nameOf(journey))}</h4>
        ${wayOf(journey, sheet)}`
  );
  const folded =
    others.length === 0
      ? undefined
      : html`<details>
          <summary>${words.journey.earlier}</summary>
          ${others}
        </details>`;
  return html`<div class="card">
    <h3>${filled(words.journey.way, nameOf(newest))}</h3>
    ${wayOf(newest, sheet)}${folded}
  </div>`;
};
