import * as v from 'valibot';
import type { RunFacts } from './contexts.ts';
import { RehearsalError } from './errors.ts';
import type { Site } from './site.ts';

const Created = v.object({ id: v.number() });

interface Post {
  readonly path: string;
  readonly body: unknown;
}

/** By the API with a token of no run, so that these calls can be told from those of the jobs. */
const post = async ({ hub }: Site, { path, body }: Post): Promise<unknown> => {
  const token = hub.token({ permissions: { deployments: 'write' } });
  const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/deployments${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body)
  });
  if (!reply.ok) throw new RehearsalError(`the platform's own deployment: ${reply.status} ${await reply.text()}`);
  return reply.json();
};

export interface PlatformRecord {
  end(state: 'success' | 'failure', url: string): Promise<void>;
}

/** The record a plain `environment:` leaves: at the run's commit, made when the job starts. */
export const openRecord = async (site: Site, run: RunFacts, environment: string): Promise<PlatformRecord> => {
  const { sha } = run.trigger;
  const log_url = `${site.hub.url}/${site.hub.owner}/${site.hub.name}/actions/runs/${run.id}`;
  // the branch may have moved on since the run began
  const body = { ref: sha, environment, auto_merge: false, required_contexts: [] };
  const created = await post(site, { path: '', body });
  const { id } = v.parse(Created, created);
  const status = (state: string, url = ''): Promise<unknown> =>
    post(site, { path: `/${id}/statuses`, body: { state, log_url, ...(url === '' ? {} : { environment_url: url }) } });
  await status('in_progress');
  return { end: async (state, url) => void (await status(state, url)) };
};
