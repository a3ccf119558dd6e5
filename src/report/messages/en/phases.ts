import type { Phase } from '../../../domain/phase.ts';

/** What took too long; each begins a sentence. */
export const phases: Readonly<Record<Phase, string>> = {
  facts: 'Reading what stands at GitHub',
  fetch: 'Fetching the documents of releases',
  record: 'Writing it down at GitHub',
  'look-up': 'Looking for a write whose answer was lost',
  replace: 'Cancelling older proposals',
  images: 'Asking the registry about the images',
  announce: 'Telling pull requests and issues',
  message: 'Sending a message',
  history: 'Reading the history of deliveries'
};
