import { describe, expect, test } from '@jest/globals';
import { announce } from '../../src/commands/announce.ts';
import { deploy } from '../../src/commands/deploy.ts';
import type { AnnounceCommand } from '../../src/domain/command.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { LANGUAGES } from '../../src/contract.ts';
import type { Language } from '../../src/contract.ts';
import { refuse } from '../../src/domain/refusal.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { exitCodeOf } from '../../src/rules/verdict.ts';
import { changeOf, environment, v } from '../fakes/builders.ts';
import { CONTEXT } from '../report/examples.ts';
import type { Talk } from '../fakes/hosting.ts';
import { PROCESS, asking, inRun, publish, world } from '../fakes/world.ts';
import type { World, WorldShape } from '../fakes/world.ts';

const announcing = (over: Partial<AnnounceCommand> = {}): AnnounceCommand => ({
  name: 'announce',
  config: '.github/delivery.yml',
  dryRun: false,
  ...over
});

const talk = (base: World, number: number, over: Partial<Talk> = {}): void =>
  void base.hosting.talks.set(number, { kind: 'pull', merged: true, labels: [], closes: [], comments: [], ...over });

const release = async (base: World, version: string, pulls: readonly number[]): Promise<void> => {
  await publish(base, version, PROCESS, pulls.map(changeOf));
};

let runs = 200;
/** Another run, some time later. */
const go = async (base: World, version: string, environments: readonly string[] = ['staging', 'production']) => {
  for (const name of environments) {
    runs += 1;
    await base.clock.sleep(60);
    const run = inRun(base, { id: runs }, { event: 'workflow_dispatch' });
    await deploy(run, asking(version, { environment: name }));
  }
};

/** 1.0.0 with pull request 1 and the issue 5 it closes, and 1.1.0 with 2 and 3; both released, 1.0.0 live. */
const shop = async (shape: WorldShape = {}): Promise<World> => {
  const base = await world(shape);
  for (const number of [2, 3]) talk(base, number);
  talk(base, 1, { closes: [5] });
  talk(base, 5, { kind: 'issue' });
  await release(base, '1.0.0', [1]);
  await release(base, '1.1.0', [2, 3]);
  await go(base, '1.0.0');
  base.hosting.calls.length = 0;
  return base;
};

const bodies = (base: World, number: number): readonly string[] =>
  base.hosting.talks.get(number)?.comments.map(({ body }) => body) ?? [];

const latest = (base: World): string | undefined =>
  base.hosting.stored.find(({ id }) => id === base.hosting.latest)?.tag;

const kinds = ({ notes = [] }: Outcome): readonly string[] => notes.map(({ kind }) => kind);

const writes = (base: World): readonly string[] =>
  base.hosting.calls.filter((call) =>
    /^(create|edit|delete|makeLatest|claim|unclaim|lock|takeOver|release)/.test(call)
  );

describe('after a delivery', () => {
  test('the release is latest, and the pull request and the issue it closes know', async () => {
    const base = await shop();
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'announced', details: { version: '1.0.0', environment: 'production' } },
      version: '1.0.0',
      environment: 'production',
      changed: true,
      notes: [
        { kind: 'latest-moved', version: '1.0.0' },
        { kind: 'told', written: 2, same: 0 }
      ]
    });
    expect(latest(base)).toBe('v1.0.0');
    for (const number of [1, 5]) {
      const [body = '', ...others] = bodies(base, number);
      expect(others).toEqual([]);
      expect(body).toMatch(/^<!-- esteira:announcement v%7Bversion%7D -->\n1\.0\.0: /);
      expect(JSON.parse(body.slice(body.indexOf('[')))).toMatchObject([
        { environment: 'staging', presence: { kind: 'there', by: '1.0.0' } },
        { environment: 'production', presence: { kind: 'there', by: '1.0.0' } }
      ]);
    }
    expect([...bodies(base, 2), ...bodies(base, 3)]).toEqual([]);
  });

  test('of a run that delivered elsewhere does not say that it delivered here', async () => {
    const base = await shop();
    await announce(base, announcing());
    const run = inRun(base, { id: 900 }, { event: 'workflow_dispatch' });
    await deploy(run, asking('1.1.0', { environment: 'staging' }));
    const outcome = await announce(run, announcing());
    const details = { version: '1.1.0', environment: 'staging', others: 'production' };
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'announced-elsewhere', details } });
    expect(outcome).not.toHaveProperty('environment');
    const summary = (language: Language): string =>
      summaryOf(outcome, language, { ...CONTEXT, runUrl: run.surroundings.run.url });
    expect(summary('en')).toContain('Version 1.1.0 was delivered to staging. Announcements speak of production');
    expect(summary('pt-BR')).toContain('A versão 1.1.0 foi entregue em staging. Os anúncios falam de production');
    for (const language of LANGUAGES) expect(summary(language)).not.toMatch(/→ production|1\.0\.0/);
    // the same run goes on to production
    await deploy(run, asking('1.1.0'));
    expect((await announce(run, announcing())).reason).toMatchObject({
      code: 'announced',
      details: { version: '1.1.0', environment: 'production' }
    });
  });

  test('two looks, a batch for each kind, read again under the lock, and one call for each comment', async () => {
    const base = await shop();
    await announce(base, announcing());
    expect(base.hosting.calls).toEqual([
      'facts',
      'assets',
      'download',
      'conversations pull',
      'conversations issue',
      'lock',
      'conversations pull',
      'conversations issue',
      'createComment 1',
      'createComment 5',
      'makeLatest',
      'facts',
      'conversations pull',
      'conversations issue',
      'releaseLock'
    ]);
  });

  test('once more changes nothing, and asks for no lock', async () => {
    const base = await shop();
    await announce(base, announcing());
    base.hosting.calls.length = 0;
    const again = await announce(base, announcing());
    expect(again).toMatchObject({
      reason: { code: 'announced' },
      changed: false,
      notes: [{ kind: 'told', written: 0, same: 2 }]
    });
    expect(base.hosting.calls).toEqual(['facts', 'assets', 'download', 'conversations pull', 'conversations issue']);
  });

  test('a delivery of several releases tells all of them; one that was not announced is caught up with', async () => {
    const base = await shop();
    await announce(base, announcing());
    talk(base, 4);
    await release(base, '1.2.0', [4]);
    await go(base, '1.1.0');
    await go(base, '1.2.0');
    await announce(base, announcing());
    expect(bodies(base, 2)).toHaveLength(1);
    expect(bodies(base, 3)).toHaveLength(1);
    expect(bodies(base, 4)).toHaveLength(1);
    expect(latest(base)).toBe('v1.2.0');
  });

  test('only what GitHub calls a merged pull request is told, and nothing with the label', async () => {
    const base = await shop();
    talk(base, 2, { kind: 'issue' });
    talk(base, 3, { labels: ['no-announcement'], closes: [5] });
    talk(base, 4, { merged: false });
    await release(base, '1.2.0', [4, 99]);
    await go(base, '1.2.0');
    await announce(base, announcing());
    for (const number of [2, 3, 4]) expect(bodies(base, number)).toEqual([]);
  });

  test('comments of others stay as they are, whatever they say', async () => {
    const base = await shop();
    const fake = { id: 900, by: 'mallory', body: '<!-- esteira:announcement v%7Bversion%7D -->\nnonsense' };
    talk(base, 1, { comments: [fake] });
    await announce(base, announcing());
    expect(bodies(base, 1)).toEqual([fake.body, expect.stringContaining('1.0.0')]);
  });
});

describe('after a rollback', () => {
  test('by request: latest moves back, and the same comments say so', async () => {
    const base = await shop();
    await announce(base, announcing());
    await go(base, '1.1.0');
    await announce(base, announcing());
    expect(latest(base)).toBe('v1.1.0');
    await go(base, '1.0.0', ['production']);
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({ version: '1.0.0', previous: '1.1.0', changed: true });
    expect(latest(base)).toBe('v1.0.0');
    for (const number of [2, 3]) {
      expect(bodies(base, number)).toEqual([expect.stringContaining('"kind":"taken-back","by":"1.0.0"')]);
    }
    expect(bodies(base, 1)).toEqual([expect.stringContaining('"environment":"production","presence":{"kind":"there"')]);
  });

  test('by itself: what never worked there was never told, and the message says what went', async () => {
    const base = await shop({ channels: [{ kind: 'slack', variable: 'CHAT' }] });
    base.webhooks.set.add('CHAT');
    await announce(base, announcing());
    await go(base, '1.1.0', ['staging']);
    base.target.sick.add('1.1.0');
    await go(base, '1.1.0', ['production']);
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({ version: '1.0.0', previous: '1.1.0' });
    expect(latest(base)).toBe('v1.0.0');
    expect([...bodies(base, 2), ...bodies(base, 3)]).toEqual([]);
    expect(base.webhooks.posted.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'delivered', changes: [{ pull: 1 }] },
      { event: 'rolled-back', from: '1.1.0', changes: [{ pull: 2 }, { pull: 3 }] }
    ]);
  });
});

describe('the records decide', () => {
  test('nothing is there', async () => {
    const outcome = await announce(await world(), announcing());
    expect(outcome).toMatchObject({ verdict: 'nothing-to-do', reason: { code: 'nothing-live' }, changed: false });
  });

  test('nobody knows what is there: nothing moves', async () => {
    const base = await shop({ rollback: 'manual' });
    await go(base, '1.1.0', ['staging']);
    base.target.sick.add('1.1.0');
    await go(base, '1.1.0', ['production']);
    base.hosting.calls.length = 0;
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({ verdict: 'nothing-to-do', notes: [{ kind: 'live-unknown' }] });
    expect(writes(base)).toEqual([]);
  });

  test('an environment on the way moves nothing, and tells where the change is', async () => {
    const base = await shop();
    await go(base, '1.1.0', ['staging']);
    await announce(base, announcing({ environment: 'staging' }));
    expect(latest(base)).toBeUndefined();
    expect(bodies(base, 2)).toEqual([expect.not.stringContaining('production')]);
  });

  test('of two last environments the older version is the latest release', async () => {
    const environments = [environment({ name: 'eu' }), environment({ name: 'us' })];
    const base = await world({ environments });
    await release(base, '1.0.0', []);
    await release(base, '1.1.0', []);
    for (const [version, name] of [
      ['1.0.0', 'eu'],
      ['1.0.0', 'us'],
      ['1.1.0', 'eu']
    ] as const)
      await go(base, version, [name]);
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({ reason: { details: { version: '1.1.0, 1.0.0', environment: 'eu, us' } } });
    expect(latest(base)).toBe('v1.0.0');
    await go(base, '1.1.0', ['us']);
    await announce(base, announcing({ environment: 'us' }));
    expect(latest(base)).toBe('v1.1.0');
  });

  test('a newer delivery while we write: the last word is what is live then', async () => {
    const base = await shop();
    let once = true;
    base.hosting.before = (call) => {
      if (call !== 'makeLatest' || !once) return;
      once = false;
      const live = base.hosting.all.findLastIndex(({ environment: name }) => name === 'production');
      const old = base.hosting.all[live];
      if (old === undefined) throw new Error('nothing is live');
      const { payload } = old;
      const version = base.hosting.stored.find(({ tag }) => tag === 'v1.1.0');
      base.hosting.all.push({
        ...old,
        id: 5000,
        commit: version?.commit ?? '',
        payload: { ...payload, version: v('1.1.0'), tag: 'v1.1.0', previous: payload.version }
      });
    };
    await announce(base, announcing());
    expect(latest(base)).toBe('v1.1.0');
    expect(bodies(base, 2)).toEqual([expect.stringContaining('1.1.0')]);
  });
});

describe('a component that leaves "latest" to another one', () => {
  const component = async (): Promise<World> => {
    const base = await shop({ latest: false });
    base.hosting.latest = 999;
    return base;
  };

  const full = (base: World): readonly string[] =>
    base.hosting.stored.filter((each) => each.full === true).map(({ tag }) => tag);

  test('its release is a full one, and "latest" stays where it is', async () => {
    const base = await component();
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({
      changed: true,
      notes: [{ kind: 'made-full', version: '1.0.0' }, { kind: 'told' }]
    });
    expect([full(base), base.hosting.latest]).toEqual([['v1.0.0'], 999]);
    expect(bodies(base, 1)).toHaveLength(1);
    base.hosting.calls.length = 0;
    expect(await announce(base, announcing())).toMatchObject({ changed: false });
    expect(writes(base)).toEqual([]);
  });

  test('a delivery that was not announced is caught up with, for the newest full release tells how far they came', async () => {
    const base = await component();
    await announce(base, announcing());
    talk(base, 4);
    await release(base, '1.2.0', [4]);
    await go(base, '1.1.0');
    await go(base, '1.2.0');
    await announce(base, announcing());
    for (const number of [2, 3, 4]) expect(bodies(base, number)).toHaveLength(1);
    expect([full(base), base.hosting.latest]).toEqual([['v1.0.0', 'v1.2.0'], 999]);
  });

  test('a rollback leaves both full, and tells what was taken back', async () => {
    const base = await component();
    await announce(base, announcing());
    await go(base, '1.1.0');
    await announce(base, announcing());
    await go(base, '1.0.0', ['production']);
    base.hosting.calls.length = 0;
    await announce(base, announcing());
    expect(base.hosting.calls).not.toContain('makeFull');
    expect(bodies(base, 2)).toEqual([expect.stringContaining('"kind":"taken-back"')]);
  });

  test('what would be done, and what could not be', async () => {
    const base = await component();
    const dry = await announce(base, announcing({ dryRun: true }));
    expect(kinds(dry)).toEqual(['would-make-full', 'would-tell']);
    base.hosting.before = (call) => {
      if (call === 'makeFull') throw refuse('hosting-failed', { call, problem: '422' });
    };
    expect(kinds(await announce(base, announcing()))).toEqual(['told', 'not-made-full']);
  });
});

describe('one comment, whatever happens', () => {
  test('two at once', async () => {
    const base = await shop();
    await Promise.all([announce(base, announcing()), announce(base, announcing()), announce(base, announcing())]);
    for (const number of [1, 5]) expect(bodies(base, number)).toHaveLength(1);
    expect(base.hosting.doubled).toBe(1);
    expect(base.hosting.lock).toBeUndefined();
  });

  test.each([1, 2, 3, 4, 6])('lists that show nothing in the first %i answers', async (blind) => {
    const base = await shop();
    await announce(base, announcing());
    base.hosting.blind = blind;
    base.hosting.calls.length = 0;
    await announce(base, announcing());
    // nobody gets a mail for each look
    for (const number of [1, 5])
      expect(base.hosting.calls.filter((call) => call === `createComment ${number}`).length).toBeLessThanOrEqual(1);
    for (const number of [1, 5]) expect(bodies(base, number)).toHaveLength(1);
  });

  test('killed before or after any call, and run again', async () => {
    const calls = (await calm()).length;
    expect(calls).toBeGreaterThan(9);
    for (let n = 1; n <= calls; n += 1)
      for (const phase of ['before', 'after'] as const)
        for (const follower of [{ attempt: 2 }, { id: 900 }]) {
          const base = await shop();
          let count = 0;
          // whoever is dead asks nothing any more
          const strike = (): void => {
            count += 1;
            if (count >= n) throw new Error('killed');
          };
          base.hosting.before = phase === 'before' ? strike : () => undefined;
          if (phase === 'after') base.hosting.after = strike;
          await announce(base, announcing()).catch(() => undefined);
          base.hosting.before = () => undefined;
          base.hosting.after = () => undefined;
          base.hosting.overRuns.add(base.surroundings.run.id);
          await announce(inRun(base, follower), announcing());
          expect([n, bodies(base, 1).length, bodies(base, 5).length, latest(base)]).toEqual([n, 1, 1, 'v1.0.0']);
          expect(base.hosting.doubled).toBe(1);
        }
  });
});

describe('announcements take turns to comment', () => {
  const HOLDER = { mark: 'theirs', run: { id: 700, attempt: 3 } };

  /** Another run has the lock. */
  const held = async (shape: WorldShape = {}): Promise<World> => {
    const base = await shop(shape);
    base.hosting.lock = HOLDER;
    return base;
  };

  /** Seconds it waited. */
  const timed = async (base: World): Promise<{ readonly outcome: Outcome; readonly seconds: number }> => {
    const began = base.clock.elapsed();
    const outcome = await announce(base, announcing());
    return { outcome, seconds: base.clock.elapsed() - began };
  };

  const count = (base: World, name: string): number => base.hosting.calls.filter((call) => call === name).length;

  test('an earlier attempt of the same run is over: nobody is asked, nobody waits', async () => {
    const base = await held();
    base.hosting.lock = { mark: 'ours', run: { id: base.surroundings.run.id, attempt: 1 } };
    const { outcome, seconds } = await timed(inRun(base, { attempt: 2 }));
    expect(outcome.reason.code).toBe('announced');
    expect([seconds, count(base, 'runState'), count(base, 'takeOverLock')]).toEqual([0, 0, 1]);
    expect(base.hosting.lock).toBeUndefined();
  });

  test('a run that is over has lost it', async () => {
    const base = await held();
    base.hosting.overRuns.add(700);
    const { outcome, seconds } = await timed(base);
    expect([outcome.reason.code, seconds, count(base, 'takeOverLock')]).toEqual(['announced', 0, 1]);
    expect(bodies(base, 1)).toHaveLength(1);
    expect(base.hosting.lock).toBeUndefined();
  });

  test('so has an attempt of a run that is at a later one, perhaps for days', async () => {
    const base = await held();
    base.hosting.attempts.set(700, 4);
    const { outcome, seconds } = await timed(base);
    expect([outcome.reason.code, seconds, count(base, 'takeOverLock')]).toEqual(['announced', 0, 1]);
    base.hosting.lock = HOLDER;
    base.hosting.attempts.set(700, 3);
    base.hosting.talks.get(1)?.comments.splice(0);
    expect(kinds(await announce(base, announcing()))).toContain('comments-left');
  });

  test('whoever waited looks at everything anew: the comment is there, and the records say more', async () => {
    const base = await held();
    base.clock.meanwhile = () => {
      if (base.hosting.lock !== HOLDER) return;
      const said = '<!-- esteira:announcement v%7Bversion%7D -->\nold words';
      base.hosting.talks.get(1)?.comments.push({ id: 4000, by: 'bot', body: said });
      base.hosting.lock = undefined;
    };
    const { outcome, seconds } = await timed(base);
    expect([outcome.reason.code, seconds, base.hosting.doubled]).toEqual(['announced', 7, 1]);
    expect(bodies(base, 1)).toEqual([expect.stringContaining('"kind":"there"')]);
    const [asked, written] = [base.hosting.calls.lastIndexOf('lock'), base.hosting.calls.indexOf('editComment')];
    expect(base.hosting.calls.slice(asked, written)).toEqual([
      'lock',
      'facts',
      'conversations pull',
      'conversations issue'
    ]);
    expect(count(base, 'createComment 1')).toBe(0);
  });

  test('one that lives on: after ten minutes comments stay, the run to wait for is named, all else is done', async () => {
    const base = await held({ channels: [{ kind: 'slack', variable: 'CHAT' }] });
    base.webhooks.set.add('CHAT');
    const { outcome, seconds } = await timed(base);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'announced-in-part', details: { failures: '1' } }
    });
    const run = 'https://hub.test/acme/shop/actions/runs/700/attempts/3';
    expect(outcome.notes).toContainEqual({ kind: 'comments-left', run, minutes: 10 });
    expect(kinds(outcome)).toEqual(['latest-moved', 'message-sent', 'comments-left']);
    expect([latest(base), bodies(base, 1)]).toEqual(['v1.0.0', []]);
    expect(seconds).toBeGreaterThanOrEqual(600);
    expect(seconds).toBeLessThan(670);
    expect(count(base, 'lock')).toBeLessThan(20);
    expect(base.hosting.lock).toBe(HOLDER);
    expect(exitCodeOf(outcome)).toBe(0);
    // and when that one has ended
    base.hosting.overRuns.add(700);
    expect((await announce(base, announcing())).reason.code).toBe('announced');
    expect(bodies(base, 1)).toHaveLength(1);
  });

  test('without actions: read nobody can be proven dead: it waits, and names the permission', async () => {
    const base = await held();
    base.hosting.overRuns.add(700);
    base.hosting.before = (call) => {
      if (call === 'runState') throw refuse('permission-missing', { permission: 'actions: read', call });
    };
    const outcome = await announce(base, announcing());
    expect(outcome.notes).toContainEqual({ kind: 'permission-needed', permission: 'actions: read' });
    expect(kinds(outcome)).toContain('comments-left');
    expect(base.hosting.lock).toBe(HOLDER);
  });

  test('and one that need not be proven dead costs no permission', async () => {
    const base = await held();
    base.hosting.before = (call) => {
      if (call === 'runState') throw refuse('permission-missing', { permission: 'actions: read', call });
    };
    base.clock.meanwhile = () => void (base.hosting.lock = undefined);
    expect((await announce(base, announcing())).reason.code).toBe('announced');
  });

  test('another job of the very same attempt is waited for', async () => {
    const base = await held();
    const { id, attempt } = base.surroundings.run;
    base.hosting.lock = { mark: 'theirs', run: { id, attempt } };
    base.hosting.overRuns.add(id);
    expect(kinds(await announce(base, announcing()))).toContain('comments-left');
  });

  test('what nobody of us made is left, and the way out is told', async () => {
    const base = await shop();
    base.hosting.lock = { mark: 'by hand' };
    const outcome = await announce(base, announcing());
    expect(outcome.notes).toContainEqual({ kind: 'comments-locked', minutes: 10 });
    for (const language of LANGUAGES)
      expect(summaryOf(outcome, language, CONTEXT)).toContain('git push origin :refs/esteira/announcing');
    expect(base.hosting.calls).not.toContain('takeOverLock');
  });

  test('of two who take it over one has it, and the other waits', async () => {
    const base = await held();
    base.hosting.overRuns.add(700);
    await Promise.all([announce(base, announcing()), announce(inRun(base, { id: 101 }), announcing())]);
    expect([bodies(base, 1).length, base.hosting.doubled, base.hosting.lock]).toEqual([1, 1, undefined]);
  });

  test('it is given back after whatever went wrong, and by a cancelled run', async () => {
    for (const refusal of [
      refuse('hosting-failed', { call: 'x', problem: '502' }),
      refuse('phase-timeout', { phase: 'announce', seconds: '1800', call: 'x' }),
      refuse('cancelled', { command: 'announce' })
    ]) {
      const base = await shop();
      base.hosting.before = (call) => {
        if (call.startsWith('createComment')) throw refusal;
      };
      await announce(base, announcing()).catch(() => undefined);
      expect([refusal.reason.code, base.hosting.lock]).toEqual([refusal.reason.code, undefined]);
    }
  });

  test('a run that is cancelled while it writes or waits writes nothing more', async () => {
    for (const moment of ['lock', 'createComment 1']) {
      const base = await shop();
      base.hosting.after = (call) => {
        if (call === moment) base.cancel.abort();
      };
      await expect(announce(base, announcing())).rejects.toMatchObject({ reason: { code: 'cancelled' } });
      expect([moment, bodies(base, 5), base.hosting.lock]).toEqual([moment, [], undefined]);
    }
    const base = await held();
    base.clock.meanwhile = () => base.cancel.abort();
    await expect(announce(base, announcing())).rejects.toMatchObject({ reason: { code: 'cancelled' } });
    expect([count(base, 'lock'), base.hosting.lock]).toEqual([1, HOLDER]);
  });

  test('also where nobody knows whether it was had', async () => {
    const base = await shop();
    base.hosting.after = (call) => {
      if (call === 'lock') throw refuse('hosting-failed', { call, problem: 'no answer' });
    };
    const outcome = await announce(base, announcing());
    expect(kinds(outcome)).toContain('not-told');
    expect([base.hosting.lock, bodies(base, 1)]).toEqual([undefined, []]);
  });

  test('one that cannot be given back is said, and no failure of the delivery', async () => {
    const base = await shop();
    base.hosting.before = (call) => {
      if (call === 'releaseLock') throw refuse('hosting-failed', { call, problem: '502' });
    };
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'announced-in-part' } });
    expect(kinds(outcome)).toEqual(['latest-moved', 'told', 'lock-kept']);
  });

  test('a dry run asks for none', async () => {
    const base = await held();
    const outcome = await announce(base, announcing({ dryRun: true }));
    expect(outcome.reason.code).toBe('dry-run');
    expect(writes(base)).toEqual([]);
  });
});

const calm = async (): Promise<readonly string[]> => {
  const base = await shop();
  await announce(base, announcing());
  return base.hosting.calls;
};

describe('failures are warnings', () => {
  const forbidden = refuse('permission-missing', { permission: 'pull-requests: read', call: 'x' });

  test('a permission for pull requests: issues still know, and nobody tries again and again', async () => {
    const base = await shop();
    await go(base, '1.1.0');
    base.hosting.before = (call) => {
      if (/^createComment [123]/.test(call)) throw forbidden;
    };
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'announced-in-part', details: { failures: '1' } }
    });
    expect(outcome.notes).toContainEqual({
      kind: 'not-told',
      why: { code: 'permission-missing', details: { permission: 'pull-requests: write', call: 'x' } }
    });
    expect(base.hosting.calls.filter((call) => /^createComment [123]/.test(call))).toHaveLength(1);
    expect(latest(base)).toBe('v1.1.0');
  });

  test('what could not be written is written when it is run again', async () => {
    const base = await shop();
    await go(base, '1.1.0');
    base.hosting.before = (call) => {
      if (call.startsWith('createComment')) throw forbidden;
    };
    await announce(base, announcing());
    base.hosting.before = () => undefined;
    expect(latest(base)).toBe('v1.1.0');
    await announce(base, announcing());
    for (const number of [2, 3]) expect(bodies(base, number)).toHaveLength(1);
  });

  test('a release that may not be changed', async () => {
    const base = await shop();
    base.hosting.before = (call) => {
      if (call === 'makeLatest') throw refuse('hosting-failed', { call, problem: '422' });
    };
    const outcome = await announce(base, announcing());
    expect(kinds(outcome)).toEqual(['told', 'latest-not-moved']);
    expect(bodies(base, 1)).toHaveLength(1);
  });

  test('a server that is down: no run waits for each of a hundred comments', async () => {
    const base = await world();
    const pulls = Array.from({ length: 150 }, (_, n) => n + 1);
    for (const number of pulls) talk(base, number);
    await release(base, '1.0.0', pulls);
    await go(base, '1.0.0');
    base.hosting.before = (call) => {
      if (call.startsWith('createComment')) throw refuse('hosting-failed', { call, problem: '502' });
    };
    const outcome = await announce(base, announcing());
    expect(base.hosting.calls.filter((call) => call.startsWith('createComment'))).toHaveLength(3);
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'announced-in-part' } });
  });

  test('a live version whose release is gone', async () => {
    const base = await shop();
    const gone = base.hosting.stored.findIndex(({ tag }) => tag === 'v1.0.0');
    base.hosting.stored.splice(gone, 1);
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'announced-in-part' } });
    expect(outcome.notes).toContainEqual({
      kind: 'latest-not-moved',
      why: { code: 'version-unknown', details: { version: '1.0.0' } }
    });
  });

  test('a live version older than what one answer lists', async () => {
    const base = await shop();
    for (let n = 1; n <= 31; n += 1) await release(base, `2.0.${n}`, []);
    const outcome = await announce(base, announcing());
    expect(latest(base)).toBe('v1.0.0');
    expect(outcome.reason.code).toBe('announced');
  });

  test('nothing can be read', async () => {
    const base = await shop();
    base.hosting.before = (call) => {
      if (call === 'facts') throw refuse('token-refused', { call });
    };
    expect(await announce(base, announcing())).toMatchObject({
      verdict: 'done',
      changed: false,
      reason: { code: 'announced-in-part', details: { environment: 'production', failures: '1' } },
      notes: [{ kind: 'nothing-announced', why: { code: 'token-refused' } }]
    });
  });

  test('a wrong environment and a cancelled run are none', async () => {
    const base = await shop();
    await expect(announce(base, announcing({ environment: 'prodution' }))).rejects.toMatchObject({
      reason: { code: 'environment-unknown' }
    });
    await expect(announce(await world({ environments: [] }), announcing())).rejects.toMatchObject({
      reason: { code: 'deploy-undefined' }
    });
    base.hosting.before = () => {
      throw refuse('cancelled', { command: 'announce' });
    };
    await expect(announce(base, announcing())).rejects.toMatchObject({ reason: { code: 'cancelled' } });
  });

  test('more than a hundred pull requests: the newest ones, and it says so', async () => {
    const base = await world();
    const pulls = Array.from({ length: 130 }, (_, n) => n + 1);
    for (const number of pulls) talk(base, number);
    await release(base, '1.0.0', pulls);
    await go(base, '1.0.0');
    const outcome = await announce(base, announcing());
    expect(outcome.notes).toContainEqual({ kind: 'told-first', shown: 100, total: 130 });
    expect(pulls.filter((number) => bodies(base, number).length === 1)).toEqual(pulls.slice(30));
  });

  test('more comments than GitHub takes in an hour: the rest is said, and made by the next run', async () => {
    const base = await world();
    const pulls = Array.from({ length: 100 }, (_, n) => n + 1);
    const issues = pulls.flatMap((pull) => Array.from({ length: 3 }, (_, n) => 1000 * (n + 1) + pull)).slice(4);
    for (const number of pulls) talk(base, number, { closes: issues.filter((issue) => issue % 1000 === number) });
    for (const number of issues) talk(base, number, { kind: 'issue' });
    await release(base, '1.0.0', pulls);
    await go(base, '1.0.0');
    const told = (): number => [...base.hosting.talks.values()].filter(({ comments }) => comments.length === 1).length;
    base.hosting.blind = 4;
    const first = await announce(base, announcing());
    expect(first.reason.code).toBe('announced-in-part');
    expect(first.notes).toContainEqual({ kind: 'told-later', left: 198 });
    expect(first.notes).toContainEqual({ kind: 'told', written: 198, same: 0 });
    expect(told()).toBe(198);
    const second = await announce(base, announcing());
    expect(second.reason.code).toBe('announced');
    expect(second.notes).toContainEqual({ kind: 'told', written: 198, same: 198 });
    expect(told()).toBe(396);
  });
});

describe('messages', () => {
  const channels = [
    { kind: 'slack', variable: 'CHAT' },
    { kind: 'webhook', variable: 'HOOK' }
  ] as const;

  const wired = async (): Promise<World> => {
    const base = await shop({ channels });
    base.webhooks.set.add('CHAT').add('HOOK');
    return base;
  };

  test('one for each record and channel, however often it runs', async () => {
    const base = await wired();
    await Promise.all([announce(base, announcing()), announce(base, announcing())]);
    await announce(base, announcing());
    expect(base.webhooks.posted.map(({ variable }) => variable).toSorted()).toEqual(['CHAT', 'HOOK']);
    await go(base, '1.1.0');
    expect(kinds(await announce(base, announcing()))).toContain('message-sent');
    expect(base.webhooks.posted).toHaveLength(4);
  });

  test('one that surely was not taken is sent by the next run; one that perhaps was, is not', async () => {
    const base = await wired();
    base.webhooks.answer = { kind: 'failed', problem: 'ECONNREFUSED', unsent: true };
    const outcome = await announce(base, announcing());
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'announced-in-part', details: { failures: '2' } }
    });
    expect(kinds(outcome)).toContain('message-failed');
    base.webhooks.answer = { kind: 'failed', problem: 'timeout 15 s', unsent: false };
    await announce(base, announcing());
    base.webhooks.answer = { kind: 'sent' };
    await announce(base, announcing());
    expect(base.webhooks.posted).toHaveLength(4);
  });

  test('a step without the address says so, and claims nothing', async () => {
    const base = await shop({ channels });
    const outcome = await announce(base, announcing());
    expect(outcome.notes).toContainEqual({ kind: 'channel-unset', channel: 'slack', variable: 'CHAT' });
    expect(base.hosting.calls).not.toContain('claim');
  });

  test('what cannot be marked as sent is not sent', async () => {
    const base = await wired();
    base.hosting.before = (call) => {
      if (call === 'claim') throw refuse('permission-missing', { permission: 'contents: write', call });
    };
    expect(kinds(await announce(base, announcing()))).toContain('message-not-sent');
    expect(base.webhooks.posted).toEqual([]);
  });

  test('a dry run says what it would do, and does nothing', async () => {
    const base = await wired();
    const outcome = await announce(base, announcing({ dryRun: true }));
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'dry-run' }, changed: false });
    expect(outcome.notes).toEqual([
      { kind: 'would-move-latest', version: '1.0.0' },
      { kind: 'would-tell', conversations: '#1, #5' },
      { kind: 'would-send', channel: 'slack', environment: 'production' },
      { kind: 'would-send', channel: 'webhook', environment: 'production' }
    ]);
    expect(writes(base)).toEqual([]);
    expect(base.webhooks.posted).toEqual([]);
  });
});
