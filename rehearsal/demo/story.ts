import type { Rehearsal } from '../engine/index.ts';
import { liveNow, openStops } from '../pages/index.ts';
import type { OpenStop } from '../pages/index.ts';
import type { Delivery, Line, Told } from './line.ts';
import type { Screen } from './screen.ts';
import { AUTHOR } from './site.ts';
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
  readonly hub: Rehearsal['hub'];
  readonly screen: Screen;
  readonly town: Pick<Town, 'version'>;
}

/** Something came otherwise than told; the message says what. */
export class Surprise extends Error {}

interface Act {
  readonly title: string;
  readonly message: string;
  readonly patch?: string;
  /** How the delivery to each environment must end. */
  readonly ends: Readonly<Record<EnvironmentName, string>>;
  readonly live: Live;
}

const ACTS: readonly Act[] = [
  {
    title: 'The first version',
    message: 'feat: open the shop',
    ends: { staging: 'done', production: 'done' },
    live: { staging: '0.1.0', production: '0.1.0' }
  },
  {
    title: 'A version that only breaks with the settings of production',
    message: 'feat: ten percent less for large orders',
    patch: '2-discount.patch',
    ends: { staging: 'done', production: 'rolled-back' },
    live: { staging: '0.2.0', production: '0.1.0' }
  },
  {
    title: 'The repair',
    message: 'fix: the discount for production, too',
    patch: '3-discount-in-production.patch',
    ends: { staging: 'done', production: 'done' },
    live: { staging: '0.2.1', production: '0.2.1' }
  }
];

export const NOTHING = 'nothing';

export const same = (what: string, actual: string, expected: string): void => {
  if (actual !== expected) throw new Surprise(`${what}: ${actual || NOTHING}, where ${expected} was to be expected`);
};

/** What customers get, asked of the shops themselves; the records must say the same (promise R2). */
const look = async ({ hub, screen, town }: Stage): Promise<Live> => {
  const recorded = await liveNow(hub);
  const versions = { staging: '', production: '' };
  for (const environment of ENVIRONMENTS) {
    const version = (await town.version(environment)) ?? NOTHING;
    const record = recorded.find((each) => each.environment === environment)?.version ?? NOTHING;
    same(`the record of ${environment}`, record, version);
    versions[environment] = version;
  }
  screen.step('live now', ENVIRONMENTS.map((environment) => `${environment} ${versions[environment]}`).join('   '));
  return versions;
};

const judge = (act: Act, { deliveries }: Told, live: Live): void => {
  for (const environment of ENVIRONMENTS) {
    const delivery = deliveries.find((each) => each.environment === environment);
    if (delivery === undefined) throw new Surprise(`nothing was delivered to ${environment}`);
    same(`the delivery to ${environment}`, delivery.decision, act.ends[environment]);
    same(`live in ${environment}`, live[environment], act.live[environment]);
  }
};

/** What the button "Close issue" does. */
const closeIssue = async (hub: Stage['hub'], { number }: OpenStop): Promise<void> => {
  const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/issues/${number}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${hub.personToken(AUTHOR)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'closed' })
  });
  if (!reply.ok) throw new Error(`closing issue ${number} was answered by ${reply.status}: ${await reply.text()}`);
};

/** After a version broke exactly one issue stops the line; a person reads it and closes it. */
const resume = async ({ hub, screen }: Stage): Promise<void> => {
  const stops = await openStops(hub);
  const [stop] = stops;
  if (stop === undefined || stops.length > 1) {
    throw new Surprise(`${stops.length} issues stop the line, where one was to be expected`);
  }
  screen.step('the line', stop.title, { mood: 'news' });
  screen.step('', stop.url);
  await closeIssue(hub, stop);
  screen.step('the line', `${AUTHOR} closes issue ${stop.number}: the line goes on`, { mood: 'good' });
};

/** Plays all acts, or until somebody rejects a version. Throws `Surprise` when one ends otherwise than told. */
export const tell = async (stage: Stage): Promise<Result & { readonly rejected: boolean }> => {
  const { screen, line, hub } = stage;
  const deliveries: Delivery[] = [];
  let live: Live = { staging: NOTHING, production: NOTHING };
  for (const [at, act] of ACTS.entries()) {
    screen.act(at + 1, act.title, act.message);
    const told = await line.deliver(act.message, act.patch);
    deliveries.push(...told.deliveries);
    live = await look(stage);
    if (told.verdict?.state === 'rejected') return { deliveries, live, rejected: true };
    judge(act, told, live);
    if (act.ends.production === 'rolled-back') await resume(stage);
  }
  same('problems of the hub', hub.problems.join('; ') || 'none', 'none');
  return { deliveries, live, rejected: false };
};
