import { address } from './html.ts';
import type { Html } from './html.ts';
import type { Sheet } from './sheet.ts';

/** A page of the repository itself; records and releases have no business with any other. */
export const ownPage = (url: string | null, { report }: Sheet): Html | undefined => {
  const target = URL.parse(url ?? '');
  const home = URL.parse(report.repository.url);
  if (target === null || home === null || target.origin !== home.origin) return undefined;
  return target.pathname.startsWith(`${home.pathname}/`) ? address(target.href) : undefined;
};
