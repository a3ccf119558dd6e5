import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { report } from '../../src/commands/report.ts';
import { readReport } from '../../src/config/report.ts';
import { refuse } from '../../src/domain/refusal.ts';
import type { World } from '../fakes/world.ts';
import { COMMAND, delivered, line, publish, readBack, run } from './report-world.ts';

let made: World;
/** What the first report wrote. */
let text: string;

const folderOf = ({ surroundings }: World): string => join(surroundings.workspace, '.delivery');

/** The next machine knows nothing, and GitHub has these reports, newest first. */
const anew = async (...kept: World['hosting']['keptReports']): Promise<void> => {
  await rm(folderOf(made), { recursive: true, force: true });
  made.hosting.keptReports.splice(0, made.hosting.keptReports.length, ...kept);
  made.hosting.calls.length = 0;
};

const again = async (): Promise<readonly string[]> => {
  await run(made);
  return made.hosting.calls;
};

const calls = (name: string): number => made.hosting.calls.filter((call) => call === name).length;

beforeEach(async () => {
  made = await line();
  for (let id = 3; id < 203; id += 1) delivered(made, id, '1.1.0', 2000 - id);
  await run(made);
  text = await readFile(join(folderOf(made), 'delivery.json'), 'utf8');
  await anew();
});

/** A page, the two that are left in one call, and three documents. */
const AFRESH = ['ledgerPage', 'keptFiles', 'ledgerPage', 'download', 'download', 'download'];

describe('a report at GitHub', () => {
  test('is gone on from: what is new is asked for, and what may have changed is looked at again', async () => {
    const before = await readReport([text]);
    if (before === undefined) throw new Error('no report');
    delivered(made, 300, '1.2.0', 10);
    // the one that the new one pushed from the first page
    const at = made.hosting.all.findIndex(({ id }) => id === 103);
    const pushed = made.hosting.all[at];
    if (pushed !== undefined) made.hosting.all[at] = { ...pushed, state: 'inactive' };
    await anew({ branch: 'main', text });
    expect(await again()).toEqual(['ledgerPage', 'keptFiles', 'fetchKept 0', 'ledgerPage']);
    const written = await readBack(made);
    expect(written.deliveries.slice(1)).toMatchObject(before.deliveries.map(({ id, node }) => ({ id, node })));
    expect(written.deliveries.find(({ node }) => node === 'DE_103')?.state).toBe('inactive');
    expect(written).toMatchObject({ history: { complete: true, unread: 0 }, changes: before.changes });
  });

  test('says the same as one that was read afresh', async () => {
    await anew({ branch: 'main', text });
    await again();
    const wentOn = await readBack(made);
    await anew();
    await again();
    expect(wentOn).toEqual(await readBack(made));
  });

  test.each<[string, () => World['hosting']['keptReports'][number]]>([
    ['of another branch', () => ({ branch: 'sly', text })],
    ['of another repository', () => ({ branch: 'main', text: text.replace('"name":"shop"', '"name":"chop"') })],
    ['of a newer schema', () => ({ branch: 'main', text: text.replace('"schema":1', '"schema":2') })],
    ['of other environments', () => ({ branch: 'main', text: text.replaceAll('"production"', '"live"') })],
    ['cut short', () => ({ branch: 'main', text: text.slice(0, -20) })],
    ['that is a page', () => ({ branch: 'main', text: '<html>sign in</html>' })],
    ['with other bytes than listed', () => ({ branch: 'main', text, arrives: text.replace('1.1.0', '6.6.6') })]
  ])('%s is as good as none', async (_, kept) => {
    await anew(kept());
    expect((await again()).filter((call) => !call.startsWith('fetchKept'))).toEqual(AFRESH);
    expect(made.hosting.calls).not.toContain('fetchKept 1');
    expect((await readBack(made)).deliveries).toHaveLength(202);
  });

  test('of another part of the repository may stand before it', async () => {
    const other = text.replaceAll('"production"', '"api"');
    await anew({ branch: 'main', text: other }, { branch: 'main', text: other }, { branch: 'main', text });
    expect(await again()).toEqual(['ledgerPage', 'keptFiles', 'fetchKept 0', 'fetchKept 1', 'fetchKept 2']);
  });

  test.each(['keptFiles', 'fetchKept 0'])('that GitHub does not hand over (%s) fails nothing', async (broken) => {
    for (const fault of [
      refuse('permission-missing', { permission: 'actions: read', call: broken }),
      refuse('hosting-failed', { call: broken, problem: '503' })
    ]) {
      await anew({ branch: 'main', text });
      made.hosting.before = (call) => {
        if (call === broken) throw fault;
      };
      expect((await again()).filter((call) => !call.startsWith('fetchKept'))).toEqual(AFRESH);
    }
  });

  test.each([
    ['a run that was cancelled', () => refuse('cancelled', { command: 'report' })],
    ['a mistake of ours', () => new TypeError('no')]
  ])('hides neither %s', async (_, fault) => {
    await anew({ branch: 'main', text });
    made.hosting.before = (call) => {
      if (call === 'keptFiles') throw fault();
    };
    await expect(run(made)).rejects.toEqual(fault());
  });

  test('is not looked for by a run that is of no branch', async () => {
    await anew({ branch: 'main', text });
    const { branch: _, ...surroundings } = made.surroundings;
    await report({ ...made, surroundings }, COMMAND);
    expect(calls('keptFiles')).toBe(0);
  });

  test('is not looked for where the folder holds one', async () => {
    await anew({ branch: 'main', text });
    await again();
    made.hosting.calls.length = 0;
    expect(await again()).toEqual(['ledgerPage']);
  });

  test('leaves nothing behind on the machine', async () => {
    await anew({ branch: 'main', text });
    await again();
    expect(await readdir(made.surroundings.temporary)).not.toContainEqual(expect.stringMatching(/^kept-/));
  });

  test('with titles is written without them where they are not wanted any more, and the other way round', async () => {
    made.hosting.visible = 'private';
    await anew({ branch: 'main', text });
    await again();
    const untitled = await readFile(join(folderOf(made), 'delivery.json'), 'utf8');
    expect(untitled).not.toMatch(/makes 1|because|cart/);
    made.hosting.visible = 'public';
    await anew({ branch: 'main', text: untitled });
    await again();
    expect(calls('download')).toBe(3);
    expect((await readBack(made)).changes.map(({ subject }) => subject)).toContain('makes 1.1.0');
  });
});

describe('a short history', () => {
  beforeEach(async () => {
    made = await line();
  });

  test('costs no call more', async () => {
    expect(await again()).toEqual(['ledgerPage', 'download', 'download', 'download']);
  });

  test('with many documents is no short one', async () => {
    for (let minor = 3; minor < 11; minor += 1) await publish(made, `1.${minor}.0`, `1.${minor - 1}.0`, 150 - minor);
    made.hosting.calls.length = 0;
    await again();
    expect([calls('keptFiles'), calls('download')]).toEqual([1, 11]);
  });

  test('with ten documents is one', async () => {
    for (let minor = 3; minor < 10; minor += 1) await publish(made, `1.${minor}.0`, `1.${minor - 1}.0`, 150 - minor);
    made.hosting.calls.length = 0;
    await again();
    expect([calls('keptFiles'), calls('download')]).toEqual([0, 10]);
  });
});
