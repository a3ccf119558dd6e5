import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createAsker } from '../../../rehearsal/demo/ask.ts';
import { LineBroken, createLine } from '../../../rehearsal/demo/line.ts';
import type { Job, JobEnd, Platform } from '../../../rehearsal/demo/platform.ts';
import { createScreen } from '../../../rehearsal/demo/screen.ts';
import { Surprise, tell } from '../../../rehearsal/demo/story.ts';
import type { Stage } from '../../../rehearsal/demo/story.ts';
import type { EnvironmentName, Town } from '../../../rehearsal/demo/town.ts';

interface Twist {
  /** What becomes of a delivery to production; by default the second version does not stay. */
  readonly production?: (version: string) => 'done' | 'rolled-back' | 'failed';
  readonly approves?: boolean;
  readonly buildExit?: number;
  /** The records say something else than the shops. */
  readonly recorded?: string;
  readonly problems?: readonly string[];
}

const VERSIONS = ['0.1.0', '0.2.0', '0.2.1'];
const isEnvironment = (name: string): name is EnvironmentName => name === 'staging' || name === 'production';

/** A platform and its shops in memory: deliveries change what is live, a rollback stops the line until it is resumed. */
const createWorld = (twist: Twist = {}) => {
  const live = new Map<EnvironmentName, string>();
  const said: string[] = [];
  const reviews: string[] = [];
  let pushes = 0;
  let stopped = false;
  const production = twist.production ?? ((version) => (version === '0.2.0' ? 'rolled-back' : 'done'));

  const end = (exitCode: number, outputs: Record<string, string>): JobEnd => ({
    exitCode,
    outputs,
    seconds: 1.234,
    apiCalls: 7,
    artifact: 'somewhere'
  });

  const deploy = ({ name, inputs }: Job): JobEnd => {
    const version = inputs?.version ?? '';
    if (!isEnvironment(name) || stopped) return end(1, { version, decision: 'refused', 'reason-code': 'line-stopped' });
    const decision = name === 'staging' ? 'done' : production(version);
    if (decision === 'done') live.set(name, version);
    if (decision === 'rolled-back') stopped = true;
    return end(decision === 'done' ? 0 : 1, { version, decision, 'reason-code': decision });
  };

  const platform: Platform = {
    address: 'http://hub',
    remote: () => '',
    start: (commit) => ({ id: pushes, number: pushes, commit }),
    run: async (_, job) =>
      job.command === 'deploy'
        ? deploy(job)
        : end(job.command === 'build' ? (twist.buildExit ?? 0) : 0, { version: VERSIONS[pushes - 1] ?? '' }),
    waits: async (_, environment) => environment === 'production',
    review: async (_, environment, verdict) => {
      reviews.push(`${environment} ${verdict}`);
    },
    stops: async () => (stopped ? [{ number: 4, title: 'it broke', url: 'http://hub/4' }] : []),
    closeIssue: async () => {
      stopped = false;
    },
    end: () => undefined,
    recorded: async (environment) => twist.recorded ?? live.get(environment),
    problems: () => twist.problems ?? [],
    close: async () => undefined
  };
  const town: Town = { address: 'http://town', version: async (name) => live.get(name), close: async () => undefined };
  const screen = createScreen({ write: (text) => said.push(text), colours: false });
  const line = createLine({ platform, screen, approves: async () => twist.approves ?? true, reviewer: 'rui' });
  const project = {
    push: async () => {
      pushes += 1;
      return `commit ${pushes}`;
    }
  };
  const stage: Stage = { line, platform, project, screen, town, author: 'ana' };
  return { stage, reviews, said: () => said.join('') };
};

describe('the story of the demo', () => {
  test('delivers, comes back, resumes and delivers the repair', async () => {
    const { stage, reviews, said } = createWorld();
    const { deliveries, live } = await tell(stage);
    expect(live).toEqual({ staging: '0.2.1', production: '0.2.1' });
    expect(deliveries.map(({ version, environment, decision }) => `${version} ${environment} ${decision}`)).toEqual([
      '0.1.0 staging done',
      '0.1.0 production done',
      '0.2.0 staging done',
      '0.2.0 production rolled-back',
      '0.2.1 staging done',
      '0.2.1 production done'
    ]);
    expect(deliveries[0]).toMatchObject({ apiCalls: 7, seconds: 1.23 });
    expect(reviews).toEqual(['production approved', 'production approved', 'production approved']);
    expect(said()).toContain('ana closes issue 4: the line goes on');
  });

  test('is over when the person says no', async () => {
    const { stage, reviews } = createWorld({ approves: false });
    await expect(tell(stage)).rejects.toThrow('nothing was delivered to production, for nobody approved it');
    expect(reviews).toEqual(['production rejected']);
  });

  test('does not accept a broken version that stays', async () => {
    const { stage } = createWorld({ production: () => 'done' });
    await expect(tell(stage)).rejects.toThrow('the delivery to production: done, where rolled-back was to be expected');
  });

  test('does not accept a rollback that failed', async () => {
    const { stage } = createWorld({ production: (version) => (version === '0.2.0' ? 'failed' : 'done') });
    await expect(tell(stage)).rejects.toThrow(Surprise);
  });

  test('does not accept records that say something else than the shops', async () => {
    const { stage } = createWorld({ recorded: '7.7.7' });
    await expect(tell(stage)).rejects.toThrow('the record of staging: 7.7.7, where 0.1.0 was to be expected');
  });

  test('does not accept calls that GitHub would not have understood', async () => {
    const { stage } = createWorld({ problems: ['GET /nowhere'] });
    await expect(tell(stage)).rejects.toThrow('problems of the hub: GET /nowhere');
  });

  test('goes no further after a build that failed', async () => {
    const { stage, reviews } = createWorld({ buildExit: 1 });
    await expect(tell(stage)).rejects.toThrow(LineBroken);
    expect(reviews).toEqual([]);
  });
});

describe('the person at the terminal', () => {
  const answersTo = async (text: string, questions: number): Promise<boolean[]> => {
    const { signal } = new AbortController();
    const asker = createAsker({ input: Readable.from([text]), write: () => undefined, signal });
    const answers: boolean[] = [];
    for (let count = 0; count < questions; count += 1) answers.push(await asker.approves('well?'));
    asker.close();
    return answers;
  };

  test('says yes only by saying yes', async () => {
    expect(await answersTo('y\nYES\n\nn\nyesterday\nsure\n', 6)).toEqual([true, true, false, false, false, false]);
  });

  test('who says nothing at all says no', async () => {
    expect(await answersTo('y', 3)).toEqual([true, false, false]);
  });

  test('who is interrupted says no', async () => {
    const interrupted = new AbortController();
    const asker = createAsker({ input: new PassThrough(), write: () => undefined, signal: interrupted.signal });
    const answer = asker.approves('well?');
    interrupted.abort();
    expect(await answer).toBe(false);
  });
});

describe('the screen', () => {
  const shown = (colours: boolean): string => {
    const lines: string[] = [];
    const screen = createScreen({ write: (text) => lines.push(text), colours });
    screen.step('staging', '1.2.3 is live', { seconds: 1.26, calls: 6, mood: 'good' });
    screen.step('the line', 'stopped');
    return lines.join('');
  };

  test('keeps its columns', () => {
    const [first = '', second] = shown(false).split('\n');
    expect(first).toMatch(/^ {3}staging {5}1\.2\.3 is live +1\.3 s {3}6 API calls$/);
    expect(second).toBe('   the line    stopped');
  });

  test('is colourful only where asked to be', () => {
    expect(shown(false)).not.toContain('\u001B');
    expect(shown(true)).toContain('\u001B[32m');
  });
});
