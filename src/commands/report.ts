import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zoneOf } from '../config/delivery.ts';
import type { ReportCommand } from '../domain/command.ts';
import { componentOf } from '../domain/ledger.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import { reason } from '../domain/refusal.ts';
import type { DeliveryReport, ReportRepository } from '../domain/report.ts';
import { tagOf, versionOf } from '../domain/version.ts';
import { reportOf } from '../rules/metrics.ts';
import type { ReportFacts } from '../rules/metrics.ts';
import { formOf, inWorkspace } from './context.ts';
import type { Context } from './context.ts';
import { readBeginnings } from './report-beginnings.ts';
import { readDocuments } from './report-documents.ts';
import { REPORT_NAME } from './report-earlier.ts';
import { readLedger } from './report-ledger.ts';

/** The workflow whose button delivers a chosen version. */
const DEPLOY_WORKFLOW = 'deploy-version.yml';

const repositoryOf = ({ surroundings }: Context, visibility: ReportRepository['visibility']): ReportRepository => {
  const { serverUrl, repository } = surroundings;
  const url = `${serverUrl}/${repository.owner}/${repository.name}`;
  const actionsUrl = `${url}/actions`;
  return { ...repository, url, actionsUrl, deployUrl: `${actionsUrl}/workflows/${DEPLOY_WORKFLOW}`, visibility };
};

/** The component that `delivery.yml` itself describes. */
const ownComponent = (context: Context): string => {
  const any = versionOf([1, 2, 3]);
  return componentOf(tagOf(formOf(context), any), any);
};

interface Gathered {
  readonly facts: ReportFacts;
  readonly notes: readonly Note[];
}

/** A gate stands only where an environment asks somebody: elsewhere nothing can wait at it, and the call is saved. */
const waitingRuns = async ({ delivery, ports }: Context) => {
  const asks = delivery.environments.some(({ gate }) => gate === 'approval');
  return asks ? ports.hosting.waitingRuns() : ({ kind: 'known', value: new Map<number, string>() } as const);
};

const unbegunNotes = (changes: number, needs: string | null): readonly Note[] => {
  if (changes === 0) return [];
  return [needs === null ? { kind: 'beginnings-unread', changes } : { kind: 'beginnings-unseen', changes, needs }];
};

const gather = async (context: Context, folder: string): Promise<Gathered> => {
  const { delivery, ports } = context;
  const { phases } = ports;
  const ledger = await phases.during('history', () => readLedger(context, folder));
  const read = await phases.during('history', () => readDocuments(context, ledger));
  const { releases, unbegun, needs } = await phases.during('history', () =>
    readBeginnings(context, read.releases, ledger.records)
  );
  const waiting = await phases.during('facts', () => waitingRuns(context));
  const facts: ReportFacts = {
    now: ports.clock.now(),
    zone: zoneOf(delivery) ?? 'UTC',
    environments: delivery.environments,
    component: ownComponent(context),
    records: ledger.records,
    releases,
    incidents: ledger.incidents,
    waitingRuns: waiting.kind === 'known' ? waiting.value : null,
    repository: repositoryOf(context, ledger.visibility),
    titles: ledger.titles,
    complete: ledger.complete,
    unread: read.unread,
    unbegun
  };
  const notes: readonly Note[] = [
    ...(read.unread > 0 ? [{ kind: 'documents-unread', releases: read.unread } as const] : []),
    ...unbegunNotes(unbegun, needs),
    ...(waiting.kind === 'unknown' ? [{ kind: 'waiting-unseen', needs: waiting.needs } as const] : [])
  ];
  return { facts, notes };
};

/** Entries written at once: few, for what is written stays in memory until it is collected (measured: 172 instead of 198 MB). */
const TOGETHER = 20;

const listPieces = function* (list: readonly unknown[]): Generator<string> {
  yield '[';
  for (let at = 0; at < list.length; at += TOGETHER) {
    const entries = list.slice(at, at + TOGETHER).map((entry) => JSON.stringify(entry));
    yield `${at === 0 ? '\n' : ',\n'}${entries.join(',\n')}`;
  }
  yield list.length === 0 ? ']' : '\n]';
};

/**
 * The JSON of a report bit by bit, for the text of a long history would double what is in memory: every entry of a list
 * on a line of its own, so that the next report can read it in the same way.
 */
const piecesOf = function* (written: DeliveryReport): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(written)) {
    yield `${before}${JSON.stringify(key)}:`;
    before = ',';
    if (Array.isArray(value)) yield* listPieces(value);
    else yield JSON.stringify(value);
  }
  yield '}\n';
};

/** Bytes; a piece that may not fit gets room of its own. */
const ROOM = 512 * 1024;

/** Each piece in the room of the last one: `writeFile` asks for the next when this one is written. */
const encoded = function* (pieces: Iterable<string>): Generator<Uint8Array> {
  const room = Buffer.allocUnsafe(ROOM);
  for (const piece of pieces)
    yield piece.length * 3 > ROOM ? Buffer.from(piece) : room.subarray(0, room.write(piece, 'utf8'));
};

/** Whole or not at all: the next report reads it again. */
const write = async (file: string, content: string | Iterable<string>): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, typeof content === 'string' ? content : encoded(content));
  await rename(`${file}.part`, file);
};

const writeAll = async (context: Context, folder: string, report: DeliveryReport): Promise<void> => {
  const root = inWorkspace(context, folder);
  for (const { path, content } of await context.words.reportFiles(report)) await write(join(root, path), content);
  await write(join(root, REPORT_NAME), piecesOf(report));
};

/**
 * Reads the history of deliveries and writes what everybody may see: the page, the badges, and `delivery.json`, from
 * which the next report goes on. Changes nothing at GitHub.
 */
export const report = async (context: Context, command: ReportCommand): Promise<Outcome> => {
  const { facts, notes } = await gather(context, command.outputDir);
  const written = reportOf(facts);
  await writeAll(context, command.outputDir, written);
  const deliveries = String(written.deliveries.length);
  return {
    command: 'report',
    verdict: 'done',
    reason: reason('reported', { deliveries, folder: command.outputDir }),
    changed: true,
    report: written,
    notes
  };
};
