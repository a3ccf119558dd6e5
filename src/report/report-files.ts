import type { Language } from '../contract.ts';
import type { DeliveryReport } from '../domain/report.ts';
import { badgeFiles } from './badges.ts';
import type { ReportFile } from './badges.ts';
import { renderPage } from './dashboard/page.ts';

/** What people see of a report: the page and the badges. */
export const reportFiles = (report: DeliveryReport, language: Language): readonly ReportFile[] => [
  { path: 'index.html', content: renderPage(report, language) },
  ...badgeFiles(report, language)
];
