import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushPayload } from '../../rehearsal/engine/events.ts';
import { RehearsalError, openRehearsal } from '../../rehearsal/engine/index.ts';
import type { Rehearsal, RunView } from '../../rehearsal/engine/index.ts';
import { openGit } from '../../rehearsal/engine/sources.ts';
import { startHub } from '../../rehearsal/hub/index.ts';
import { resultOf, runAct } from './act.ts';
import type { ActEnd } from './act.ts';
import { jobOf, readLog } from './act-log.ts';
import type { Divergence } from './divergences.ts';
import { namesIn } from './names.ts';
import type { Texts } from './scenario.ts';

const filesOf = ({ workflow, called }: Divergence): Texts => ({
  '.github/workflows/ci.yml': workflow,
  ...(called === undefined ? {} : { '.github/workflows/called.yml': called })
});

const MESSAGE = 'feat: a change';

const engineLines = (rehearsal: Rehearsal, run: RunView, divergence: Divergence): readonly string[] => {
  const { idOf } = namesIn({ files: filesOf(divergence) }, 'ci.yml');
  return [
    `run: ${run.conclusion ?? run.status}`,
    ...rehearsal
      .jobs(run)
      .flatMap(({ key, conclusion, steps }) => [
        `${idOf(key)}: ${conclusion ?? ''}`,
        ...steps.flatMap(({ id, outputs }) =>
          Object.entries(outputs).map(([name, value]) => `${idOf(key)}.${id}.${name} = ${value}`)
        )
      ])
  ];
};

const engineEnd = async (rehearsal: Rehearsal, divergence: Divergence): Promise<readonly string[]> => {
  const { runs } = await rehearsal.push({ 'change.txt': 'one\n' }, MESSAGE);
  const [run] = runs;
  if (run === undefined) return ['starts nothing'];
  const [gated] = Object.entries(divergence.environments).find(([, { reviewers }]) => reviewers.length > 0) ?? [];
  if (gated === undefined) return engineLines(rehearsal, await rehearsal.waitFor(run, 'completed'), divergence);
  await rehearsal.waitFor(run, { environment: gated });
  return [`waits for ${gated}`];
};

export const seenByEngine = async (divergence: Divergence): Promise<readonly string[]> => {
  const meeting = await mkdtemp(join(tmpdir(), 'meeting-'));
  const rehearsal = await openRehearsal({
    files: { 'change.txt': '' },
    environments: divergence.environments,
    machineEnvironment: { MEETING: meeting }
  });
  try {
    await rehearsal.hub.commit({ message: MESSAGE, files: filesOf(divergence) });
    return await engineEnd(rehearsal, divergence);
  } catch (error) {
    if (error instanceof RehearsalError) return [`refused: ${error.message}`];
    throw error;
  } finally {
    await rehearsal.close();
    await rm(meeting, { recursive: true, force: true });
  }
};

/** How act's schema names what it does not know; beside it stand many lines about forms the job could have had. */
const REFUSAL = /Unknown (?:Property (?:deployment|queue)|Function Call case)/;

const actLines = ({ code, out, err }: ActEnd): readonly string[] => {
  const log = readLog(out);
  const told = log.flatMap((line): string[] => {
    const job = jobOf(line);
    if (line.jobResult !== undefined) return [`${job}: ${line.jobResult}`];
    if (line.command !== 'set-output') return [];
    return [`${job}.${line.stepID?.[0] ?? ''}.${line.name ?? ''} = ${line.arg ?? ''}`];
  });
  const refusal = REFUSAL.exec(err)?.[0];
  return refusal === undefined ? [`run: ${resultOf({ code })}`, ...told] : [`refused: ${refusal}`, ...told];
};

export const seenByAct = async (divergence: Divergence, program: string): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'witness-'));
  const hub = await startHub();
  const git = openGit(hub);
  try {
    const meeting = join(folder, 'meeting');
    await mkdir(meeting);
    const sha = await hub.commit({ message: MESSAGE, files: filesOf(divergence) });
    await git.run(['clone', '--quiet', git.directory, join(folder, 'tree')]);
    const ref = 'refs/heads/main';
    const end = await runAct({
      program,
      folder,
      event: 'push',
      actor: 'ana',
      workflow: '.github/workflows/ci.yml',
      payload: pushPayload(hub, { actor: 'ana', ref, before: undefined, after: sha, message: MESSAGE }),
      repositories: {},
      environment: { GITHUB_REPOSITORY: `${hub.owner}/${hub.name}`, MEETING: meeting },
      secrets: {},
      vars: {}
    });
    return actLines(end);
  } finally {
    git.stop();
    await hub.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
