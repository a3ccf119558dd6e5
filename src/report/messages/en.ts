import type { Catalogue } from './catalogue.ts';
import { comment, news } from './en/announcement.ts';
import { dashboard } from './en/dashboard.ts';
import { decisions } from './en/decisions.ts';
import { digest } from './en/digest.ts';
import { findings } from './en/findings.ts';
import { failures } from './en/failures.ts';
import { previewReasons } from './en/previews.ts';
import { notes, problem, progress, release, status, stop, summary } from './en/words.ts';

export const en: Catalogue = {
  reasons: { ...decisions, ...failures, ...previewReasons },
  findings,
  digest,
  notes,
  progress,
  status,
  summary,
  release,
  stop,
  comment,
  news,
  dashboard,
  problem
};
