import type { Rehearsal, RunView } from '../engine/index.ts';

/** Somebody's answer at a gate. */
export interface Verdict {
  readonly state: 'approved' | 'rejected';
  readonly by: string;
  /** As people read it: `on the page`. */
  readonly where: string;
}

export interface Question {
  readonly run: RunView;
  readonly environment: string;
}

/** The one place where gates are answered: whoever is first counts, everybody else is told. */
export interface Desk {
  /** The verdict that counts, this one or an earlier one; undefined when nobody asks. Throws when GitHub would refuse. */
  answer(question: Question, verdict: Verdict): Verdict | undefined;
  /** The verdict that counts; undefined while there is none. */
  verdict(question: Question): Verdict | undefined;
  /** Resolves with the verdict that counts. */
  answered(question: Question): Promise<Verdict>;
}

const keyOf = ({ run, environment }: Question): string => `${run.id} ${run.attempt} ${environment.toLowerCase()}`;

const waits = (rehearsal: Rehearsal, { run, environment }: Question): boolean =>
  rehearsal
    .jobs(run)
    .some((job) => job.status === 'waiting' && job.environment?.toLowerCase() === environment.toLowerCase());

interface Slot {
  readonly answered: PromiseWithResolvers<Verdict>;
  verdict: Verdict | undefined;
}

export const createDesk = (rehearsal: Rehearsal): Desk => {
  const slots = new Map<string, Slot>();
  const slotOf = (question: Question): Slot => {
    const slot = slots.get(keyOf(question)) ?? { answered: Promise.withResolvers<Verdict>(), verdict: undefined };
    slots.set(keyOf(question), slot);
    return slot;
  };
  return {
    verdict: (question) => slots.get(keyOf(question))?.verdict,
    answered: (question) => slotOf(question).answered.promise,
    answer: (question, given) => {
      const slot = slotOf(question);
      if (slot.verdict !== undefined || !waits(rehearsal, question)) return slot.verdict;
      const { run, environment } = question;
      if (given.state === 'approved') rehearsal.approve(run, environment, given.by);
      else rehearsal.reject(run, environment, given.by);
      slot.verdict = given;
      slot.answered.resolve(given);
      return given;
    }
  };
};
