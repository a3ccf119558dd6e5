import type { Catalogue } from './catalogue.ts';
import { comment, news } from './en/announcement.ts';
import { decisions } from './en/decisions.ts';
import { findings } from './en/findings.ts';
import { failures } from './en/failures.ts';
import { notes, problem, progress, release, status, stop, summary } from './en/words.ts';

export const en: Catalogue = {
  reasons: { ...decisions, ...failures },
  findings,
  notes,
  progress,
  status,
  summary,
  release,
  stop,
  comment,
  news,
  problem
};
