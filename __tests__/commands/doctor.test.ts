import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { doctor } from '../../src/commands/doctor.ts';
import type { DoctorCommand } from '../../src/domain/command.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { refuse } from '../../src/domain/refusal.ts';
import { sentence } from '../../src/report/sentence.ts';
import { environment } from '../fakes/builders.ts';
import { world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const COMMAND: DoctorCommand = { name: 'doctor', config: '.github/delivery.yml' };
const LINE = `permissions: {}
jobs:
  production:
    environment: production
    steps: [{ uses: 'acme/esteira@${'a'.repeat(40)}', with: { command: deploy, environment: production } }]
`;

const clinic = async (line = LINE): Promise<World> => {
  const base = await world({
    environments: [environment({ name: 'staging' }), environment({ needs: ['staging'], gate: 'approval' })]
  });
  const present = { kind: 'present', adminsCanBypass: false, waitMinutes: 0, anyBranch: false } as const;
  base.hosting.protections.set('staging', { ...present, reviewers: [], preventSelfReview: false });
  base.hosting.protections.set('production', { ...present, reviewers: ['bruno'], preventSelfReview: true });
  const folder = join(base.surroundings.workspace, '.github/workflows');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'delivery.yml'), line);
  return { ...base, delivery: { ...base.delivery, file: '.github/delivery.yml' } };
};

const said = ({ findings = [] }: Outcome): string[] => findings.map(({ severity, flaw }) => `${severity} ${flaw.kind}`);

describe('the audit', () => {
  test('of a sound line finds nothing, and only reads', async () => {
    const base = await clinic();
    const outcome = await doctor(base, COMMAND);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'examined', details: { notes: '0', unchecked: '0', unseen: '' } },
      changed: false,
      findings: []
    });
    expect(base.hosting.calls).toEqual([
      'protection',
      'protection',
      'visibility',
      'tagRulesets',
      'immutableReleases',
      'tokenDefault',
      'pinsRequired'
    ]);
  });

  test('asks for the site only where a workflow publishes the report', async () => {
    const base = await clinic();
    const report = LINE.replace('command: deploy', 'command: report').replace(
      'steps: [',
      `steps: [{ uses: 'actions/deploy-pages@${'b'.repeat(40)}' }, `
    );
    await writeFile(join(base.surroundings.workspace, '.github/workflows/report.yml'), report);
    expect((await doctor(base, COMMAND)).findings).toEqual([]);
    expect(base.hosting.calls.at(-1)).toBe('site');
    base.hosting.settings.site = { kind: 'known', value: 'off' };
    expect((await doctor(base, COMMAND)).findings).toEqual([
      { severity: 'note', flaw: { kind: 'site-off' }, place: { kind: 'page', page: 'pages' } }
    ]);
  });

  test('is red for a false promise, and counts it', async () => {
    const base = await clinic(LINE.replace('    environment: production\n', ''));
    base.hosting.protections.delete('production');
    base.hosting.settings.immutableReleases = { kind: 'known', value: false };
    const outcome = await doctor(base, COMMAND);
    expect(outcome).toMatchObject({
      verdict: 'failed',
      reason: { code: 'promise-broken', details: { broken: '2' } }
    });
    expect(said(outcome)).toEqual(['broken gate-missing', 'broken gate-bypassed', 'note releases-mutable']);
  });

  test('of one environment leaves the others alone', async () => {
    const base = await clinic();
    base.hosting.protections.delete('production');
    const outcome = await doctor(base, { ...COMMAND, environment: 'Staging' });
    expect(outcome).toMatchObject({ verdict: 'done', findings: [], environment: 'Staging' });
    await expect(doctor(base, { ...COMMAND, environment: 'stagin' })).rejects.toMatchObject({
      reason: { code: 'environment-unknown' }
    });
  });

  test('takes nothing it may not see for fine, and no failure for hidden', async () => {
    const base = await clinic();
    base.hosting.before = (call) => {
      if (call === 'protection') throw refuse('permission-missing', { permission: 'actions: read', call });
    };
    base.hosting.settings.pinsRequired = { kind: 'unknown', needs: 'administration: read' };
    const outcome = await doctor(base, COMMAND);
    const details = { notes: '0', unchecked: '3', unseen: 'staging, production' };
    expect(outcome).toMatchObject({ verdict: 'done', reason: { details } });
    const read = { en: sentence(outcome.reason, 'en'), portuguese: sentence(outcome.reason, 'pt-BR') };
    expect(read.en).toContain('The rules of staging, production could not be seen');
    expect(read.portuguese).toContain('Não foi possível ver as regras de staging, production');
    expect(read.en).not.toContain('The set-up keeps what it promises');
    expect(read.portuguese).not.toContain('A configuração cumpre');
    expect(outcome.findings?.[0]).toMatchObject({ flaw: { subject: 'environment', needs: 'actions: read' } });
    base.hosting.before = (call) => {
      throw refuse('hosting-failed', { call, problem: '500' });
    };
    await expect(doctor(base, COMMAND)).rejects.toMatchObject({ reason: { code: 'hosting-failed' } });
  });
});
