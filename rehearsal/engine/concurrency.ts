import { TemplateError } from './errors.ts';
import { asText, resolve } from './expressions.ts';
import type { Scope, Value } from './expressions.ts';
import type { Tree } from './document.ts';

export interface GroupRequest {
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly queue: 'single' | 'max';
}

const field = (value: Value, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

/** `concurrency:` as text or mapping; undefined when there is none, or its group is empty. */
export const groupRequestOf = (tree: Tree | undefined, scope: Scope): GroupRequest | undefined => {
  if (tree === undefined) return undefined;
  const value = resolve(tree, scope);
  const group = asText(field(value, 'group') ?? (typeof value === 'object' ? '' : value));
  const cancelInProgress = field(value, 'cancel-in-progress') ?? false;
  const queue = field(value, 'queue') ?? 'single';
  if (typeof cancelInProgress !== 'boolean') throw new TemplateError('cancel-in-progress: a boolean was expected');
  if (queue !== 'single' && queue !== 'max') throw new TemplateError(`queue: '${asText(queue)}' is not known`);
  if (queue === 'max' && cancelInProgress) {
    throw new TemplateError("queue: 'max' is not allowed together with cancel-in-progress: true");
  }
  return group === '' ? undefined : { group, cancelInProgress, queue };
};

export interface Member {
  /** What people see: the run, or the run and its job. */
  readonly name: string;
  /** Called once when a newer member takes this one's place. */
  cancel(reason: string): void;
}

/** One member's place in a group, from its arrival on. */
export interface Place {
  /** From now on it may have the turn; before, it only waits (its environment's rules are not met yet). */
  ready(): void;
  /** Resolves when it has the turn. Never resolves for a member that was cancelled. */
  readonly turn: Promise<void>;
  /** Gives the turn, or the place in the queue, back. */
  leave(): void;
}

export interface Concurrency {
  arrive(request: GroupRequest, member: Member): Place;
  /** Who has the turn. */
  holder(group: string): string | undefined;
  waiting(group: string): readonly string[];
}

interface Waiting {
  readonly member: Member;
  isReady: boolean;
  readonly start: () => void;
}

interface Group {
  holder: Waiting | undefined;
  queue: Waiting[];
}

/** The documented length of a queue with `queue: max`. */
const LONGEST = 100;

const advance = (group: Group): void => {
  if (group.holder !== undefined) return;
  const next = group.queue.find(({ isReady }) => isReady);
  if (next === undefined) return;
  group.queue = group.queue.filter((each) => each !== next);
  group.holder = next;
  next.start();
};

const depart = (group: Group, waiting: Waiting): void => {
  group.queue = group.queue.filter((each) => each !== waiting);
  if (group.holder === waiting) group.holder = undefined;
  advance(group);
};

const makeRoom = (group: Group, { group: name, queue, cancelInProgress }: GroupRequest): void => {
  const reason = `Canceling since a higher priority waiting request for ${name} exists`;
  if (queue === 'max') return;
  for (const { member } of group.queue.splice(0)) member.cancel(reason);
  if (cancelInProgress) group.holder?.member.cancel(reason);
};

/** The concurrency groups of a repository; names differ by more than case. */
export const createConcurrency = (): Concurrency => {
  const groups = new Map<string, Group>();
  const groupOf = (name: string): Group => {
    const key = name.toLowerCase();
    const group = groups.get(key) ?? { holder: undefined, queue: [] };
    groups.set(key, group);
    return group;
  };
  return {
    arrive: (request, member) => {
      const group = groupOf(request.group);
      const { promise, resolve: start } = Promise.withResolvers<void>();
      const waiting: Waiting = { member, isReady: false, start };
      makeRoom(group, request);
      if (group.queue.length >= LONGEST) member.cancel(`The queue of ${request.group} is full`);
      else group.queue.push(waiting);
      return {
        turn: promise,
        leave: () => depart(group, waiting),
        ready: () => {
          waiting.isReady = true;
          advance(group);
        }
      };
    },
    holder: (name) => groups.get(name.toLowerCase())?.holder?.member.name,
    waiting: (name) => (groups.get(name.toLowerCase())?.queue ?? []).map(({ member }) => member.name)
  };
};
