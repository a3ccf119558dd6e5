import { describe, expect, test } from '@jest/globals';
import type { Delivery, Line } from '../../../rehearsal/demo/line.ts';
import { createScreen } from '../../../rehearsal/demo/screen.ts';
import { Surprise, tell } from '../../../rehearsal/demo/story.ts';
import type { Stage } from '../../../rehearsal/demo/story.ts';
import type { EnvironmentName } from '../../../rehearsal/demo/town.ts';
import { deploy, problemsOf, setStatus, start } from '../hub/client.ts';

interface Twist {
  /** What becomes of a delivery to production; by default the second version does not stay. */
  readonly production?: (version: string) => 'done' | 'rolled-back' | 'failed';
  readonly approves?: boolean;
  readonly buildFails?: boolean;
  /** The shops run something else than the records say. */
  readonly runs?: string;
  /** Issues that stop the line when a version broke. */
  readonly stops?: number;
}

const VERSIONS = ['0.1.0', '0.2.0', '0.2.1'];

/** A line that leaves the records and the issues of a real one on a real hub, and brings its shops up to date. */
const createWorld = async (twist: Twist = {}) => {
  const at = await start();
  const { hub, client } = at;
  hub.defineEnvironment('staging');
  hub.defineEnvironment('production');
  const live = new Map<EnvironmentName, string>();
  const said: string[] = [];
  const messages: string[] = [];
  const production = twist.production ?? ((version) => (version === '0.2.0' ? 'rolled-back' : 'done'));

  const stopTheLine = async (): Promise<void> => {
    for (let count = 0; count < (twist.stops ?? 1); count += 1) {
      await client.ask('POST', '/issues', { title: 'it broke', labels: ['line-stopped'] });
    }
  };

  const bring = async (environment: EnvironmentName, version: string): Promise<Delivery> => {
    const decision = environment === 'staging' ? 'done' : production(version);
    const record = await deploy(at, environment, { payload: { version } });
    await setStatus(client, record, decision === 'done' ? 'success' : 'failure', { auto_inactive: false });
    if (decision === 'done') live.set(environment, twist.runs ?? version);
    if (decision === 'rolled-back') await stopTheLine();
    return { version, environment, decision, reasonCode: decision, apiCalls: 7, seconds: 1 };
  };

  const line: Line = {
    deliver: async (message) => {
      messages.push(message);
      const version = VERSIONS[messages.length - 1] ?? '';
      if (twist.buildFails === true) return { deliveries: [], verdict: undefined };
      const staging = await bring('staging', version);
      const verdict = { by: 'rui', where: 'here', state: twist.approves === false ? 'rejected' : 'approved' } as const;
      const deliveries = verdict.state === 'rejected' ? [staging] : [staging, await bring('production', version)];
      return { deliveries, verdict };
    },
    report: () => Promise.resolve()
  };
  const screen = createScreen({ write: (text) => said.push(text), colours: false });
  const stage: Stage = { line, hub, screen, town: { version: async (name) => live.get(name) } };
  return { stage, hub, messages, said: () => said.join('') };
};

describe('the story of the demo', () => {
  test('delivers, comes back, resumes and delivers the repair', async () => {
    const { stage, hub, said } = await createWorld();
    const { deliveries, live, rejected } = await tell(stage);
    expect([live, rejected]).toEqual([{ staging: '0.2.1', production: '0.2.1' }, false]);
    expect(deliveries.map(({ version, environment, decision }) => `${version} ${environment} ${decision}`)).toEqual([
      '0.1.0 staging done',
      '0.1.0 production done',
      '0.2.0 staging done',
      '0.2.0 production rolled-back',
      '0.2.1 staging done',
      '0.2.1 production done'
    ]);
    expect(said()).toContain('ana closes issue 1: the line goes on');
    expect((await hub.snapshot()).issues).toMatchObject([{ number: 1, state: 'closed' }]);
  });

  test('is over when somebody says no: what came until then is told', async () => {
    const { stage, messages } = await createWorld({ approves: false });
    const { deliveries, live, rejected } = await tell(stage);
    expect([live, rejected]).toEqual([{ staging: '0.1.0', production: 'nothing' }, true]);
    expect(deliveries).toHaveLength(1);
    expect(messages).toEqual(['feat: open the shop']);
  });

  test.each<[string, Twist, string]>([
    [
      'a broken version that stays',
      { production: () => 'done' },
      'the delivery to production: done, where rolled-back'
    ],
    [
      'a rollback that failed',
      { production: (version) => (version === '0.2.0' ? 'failed' : 'done') },
      'failed, where rolled-back'
    ],
    ['records that say something else than the shops', { runs: '7.7.7' }, 'the record of staging: 0.1.0, where 7.7.7'],
    ['a build that failed', { buildFails: true }, 'nothing was delivered to staging'],
    ['a line that nothing stopped', { stops: 0 }, '0 issues stop the line'],
    ['a line that is stopped twice', { stops: 2 }, '2 issues stop the line']
  ])('does not accept %s', async (_, twist, message) => {
    const { stage } = await createWorld(twist);
    const told = tell(stage);
    await expect(told).rejects.toThrow(Surprise);
    await expect(told).rejects.toThrow(message);
  });

  test('does not accept calls that GitHub would not have understood', async () => {
    const { stage, hub } = await createWorld();
    await fetch(`${hub.apiUrl}/nowhere`, { headers: { authorization: `Bearer ${hub.personToken('ana')}` } });
    expect(problemsOf(hub)).toHaveLength(1);
    await expect(tell(stage)).rejects.toThrow('problems of the hub: not emulated: GET /api/v3/nowhere');
  });
});
