import { PARTS, boundOf } from '../../__tests__/promises/deadlines.ts';
import { PROMISES } from '../../__tests__/promises/mutations.ts';
import { COMMANDS, INPUTS, INPUTS_OF, OUTPUTS, OVERRIDABLE, REASONS } from '../../src/contract.ts';
import { PERMISSIONS } from '../../src/domain/permissions.ts';
import type { CommandName, ReasonCode } from '../../src/contract.ts';
import { PHASES } from '../../src/domain/phase.ts';
import { verdictOf } from '../../src/rules/verdict.ts';
import { readDivergences } from '../witness/divergences.ts';
import { DELIVERIES } from '../witness/scenarios/deliveries.ts';
import { RULES } from '../witness/scenarios/rules.ts';
import { readAction } from './action-file.ts';
import { deliveryKeys } from './delivery-keys.ts';
import { jsonSchemas } from './schemas.ts';

const WHAT: Record<CommandName, string> = {
  plan: 'Changes nothing: the next version and its changes, what is live where, what would happen and why. Also for pull requests.',
  build: 'Counts the next version, runs the build command, packs the files and writes `release.json`.',
  release: 'Creates the tag and the GitHub release from what `build` packed; runs none of your code.',
  propose:
    'Before the gate: checks the policy, says what the button will ship, and cancels older runs that still wait for it. `changed` tells whether there is anything to approve.',
  deploy: 'Brings a released version into an environment, verifies it, and goes back by itself when it breaks.',
  rollback: 'Brings back the last good version, or the one asked for; the same way as `deploy`.',
  verify: 'Runs the verification alone, against what is live.',
  announce:
    'After a delivery, also one that was rolled back: makes the live version the latest release, tells the pull requests and issues in it (one comment each), and the chats that `delivery.yml` names. Failures are warnings.',
  report:
    'Writes what everybody may see: the page, the badges, the five DORA metrics and `delivery.json`, from which the next report goes on. Changes nothing at GitHub.',
  up: 'Makes the preview of a pull request, or brings it to its newest commit, by `preview.up`.',
  down: 'Takes a preview down by `preview.down`: that of the pull request which was closed, or the one named. In a run about no pull request: all those that nobody wants any more, because their pull requests are closed, their time is over, or a run died over them.',
  doctor:
    'Examines the set-up and changes nothing: gates, rules, settings, workflow files and their drift. Red only where a promise of `delivery.yml` is false.'
};

/** What a run ends as when it went well; the other codes follow the rule the action itself uses. */
const ENDS: Partial<Record<ReasonCode, string>> = {
  planned: 'done',
  built: 'done',
  released: 'done',
  proposed: 'done',
  'proposed-by-hand': 'done',
  cleared: 'done',
  delivered: 'done',
  'rolled-back-by-request': 'done',
  verified: 'done',
  announced: 'done',
  'announced-elsewhere': 'done',
  'announced-in-part': 'done',
  examined: 'done',
  reported: 'done',
  'dry-run': 'done',
  'preview-up': 'done',
  'preview-down': 'done',
  'previews-down': 'done',
  'rolled-back': 'rolled-back'
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const code = (text: string): string => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const commands = (): string =>
  table(
    ['command', 'what it does', 'permissions of its job'],
    COMMANDS.map((name) => [
      code(name),
      WHAT[name],
      Object.entries(PERMISSIONS[name])
        .map(([scope, why]) => `${code(scope)} (${why})`)
        .join('; ')
    ])
  );

const inputs = (): string => {
  const { inputs: described } = readAction();
  return table(
    ['input', 'meaning'],
    INPUTS.map((name) => [code(name), described[name]?.description ?? ''])
  );
};

const matrix = (): string =>
  table(
    ['input', ...COMMANDS.map(code)],
    INPUTS.map((name) => [code(name), ...COMMANDS.map((command) => (INPUTS_OF[command].includes(name) ? 'yes' : ''))])
  );

const outputs = (): string => {
  const { outputs: described } = readAction();
  return table(
    ['output', 'meaning'],
    OUTPUTS.map((name) => [code(name), described[name]?.description ?? ''])
  );
};

const delivery = (): string => {
  const schema = jsonSchemas().get('delivery.schema.json');
  if (schema === undefined) throw new Error('there is no schema of delivery.yml');
  return table(
    ['key', 'value', 'default', 'meaning'],
    deliveryKeys(schema).map((key) => [code(key.path), key.type, key.default, key.description])
  );
};

const isReason = (name: string): name is ReasonCode => Object.hasOwn(REASONS, name);

const reasons = (): string =>
  table(
    ['code', 'decision', 'details', 'can be overridden'],
    Object.keys(REASONS)
      .filter(isReason)
      .map((name) => [
        code(name),
        ENDS[name] ?? verdictOf(name),
        REASONS[name].map(code).join(', '),
        OVERRIDABLE.some((each) => each === name) ? 'yes' : ''
      ])
  );

const promises = (): string =>
  table(
    ['promise', 'suite', 'broken on purpose: what Esteira would do'],
    PROMISES.map(({ id, says, suite, mutations }) => [
      `**${id}** ${says}`,
      `[${suite.slice(0, 3)}](../__tests__/promises/${suite})`,
      mutations.map(({ what }, index) => `(${index + 1}) ${what}`).join('; ')
    ])
  );

const deadlines = (): string =>
  table(
    ['command', 'what it asks for, and how many seconds it has', 'in all'],
    COMMANDS.map((name) => [
      code(name),
      PARTS[name]
        .map(({ what, phase, times }) => `${what}: ${times === 1 ? '' : `${times} x `}${PHASES[phase]}`)
        .join('; '),
      `${boundOf(name)} s`
    ])
  );

const witnessed = (): string =>
  table(
    ['scenario', 'runs'],
    [...DELIVERIES, ...RULES].map(({ name, moves }) => [name, String(moves.length)])
  );

const divergences = (): string =>
  table(
    ['', 'GitHub', 'act'],
    readDivergences().map(({ title, github, act }) => [title, github, act])
  );

/** The generated tables by the name that stands in their markers. */
export const TABLES: ReadonlyMap<string, () => string> = new Map([
  ['commands', commands],
  ['inputs', inputs],
  ['matrix', matrix],
  ['outputs', outputs],
  ['delivery', delivery],
  ['reasons', reasons],
  ['promises', promises],
  ['deadlines', deadlines],
  ['witnessed', witnessed],
  ['divergences', divergences]
]);
