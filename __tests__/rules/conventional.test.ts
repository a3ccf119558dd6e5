import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { HEADER_LIMIT, parseMessage } from '../../src/rules/conventional.ts';
import { anyText } from '../report/examples.ts';

const plain = { type: 'other', breaking: false, reverts: [] };

describe('the header', () => {
  test.each([
    ['feat: a', { type: 'feat', subject: 'a', breaking: false }],
    ['feat(api): a', { type: 'feat', scope: 'api', subject: 'a', breaking: false }],
    ['feat(api)!: drop v1', { type: 'feat', scope: 'api', subject: 'drop v1', breaking: true }],
    ['refactor!: a', { type: 'refactor', subject: 'a', breaking: true }],
    ['FEAT: upper case types count', { type: 'feat', subject: 'upper case types count', breaking: false }],
    ['feat(): no scope', { type: 'feat', subject: 'no scope', breaking: false }],
    ['feat(a b, c): x', { type: 'feat', scope: 'a b, c', subject: 'x', breaking: false }],
    ['fix: round (#12)', { type: 'fix', subject: 'round', breaking: false, pull: 12 }],
    ['Round totals (#7)', { type: 'other', subject: 'Round totals', breaking: false, pull: 7 }],
    ['fix: see (#12) there', { type: 'fix', subject: 'see (#12) there', breaking: false }]
  ])('%s', (message, expected) => expect(parseMessage(message)).toEqual({ ...expected, reverts: [] }));

  test.each([
    'feat:x',
    'feat : x',
    'feat:',
    'feat: ',
    '(api): x',
    'feat(a)(b): x',
    'feat((a)): x',
    'ｆeat: x',
    'fe at: x',
    '!: x'
  ])('is no conventional one: %s', (message) => expect(parseMessage(message).type).toBe('other'));

  test('is the first line that is not empty, whatever ends the lines', () => {
    expect(parseMessage('\n\r\nfeat: a\r\n\r\nBREAKING CHANGE: b\r\n')).toMatchObject({
      type: 'feat',
      subject: 'a',
      breaking: true
    });
    expect(parseMessage('feat: a\rsecond line').subject).toBe('a');
  });

  test('is cut at 1,024 characters without halving one', () => {
    const { subject } = parseMessage(`${'x'.repeat(HEADER_LIMIT - 1)}😀`);
    expect(subject).toBe('x'.repeat(HEADER_LIMIT - 1));
  });

  test('of a merged pull request gives its number and its title', () => {
    expect(parseMessage('Merge pull request #12 from ana/part\n\nRound totals\n\nmore')).toEqual({
      ...plain,
      subject: 'Round totals',
      pull: 12
    });
    expect(parseMessage('Merge pull request #12 from ana/part')).toMatchObject({ pull: 12 });
    expect(parseMessage('Merge branch main into part')).toEqual({ ...plain, subject: 'Merge branch main into part' });
  });
});

describe('the body', () => {
  test.each(['BREAKING CHANGE: x', 'BREAKING-CHANGE: x', 'text\n\nBREAKING CHANGE: x\nRefs: #1'])(
    'breaks: %s',
    (body) => expect(parseMessage(`fix: a\n\n${body}`).breaking).toBe(true)
  );

  test.each(['breaking change: x', 'No BREAKING CHANGE: here', 'BREAKING CHANGES: x', 'BREAKING CHANGE x'])(
    'does not break: %s',
    (body) => expect(parseMessage(`fix: a\n\n${body}`).breaking).toBe(false)
  );

  test('names the commits it takes back, and the pull request only under a header of a revert', () => {
    const sha = 'a'.repeat(40);
    expect(parseMessage(`Revert "feat: a"\n\nThis reverts commit ${sha}.`)).toMatchObject({
      type: 'revert',
      reverts: [sha]
    });
    expect(
      parseMessage(`x\n\nThis reverts commit ${sha}, reversing\nchanges made to ${'b'.repeat(40)}.`).reverts
    ).toEqual([sha]);
    expect(parseMessage('Revert "feat: a (#12)" (#13)\n\nReverts acme/shop#12')).toMatchObject({
      pull: 13,
      revertsPull: 12
    });
    expect(parseMessage('feat: a\n\nReverts acme/shop#12')).not.toHaveProperty('revertsPull');
  });

  test('carries the last Release-As, right or wrong', () => {
    expect(parseMessage('chore: x\n\nRelease-As: 2.0.0\nrelease-as: 3.0.0').releaseAs).toBe('3.0.0');
    expect(parseMessage('chore: x\n\nRelease-As: soon').releaseAs).toBe('soon');
  });
});

describe('hostile messages', () => {
  test.each([
    ['1 MB of brackets', `feat${'('.repeat(1 << 20)}`],
    ['1 MB of spaces', `feat: ${' '.repeat(1 << 20)}`],
    ['1 MB of spaces and a number', `a${' '.repeat(1 << 20)}(#1`],
    ['100,000 lines', `feat: a\n${'BREAKING\n'.repeat(100_000)}`],
    ['a line of 1 MB', `feat: a\n\n${'This reverts commit '.repeat(50_000)}`]
  ])('%s are read in one pass: anything worse would not end within the time of a test', (_, message) => {
    expect(parseMessage(message).breaking).toBe(false);
  });

  test('any text gives one line of at most 1,024 characters', () => {
    const text = fc.oneof(
      anyText,
      fc
        .array(fc.constantFrom('feat', '(', ')', '!', ':', ' ', '\n', '\r', 'BREAKING CHANGE:', '(#1)', '\0', '\ud800'))
        .map((parts) => parts.join(''))
    );
    fc.assert(
      fc.property(text, (message) => {
        const { subject, type } = parseMessage(message);
        expect(subject).not.toMatch(/[\r\n]/);
        expect(subject.length).toBeLessThanOrEqual(HEADER_LIMIT);
        expect(type).toMatch(/^[a-z][a-z0-9-]*$/);
      })
    );
  });
});
