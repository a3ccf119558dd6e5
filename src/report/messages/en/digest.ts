import { countOf } from '../../amounts.ts';
import type { DigestTexts } from '../catalogue.ts';

const count = (one: string, other: string) => (value: number) => countOf(value, { one, other }, 'en');

export const digest: DigestTexts = {
  noData: 'no data',
  days: (days) => `last ${days} days`,
  before: (days) => `the ${days} before`,
  number: 'Number',
  of: (part, n) => `${part} of ${n}`,
  p90: (value) => `90% within ${value}`,
  open: (n) => `${n} still open`,
  aDay: (value) => `${value} a day`,
  deliveries: count('delivery', 'deliveries'),
  waits: (changes, oldest) => `${changes}; the oldest for ${oldest}`,
  approve: (version) => `approve ${version}`,
  numbersFor: (environment) => `Numbers for ${environment}`,
  badges: { deployments: 'deployments in 30 days', 'lead-time': 'lead time', 'change-fail-rate': 'change fail rate' }
};
