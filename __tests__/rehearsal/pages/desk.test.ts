import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openRehearsal } from '../../../rehearsal/engine/index.ts';
import type { Rehearsal } from '../../../rehearsal/engine/index.ts';
import { createDesk } from '../../../rehearsal/pages/index.ts';
import type { Question } from '../../../rehearsal/pages/index.ts';

const WORKFLOW = `on: push
jobs:
  ship: { runs-on: ubuntu-latest, environment: { name: production, deployment: false }, steps: [{ run: echo }] }
`;

let rehearsal: Rehearsal;
let question: Question;
beforeEach(async () => {
  rehearsal = await openRehearsal({
    files: { '.github/workflows/ci.yml': WORKFLOW },
    environments: { production: { reviewers: ['rui'], waitMinutes: 30 } }
  });
  const { runs } = await rehearsal.push({ 'a.txt': 'a' }, 'feat: a');
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  question = { run: await rehearsal.waitFor(run, { environment: 'production' }), environment: 'production' };
});
afterEach(() => rehearsal.close());

const YES = { state: 'approved', by: 'rui', where: 'here' } as const;

test('the first answer counts, also while the environment still waits for its timer', async () => {
  const desk = createDesk(rehearsal);
  expect(desk.verdict(question)).toBeUndefined();
  expect(desk.answer(question, YES)).toBe(YES);
  await rehearsal.waitFor(question.run, { environment: 'production' });
  expect(desk.answer(question, { ...YES, state: 'rejected' })).toBe(YES);
  expect(await desk.answered(question)).toBe(YES);
  rehearsal.advance(31);
  expect((await rehearsal.waitFor(question.run, 'completed')).conclusion).toBe('success');
});

test('who may not review does not, and the question stays open', () => {
  const desk = createDesk(rehearsal);
  expect(() => desk.answer(question, { ...YES, by: 'eve' })).toThrow('not allowed to review');
  expect(desk.verdict(question)).toBeUndefined();
  expect(desk.answer({ ...question, environment: 'staging' }, YES)).toBeUndefined();
});
