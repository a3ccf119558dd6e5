/**
 * The parts of a command in which it talks to GitHub or to a registry, and how many seconds each may take in all, however
 * slowly it is answered. One call may take half of the usual ten minutes with its tries and waits; nothing of ours needs
 * more than a few dozen calls in a row but telling conversations and reading a history, which have more time.
 */
export const PHASES = {
  /** Reading what a decision needs, or one look at the queue. */
  facts: 600,
  /** Fetching the documents of releases; files have a deadline of their own. */
  fetch: 600,
  /** Writing one thing down: a record, a tag, a release. */
  record: 600,
  /** Looking for what a write whose answer was lost may have left. */
  'look-up': 300,
  /** Cancelling older proposals. */
  replace: 600,
  images: 900,
  /** Telling pull requests and issues. */
  announce: 1800,
  /** One message to a chat. */
  message: 300,
  /** Reading the history of deliveries, and then the documents of its releases. */
  history: 1200
} as const satisfies Record<string, number>;
export type Phase = keyof typeof PHASES;

export const isPhase = (name: string): name is Phase => Object.hasOwn(PHASES, name);
