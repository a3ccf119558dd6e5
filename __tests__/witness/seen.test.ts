import { describe, expect, test } from '@jest/globals';
import { localActions } from '../../scripts/witness/by-act.ts';
import { readLog, readNeeds, stepsOf } from '../../scripts/witness/act-log.ts';
import { readDivergences, stale } from '../../scripts/witness/divergences.ts';
import { callsOf, differences, noProblems, plain, stepLines } from '../../scripts/witness/seen.ts';
import type { LogEntry } from '../../rehearsal/hub/index.ts';

const line = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ jobID: 'build', matrix: {}, stage: 'Main', stepID: ['0'], step: 'a step', ...fields });

const log = (...lines: readonly string[]): ReturnType<typeof readLog> => readLog(lines.join('\n'));

describe("act's log", () => {
  test('has the steps that ran, their outcome and outputs; a step without an id goes by its place', () => {
    const seen = stepsOf(
      log(
        line({ stage: 'Pre', stepResult: 'success' }),
        line({ msg: 'Run Main' }),
        line({ stepResult: 'failure' }),
        line({ stepID: ['say'], stepResult: 'success' }),
        line({ stepID: ['say'], command: 'set-output', name: 'word', arg: 'yes' }),
        line({ stage: 'Post', stepResult: 'success' })
      )
    );
    expect(seen).toEqual({ build: ['#1: failure', 'say: success', 'say.word = yes'] });
  });

  test('the injected step counts for nothing', () => {
    const seen = stepsOf(
      log(line({ stepID: ['witness-gate'], stepResult: 'success' }), line({ stepID: ['1'], stepResult: 'success' }))
    );
    expect(seen).toEqual({ build: ['#1: success'] });
  });

  test('legs go by their values', () => {
    expect(stepsOf(log(line({ matrix: { a: 1, b: 'x' }, stepResult: 'success' })))).toHaveProperty(['build (1, x)']);
  });

  test('what is no record of its is an error, what it prints beside them is not', () => {
    expect(log('Error: x', '')).toEqual([]);
    expect(() => log('{"jobID": 3}')).toThrow('act wrote no JSON: {"jobID": 3}');
  });

  test('a skipped job has no outputs, whatever act says', () => {
    const needs = { a: { result: 'skipped', outputs: { x: '${{ steps }}' } }, b: { result: 'success', outputs: null } };
    expect(readNeeds(JSON.stringify(needs))).toEqual({
      a: { result: 'skipped', outputs: {} },
      b: { result: 'success', outputs: {} }
    });
  });
});

describe('what is compared', () => {
  test('every difference has its place', () => {
    const engine = { jobs: { a: { result: 'success', outputs: {} } }, calls: { a: ['GET x 200', 'POST y 201'] } };
    const act = { jobs: { a: { result: 'failure', outputs: { v: '1' } } }, calls: { a: ['GET x 200'] } };
    expect(differences(engine, act)).toEqual([
      'jobs.a.result: engine "success", act "failure"',
      'jobs.a.outputs.v: engine has none, act "1"',
      'calls.a.1: engine "POST y 201", act has none'
    ]);
    expect(differences(engine, structuredClone(engine))).toEqual([]);
  });

  test('a job only one of them has is a difference, also when it is empty', () => {
    expect(differences({ calls: { a: [] } }, { calls: {} })).toEqual(['calls.a: engine [], act has none']);
  });

  test('outputs of stand-ins and the whole report of our action are left out, others are not', () => {
    const step = { id: 'a', outcome: 'success', outputs: { tag: 'v1', result: '{}', digest: 'd' } };
    expect(stepLines({ ...step, name: 'Run OWNER/esteira@0' })).toEqual(['a: success', 'a.digest = d', 'a.tag = v1']);
    expect(stepLines({ ...step, name: 'Run actions/checkout@1' })).toEqual(['a: success']);
  });

  test('calls are those of the run, by job, without downloads and git', () => {
    const entry = (fields: Partial<LogEntry>): LogEntry => ({
      number: 1,
      when: '',
      kind: 'api',
      method: 'GET',
      path: '/x/1',
      operation: 'x/get',
      status: 200,
      actor: null,
      run: 7,
      job: 'the build',
      ...fields
    });
    const entries = [entry({}), entry({ run: 8 }), entry({ kind: 'git' }), entry({ method: 'POST', status: 422 })];
    expect(callsOf(entries, 7, () => 'build')).toEqual({ build: ['GET x/get 200', 'POST x/get 422'] });
  });

  test('names of one hub give way to names of both, everywhere', () => {
    const seen = {
      result: 'success',
      jobs: { a: { result: 'success', outputs: { u: 'http://h/1' } } },
      steps: { a: ['x 41 41'] },
      calls: {}
    };
    const names = new Map([
      ['http://h', 'HUB'],
      ['41', 'DEPLOYMENT-1']
    ]);
    expect(plain({ ...seen, state: ['41'] }, names)).toEqual({
      result: 'success',
      jobs: { a: { result: 'success', outputs: { u: 'HUB/1' } } },
      steps: { a: ['x DEPLOYMENT-1 DEPLOYMENT-1'] },
      calls: {},
      state: ['DEPLOYMENT-1']
    });
  });
});

test('a hub that saw what it does not know ends the comparison', () => {
  expect(() => noProblems({ problems: ['not emulated: GET /x'] })).toThrow('must not happen: not emulated: GET /x');
  expect(() => noProblems({ problems: [] })).not.toThrow();
});

describe('known divergences', () => {
  const expected = { engine: ['run: success', 'a: success'], act: ['refused'] };

  test('hold in any order, and are stale as soon as one runner does something else', () => {
    expect(stale({ expected }, { engine: ['a: success', 'run: success'], act: ['refused'] })).toEqual([]);
    expect(stale({ expected }, { ...expected, act: ['run: success'] })).toEqual([
      'act was to give ["refused"], gave ["run: success"]'
    ]);
    expect(stale({ expected }, { engine: [], act: [] })).toHaveLength(2);
  });

  test('differ, every one', () => {
    const same = readDivergences().filter(
      ({ expected: { engine, act } }) => stale({ expected: { engine, act: engine } }, { engine, act }).length === 0
    );
    expect(same.map(({ title }) => title)).toEqual([]);
  });
});

test('every action has a folder, and one nobody knows has none', () => {
  const found = localActions('- { uses: actions/checkout@1 }\n- uses: OWNER/esteira@2\n- uses: acme/other@3', {
    action: '/ours'
  });
  expect(found).toEqual({
    'actions/checkout@1': expect.stringMatching(/stand-ins\/checkout$/),
    'OWNER/esteira@2': '/ours'
  });
});
