/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { afterAll } from '@jest/globals';
import { startHub } from '../../../rehearsal/hub/index.ts';
import type { Hub, HubOptions, Permissions } from '../../../rehearsal/hub/index.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, the text otherwise. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of any shape
  readonly body: any;
}

export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>
) => Promise<Answered>;

export interface Client {
  readonly token: string;
  /** Below the repository: `/releases`. Whole addresses are taken as they are. */
  readonly ask: Ask;
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly query: (fields: string) => Promise<{ readonly data: any; readonly errors?: readonly any[] }>;
}

/** What a deploying job gets. */
export const DEPLOYER = { contents: 'write', deployments: 'write', actions: 'read', issues: 'write' } as const;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const bodyOf = (body: unknown): string | Buffer | undefined => {
  if (body === undefined || typeof body === 'string' || body instanceof Buffer) return body;
  return JSON.stringify(body);
};

export const request = async (
  url: string,
  init: { method?: string; token?: string; body?: unknown; headers?: Readonly<Record<string, string>> } = {}
): Promise<Answered> => {
  const body = bodyOf(init.body);
  const response = await fetch(url, {
    method: init.method ?? 'GET',
    redirect: 'manual',
    headers: { ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }), ...init.headers },
    ...(body === undefined ? {} : { body })
  });
  return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
};

export const clientOf = (hub: Hub, token: string): Client => {
  const repository = `${hub.apiUrl}/repos/${hub.owner}/${hub.name}`;
  return {
    token,
    ask: (method, path, body, headers = {}) =>
      request(path.startsWith('http') ? path : repository + path, { method, token, body, headers }),
    query: async (fields) => {
      const query = `query { repository(owner: "${hub.owner}", name: "${hub.name}") { ${fields} } }`;
      return (await request(hub.graphqlUrl, { method: 'POST', token, body: { query } })).body;
    }
  };
};

export const job = (hub: Hub, permissions: Permissions = DEPLOYER): Client => clientOf(hub, hub.token({ permissions }));

export interface Started {
  readonly hub: Hub;
  readonly client: Client;
  /** The only commit of the default branch. */
  readonly sha: string;
}

const running: Hub[] = [];
const expected = new WeakSet<Hub>();

/** The problems of this hub are looked at by the test itself. */
export const problemsOf = (hub: Hub): readonly string[] => {
  expected.add(hub);
  return hub.problems;
};

// a hub must end without problems; and one that a failing test left running would keep jest from ending
afterAll(async () => {
  const hubs = running.splice(0);
  await Promise.all(hubs.map((hub) => hub.stop()));
  const problems = hubs.filter((hub) => !expected.has(hub)).flatMap((hub) => hub.problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
});

export const startEmpty = async (options: HubOptions = {}): Promise<Hub> => {
  const hub = await startHub(options);
  running.push(hub);
  return hub;
};

export const start = async (options: HubOptions = {}): Promise<Started> => {
  const hub = await startEmpty(options);
  const sha = await hub.commit({
    message: 'feat: begin',
    files: { 'a.txt': 'a\n' },
    date: new Date('2026-03-01T10:00:00Z')
  });
  return { hub, client: job(hub), sha };
};

/** A clock tests set themselves. */
export const handClock = (
  from = '2026-06-01T12:00:00Z'
): { readonly now: () => Date; advance(minutes: number): void } => {
  let at = Date.parse(from);
  return {
    now: () => new Date(at),
    advance: (minutes) => {
      at += minutes * 60_000;
    }
  };
};

/** A release draft with one asset. */
export const draftRelease = async (
  { client, sha }: Started,
  tag: string
): Promise<{ release: number; asset: number }> => {
  const draft = await client.ask('POST', '/releases', { tag_name: tag, target_commitish: sha, draft: true });
  const asset = await upload(client, draft.body.upload_url, { name: 'app.tar', bytes: 'bytes' });
  return { release: draft.body.id, asset: asset.body.id };
};

export const upload = (
  client: Client,
  template: string,
  file: { readonly name: string; readonly bytes: string | Buffer }
): Promise<Answered> =>
  client.ask('POST', template.replace(/\{.*$/, `?name=${encodeURIComponent(file.name)}`), Buffer.from(file.bytes), {
    'content-type': 'application/octet-stream'
  });

/** A deployment that states everything GitHub would otherwise assume. */
export const deploy = async (
  { client, sha }: Pick<Started, 'client' | 'sha'>,
  environment: string,
  more: Readonly<Record<string, unknown>> = {}
): Promise<number> => {
  const made = await client.ask('POST', '/deployments', {
    ref: sha,
    environment,
    auto_merge: false,
    required_contexts: [],
    ...more
  });
  if (made.status !== 201) throw new Error(`deployment: ${made.status} ${JSON.stringify(made.body)}`);
  return made.body.id;
};

export const setStatus = (client: Client, deployment: number, state: string, more: object = {}): Promise<Answered> =>
  client.ask('POST', `/deployments/${deployment}/statuses`, { state, ...more });
