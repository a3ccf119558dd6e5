import { expect, test } from '@jest/globals';
import { report } from '../../src/commands/report.ts';
import { changeOf } from '../fakes/builders.ts';
import { world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { COMMAND, carry, delivered, line, mistaken, publish, readBack, run } from './report-world.ts';

const carrying = async (): Promise<World> => {
  const made = await line();
  carry(made);
  return made;
};

const without = ({ generatedAt: _, ...rest }: Awaited<ReturnType<typeof readBack>>) => rest;

test('tags that carry the changes cost nothing, and say what the documents say', async () => {
  const [told, read] = [await carrying(), await line()];
  for (const each of [told, read]) expect((await run(each)).notes).toEqual([]);
  expect(told.hosting.calls).toEqual(['ledgerPage']);
  expect(without(await readBack(told))).toEqual(without(await readBack(read)));
});

test('a release of before is read as before, beside those that carry theirs', async () => {
  const made = await carrying();
  await publish(made, '1.3.0', '1.2.0', 100);
  made.hosting.calls.length = 0;
  await run(made);
  expect(made.hosting.calls).toEqual(['ledgerPage', 'download']);
  expect((await readBack(made)).changes.map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0', '1.0.0']);
});

test('one of more changes than a tag carries is read from its document', async () => {
  const made = await world();
  const many = Array.from({ length: 21 }, (_, nth) => changeOf(nth + 1));
  await publish(made, '1.0.0', null, 5000, many);
  carry(made);
  made.hosting.calls.length = 0;
  await run(made);
  expect(made.hosting.calls).toEqual(['ledgerPage', 'download', 'pullStarts']);
  expect((await readBack(made)).changes).toHaveLength(21);
});

test('what was left unread is told by the tag as soon as it carries it', async () => {
  const made = await line();
  const assets = made.hosting.stored.map((release) => new Map(release.assets));
  for (const { assets: each } of made.hosting.stored) each.clear();
  expect((await run(made)).report?.history.unread).toBe(3);
  made.hosting.stored.forEach((release, at) => assets[at]?.forEach((asset, id) => release.assets.set(id, asset)));
  carry(made);
  made.hosting.calls.length = 0;
  expect((await run(made)).notes).toEqual([]);
  expect(made.hosting.calls).toEqual(['ledgerPage']);
  expect((await readBack(made)).changes).toHaveLength(3);
});

test('titles that are left out stay out, and come back without a call where they are wanted again', async () => {
  const made = await carrying();
  made.hosting.visible = 'private';
  await run(made);
  const written = await readBack(made);
  expect([written.titles, written.changes.length]).toEqual([false, 3]);
  expect(JSON.stringify(written)).not.toMatch(/makes 1|because|cart/);
  made.hosting.calls.length = 0;
  await report({ ...made, delivery: { ...made.delivery, report: { titles: true } } }, COMMAND);
  expect((await readBack(made)).changes.map(({ subject }) => subject)).toContain('makes 1.1.0');
  expect(made.hosting.calls).toEqual(['ledgerPage']);
});

test('a message that speaks of another version carries nothing', async () => {
  const made = await mistaken({ carrying: true });
  expect((await run(made)).notes).toEqual([{ kind: 'documents-unread', releases: 1 }]);
});

test('many documents that came with the list make no history long', async () => {
  const made = await line();
  for (let minor = 3; minor < 40; minor += 1) await publish(made, `1.${minor}.0`, `1.${minor - 1}.0`, 150 - minor);
  carry(made);
  delivered(made, 3, '1.39.0', 1);
  made.hosting.calls.length = 0;
  await run(made);
  expect(made.hosting.calls).toEqual(['ledgerPage']);
  expect((await readBack(made)).changes).toHaveLength(40);
});
