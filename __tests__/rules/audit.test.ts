import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Delivery } from '../../src/config/delivery.ts';
import { OWN_VERSION } from '../../src/contract.ts';
import type { Environment, Protection } from '../../src/domain/environment.ts';
import type { Finding, Setting, SiteSource, TagRuleset } from '../../src/domain/finding.ts';
import type { Concurrency, Workflow, WorkflowFile, WorkflowJob, WorkflowStep } from '../../src/domain/workflow.ts';
import { auditDelivery, bySeverity } from '../../src/rules/audit-delivery.ts';
import { auditGate, auditSettings } from '../../src/rules/audit-settings.ts';
import type { SettingsFacts } from '../../src/rules/audit-settings.ts';
import { auditWorkflows, publishesReport } from '../../src/rules/audit-workflows.ts';
import { environment } from '../fakes/builders.ts';

const known = <T>(value: T): Setting<T> => ({ kind: 'known', value });
const hidden = { kind: 'unknown', needs: 'administration: read' } as const;

const guarded = (overrides: Partial<Extract<Protection, { kind: 'present' }>> = {}): Protection => ({
  kind: 'present',
  reviewers: ['bruno'],
  preventSelfReview: true,
  adminsCanBypass: false,
  waitMinutes: 0,
  anyBranch: false,
  ...overrides
});

const ruleset = (overrides: Partial<TagRuleset> = {}): TagRuleset => ({
  include: ['refs/tags/v*'],
  exclude: [],
  rules: ['update', 'deletion'],
  ...overrides
});

const facts = (overrides: Partial<SettingsFacts> = {}): SettingsFacts => ({
  visibility: 'public',
  protections: new Map([['production', known(guarded())]]),
  tags: known([ruleset()]),
  immutableReleases: known(true),
  tokenDefault: known<'read' | 'write'>('read'),
  pinsRequired: known(true),
  ...overrides
});

const delivery = (overrides: Partial<Delivery> = {}): Delivery => ({
  file: '.github/delivery.yml',
  announce: { latest: true, skipLabel: 'no-announcement', channels: [] },
  version: { scheme: 'semver', tag: 'v{version}', releaseOn: 'any', paths: [] },
  build: { files: [], images: [], timeoutSeconds: 60 },
  process: { deploy: { run: 'x', timeoutSeconds: 60 }, verify: { run: 'y', withinSeconds: 60 } },
  rollback: 'automatic',
  environments: [],
  ...overrides
});

const gated = environment({ gate: 'approval', needs: ['staging'] });
const said = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, flaw }) => `${severity} ${flaw.kind}`);

describe('gates', () => {
  const ofGate = (
    setting: Setting<Protection> | undefined,
    asked: Environment = gated,
    more: Partial<SettingsFacts> = {}
  ) =>
    said(
      auditGate(facts({ protections: new Map(setting === undefined ? [] : [['production', setting]]), ...more }), asked)
    );

  test('a good one is silent', () => expect(ofGate(known(guarded()))).toEqual([]));

  test('without anybody to ask the promise is broken; in a private repository the plan is named', () => {
    const open = known(guarded({ reviewers: [], anyBranch: true }));
    expect(ofGate(known<Protection>({ kind: 'missing' }))).toEqual(['broken gate-missing']);
    expect(ofGate(open)).toEqual(['broken gate-open', 'note any-branch']);
    for (const setting of [known<Protection>({ kind: 'missing' }), open])
      expect(ofGate(setting, gated, { visibility: 'private' })[0]).toBe('broken gate-unenforced');
  });

  test('what weakens it is a note', () => {
    const weak = guarded({ preventSelfReview: false, adminsCanBypass: true, waitMinutes: 9, anyBranch: true });
    expect(ofGate(known(weak))).toEqual([
      'note self-review',
      'note admins-bypass',
      'note gate-timer',
      'note any-branch'
    ]);
  });

  test('where nothing is promised, nothing may wait', () => {
    const free = environment({ gate: 'none' });
    expect(
      auditGate(facts({ protections: new Map([['production', known(guarded({ waitMinutes: 5 }))]]) }), free)
    ).toMatchObject([
      { severity: 'broken', flaw: { kind: 'gate-unexpected', rules: 'Required reviewers, Wait timer' } }
    ]);
    expect(ofGate(known(guarded({ reviewers: [], anyBranch: true })), free)).toEqual(['note any-branch']);
    expect(ofGate(known<Protection>({ kind: 'missing' }), free)).toEqual(['note not-created']);
    expect(ofGate(known(guarded()), environment({ gate: 'dispatch' }))).toEqual([]);
  });

  test('what the token may not see is not fine', () => {
    expect(ofGate({ kind: 'unknown', needs: 'actions: read' })).toEqual(['unchecked not-checked']);
    expect(ofGate(undefined)).toEqual(['unchecked not-checked']);
  });
});

describe('settings of the repository', () => {
  const ofSettings = (overrides: Partial<SettingsFacts>): string[] =>
    said(auditSettings(facts(overrides), delivery(), [gated]));

  test('good ones are silent, bad ones are notes, hidden ones unknown', () => {
    expect(ofSettings({})).toEqual([]);
    expect(
      ofSettings({
        visibility: 'private',
        tags: known([]),
        immutableReleases: known(false),
        tokenDefault: known<'read' | 'write'>('write'),
        pinsRequired: known(false)
      })
    ).toEqual([
      'note plan-limits',
      'note tags-free',
      'note releases-mutable',
      'note token-writes',
      'note pins-optional'
    ]);
    expect(ofSettings({ tags: hidden, immutableReleases: hidden, tokenDefault: hidden, pinsRequired: hidden })).toEqual(
      Array.from({ length: 4 }, () => 'unchecked not-checked')
    );
  });

  test.each([
    ['off', ['note site-off']],
    ['legacy', ['note site-of-branch']],
    ['workflow', []]
  ] as const)('a site that is %s, where a workflow publishes one', (site, expected) => {
    expect(ofSettings({ site: known<SiteSource>(site) })).toEqual(expected);
    expect(ofSettings({ site: { kind: 'unknown', needs: 'pages: read' } })).toEqual(['unchecked not-checked']);
  });

  const missing = (...rulesets: TagRuleset[]): string | undefined =>
    auditSettings(facts({ tags: known(rulesets) }), delivery(), [])
      .flatMap(({ flaw }) => (flaw.kind === 'tags-free' ? [flaw.rules] : []))
      .at(0);

  test('tags of every version must be kept from being moved and removed, by one ruleset or several', () => {
    expect(missing(ruleset({ rules: ['update'] }))).toBe('deletion');
    expect(
      missing(ruleset({ rules: ['update'] }), ruleset({ rules: ['deletion'], include: ['~ALL'] }))
    ).toBeUndefined();
    expect(missing(ruleset({ include: ['refs/tags/v1*'] }))).toBe('update, deletion');
    expect(missing(ruleset({ exclude: ['refs/tags/v0*'] }))).toBe('update, deletion');
  });

  test('all false settings together are never red without a false promise', () => {
    const setting = <T>(...values: T[]) => fc.constantFrom<Setting<T>>(...values.map(known), hidden);
    fc.assert(
      fc.property(
        setting(true, false),
        setting<'read' | 'write'>('read', 'write'),
        setting<readonly TagRuleset[]>([], [ruleset()]),
        (flag, token, tags) => {
          const all = { immutableReleases: flag, pinsRequired: flag, tokenDefault: token, tags };
          expect(ofSettings(all).filter((each) => each.startsWith('broken'))).toEqual([]);
        }
      )
    );
  });
});

describe('workflow files', () => {
  const SHA = 'a'.repeat(40);
  const step = (overrides: Partial<WorkflowStep> = {}): WorkflowStep => ({
    line: 20,
    uses: `acme/esteira@${SHA}`,
    command: 'deploy',
    environment: 'production',
    ...overrides
  });
  const job = (overrides: Partial<WorkflowJob> = {}): WorkflowJob => ({
    name: 'production',
    line: 10,
    environment: 'production',
    steps: [step()],
    ...overrides
  });
  const workflow = (overrides: Partial<Workflow> = {}): Workflow => ({
    kind: 'read',
    permissions: { empty: true, line: 3 },
    jobs: [job()],
    ...overrides
  });
  const file = (content: WorkflowFile['content'] = workflow(), more: Partial<WorkflowFile> = {}): WorkflowFile => ({
    path: '.github/workflows/delivery.yml',
    content,
    ...more
  });
  const of = (...files: WorkflowFile[]): string[] => said(auditWorkflows(files, [gated]));
  const inGroup = (concurrency: Partial<Concurrency>): Concurrency => ({
    line: 12,
    keepsAll: true,
    cancels: false,
    ...concurrency
  });

  test.each([
    ['the template, also one that cannot be read', 'unreadable', undefined, true],
    ['a workflow that reports and publishes', 'report', 'actions/deploy-pages@v5', true],
    ['one that only reports', 'report', 'actions/upload-artifact@v7', false],
    ['one that publishes something else', 'plan', 'actions/deploy-pages@v5', false]
  ])('%s: whether it needs a site', (_, command, uses, expected) => {
    const steps = [step({ command }), ...(uses === undefined ? [] : [{ line: 30, uses }])];
    const origin = { template: 'delivery-report', version: '0.1.0', intact: true };
    const made =
      command === 'unreadable'
        ? file({ kind: 'unreadable', problem: 'x' }, { origin })
        : file(workflow({ jobs: [job({ steps })] }), { origin: { ...origin, template: 'delivery-doctor' } });
    expect(publishesReport(made)).toBe(expected);
  });

  test('what cannot be read and is no copy of the template, and steps that are scripts, need none', () => {
    expect(publishesReport(file({ kind: 'unreadable', problem: 'x' }))).toBe(false);
    const steps = [step({ command: 'report' }), { line: 30 }];
    expect(publishesReport(file(workflow({ jobs: [job({ steps })] })))).toBe(false);
  });

  test('a good line is silent; what is not of the line is nobody’s business here', () => {
    expect(of(file())).toEqual([]);
    const other = workflow({
      permissions: { empty: false, line: 1 },
      jobs: [job({ steps: [{ line: 1, uses: 'x/y@v1' }] })]
    });
    expect(of(file(), file(other))).toEqual([]);
    expect(of(file(other))).toEqual(['note no-line']);
    expect(of()).toEqual(['note no-line']);
  });

  test.each([`./`, `$/`, `acme/esteira@v1`, `esteira`])('a step of %s is ours', (uses) => {
    expect(of(file(workflow({ jobs: [job({ steps: [step({ uses })] })] })))).not.toContain('note no-line');
  });

  test.each(['acme/other@v1', undefined])('a step of %s is not', (uses) => {
    const { uses: _, ...rest } = step();
    const foreign = uses === undefined ? rest : { ...rest, uses };
    expect(of(file(workflow({ jobs: [job({ steps: [foreign] })] })))).toContain('note no-line');
  });

  test('rights, pins and unreadable files', () => {
    expect(of(file(workflow({ permissions: { empty: false, line: 1 } })))).toEqual(['note permissions-open']);
    const uses = [
      'actions/checkout@v4',
      `actions/checkout@${SHA}`,
      './x',
      'docker://a@sha256:' + 'b'.repeat(64),
      'docker://a:1'
    ];
    const steps = [step(), ...uses.map((each) => ({ line: 5, uses: each })), { line: 6 }];
    const found = auditWorkflows([file(workflow({ jobs: [job({ steps })] }))], [gated]);
    expect(found.map(({ flaw }) => ('uses' in flaw ? flaw.uses : flaw.kind))).toEqual([
      'actions/checkout@v4',
      'docker://a:1'
    ]);
    expect(of(file(), file({ kind: 'unreadable', problem: 'x' }))).toEqual(['unchecked unreadable']);
  });

  test('a job that delivers without naming its environment passes by the gate', () => {
    const { environment: _, ...nowhere } = job();
    const bypassing = auditWorkflows([file(workflow({ jobs: [nowhere] }))], [gated]);
    expect(bypassing).toEqual([
      {
        severity: 'broken',
        flaw: { kind: 'gate-bypassed', job: 'production', environment: 'production' },
        place: { kind: 'file', path: '.github/workflows/delivery.yml', line: 20 }
      }
    ]);
    expect(of(file(workflow({ jobs: [job({ environment: 'staging' })] })))).toEqual(['broken gate-bypassed']);
    expect(
      of(file(workflow({ jobs: [{ ...nowhere, steps: [step({ environment: '${{ inputs.environment }}' })] }] })))
    ).toEqual(['broken gate-bypassed']);
    const { environment: _input, ...silent } = step();
    for (const fine of [
      job({ environment: 'Production' }),
      job({ environment: '${{ inputs.environment }}' }),
      job({ steps: [step({ environment: '${{ inputs.environment }}' })] }),
      { ...nowhere, steps: [step({ environment: 'staging' })] },
      { ...nowhere, steps: [step({ command: 'plan' })] },
      { ...nowhere, steps: [silent] }
    ])
      expect(of(file(workflow({ jobs: [fine] })))).toEqual([]);
  });

  test('an environment without a gate has none to pass by, and nobody to wait for', () => {
    const free = environment({ gate: 'none', needs: ['staging'] });
    const { environment: _, ...nowhere } = job();
    expect(said(auditWorkflows([file(workflow({ jobs: [nowhere] }))], [free]))).toEqual([]);
    const grouped = job({ concurrency: inGroup({}) });
    expect(said(auditWorkflows([file(workflow({ jobs: [grouped] }))], [free]))).toEqual([]);
  });

  test('queues: dropping, cancelling, and waiting in them', () => {
    const staging = job({ name: 'staging', environment: 'staging', steps: [step({ environment: 'staging' })] });
    const withGroup = (concurrency: Partial<Concurrency>) =>
      of(file(workflow({ jobs: [{ ...staging, concurrency: inGroup(concurrency) }] })));
    expect(withGroup({})).toEqual([]);
    expect(withGroup({ keepsAll: false })).toEqual(['note drops']);
    expect(withGroup({ keepsAll: false, cancels: true })).toEqual(['note cancels']);
    expect(of(file(workflow({ jobs: [job({ concurrency: inGroup({}) })] })))).toEqual(['note holds-queue']);
    expect(of(file(workflow({ concurrency: inGroup({}), jobs: [staging, job()] })))).toEqual(['note holds-queue']);
    const doctor = job({ steps: [step({ command: 'doctor' })] });
    expect(of(file(workflow({ concurrency: inGroup({ cancels: true }), jobs: [doctor] })))).toEqual([]);
    const { environment: _, ...nowhere } = staging;
    expect(of(file(workflow({ concurrency: inGroup({}), jobs: [nowhere] })))).toEqual([]);
  });

  test('copies say when they were changed, and when they are of another version', () => {
    const copy = (version: string, intact: boolean): string[] =>
      of(file(workflow(), { origin: { template: 'continuous-delivery', version, intact } }));
    expect(copy(OWN_VERSION, true)).toEqual([]);
    expect(copy(OWN_VERSION, false)).toEqual(['note copy-changed']);
    expect(copy('0.0.1', true)).toEqual(['note copy-other']);
  });
});

describe('delivery.yml', () => {
  const of = (given: Partial<Delivery>): string[] => said(auditDelivery(delivery(given), given.environments ?? []));
  const { file: _, ...unwritten } = delivery();

  test('nothing written, nothing to deploy or verify with', () => {
    expect(auditDelivery({ ...unwritten, process: {} }, [])).toMatchObject([
      { flaw: { kind: 'no-config' }, place: { path: '.github/delivery.yml' } }
    ]);
    expect(of({ process: {} })).toEqual(['note no-deploy']);
    expect(of({ process: { deploy: { run: 'x', timeoutSeconds: 1 } } })).toEqual(['note no-verify']);
    expect(of({})).toEqual([]);
  });

  test('a gate behind nothing, and a last environment without one', () => {
    const staging = environment({ name: 'staging' });
    expect(of({ environments: [staging, gated] })).toEqual([]);
    expect(of({ environments: [staging, environment({ gate: 'dispatch' })] })).toEqual(['note nothing-needed']);
    expect(of({ environments: [environment({ gate: 'approval' })] })).toEqual([]);
    expect(of({ environments: [staging, environment({ needs: ['staging'] })] })).toEqual(['note nobody-asked']);
    const middle = environment({ name: 'middle', needs: ['staging'] });
    expect(of({ environments: [staging, middle, environment({ needs: ['middle'], gate: 'approval' })] })).toEqual([]);
  });
});

test('false promises stand first, unknowns last, and none is lost', () => {
  const severity = fc.constantFrom<Finding['severity']>('broken', 'note', 'unchecked');
  fc.assert(
    fc.property(fc.array(severity), (given) => {
      const place = { kind: 'page', page: 'rules' } as const;
      const findings = given.map((each): Finding => ({ severity: each, flaw: { kind: 'no-line' }, place }));
      const order = bySeverity(findings).map((each) => each.severity);
      expect(order.join()).toMatch(/^(broken,?)*(note,?)*(unchecked,?)*$/);
      expect(order).toHaveLength(given.length);
    })
  );
});
