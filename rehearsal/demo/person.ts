import * as v from 'valibot';
import type { OpenStop } from './platform.ts';
import type { EnvironmentName } from './town.ts';

/** What a person does on GitHub's pages, by the interface behind them. */
export interface Person {
  protect(environment: EnvironmentName, reviewerId: number | undefined): Promise<void>;
  id(): Promise<number>;
  review(run: number, environment: EnvironmentName, verdict: 'approved' | 'rejected'): Promise<void>;
  stops(): Promise<readonly OpenStop[]>;
  closeIssue(number: number): Promise<void>;
  /** The version of the newest deployment record that is a success. */
  recorded(environment: EnvironmentName): Promise<string | undefined>;
}

export interface PersonOptions {
  readonly apiUrl: string;
  readonly repository: string;
  readonly token: string;
}

const Pending = v.array(v.object({ environment: v.object({ id: v.number(), name: v.string() }) }));
const Issues = v.array(v.object({ number: v.number(), title: v.string(), html_url: v.string() }));
const Payload = v.object({ version: v.string() });
const Deployments = v.array(
  v.object({ id: v.number(), payload: v.union([v.string(), v.record(v.string(), v.unknown())]) })
);
const Statuses = v.array(v.object({ state: v.string() }));
const User = v.object({ id: v.number() });

const versionIn = (payload: string | Readonly<Record<string, unknown>>): string =>
  v.parse(Payload, typeof payload === 'string' ? JSON.parse(payload) : payload).version;

type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

const createAsk =
  ({ apiUrl, token }: PersonOptions): Ask =>
  async (method, path, body) => {
    const reply = await fetch(apiUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json'
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  };

const pendingId = async (ask: Ask, path: string, name: EnvironmentName): Promise<number> => {
  const waiting = v.parse(Pending, await ask('GET', path)).find(({ environment }) => environment.name === name);
  if (waiting === undefined) throw new Error(`nothing waits for a review of ${name}`);
  return waiting.environment.id;
};

export const createPerson = (options: PersonOptions): Person => {
  const ask = createAsk(options);
  const home = `/repos/${options.repository}`;
  const latestState = async (deployment: number): Promise<string | undefined> =>
    v.parse(Statuses, await ask('GET', `${home}/deployments/${deployment}/statuses`))[0]?.state;
  return {
    id: async () => v.parse(User, await ask('GET', '/user')).id,
    protect: async (environment, reviewerId) => {
      const reviewers = reviewerId === undefined ? [] : [{ type: 'User', id: reviewerId }];
      await ask('PUT', `${home}/environments/${environment}`, { reviewers });
    },
    review: async (run, environment, state) => {
      const path = `${home}/actions/runs/${run}/pending_deployments`;
      const environmentIds = [await pendingId(ask, path, environment)];
      await ask('POST', path, { environment_ids: environmentIds, state, comment: '' });
    },
    stops: async () =>
      v
        .parse(Issues, await ask('GET', `${home}/issues?state=open&labels=line-stopped`))
        .map(({ number, title, html_url: url }) => ({ number, title, url })),
    closeIssue: async (number) => {
      await ask('PATCH', `${home}/issues/${number}`, { state: 'closed' });
    },
    recorded: async (environment) => {
      const records = v.parse(Deployments, await ask('GET', `${home}/deployments?environment=${environment}`));
      for (const { id, payload } of records) if ((await latestState(id)) === 'success') return versionIn(payload);
      return undefined;
    }
  };
};
