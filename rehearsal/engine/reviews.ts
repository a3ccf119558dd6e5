import type { RunView } from './board.ts';
import { RehearsalError } from './errors.ts';
import type { Site } from './site.ts';

/** What people do at the gates. All throw when GitHub would refuse. */
export interface Reviews {
  approve(run: RunView, environment: string, user: string, comment?: string): void;
  reject(run: RunView, environment: string, user: string, comment?: string): void;
  /** An administrator lets the waiting jobs pass. */
  bypass(run: RunView, environment: string): void;
}

const same = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

export const createReviews = ({ hub, board }: Site): Reviews => {
  /** One answer is for all jobs that wait for the environment. */
  const answer = (run: RunView, environment: string, act: () => void): void => {
    const waiting = board.jobs(run.id).filter((job) => job.status === 'waiting' && same(job.environment, environment));
    if (waiting.length === 0) throw new RehearsalError(`no job of run ${run.id} waits for ${environment}`);
    act();
    for (const { key } of waiting) {
      // with a wait timer it goes on waiting
      if (hub.gate(run, { environment, job: key }) !== 'waiting') board.setJob(run.id, key, { status: 'queued' });
    }
  };
  const review =
    (state: 'approved' | 'rejected') =>
    (run: RunView, environment: string, ...[user, comment = '']: readonly [string, string?]): void =>
      answer(run, environment, () => {
        hub.review(run, { environment, user, state, comment });
        board.note({ run: run.id, attempt: run.attempt, job: undefined, what: `${state} ${environment} by ${user}` });
      });
  return {
    approve: review('approved'),
    reject: review('rejected'),
    bypass: (run, environment) => answer(run, environment, () => hub.bypass(run, environment))
  };
};
