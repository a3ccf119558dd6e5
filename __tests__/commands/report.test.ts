import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { Ajv } from 'ajv';
import * as valibot from 'valibot';
import { report } from '../../src/commands/report.ts';
import { Refusal, refuse } from '../../src/domain/refusal.ts';
import { changeOf } from '../fakes/builders.ts';
import { world } from '../fakes/world.ts';
import { COMMAND, delivered, line, mistaken, publish, readBack, run } from './report-world.ts';

// hundreds of files
jest.setTimeout(60_000);

describe('report', () => {
  test('writes the document, the page and the badges, and says how many deliveries it knows', async () => {
    const made = await line();
    const outcome = await run(made);
    expect(outcome).toMatchObject({
      verdict: 'done',
      changed: true,
      reason: { code: 'reported', details: { deliveries: '2', folder: '.delivery' } },
      notes: []
    });
    const written = await readBack(made);
    expect(written).toEqual(outcome.report);
    expect(written.deliveries[0]).toMatchObject({
      version: '1.1.0',
      changeCount: 1,
      changesKnown: true,
      reason: 'because'
    });
    expect(written.changes[0]).toMatchObject({ subject: 'makes 1.2.0', scope: 'cart', version: '1.2.0' });
    expect(await readFile(join(made.surroundings.workspace, '.delivery/index.html'), 'utf8')).toBe('page');
    expect(made.hosting.calls).toEqual(['ledgerPage', 'download', 'download', 'download']);
  });

  test('writes every character, in entries short and long', async () => {
    const made = await world();
    const titles = Array.from({ length: 65 }, (_, nth) => (nth < 30 ? `ação ${nth} 🦜` : '語'.repeat(9000 - nth)));
    const changes = titles.map((subject, nth) => ({ ...changeOf(nth + 1), subject }));
    await publish(made, '1.0.0', null, 5000, changes);
    const { report: said } = await run(made);
    const written = await readBack(made);
    expect(written).toEqual(said);
    expect(new Set(written.changes.map(({ subject }) => subject))).toEqual(new Set(titles));
  });

  test('is described by the published schema', async () => {
    const made = await line();
    await run(made);
    const schema = valibot.parse(
      valibot.looseObject({ $schema: valibot.string() }),
      JSON.parse(await readFile('schemas/report.schema.json', 'utf8'))
    );
    const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
    expect([validate(await readBack(made)), validate.errors]).toEqual([true, null]);
    expect(validate({ ...(await readBack(made)), extra: 1 })).toBe(false);
  });

  test('the next one reads on from there', async () => {
    const made = await line();
    await run(made);
    const before = await readBack(made);
    await publish(made, '1.3.0', '1.2.0', 100);
    delivered(made, 3, '1.2.0', 50);
    made.hosting.calls.length = 0;
    await run(made);
    expect(made.hosting.calls).toEqual(['ledgerPage', 'download']);
    const { deliveries, changes } = await readBack(made);
    expect(deliveries.slice(1).map(({ node }) => node)).toEqual(before.deliveries.map(({ node }) => node));
    expect(changes.map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0', '1.0.0']);
  });

  test('reads 200 documents at once, the newest first, and says how many are left', async () => {
    const made = await world();
    for (let minor = 0; minor < 230; minor += 1)
      await publish(made, `1.${minor}.0`, minor === 0 ? null : `1.${minor - 1}.0`, 5000 - minor);
    delivered(made, 1, '1.0.0', 4990);
    made.hosting.calls.length = 0;
    const outcome = await run(made);
    expect(outcome.notes).toEqual([{ kind: 'documents-unread', releases: 30 }]);
    expect(outcome.report?.history.unread).toBe(30);
    expect(made.hosting.calls.filter((call) => call === 'download')).toHaveLength(200);
    made.hosting.calls.length = 0;
    expect((await run(made)).notes).toEqual([]);
    expect(made.hosting.calls.filter((call) => call === 'download')).toHaveLength(30);
  });

  test('asks for the assets where the list does not tell their numbers', async () => {
    const made = await line();
    made.hosting.tellsAssets = false;
    await run(made);
    expect(made.hosting.calls.filter((call) => call === 'assets')).toHaveLength(3);
    expect((await readBack(made)).changes).toHaveLength(3);
  });

  test.each([
    ['other bytes', 'other bytes'],
    ['no document of ours', JSON.stringify({ schema: 1 })]
  ])('a release with %s spoils nothing but its own changes', async (_, content) => {
    const made = await line();
    const [first] = made.hosting.stored;
    const [asset] = first?.assets.values() ?? [];
    if (first === undefined || asset === undefined) throw new Error('no asset');
    first.assets.set(asset.id, { ...asset, bytes: Buffer.from(content) });
    const outcome = await run(made);
    expect(outcome.notes).toEqual([{ kind: 'documents-unread', releases: 1 }]);
    expect((await readBack(made)).changes).toHaveLength(2);
  });

  test('a GitHub that does not answer is not asked 200 times', async () => {
    const made = await world();
    for (let minor = 0; minor < 20; minor += 1) await publish(made, `1.${minor}.0`, null, 5000 - minor);
    made.hosting.before = (call) => {
      if (call === 'download') throw refuse('hosting-failed', { call, problem: '503' });
    };
    made.hosting.calls.length = 0;
    expect((await run(made)).notes).toEqual([{ kind: 'documents-unread', releases: 20 }]);
    expect(made.hosting.calls.filter((call) => call === 'download').length).toBeLessThan(10);
  });

  test('a document that speaks of another version is none', async () => {
    const made = await mistaken();
    expect((await run(made)).notes).toEqual([{ kind: 'documents-unread', releases: 1 }]);
  });

  test('a missing permission is told, not passed over', async () => {
    const made = await line();
    made.hosting.before = (call) => {
      if (call === 'download') throw refuse('permission-missing', { permission: 'contents: read', call });
    };
    await expect(run(made)).rejects.toThrow(Refusal);
  });

  test('runs at a gate are looked for only where somebody is asked', async () => {
    const made = await line();
    const asking = {
      ...made.delivery,
      environments: made.delivery.environments.map((each) => ({ ...each, gate: 'approval' as const }))
    };
    made.hosting.mayReadActions = false;
    const outcome = await report({ ...made, delivery: asking }, COMMAND);
    expect(made.hosting.calls).toContain('waitingRuns');
    expect(outcome.notes).toEqual([{ kind: 'waiting-unseen', needs: 'actions: read' }]);
  });

  test('other environments than before are read from the beginning', async () => {
    const made = await line();
    await run(made);
    const fewer = { ...made.delivery, environments: made.delivery.environments.slice(1) };
    made.hosting.calls.length = 0;
    await report({ ...made, delivery: fewer }, COMMAND);
    expect(made.hosting.calls.filter((call) => call === 'download')).toHaveLength(3);
  });

  test('titles of a private repository stay out, also those an earlier report had', async () => {
    const made = await line();
    await run(made);
    made.hosting.visible = 'private';
    await run(made);
    const written = await readBack(made);
    expect(written.titles).toBe(false);
    expect(JSON.stringify(written)).not.toMatch(/makes 1|because|cart/);
    const wanted = { ...made.delivery, report: { titles: true } };
    await report({ ...made, delivery: wanted }, COMMAND);
    expect((await readBack(made)).changes.map(({ subject }) => subject)).toContain('makes 1.1.0');
  });

  test('the zone is the one of the report, else of the first freeze, else UTC', async () => {
    const made = await line();
    expect((await run(made)).report?.zone).toBe('UTC');
    const told = { ...made.delivery, report: { zone: 'America/Sao_Paulo' } };
    expect((await report({ ...made, delivery: told }, COMMAND)).report?.zone).toBe('America/Sao_Paulo');
  });
});
