import type { Language } from '../../contract.ts';
import type { Figure } from '../../domain/report.ts';
import { durationOf, numberOf } from '../amounts.ts';

/** `28.6%`, with at most one decimal. */
export const shareOf = (share: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** A value in its unit, without words around it. */
export const valueOf = (value: number, unit: Figure['unit'], language: Language): string => {
  switch (unit) {
    case 'seconds':
      return durationOf(value, language);
    case 'share':
      return shareOf(value, language);
    case 'per-day':
    case 'changes':
    case 'touches':
      return numberOf(value, language);
  }
};
