import type { HostingFacts } from '../../src/ports.ts';
import type { FakeHosting } from '../fakes/hosting.ts';
import type { Chance } from '../../rehearsal/faults/chance.ts';

type Moment = Pick<FakeHosting, 'all' | 'stops'>;

/** How many writes an answer may be behind. */
const FURTHEST = 3;

/** Answers of a reader that is behind: everything in one answer is of the same moment, as one query is answered by one server. */
export interface Replica {
  /** Called before every write. */
  remember(): void;
  facts: FakeHosting['facts'];
}

/** Whatever a test spoiled stays spoiled. */
const asOf = (hosting: FakeHosting, moment: Moment): FakeHosting =>
  new Proxy(hosting, {
    get: (target, key) => {
      if (key === 'all') return moment.all;
      return key === 'stops' ? moment.stops : Reflect.get(target, key);
    }
  });

export const createReplica = (hosting: FakeHosting, chance: Chance): Replica => {
  const past: Moment[] = [];
  return {
    remember: () => {
      past.push({ all: [...hosting.all], stops: [...hosting.stops] });
    },
    facts: async (question): Promise<HostingFacts> => {
      const moment = past.at(-1 - chance.below(FURTHEST));
      const isCurrent = moment === undefined || chance.below(2) === 0;
      return isCurrent ? hosting.facts(question) : asOf(hosting, moment).facts(question);
    }
  };
};
