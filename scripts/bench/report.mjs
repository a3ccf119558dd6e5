// Writes a report of a long history, from nothing and from an earlier report: wall time and peak memory of whole processes.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileInto } from './compile.ts';
import { NO_BAR, cellsOf, figureOf, judged } from './figures.ts';
import { folderOf } from './options.ts';

/** `perCall`: records. */
const BARS = { seconds: 5, megabytes: 200, perCall: 100 };

/** GitHub as a function of the number of a record: nothing of the history is kept in the memory that is measured. */
const CHILD = `
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createPhases } from './build/adapters/phases.js';
import { report } from './build/commands/report.js';
import { readDelivery } from './build/config/read.js';
import { readTagChanges } from './build/config/tag-changes.js';
import { tagMessage } from './build/domain/tag-message.js';
import { reportFiles } from './build/report/report-files.js';
const [workspace, ...numbers] = process.argv.slice(2);
const [N, environments, pace] = numbers.map(Number);
const NOW = Date.parse('2026-11-24T12:00:00Z');
const START = NOW - 10_030 * pace * 3_600_000;
const iso = (hours) => new Date(START + hours * 3_600_000).toISOString();
const sha = (text) => createHash('sha256').update(text).digest('hex');
const commit = (text) => createHash('sha1').update(text).digest('hex');
const versionOf = (nth) => '1.' + nth + '.0';
// instead of every 20th version production goes back to the one before the last
const bad = (nth) => nth % 20 === 19;
const record = (index) => {
  const nth = Math.floor(index / environments);
  const production = index % environments === environments - 1;
  const back = production && bad(nth);
  const version = versionOf(back ? nth - 2 : nth);
  const at = iso(index * pace);
  const run = { id: index + 1, attempt: 1, url: 'https://github.com/acme/shop/actions/runs/' + (index + 1) };
  return {
    node: 'DE_kwDOABCDEF' + index, environment: production ? 'production' : 'staging', commit: commit(version),
    state: index > N - 3 ? 'success' : 'inactive', createdAt: at, startedAt: at, succeededAt: iso((index + 0.05) * pace), endedAt: iso((index + 2) * pace),
    url: production ? 'https://shop.example' : 'https://staging.shop.example',
    payload: { schema: 1, version, tag: 'v' + version, digest: 'sha256:' + sha(version), kind: back ? 'rollback' : 'deploy',
      previous: nth === 0 ? null : versionOf(nth - 1), reason: null, override: [], requestedBy: 'ana',
      approvedBy: production ? ['bruno'] : [], run, changes: back ? 0 : 3, manualTouches: production ? 1 : 0 }
  };
};
const madeAt = (nth) => nth * environments * pace;
const changesOf = (nth) => [0, 1, 2].map((one) => ({ commit: commit(nth + '/' + one), type: 'feat', scope: 'cart', breaking: false, author: 'Ana Souza',
  pull: nth + 1, subject: 'a change with a title of an ordinary length', date: iso(madeAt(nth) - one * 5) }));
const previousOf = (nth) => nth === 0 ? null : versionOf(nth - 1);
const documentOf = (nth) => JSON.stringify({
  schema: 1, version: versionOf(nth), tag: 'v' + versionOf(nth), commit: commit(versionOf(nth)), previous: previousOf(nth),
  created: iso(madeAt(nth)), archive: { name: 'files.tar.zst', size: 1, sha256: sha('a'), tarSha256: sha(versionOf(nth)) }, files: [], images: [], process: {},
  builder: { repository: 'acme/shop', run: 1, workflow: 'delivery' }, changes: changesOf(nth)
});
const release = (nth) => {
  const version = versionOf(nth);
  const note = { manifestSha256: sha(documentOf(nth)), tarSha256: sha(version), changes: 3 };
  return {
    id: nth + 1, manifest: nth + 1, tag: 'v' + version, commit: commit(version), prerelease: true, publishedAt: iso(madeAt(nth)),
    url: 'https://github.com/acme/shop/releases/tag/v' + version, note,
    carried: readTagChanges(tagMessage(version, note, { previous: previousOf(nth), changes: changesOf(nth) }))
  };
};
let calls = 0;
/** Items are numbered from the oldest, 0; a cursor is such a number. */
const pageOf = ({ item, idOf }, from, to) => {
  const items = Array.from({ length: Math.max(0, from - to) }, (_, index) => item(from - 1 - index));
  return { items, nodes: items.map(idOf) };
};
const newestOf = (list, after) => {
  if (after === null) return { items: [], nodes: [], next: null };
  const from = after === undefined ? list.length : Number(after);
  const to = Math.max(0, from - 100);
  return { ...pageOf(list, from, to), next: to > 0 ? String(to) : null };
};
const oldestOf = (list, before) => {
  const to = before === null ? 0 : Number(before);
  const from = Math.min(list.length, to + 100);
  return { ...pageOf(list, from, to), next: from < list.length ? String(from) : null };
};
const lists = {
  records: { length: N, item: record, idOf: ({ node }) => node },
  releases: { length: Math.ceil(N / environments), item: release, idOf: ({ id }) => String(id) }
};
const hosting = {
  ledgerPage: async ({ again, after, oldest }) => {
    calls += 1;
    return {
      records: newestOf(lists.records, after?.records), releases: newestOf(lists.releases, after?.releases), incidents: [], visibility: 'public',
      oldest: oldest === undefined ? {} : { [oldest.list]: oldestOf(lists[oldest.list], oldest.before) },
      ...(after === undefined ? { totals: { records: N, releases: lists.releases.length } } : {}),
      again: again.map((node) => record(Number(node.slice(13))))
    };
  },
  pullStarts: async (numbers) => {
    calls += 1;
    const start = (number) => ({ mergeCommit: commit(number - 1 + '/0'), firstCommitAt: iso(madeAt(number - 1) - 30) });
    return { pulls: new Map(numbers.map((number) => [number, start(number)])), needs: null };
  },
  keptFiles: async () => {
    calls += 1;
    return [];
  },
  waitingRuns: async () => ({ kind: 'known', value: new Map() }),
  download: async (asset, file) => {
    calls += 1;
    const text = documentOf(asset - 1);
    await writeFile(file, text);
    return { sha256: sha(text), size: text.length };
  }
};
const named = environments === 1 ? 'production: {}' : 'staging: {}, production: { needs: [staging], gate: approval }';
const text = 'environments: { ' + named + ' }\\nreport: { zone: America/Sao_Paulo }\\n';
const place = 'https://github.com';
const clock = { now: () => new Date(NOW), elapsed: () => performance.now() / 1000 };
const context = {
  surroundings: { branch: 'main', repository: { owner: 'acme', name: 'shop' }, serverUrl: place, workspace, temporary: workspace },
  delivery: readDelivery(text, 'delivery.yml'),
  ports: { hosting, clock, phases: createPhases(clock), signal: new AbortController().signal },
  words: { reportFiles: async (written) => reportFiles(written, 'en') },
  say: () => undefined
};
const { report: written } = await report(context, { name: 'report', config: 'delivery.yml', outputDir: 'out' });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpu = (userCPUTime + systemCPUTime) / 1e6;
console.log(JSON.stringify({ calls, deliveries: written.deliveries.length, cpu, rss: maxRSS / 1024 }));
`;

/** `pace`: hours between two records. */
const LINE = { environments: 2, pace: 1 };

const once = (child, workspace, { count, environments, pace }) => {
  const began = performance.now();
  const numbers = [count, environments, pace].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, [child, workspace, ...numbers], { encoding: 'utf8' });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(stderr);
  const said = JSON.parse(stdout);
  if (said.deliveries !== count) throw new Error(`${said.deliveries} of ${count} deliveries`);
  return { seconds, size: statSync(join(workspace, 'out', 'delivery.json')).size, ...said };
};

const rowOf = (name, count, results) => {
  const wall = figureOf(results.map(({ seconds }) => seconds));
  const peak = Math.max(...results.map(({ rss }) => rss));
  const [{ calls, size }] = results;
  const most = Math.ceil(count / BARS.perCall);
  return {
    report: name,
    deployments: count.toLocaleString('en'),
    ...cellsOf(wall, { unit: 'median s', digits: 2 }),
    'CPU s': figureOf(results.map(({ cpu }) => cpu)).median.toFixed(1),
    'peak RSS MB': peak.toFixed(0),
    calls: String(calls),
    'delivery.json MB': (size / 1e6).toFixed(1),
    ...judged(
      `<= ${BARS.seconds} s, ${BARS.megabytes} MB, ${most} calls`,
      wall.median <= BARS.seconds && peak <= BARS.megabytes && calls <= most
    )
  };
};

export const run = async (options) => {
  const scratch = folderOf(options, 'report');
  compileInto(scratch);
  const packages = join(scratch, 'node_modules');
  if (!existsSync(packages)) symlinkSync(join(import.meta.dirname, '..', '..', 'node_modules'), packages, 'dir');
  const child = join(scratch, 'report.mjs');
  writeFileSync(child, CHILD);
  const count = options.quick ? 1000 : 10_000;
  const [kept, workspace] = ['kept', 'workspace'].map((name) => join(scratch, name));
  const inside = (from, history) => {
    rmSync(workspace, { recursive: true, force: true });
    mkdirSync(workspace);
    if (from !== undefined) cpSync(from, workspace, { recursive: true });
    return once(child, workspace, history);
  };
  const rounds = Array.from({ length: options.quick ? 3 : 5 });
  const line = { ...LINE, count };
  const first = rounds.map(() => inside(undefined, line));
  rmSync(kept, { recursive: true, force: true });
  cpSync(workspace, kept, { recursive: true });
  const next = rounds.map(() => inside(kept, { ...line, count: count + 20 }));
  const alone = rounds.map(() => inside(undefined, { ...line, environments: 1 }));
  const busy = rounds.map(() => inside(undefined, { ...line, environments: 1, pace: 0.2 }));
  for (const folder of [kept, workspace]) rmSync(folder, { recursive: true, force: true });
  return [
    {
      title: 'A report of a long history, besides the network',
      rows: [
        rowOf('from nothing', count, first),
        rowOf('the next one, 20 more', count + 20, next),
        rowOf('from nothing, one environment', count, alone),
        { ...rowOf('the same, all within 90 days', count, busy), ...NO_BAR }
      ],
      notes: [
        'Whole processes. Calls: one for the newest 100 records, one for each 200 before them, one to look for the report before, one per 100 pull requests, at most 1,000 of them. The tags carry the changes: no document is read.'
      ]
    }
  ];
};
