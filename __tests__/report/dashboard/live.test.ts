import { describe, expect, test } from '@jest/globals';
import { entryOf, NOW, sampleReport } from '../../fakes/delivery-report.ts';
import { read, sectionOf, withClass, withLine, withName } from './sections.ts';

const HOUR = 3_600_000;
const report = sampleReport({ deliveries: 12 });
const hoursAgo = (hours: number): string => new Date(NOW - hours * HOUR).toISOString();

describe('what is live', () => {
  test('names version, moment, age and approver of each environment, in the order of the way', () => {
    const tiles = withName(withClass(sectionOf(report, 'live'), 'tiles')[0] ?? sectionOf(report, 'live'), 'li').map(
      read
    );
    expect(tiles).toEqual([
      expect.stringMatching(/^staging 1\.13\.\d since 21 Nov 2026, 14:12 \(1 day 23 h\) Open staging$/),
      expect.stringMatching(
        /^production 1\.11\.\d since 20 Nov 2026, \d\d:\d\d \(\d days.*\) approved by rui ?Open production$/
      )
    ]);
  });

  test('an arrow leads only to what needs the environment before it', () => {
    const [staging, production] = report.environments;
    if (staging === undefined || production === undefined) throw new Error('no environments');
    const two = { ...report, environments: [staging, production, { ...production, name: 'production-eu' }] };
    const tiles = withName(withClass(sectionOf(two, 'live'), 'tiles')[0] ?? sectionOf(two, 'live'), 'li');
    expect(tiles.map(({ attributes }) => attributes['class'])).toEqual(['start', 'next', 'start']);
  });

  test('says so in Portuguese, in the zone of the project', () => {
    expect(read(sectionOf(report, 'live', 'pt-BR'))).toMatch(/desde 21\/11\/2026 14:12 \(há 1 dia e 23 h\)/);
    expect(read(sectionOf({ ...report, zone: 'Asia/Tokyo' }, 'live', 'pt-BR'))).toContain('desde 22/11/2026 02:12');
  });

  test('a broken delivery leaves it unknown, and one under way is told', () => {
    const broken = withLine(report, 'production', (line) => ({
      ...line,
      live: { kind: 'unknown', version: '1.12.0', since: hoursAgo(2), delivery: 99 },
      open: {
        delivery: 100,
        version: '1.13.0',
        kind: 'deploy',
        state: 'in_progress',
        since: hoursAgo(1),
        runUrl: `${report.repository.url}/actions/runs/1`
      }
    }));
    expect(read(sectionOf(broken, 'live'))).toContain('not known: 1.12.0 broke half way');
    expect(read(sectionOf(broken, 'live'))).toContain('1.13.0 is on its way since 23 Nov 2026, 13:02');
  });

  test('several components make a table of components and environments', () => {
    const heads = withName(sectionOf(sampleReport({ deliveries: 3, components: ['', 'api'] }), 'live'), 'th').map(read);
    expect(heads).toEqual(['Component', 'staging', 'production', 'shop', 'api']);
  });

  test('a stopped line stands before everything else', () => {
    const page = sectionOf(sampleReport({ deliveries: 2, stopped: true }), 'main');
    expect(read(page)).toMatch(
      /^The line is stopped: Line stopped: 1\.50\.2 failed in production, by ana\. No new version/
    );
    expect(read(sectionOf(sampleReport({ deliveries: 2, stopped: true, titles: false }), 'main'))).toMatch(
      /^The line is stopped: #77, by ana/
    );
  });
});

describe('where each version is', () => {
  const rows = (of: typeof report): string[] => withName(sectionOf(of, 'versions'), 'tr').slice(1).map(read);

  test('tells live, waiting and past apart by words', () => {
    const [newest, next, live, past] = rows(report);
    expect(newest).toMatch(/^1\.13\.\d released 21 Nov Live 21 Nov Waits 21 Nov$/);
    expect(next).toMatch(/^1\.12\.\d released 21 Nov Was live 21 Nov Waits$/);
    expect(live).toMatch(/^1\.11\.\d released 20 Nov Was live 20 Nov Live 20 Nov$/);
    expect(past).toMatch(/^1\.10\.\d released .* Was live \d\d Nov Was live \d\d Nov$/);
  });

  test('tells failed, broken and withdrawn ones apart', () => {
    const [waiting] = report.releases;
    if (waiting === undefined) throw new Error('no release');
    const stateOf = (over: Parameters<typeof entryOf>[2]): string =>
      rows({ ...report, attempts: [entryOf(5000, waiting, { at: hoursAgo(1), ...over })] })[0] ?? '';
    expect(stateOf({ outcome: 'failed' })).toContain('Did not go live 23 Nov');
    expect(stateOf({ outcome: 'taken-back' })).toContain('Did not go live 23 Nov');
    expect(stateOf({ outcome: 'withdrawn' })).toContain('Withdrawn 23 Nov');
    expect(stateOf({ outcome: 'open' })).toContain('Under way 23 Nov');
    expect(rows(sampleReport({ deliveries: 8 })).join(' ')).toMatch(/Was live \d\d Nov Failed \d\d Nov/);
  });

  test('a version that was passed over was never there', () => {
    const passed = {
      ...report,
      deliveries: report.deliveries.filter(
        ({ version, environment }) => version !== report.releases[4]?.version || environment !== 'production'
      )
    };
    expect(rows(passed)[4]).toMatch(/Never there$/);
  });

  test('shows the newest eight, and what is live however old', () => {
    const oldest = report.releases.at(-1)?.version ?? '';
    const old = withLine(report, 'production', (line) => ({
      ...line,
      live: { kind: 'version', version: oldest, since: hoursAgo(3), delivery: 1, url: null, approvedBy: [] }
    }));
    expect(rows(report)).toHaveLength(8);
    expect(rows(old)).toHaveLength(9);
    expect(rows(old).at(-1)).toContain(oldest);
  });
});
