import type { Journey } from '../../domain/report.ts';
import { durationOf } from '../amounts.ts';
import { shareOf } from './amounts.ts';
import { wayBar } from './charts/way.ts';
import { filled, html, named } from './html.ts';
import type { Html } from './html.ts';
import { leftOut } from './rest.ts';
import type { Sheet } from './sheet.ts';
import { lookOf, secondsOf, stepsOf } from './steps.ts';
import type { Step } from './steps.ts';

const stepName = ({ kind, environment }: Step, { words }: Sheet): Html => {
  const { steps } = words.journey;
  switch (kind) {
    case 'whole':
    case 'work':
    case 'build':
      return html`${steps[kind]}`;
    case 'wait':
    case 'deliver':
      return filled(steps[kind], named(environment ?? ''));
  }
};

const stepItem = (step: Step, sheet: Sheet): Html => {
  const { words, clock, language } = sheet;
  const state = step.state === 'done' ? undefined : html` <em>${words.journey.states[step.state]}</em>`;
  return html`<li class="${lookOf(step)}">
    <span>${stepName(step, sheet)}</span> <b>${durationOf(step.seconds, language)}${state}</b>
    <small>${clock.moment(step.from)}</small>
  </li>`;
};

const shareText = (steps: readonly Step[], { words, language }: Sheet): string => {
  const whole = secondsOf(steps);
  const waited = secondsOf(steps.filter(({ kind }) => kind === 'wait'));
  const share = shareOf(whole === 0 ? 0 : Math.round((waited / whole) * 100) / 100, language);
  const ended = steps.at(-1)?.to !== null;
  return words.journey[ended ? 'inAll' : 'soFar'](durationOf(whole, language), share);
};

const wayOf = (journey: Journey, sheet: Sheet): Html => {
  const steps = stepsOf(journey, sheet);
  const reading = shareText(steps, sheet);
  return html`${wayBar(steps, reading)}
    <ol class="way">
      ${steps.map((step) => stepItem(step, sheet))}
    </ol>
    <p class="soft">${reading}</p>`;
};

/** The newest version of a component; those before it are folded. */
const wayCard = (journeys: readonly Journey[], sheet: Sheet): Html => {
  const { words, components } = sheet;
  const nameOf = ({ component, version }: Journey): Html =>
    filled(words.journey.way, components.length < 2 ? named(version) : named(`${component} ${version}`));
  const [newest, ...earlier] = journeys.map((journey, index) =>
    index === 0
      ? html`<h3>${nameOf(journey)}</h3>
          ${wayOf(journey, sheet)}`
      : html`<h4>${nameOf(journey)}</h4>
          ${wayOf(journey, sheet)}`
  );
  const folded = html`<details>
    <summary>${words.journey.earlier}</summary>
    ${earlier.slice(0, sheet.room.earlier)}
  </details>`;
  return html`<div class="card">${newest}${earlier.length === 0 ? undefined : folded}</div>`;
};

const MOST_COMPONENTS = 6;

/** The way of the newest version of each component, step by step with its times. */
export const journeySection = (sheet: Sheet): Html => {
  const { words, report } = sheet;
  const told = report.journeys.filter(({ steps }) => steps.length > 0);
  if (told.length === 0) return html`<p>${words.nothingYet}</p>`;
  const byComponent = [...Map.groupBy(told, ({ component }) => component).values()];
  const cards = byComponent.slice(0, MOST_COMPONENTS).map((journeys) => wayCard(journeys, sheet));
  return html`${cards}${leftOut(byComponent.length - MOST_COMPONENTS, sheet)}`;
};
