import { expect, test } from '@jest/globals';
import { delivered, readBack, run } from '../../commands/report-world.ts';
import { world } from '../../fakes/world.ts';

test('10,000 records take 100 calls and a look for a report before, the next report one, and 30 new ones one', async () => {
  const made = await world();
  for (let id = 1; id <= 10_000; id += 1) delivered(made, id, '1.0.0', 40_000 - id);
  await run(made);
  expect(made.hosting.calls).toEqual(['ledgerPage', 'keptFiles', ...Array.from({ length: 99 }, () => 'ledgerPage')]);
  made.hosting.calls.length = 0;
  await run(made);
  for (let id = 10_001; id <= 10_030; id += 1) delivered(made, id, '1.0.0', 40_000 - id);
  await run(made);
  expect(made.hosting.calls).toEqual(['ledgerPage', 'ledgerPage']);
  expect((await readBack(made)).deliveries).toHaveLength(10_030);
});
