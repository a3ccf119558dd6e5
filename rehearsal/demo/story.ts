import type { Delivery, Line } from './line.ts';
import type { OpenStop, Platform } from './platform.ts';
import type { Project } from './project.ts';
import type { Screen } from './screen.ts';
import { ENVIRONMENTS } from './town.ts';
import type { EnvironmentName, Town } from './town.ts';

export type Live = Readonly<Record<EnvironmentName, string>>;

/** `result.json`. */
export interface Result {
  readonly deliveries: readonly Delivery[];
  readonly live: Live;
}

export interface Stage {
  readonly line: Line;
  readonly platform: Platform;
  readonly project: Project;
  readonly screen: Screen;
  readonly town: Town;
  readonly author: string;
}

/** Something came otherwise than told; the message says what. */
export class Surprise extends Error {}

interface Act {
  readonly message: string;
  readonly patch?: string;
  /** How the delivery to each environment must end. */
  readonly ends: Readonly<Record<EnvironmentName, string>>;
  readonly live: Live;
}

const FIRST: Act = {
  message: 'feat: open the shop',
  ends: { staging: 'done', production: 'done' },
  live: { staging: '0.1.0', production: '0.1.0' }
};
const BROKEN: Act = {
  message: 'feat: ten percent less for large orders',
  patch: '2-discount.patch',
  ends: { staging: 'done', production: 'rolled-back' },
  live: { staging: '0.2.0', production: '0.1.0' }
};
const REPAIRED: Act = {
  message: 'fix: the discount for production, too',
  patch: '3-discount-in-production.patch',
  ends: { staging: 'done', production: 'done' },
  live: { staging: '0.2.1', production: '0.2.1' }
};

const same = (what: string, actual: string, expected: string): void => {
  if (actual !== expected) throw new Surprise(`${what}: ${actual || 'nothing'}, where ${expected} was to be expected`);
};

/** What customers get, asked of the shops themselves; the records must say the same (promise R2). */
const liveNow = async ({ platform, screen, town }: Stage): Promise<Live> => {
  const versions = { staging: '', production: '' };
  for (const environment of ENVIRONMENTS) {
    const version = (await town.version(environment)) ?? 'nothing';
    same(`the record of ${environment}`, (await platform.recorded(environment)) ?? 'nothing', version);
    versions[environment] = version;
  }
  screen.step('live now', ENVIRONMENTS.map((environment) => `${environment} ${versions[environment]}`).join('   '));
  return versions;
};

const play = async (stage: Stage, act: Act): Promise<Result> => {
  const deliveries = await stage.line.deliver(await stage.project.push(act.message, act.patch));
  const live = await liveNow(stage);
  for (const environment of ENVIRONMENTS) {
    const delivery = deliveries.find((each) => each.environment === environment);
    if (delivery === undefined) throw new Surprise(`nothing was delivered to ${environment}, for nobody approved it`);
    same(`the delivery to ${environment}`, delivery.decision, act.ends[environment]);
    same(`live in ${environment}`, live[environment], act.live[environment]);
  }
  return { deliveries, live };
};

const onlyStop = async ({ platform }: Stage): Promise<OpenStop> => {
  const [stop, ...others] = await platform.stops();
  if (stop === undefined || others.length > 0) {
    throw new Surprise(
      `${others.length + (stop === undefined ? 0 : 1)} issues stop the line, where one was to be expected`
    );
  }
  return stop;
};

const resume = async (stage: Stage): Promise<void> => {
  const { number, title, url } = await onlyStop(stage);
  stage.screen.step('the line', title, { mood: 'news' });
  stage.screen.step('', url);
  await stage.platform.closeIssue(number);
  stage.screen.step('the line', `${stage.author} closes issue ${number}: the line goes on`, { mood: 'good' });
};

/** Plays all acts; throws `Surprise` when one ends otherwise than told. */
export const tell = async (stage: Stage): Promise<Result> => {
  const { screen } = stage;
  screen.act(1, 'The first version', FIRST.message);
  const first = await play(stage, FIRST);
  screen.act(2, 'A version that only breaks with the settings of production', BROKEN.message);
  const second = await play(stage, BROKEN);
  await resume(stage);
  screen.act(3, 'The repair', REPAIRED.message);
  const third = await play(stage, REPAIRED);
  same('problems of the hub', stage.platform.problems().join('; ') || 'none', 'none');
  return { deliveries: [first, second, third].flatMap(({ deliveries }) => deliveries), live: third.live };
};
