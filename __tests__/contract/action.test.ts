import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readAction } from '../../scripts/documents/action-file.ts';
import {
  COMMANDS,
  DEFAULTS,
  INPUTS,
  INPUTS_OF,
  LANGUAGES,
  OUTPUTS,
  OWN_VERSION,
  VERDICTS
} from '../../src/contract.ts';
import { PERMISSIONS } from '../../src/domain/permissions.ts';
import { parse } from '../../src/parse.ts';
import { reasonFor } from '../refusals.ts';
import { stepEnvironment } from '../step-environment.ts';

const action = readAction();
const described = (name: string): string => action.inputs[name]?.description ?? '';

describe('action.yml', () => {
  test('runs the bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });

  test('has exactly the inputs and outputs of the contract, in its order', () => {
    expect(Object.keys(action.inputs)).toEqual([...INPUTS]);
    expect(Object.keys(action.outputs)).toEqual([...OUTPUTS]);
  });

  test('requires the command only, and gives a default to the token only', () => {
    const required = Object.entries(action.inputs).filter(([, input]) => input.required);
    expect(required.map(([name]) => name)).toEqual(['command']);
    const defaults = Object.entries(action.inputs).filter(([, input]) => input.default !== undefined);
    expect(defaults.map(([name, input]) => [name, input.default])).toEqual([['token', '${{ github.token }}']]);
  });

  test('describes everything in whole sentences', () => {
    const texts = [...Object.values(action.inputs), ...Object.values(action.outputs), action].map(
      ({ description }) => description
    );
    expect(texts.filter((text) => !/^\S.{10,400}\.$/.test(text))).toEqual([]);
  });

  test('names every command, language, verdict and default', () => {
    for (const command of COMMANDS) expect(described('command')).toContain(command);
    for (const language of LANGUAGES) expect(described('language')).toContain(language);
    for (const verdict of VERDICTS) expect(action.outputs['decision']?.description).toContain(verdict);
    for (const [name, value] of Object.entries(DEFAULTS)) expect(described(name)).toContain(value);
  });
});

const NEEDING = ['propose', 'deploy', 'rollback', 'verify'];
const PREVIEWING = ['up', 'down'];

describe('parse and action.yml say the same', () => {
  test('what the runner sets when nothing but the command is given is accepted', () => {
    for (const command of COMMANDS) {
      const unset = Object.fromEntries(Object.keys(action.inputs).map((name) => [name, '']));
      const needed = NEEDING.includes(command) ? { environment: 'staging' } : {};
      const preview = PREVIEWING.includes(command) ? { environment: 'preview' } : {};
      const environment = stepEnvironment({ ...unset, token: 't', ...needed, ...preview, command });
      expect(parse(environment).command.name).toBe(command);
    }
  });

  test('the commands whose description demands an environment refuse to go without', () => {
    const refusing = COMMANDS.filter((command) => {
      const why = reasonFor(() => parse(stepEnvironment({ command })));
      return why?.code === 'invalid-input' && why.details.input === 'environment';
    });
    expect(refusing).toEqual([...NEEDING, ...PREVIEWING]);
    expect(described('environment')).toContain('Needed by propose, deploy, rollback, verify, up and down;');
  });

  test('defaults are those described', () => {
    const build = parse(stepEnvironment({ command: 'build' })).command;
    expect(build).toMatchObject({ config: DEFAULTS.config, outputDir: DEFAULTS['output-dir'], dryRun: false });
    const delivered = (command: string) => parse(stepEnvironment({ command, environment: 'p' })).command;
    for (const name of ['propose', 'deploy']) expect(delivered(name)).toMatchObject({ wanted: { kind: 'latest' } });
    expect(delivered('rollback')).toMatchObject({ wanted: { kind: 'previous' } });
    expect(described('version')).toContain('latest to propose and to deploy, previous to roll back');
  });
});

describe('the contract', () => {
  test('every command takes what every command needs', () => {
    for (const command of COMMANDS) {
      expect(INPUTS_OF[command]).toEqual(expect.arrayContaining(['command', 'token', 'config', 'language']));
      expect(new Set(INPUTS_OF[command]).size).toBe(INPUTS_OF[command].length);
    }
    expect(INPUTS.filter((input) => !COMMANDS.some((command) => INPUTS_OF[command].includes(input)))).toEqual([]);
  });

  test('our own version is that of the package', () => {
    expect(OWN_VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  test('permissions are scopes GitHub knows, each with its reason', () => {
    const scopes = COMMANDS.flatMap((command) => Object.entries(PERMISSIONS[command]));
    const strange = scopes.filter(
      ([scope, why]) =>
        !/^(actions|contents|deployments|issues|packages|pages|pull-requests): (read|write)$/.test(scope) ||
        why.length < 10
    );
    expect(strange).toEqual([]);
  });
});
