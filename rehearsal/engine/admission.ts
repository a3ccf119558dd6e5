import type { ActiveRun, Level } from './level.ts';
import type { GroupRequest, Place } from './concurrency.ts';
import { mayDeploy, setupOf, waitAtGate } from './gates.ts';

export interface Applicant {
  readonly level: Level;
  readonly key: string;
  readonly environment: string | undefined;
  readonly group: GroupRequest | undefined;
  /** Aborted when the job is not to run any more. */
  readonly stop: AbortController;
  readonly say: (message: string) => void;
}

export type Admission = { readonly answer: 'go'; leave(): void } | { readonly answer: 'failure' | 'cancelled' };

export const aborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T | 'aborted'> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => resolve('aborted');
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work
      .then(resolve, (error: unknown) => (signal.aborted ? onAbort() : reject(error)))
      .finally(() => signal.removeEventListener('abort', onAbort))
      .catch(reject);
  });

const note = ({ run }: Level, key: string, what: string): void =>
  run.site.board.note({ run: run.facts.id, attempt: run.facts.attempt, job: key, what });

/** A run waits as long as one of its jobs does, and none of it runs. */
export const settle = ({ site, facts }: ActiveRun): void => {
  const view = site.board.run(facts.id);
  if (view === undefined || view.status === 'completed' || view.status === 'pending') return;
  const waits = site.board.jobs(facts.id).some(({ status }) => status === 'waiting');
  site.board.setRun({ ...view, status: waits ? 'waiting' : 'in_progress' });
};

const atGate = async (
  { level, key, environment, stop }: Applicant,
  name: string
): Promise<'open' | 'rejected' | 'aborted'> => {
  const { site, facts } = level.run;
  const { hub, board } = site;
  if (hub.gate(facts.id, { environment: name, job: key }) === 'waiting') {
    board.setJob(facts.id, key, { status: 'waiting', environment });
    note(level, key, `waiting for ${name}`);
    settle(level.run);
  }
  const visit = { hub, run: facts.id, job: key, environment: name, signal: stop.signal };
  return aborted(stop.signal, waitAtGate(visit));
};

const arrive = ({ level, key, group, stop, say }: Applicant): Place | undefined => {
  if (group === undefined) return undefined;
  const { site, facts } = level.run;
  return site.groups.arrive(group, {
    name: `${facts.id} ${key}`,
    cancel: (reason) => {
      say(reason);
      stop.abort();
    }
  });
};

const takeTurn = async (applicant: Applicant, place: Place): Promise<'go' | 'aborted'> => {
  const { level, key, stop } = applicant;
  const { site, facts } = level.run;
  place.ready();
  const first = await Promise.race([place.turn.then(() => true), Promise.resolve().then(() => false)]);
  if (!first) {
    site.board.setJob(facts.id, key, { status: 'pending' });
    note(level, key, 'pending');
    settle(level.run);
  }
  return (await aborted(stop.signal, place.turn)) === 'aborted' ? 'aborted' : 'go';
};

const deadlocked = ({ level, group }: Applicant): boolean =>
  group !== undefined && level.groups.includes(group.group.toLowerCase());

const refusedRef = ({ level, environment }: Applicant): boolean => {
  const { site, facts } = level.run;
  return environment !== undefined && !mayDeploy(setupOf(site, environment), facts.trigger.ref);
};

/** The rules of the environment first, while the job already stands in its group; then its turn. */
const wait = async (applicant: Applicant, place: Place | undefined): Promise<'go' | 'rejected' | 'aborted'> => {
  const { environment, stop } = applicant;
  if (stop.signal.aborted) return 'aborted';
  if (environment !== undefined) {
    const state = await atGate(applicant, environment);
    if (state !== 'open') return state;
  }
  return place === undefined ? 'go' : takeTurn(applicant, place);
};

/** What stands between a job whose needs are met and its machine. */
export const admit = async (applicant: Applicant): Promise<Admission> => {
  const { environment, group, level, say } = applicant;
  if (deadlocked(applicant)) {
    const where = `between 'top level workflow' and '${applicant.key}'`;
    say(`Canceling since a deadlock for concurrency group '${group?.group ?? ''}' was detected ${where}`);
    return { answer: 'cancelled' };
  }
  if (refusedRef(applicant)) {
    const ref = level.run.facts.trigger.ref.replace(/^refs\/(heads|tags)\//, '');
    say(`"${ref}" is not allowed to deploy to ${environment ?? ''} due to environment protection rules.`);
    return { answer: 'failure' };
  }
  const place = arrive(applicant);
  const answer = await wait(applicant, place);
  if (answer === 'go') return { answer, leave: () => place?.leave() };
  place?.leave();
  if (answer === 'rejected') say(`The deployment to ${environment ?? ''} was rejected.`);
  return { answer: answer === 'rejected' ? 'failure' : 'cancelled' };
};
