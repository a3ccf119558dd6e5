import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LARGEST_REPORT, readReport } from '../config/report.ts';
import type { WrittenReport } from '../config/report.ts';
import type { ReasonCode } from '../contract.ts';
import { Refusal } from '../domain/refusal.ts';
import type { KeptFile } from '../ports/ledger.ts';
import { inWorkspace } from './context.ts';
import type { Context } from './context.ts';

/** In the folder, and as the name of what the run keeps with GitHub. */
export const REPORT_NAME = 'delivery.json';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A report of another repository, or one made when other environments were defined, knows nothing of what is asked now. */
const fits = ({ surroundings, delivery }: Context, { repository, environments }: WrittenReport): boolean => {
  const { owner, name } = surroundings.repository;
  const asked = delivery.environments.map((each) => each.name);
  return (
    same(`${owner}/${name}`, `${repository.owner}/${repository.name}`) &&
    asked.length === environments.length &&
    asked.every((each) => environments.some((known) => known.name === each))
  );
};

const linesOf = async function* (file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const [more = '', ...lines] = String(chunk).split('\n');
    rest += more;
    for (const line of lines) {
      yield rest;
      rest = line;
    }
  }
  yield rest;
};

/** The report in the file, when there is one of ours; anything else is as good as none. */
const reportIn = async (context: Context, file: string): Promise<WrittenReport | undefined> => {
  const report = await readReport(linesOf(file)).catch(() => undefined);
  return report !== undefined && fits(context, report) ? report : undefined;
};

export const reportInFolder = (context: Context, folder: string): Promise<WrittenReport | undefined> =>
  reportIn(context, join(inWorkspace(context, folder), REPORT_NAME));

const firstOfOurs = async (context: Context, kept: readonly KeptFile[]): Promise<WrittenReport | undefined> => {
  const folder = await mkdtemp(join(context.surroundings.temporary, 'kept-'));
  try {
    for (const each of kept) {
      const file = join(folder, String(each.id));
      const whole = await context.ports.hosting.fetchKept(each, file);
      const report = whole ? await reportIn(context, file) : undefined;
      if (report !== undefined) return report;
    }
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const UNREACHED: ReadonlySet<ReasonCode> = new Set(['permission-missing', 'hosting-failed', 'phase-timeout']);

/**
 * The report that an earlier run on the same branch kept with GitHub. It only saves calls, so what keeps us from it is no
 * failure: the history is read afresh.
 */
export const reportAtGitHub = async (context: Context): Promise<WrittenReport | undefined> => {
  const { branch } = context.surroundings;
  if (branch === undefined) return undefined;
  const { hosting, phases } = context.ports;
  try {
    const question = { name: REPORT_NAME, branch, largest: LARGEST_REPORT };
    return await phases.during('fetch', async () => firstOfOurs(context, await hosting.keptFiles(question)));
  } catch (error) {
    if (!(error instanceof Refusal && UNREACHED.has(error.reason.code))) throw error;
    return undefined;
  }
};
