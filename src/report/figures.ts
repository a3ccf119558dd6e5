import type { Language } from '../contract.ts';
import type { Figure, MetricRule, MetricWindow } from '../domain/report.ts';
import { durationOf, numberOf } from './amounts.ts';
import { catalogueOf } from './sentence.ts';

export const figureIn = ({ figures }: MetricWindow, rule: MetricRule): Figure | undefined =>
  figures.find((figure) => figure.rule === rule);

const percent = (share: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** A value in its unit, as people say it; no data is said as such. */
export const valueText = (value: number | null, unit: Figure['unit'], language: Language): string => {
  const words = catalogueOf(language).digest;
  if (value === null) return words.noData;
  switch (unit) {
    case 'seconds':
      return durationOf(value, language);
    case 'share':
      return percent(value, language);
    case 'per-day':
      return words.aDay(new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value));
    case 'changes':
    case 'touches':
      return numberOf(value, language);
  }
};
