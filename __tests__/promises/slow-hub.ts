import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { announce } from '../../src/commands/announce.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { down } from '../../src/commands/down.ts';
import { doctor } from '../../src/commands/doctor.ts';
import { plan } from '../../src/commands/plan.ts';
import { propose } from '../../src/commands/propose.ts';
import { release } from '../../src/commands/release.ts';
import { report } from '../../src/commands/report.ts';
import { up } from '../../src/commands/up.ts';
import { verify } from '../../src/commands/verify.ts';
import type { CommandName } from '../../src/contract.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { changeOf, environment, v } from '../fakes/builders.ts';
import { PROCESS, asking, publish } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { newRun, opened } from './story.ts';

/** Calls that move a file have a deadline of their own. */
const TRANSFER = /^(download|uploadAsset)/;

/** GitHub answers, but takes its time over each call; as by the real client, a call is cut short where its phase ends. */
export const slowHub = (base: World, seconds: number): void => {
  const { clock, phases } = base.ports;
  base.hosting.before = (call) => {
    const left = phases.left();
    if (left === Infinity && !TRANSFER.test(call)) throw new Error(`nothing bounds ${call}`);
    void clock.sleep(Math.max(0, Math.min(seconds, left)));
    const over = phases.over(call);
    if (over !== undefined && left < seconds) throw over;
  };
};

export const CONFIG = '.github/delivery.yml';
export const FOLDER = { config: CONFIG, outputDir: '.delivery', dryRun: false } as const;

const PREVIEW = { config: CONFIG, dryRun: false } as const;

type Work = (run: World) => Promise<Outcome>;

/** `build` asks nobody but a registry, and there is none in this world. */
export const WORK: Readonly<Record<Exclude<CommandName, 'build'>, Work>> = {
  plan: (run) => plan(run, { name: 'plan', config: CONFIG }),
  release: (run) => release(run, { name: 'release', ...FOLDER }),
  propose: (run) => propose(run, { ...asking('2.0.0', { environment: 'staging' }), name: 'propose' }),
  deploy: (run) => deploy(run, asking('2.0.0', { environment: 'staging' })),
  rollback: (run) => deploy(run, asking('1.0.0', { name: 'rollback', environment: 'staging', reason: 'slow' })),
  verify: (run) => verify(run, { name: 'verify', config: CONFIG, environment: 'staging' }),
  announce: (run) => announce(run, { name: 'announce', config: CONFIG, environment: 'staging', dryRun: false }),
  report: (run) => report(run, { name: 'report', ...FOLDER }),
  up: (run) => up(run, { name: 'up', ...PREVIEW, pull: 12 }),
  down: (run) => down(run, { name: 'down', ...PREVIEW }),
  doctor: (run) => doctor(run, { name: 'doctor', config: CONFIG })
};

const PULLS = Array.from({ length: 90 }, (_, n) => n + 1);

/** As if it had just been built. */
const build = async ({ surroundings }: World, manifest: ReleaseManifest): Promise<void> => {
  const folder = join(surroundings.workspace, '.delivery');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'release.json'), JSON.stringify(manifest));
  await writeFile(join(folder, manifest.archive.name), '3.0.0');
};

export const approved = (base: World): World => {
  const run = newRun(base, true);
  const { id } = run.surroundings.run;
  base.hosting.approved.set(id, [{ environments: ['staging'], state: 'approved', user: 'bruno', comment: '' }]);
  return run;
};

/** Ten pages of records; one preview that was closed, and the ticket of a run that died over another. */
const previews = async (base: World): Promise<void> => {
  const { hosting } = base;
  hosting.perPage = 1;
  hosting.pullRequests.set(12, { number: 12, open: true, head: 'b'.repeat(40), fork: false });
  hosting.pullRequests.set(13, { number: 13, open: false, head: 'b'.repeat(40), fork: false });
  for (const pull of [13, 12, 14, 15, 16, 17, 18, 19, 20]) {
    const run = { id: 5000 + pull, attempt: 1, url: `https://hub.test/runs/${5000 + pull}` };
    hosting.overRuns.add(run.id);
    const payload = { schema: 1, pull, kind: 'up', requestedBy: 'ana', expires: '2030-01-01T00:00:00Z', run } as const;
    const id = await hosting.createPreviewRecord({ commit: 'b'.repeat(40), description: '', payload });
    if (pull !== 12) await hosting.setStatus(id, { state: pull === 13 ? 'success' : 'inactive', description: '' });
  }
};

/** Much of everything: deliveries, pull requests and issues, runs that wait, runs that died. */
export const busy = async (): Promise<World> => {
  const environments = [environment({ name: 'staging', gate: 'approval' }), environment({ needs: ['staging'] })];
  const preview = { up: './up.sh', down: './down.sh', expiresSeconds: 3600, timeoutSeconds: 60 };
  const base = await opened({ environments, channels: [{ kind: 'slack', variable: 'CHAT' }], preview });
  base.webhooks.set.add('CHAT');
  const protection = { reviewers: ['bruno'], preventSelfReview: true, waitMinutes: 0, adminsCanBypass: false };
  for (const name of ['staging', 'production']) base.hosting.protections.set(name, { kind: 'present', ...protection });
  const manifest = await publish(base, '3.0.0', PROCESS, PULLS.map(changeOf));
  await build(base, { ...manifest, version: v('4.0.0'), tag: 'v4.0.0' });
  for (const number of PULLS) {
    const closes = [1000 + number];
    base.hosting.talks.set(number, { kind: 'pull', merged: true, labels: [], closes, comments: [] });
    base.hosting.talks.set(1000 + number, { kind: 'issue', merged: true, labels: [], closes: [], comments: [] });
    const url = `https://hub.test/runs/${number}`;
    base.hosting.atGate.push({ id: number, number, event: 'push', url, environments: ['staging'] });
  }
  await deploy(approved(base), asking('1.1.0', { environment: 'staging' }));
  await deploy(approved(base), asking('3.0.0', { environment: 'staging' }));
  await previews(base);
  const head = { sha: 'a'.repeat(40), parents: [], date: '2026-11-24T10:00:00Z', author: 'Ana', message: 'feat: x' };
  const answer = { head, onHead: [v('3.0.0')], newer: [], commits: [head] };
  const history = { read: () => Promise.resolve(answer), tracked: () => Promise.resolve([]) };
  return { ...base, ports: { ...base.ports, history } };
};
