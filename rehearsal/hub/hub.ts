import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from './access.ts';
import type { TokenRequest } from './access.ts';
import { readDescription } from './description.ts';
import { createFaults } from './faults.ts';
import type { Fault, FaultRule } from './faults.ts';
import { createGit } from './git.ts';
import type { Git } from './git.ts';
import { createGraph } from './graph.ts';
import { createHolds } from './holds.ts';
import type { Door, Hold } from './holds.ts';
import { createJournal } from './journal.ts';
import { countCalls } from './log.ts';
import type { CallCount, LogEntry } from './log.ts';
import { createQuota } from './quota.ts';
import { createRouter } from './router.ts';
import { load, save } from './saved.ts';
import type { Saved } from './saved.ts';
import { createScenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { serve, serveStorage } from './server.ts';
import type { Pages, Server } from './server.ts';
import { createState } from './state.ts';
import { createValidation } from './validation.ts';
import { createUsers, settingsOf } from './world.ts';
import type { Settings, World } from './world.ts';

export interface HubOptions extends Partial<Settings> {
  /** Where the repository and the assets lie. Default: a temporary directory that `stop` removes. */
  readonly directory?: string;
  readonly port?: number;
  /** The server's clock: `Date` headers, time stamps, wait timers. */
  readonly clock?: () => Date;
  /** A repository with its past, instead of an empty one. */
  readonly from?: Saved;
  /** Default: there are no pages. */
  readonly pages?: Pages;
  /** Requests to the API and to the repository wait until it resolves. Default: it is open. */
  readonly door?: Door;
}

export interface Hub extends Scenario {
  readonly url: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** Clone and push here. */
  readonly gitUrl: string;
  /** Path of the bare repository. */
  readonly bare: string;
  readonly owner: string;
  readonly name: string;
  /** A token as a workflow's job gets it. */
  token(request: TokenRequest): string;
  /** A person's own token, with all rights. */
  personToken(login: string): string;
  fault(rule: FaultRule): Fault;
  hold(hold: Hold): void;
  readonly log: readonly LogEntry[];
  countCalls(): CallCount;
  /** Copies the repository and all that is known of it into an empty folder, for hubs to begin with. */
  save(directory: string): Promise<Saved>;
  /** Becomes what this hub or another one saved; faults are forgotten. */
  load(saved: Saved): Promise<void>;
  /** What must never happen in a good test: calls not emulated, answers against GitHub's schema, crashes of the hub. */
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

const listen = (server: HttpServer, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`);
    });
  });

const close = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Shallow, partial and by-id fetches as GitHub serves them. */
const SERVING = `[http]
\treceivepack = true
[uploadpack]
\tallowFilter = true
\tallowReachableSHA1InWant = true
[gc]
\tauto = 0
`;

interface Places {
  readonly git: Git;
  readonly store: string;
}

const createFiles = async ({ git, store }: Places, settings: Settings): Promise<void> => {
  await mkdir(store, { recursive: true });
  await mkdir(git.directory, { recursive: true });
  await git.run(['init', '--quiet', '--bare', '--template=', `--initial-branch=${settings.defaultBranch}`, '.']);
  await appendFile(join(git.directory, 'config'), SERVING);
};

interface Listening {
  readonly main: HttpServer;
  readonly storage: HttpServer;
  readonly urls: World['urls'];
}

/** Two servers on two ports: the second is the storage, another origin. */
const openPorts = async (port: number): Promise<Listening> => {
  const [main, storage] = [createServer(), createServer()];
  const [url, storageUrl] = [await listen(main, port), await listen(storage, 0)];
  const urls = {
    server: url,
    api: `${url}/api/v3`,
    graphql: `${url}/api/graphql`,
    uploads: `${url}/api/uploads`,
    storage: storageUrl
  };
  return { main, storage, urls };
};

const background = (serving: (...given: Parameters<RequestListener>) => Promise<void>): RequestListener => {
  return (request, response) => void serving(request, response);
};

type Published = Pick<Server, 'router' | 'validation'>;

let published: Published | undefined;

/** GitHub's description of itself does not change while we run: read, and compiled, once for all hubs of a process. */
const readPublished = (): Published => {
  const description = readDescription();
  return { router: createRouter(description.routes), validation: createValidation(description) };
};

interface Parts {
  readonly server: Server;
  readonly problems: readonly string[];
}

const NO_PAGES: Pages = () => Promise.resolve(undefined);

const createParts = (world: World, { pages = NO_PAGES, door }: Pick<HubOptions, 'pages' | 'door'>): Parts => {
  const problems: string[] = [];
  const report = (problem: string): void => void problems.push(problem);
  published ??= readPublished();
  const server: Server = {
    ...published,
    world,
    report,
    pages,
    access: createAccess(),
    faults: createFaults(),
    graph: createGraph(world, report),
    holds: createHolds(door),
    journal: createJournal(world.now)
  };
  return { server, problems };
};

const hubOf = (world: World, { server, problems }: Parts, stop: () => Promise<void>): Hub => {
  const { urls, settings } = world;
  return {
    ...createScenario(world, server.access),
    url: urls.server,
    apiUrl: urls.api,
    graphqlUrl: urls.graphql,
    gitUrl: `${urls.server}/${settings.owner}/${settings.name}.git`,
    bare: world.git.directory,
    owner: settings.owner,
    name: settings.name,
    token: (request) => server.access.token(request),
    personToken: (login) => server.access.personToken(login),
    fault: (rule) => server.faults.add(rule),
    hold: (hold) => server.holds.add(hold),
    log: server.journal.entries,
    countCalls: () => countCalls(server.journal.entries),
    save: (directory) => save(world, directory),
    load: (saved) => {
      server.faults.clear();
      return load(world, saved);
    },
    problems,
    stop
  };
};

/** Starts a GitHub on 127.0.0.1 with one repository. */
export const startHub = async (options: HubOptions = {}): Promise<Hub> => {
  const settings = settingsOf(options);
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'hub-')));
  const git = createGit(join(directory, `${settings.name}.git`));
  const store = join(directory, 'assets');
  const now = options.clock ?? ((): Date => new Date());
  const [{ main, storage, urls }] = await Promise.all([
    openPorts(options.port ?? 0),
    createFiles({ git, store }, settings)
  ]);
  const quota = createQuota(settings.hourlyLimit, now);
  const world: World = { settings, urls, git, store, now, quota, state: createState(), users: createUsers() };
  if (options.from !== undefined) await load(world, options.from);
  const parts = createParts(world, options);
  main.on(
    'request',
    background((request, response) => serve(parts.server, request, response))
  );
  storage.on(
    'request',
    background((request, response) => serveStorage(parts.server, request, response))
  );
  return hubOf(world, parts, async () => {
    git.stop();
    await Promise.all([close(main), close(storage)]);
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  });
};
