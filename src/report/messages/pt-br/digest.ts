import { countOf } from '../../amounts.ts';
import type { DigestTexts } from '../catalogue.ts';

const count = (one: string, other: string) => (value: number) => countOf(value, { one, other }, 'pt-BR');

export const digest: DigestTexts = {
  noData: 'sem dados',
  days: (days) => `últimos ${days} dias`,
  before: (days) => `${days} dias anteriores`,
  number: 'Número',
  of: (part, n) => `${part} de ${n}`,
  p90: (value) => `90% em até ${value}`,
  open: (n) => `${n} ainda em aberto`,
  aDay: (value) => `${value} por dia`,
  deliveries: count('entrega', 'entregas'),
  waits: (changes, oldest) => `${changes}; a mais antiga há ${oldest}`,
  approve: (version) => `aprovar a ${version}`,
  numbersFor: (environment) => `Números de ${environment}`,
  badges: {
    deployments: 'implantações em 30 dias',
    'lead-time': 'lead time',
    'change-fail-rate': 'taxa de falha de mudanças'
  }
};
