import { readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import type { DeploymentRecord, RecordState } from '../../src/domain/deployment.ts';
import type { PreviewRecord, PullRequest } from '../../src/domain/preview.ts';
import type { NewPreviewRecord, PreviewFacts, PreviewQuestion } from '../../src/ports/previews.ts';
import type { Approval, Protection, Stop } from '../../src/domain/environment.ts';
import type { Setting, SiteSource, TagRuleset } from '../../src/domain/finding.ts';
import type { AtGates, Waiting, WaitingRun } from '../../src/domain/proposal.ts';
import type { PullStart } from '../../src/domain/ledger.ts';
import type { Incident } from '../../src/domain/report.ts';
import type { PublishedRelease } from '../../src/domain/release.ts';
import type {
  Claim,
  CommentLock,
  ConversationKind,
  ConversationQuestion,
  LockRequest,
  NewComment
} from '../../src/ports/announcing.ts';
import type { LockHolder, LockStanding } from '../../src/domain/comment-lock.ts';
import type { Conversation } from '../../src/domain/announcement.ts';
import { readTagChanges } from '../../src/config/tag-changes.ts';
import { readTagMessage } from '../../src/domain/tag-message.ts';
import type {
  Asset,
  FactsQuestion,
  Hosting,
  HostingFacts,
  NewRecord,
  ReleaseState,
  StatusUpdate
} from '../../src/ports.ts';
import type {
  KeptFile,
  KeptQuestion,
  LedgerPage,
  LedgerQuestion,
  ListPage,
  ListedRecord,
  ListedRelease,
  PullStarts
} from '../../src/ports/ledger.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A pull request or an issue, and every comment below it. */
export interface Talk extends Pick<Conversation, 'kind' | 'merged' | 'labels' | 'closes'> {
  readonly comments: { readonly id: number; readonly by: string; body: string }[];
}

const BOT = 'bot';

interface Whole<T> {
  readonly items: readonly T[];
  readonly idOf: (item: T) => string;
}

/** Cursors are ids, as GitHub's speak of items and not of places. */
const placeOf = <T>({ items, idOf }: Whole<T>, cursor: string): number =>
  items.findIndex((item) => idOf(item) === cursor);

const newestOf = <T>(list: Whole<T>, after: string | null | undefined): ListPage<T> => {
  if (after === null) return { items: [], nodes: [], next: null };
  const from = after === undefined ? 0 : placeOf(list, after) + 1;
  const items = list.items.slice(from, from + 100);
  const nodes = items.map(list.idOf);
  return { items, nodes, next: from + 100 < list.items.length ? (nodes.at(-1) ?? null) : null };
};

const oldestOf = <T>(list: Whole<T>, before: string | null): ListPage<T> => {
  const to = before === null ? list.items.length : placeOf(list, before);
  const items = list.items.slice(Math.max(0, to - 100), to);
  const nodes = items.map(list.idOf);
  return { items, nodes, next: to > 100 ? (nodes[0] ?? null) : null };
};

interface StoredRelease {
  readonly id: number;
  readonly tag: string;
  readonly commit: string;
  draft: boolean;
  full?: boolean;
  readonly body: string;
  readonly assets: Map<number, Asset & { readonly bytes: Buffer }>;
}

/** GitHub in memory, as far as commands see it: keeps state and behaves; every call is written down. */
export class FakeHosting implements Hosting {
  readonly calls: string[] = [];
  readonly tags = new Map<string, { commit: string; message: string }>();
  readonly stored: StoredRelease[] = [];
  readonly all: DeploymentRecord[] = [];
  readonly stops: Stop[] = [];
  readonly approved = new Map<number, Approval[]>();
  readonly protections = new Map<string, Protection>();
  readonly overRuns = new Set<number>();
  /** The attempt that each run has come to, where it is not the first. */
  readonly attempts = new Map<number, number>();
  visible: 'public' | 'private' = 'public';
  /** Runs of the workflow at a gate; `busy` ones have a job at work, too. */
  readonly atGate: (WaitingRun & { readonly environments: readonly string[]; readonly busy?: boolean })[] = [];
  ourNumber = 100;
  readonly settings: {
    tagRulesets: Setting<readonly TagRuleset[]>;
    immutableReleases: Setting<boolean>;
    tokenDefault: Setting<'read' | 'write'>;
    pinsRequired: Setting<boolean>;
    site: Setting<SiteSource>;
  } = {
    tagRulesets: {
      kind: 'known',
      value: [{ include: ['refs/tags/v*'], exclude: [], rules: ['update', 'deletion'] }]
    },
    immutableReleases: { kind: 'known', value: true },
    tokenDefault: { kind: 'known', value: 'read' },
    pinsRequired: { kind: 'known', value: true },
    site: { kind: 'known', value: 'workflow' }
  };
  /** By number. */
  readonly talks = new Map<number, Talk>();
  /** How many of its first answers show no comment: lists lag. */
  blind = 0;
  readonly claims = new Set<string>();
  /** The lock of the comments as it stands; `run` is absent where something else made it. */
  lock: LockHolder | undefined;
  /** The most comments of ours that ever stood at once in one conversation under one marker. */
  doubled = 0;
  latest: number | undefined;
  mayOpenIssues = true;
  mayReadActions = true;
  mayReadPulls = true;
  /** Pull requests by number. */
  readonly pulls = new Map<number, PullStart>();
  /** Whether the list of releases tells the numbers of assets. */
  tellsAssets = true;
  perPage = 100;
  incidents: Incident[] = [];
  /** Records of previews, oldest first, and the pull requests they are of. */
  readonly previews: PreviewRecord[] = [];
  readonly pullRequests = new Map<number, PullRequest>();
  /** Reports that earlier runs kept, newest first. */
  readonly keptReports: { readonly branch: string; readonly text: string; readonly arrives?: string }[] = [];
  readonly publishedAt = new Map<string, string>();
  /** Called before each call; throw to break it. */
  before: (call: string) => void = () => undefined;
  /** The same after a write of a comment. */
  after: (call: string) => void = () => undefined;
  private ids = 0;
  private readonly now: () => Date;

  constructor(now: () => Date) {
    this.now = now;
  }

  async facts(question: FactsQuestion): Promise<HostingFacts> {
    this.note('facts');
    const records = new Map(
      question.environments.map((name) => [
        name.toLowerCase(),
        this.all.filter((each) => each.environment.toLowerCase() === name.toLowerCase()).toSorted((a, b) => b.id - a.id)
      ])
    );
    return { records, releases: this.published(question.tag), stops: [...this.stops] };
  }

  async createRecord(record: NewRecord): Promise<number> {
    this.note('createRecord');
    const { environment, commit, payload } = record;
    const id = this.next();
    this.all.push({ id, environment, commit, payload, state: 'pending', createdAt: this.stamp() });
    return id;
  }

  async setStatus(id: number, update: StatusUpdate): Promise<void> {
    this.note(`setStatus ${update.state}`);
    const preview = this.previews.findIndex((each) => each.id === id);
    const shown = this.previews[preview];
    if (shown !== undefined) {
      const url = update.environmentUrl === undefined ? {} : { url: update.environmentUrl };
      this.previews[preview] = { ...shown, ...url, state: update.state };
      return;
    }
    const index = this.all.findIndex((each) => each.id === id);
    const record = this.all[index];
    if (record === undefined) throw new Error(`no record ${id}`);
    this.all[index] = { ...record, state: update.state, ...this.times(update.state) };
  }

  async recordState(id: number): Promise<RecordState> {
    this.note('recordState');
    return [...this.all, ...this.previews].find((each) => each.id === id)?.state ?? 'pending';
  }

  async previewFacts({ pulls, after }: PreviewQuestion): Promise<PreviewFacts> {
    this.note('previewFacts');
    const page = after?.page ?? 1;
    const newest = this.previews.toReversed();
    const records = newest.slice((page - 1) * this.perPage, page * this.perPage);
    const next = newest.length > page * this.perPage ? { cursor: String(page), page: page + 1 } : null;
    return { records, pulls: new Map(pulls.map((number) => [number, this.pullRequests.get(number) ?? null])), next };
  }

  async createPreviewRecord({ commit, payload }: NewPreviewRecord): Promise<number> {
    this.note('createPreviewRecord');
    const id = this.next();
    this.previews.push({ id, commit, payload, state: 'pending', createdAt: this.stamp() });
    return id;
  }

  async openStop(stop: { readonly title: string; readonly body: string }): Promise<string | undefined> {
    this.note('openStop');
    if (!this.mayOpenIssues) return undefined;
    const number = this.next();
    const url = `https://hub.test/issues/${number}`;
    this.stops.push({ number, url, title: stop.title, author: 'bot', createdAt: this.stamp() });
    return url;
  }

  async releaseState(tag: string): Promise<ReleaseState> {
    this.note('releaseState');
    const ref = this.tags.get(tag);
    const release = this.stored.find((each) => each.tag === tag);
    const note = ref === undefined ? undefined : readTagMessage(ref.message);
    return {
      ...(ref === undefined ? {} : { tag: { commit: ref.commit, ...(note === undefined ? {} : { note }) } }),
      ...(release === undefined
        ? {}
        : { release: { id: release.id, draft: release.draft, url: this.urlOf(release), assets: this.listed(release) } })
    };
  }

  async createTag(tag: {
    readonly name: string;
    readonly commit: string;
    readonly message: string;
  }): Promise<'created' | 'exists'> {
    this.note('createTag');
    if (this.tags.has(tag.name)) return 'exists';
    this.tags.set(tag.name, { commit: tag.commit, message: tag.message });
    return 'created';
  }

  async createDraft(draft: {
    readonly tag: string;
    readonly commit: string;
    readonly body: string;
  }): Promise<NonNullable<ReleaseState['release']>> {
    this.note('createDraft');
    const release = {
      id: this.next(),
      tag: draft.tag,
      commit: draft.commit,
      body: draft.body,
      draft: true,
      assets: new Map()
    };
    const first = this.stored.find((each) => each.tag === draft.tag) ?? release;
    if (first === release) this.stored.push(release);
    return { id: first.id, draft: first.draft, url: this.urlOf(first), assets: this.listed(first) };
  }

  async uploadAsset(upload: {
    readonly release: number;
    readonly name: string;
    readonly file: string;
  }): Promise<Asset> {
    this.note(`uploadAsset ${upload.name}`);
    const bytes = await readFile(upload.file);
    const asset = { id: this.next(), name: upload.name, size: bytes.length, sha256: sha256(bytes), bytes };
    this.byId(upload.release).assets.set(asset.id, asset);
    return asset;
  }

  async deleteAsset(id: number): Promise<void> {
    this.note('deleteAsset');
    for (const release of this.stored) release.assets.delete(id);
  }

  async publish(id: number): Promise<string> {
    this.note('publish');
    this.byId(id).draft = false;
    return this.urlOf(this.byId(id));
  }

  async makeFull(id: number, latest: boolean): Promise<void> {
    this.note(latest ? 'makeLatest' : 'makeFull');
    this.byId(id).full = true;
    if (latest) this.latest = id;
  }

  async conversations({ kind, numbers, marker }: ConversationQuestion): Promise<readonly Conversation[]> {
    this.note(`conversations ${kind}`);
    this.blind -= 1;
    const shown = (talk: Talk): Talk['comments'] => (this.blind >= 0 ? [] : talk.comments);
    return numbers.flatMap((number) => {
      const talk = this.talks.get(number);
      if (talk === undefined) return [];
      const { comments: _, ...rest } = talk;
      const ours = shown(talk).filter(({ by, body }) => by === BOT && body.startsWith(marker));
      return [{ ...rest, number, ours: ours.map(({ id, body }) => ({ id, body })) }];
    });
  }

  async createComment({ number, marker, body }: NewComment): Promise<number> {
    this.note(`createComment ${number}`);
    const id = this.next();
    const comments = this.talks.get(number)?.comments ?? [];
    comments.push({ id, by: BOT, body });
    const ours = comments.filter((each) => each.by === BOT && each.body.startsWith(marker));
    this.doubled = Math.max(this.doubled, ours.length);
    this.after(`createComment ${number}`);
    return id;
  }

  async editComment({ id, body }: { id: number; body: string }): Promise<'edited' | 'gone'> {
    this.note('editComment');
    const found = this.comment(id);
    if (found === undefined) return 'gone';
    found.body = body;
    return 'edited';
  }

  async deleteComment({ id }: { kind: ConversationKind; id: number }): Promise<void> {
    this.note('deleteComment');
    for (const { comments } of this.talks.values()) {
      const at = comments.findIndex((comment) => comment.id === id);
      if (at >= 0) comments.splice(at, 1);
    }
  }

  commentLock({ run }: LockRequest): CommentLock {
    const ours: LockHolder = { mark: `lock ${this.next()}`, run };
    const standing = (): LockStanding => {
      if (this.lock === undefined) return { kind: 'held' };
      return this.lock.mark === ours.mark ? { kind: 'ours' } : { kind: 'held', holder: this.lock };
    };
    const swap = (from: string | undefined, to: LockHolder | undefined): void => {
      if (this.lock?.mark === from) this.lock = to;
    };
    const change = (call: string, from: string | undefined, to: LockHolder | undefined): LockStanding => {
      this.note(call);
      swap(from, to);
      this.after(call);
      return standing();
    };
    return {
      acquire: async () => change('lock', undefined, ours),
      takeOver: async ({ mark }) => change('takeOverLock', mark, ours),
      release: async () => void change('releaseLock', ours.mark, undefined)
    };
  }

  async claim(claim: Claim): Promise<'claimed' | 'taken'> {
    this.note('claim');
    const key = JSON.stringify(claim);
    if (this.claims.has(key)) return 'taken';
    this.claims.add(key);
    return 'claimed';
  }

  async unclaim(claim: Claim): Promise<void> {
    this.note('unclaim');
    this.claims.delete(JSON.stringify(claim));
  }

  async assets(id: number): Promise<readonly Asset[]> {
    this.note('assets');
    return this.listed(this.byId(id));
  }

  async download(id: number, file: string): Promise<{ sha256: string; size: number }> {
    this.note('download');
    const asset = this.stored.flatMap((release) => [...release.assets.values()]).find((each) => each.id === id);
    if (asset === undefined) throw new Error(`no asset ${id}`);
    await writeFile(file, asset.bytes);
    return { sha256: sha256(asset.bytes), size: asset.size };
  }

  async approvals(run: number): Promise<readonly Approval[]> {
    this.note('approvals');
    return this.approved.get(run) ?? [];
  }

  async protection(environment: string): Promise<Protection> {
    this.note('protection');
    return this.protections.get(environment.toLowerCase()) ?? { kind: 'missing' };
  }

  async runState(run: number, attempt = Infinity): Promise<'live' | 'over'> {
    this.note('runState');
    return this.overRuns.has(run) || (this.attempts.get(run) ?? 1) > attempt ? 'over' : 'live';
  }

  async visibility(): Promise<'public' | 'private'> {
    this.note('visibility');
    return this.visible;
  }

  async waiting(run: number): Promise<Waiting> {
    this.note('waiting');
    const runs = this.atGate.filter(({ id }) => id !== run && !this.overRuns.has(id));
    return { ours: this.ourNumber, runs };
  }

  async atGates(run: number): Promise<AtGates> {
    this.note(`atGates ${run}`);
    const found = this.atGate.find(({ id }) => id === run && !this.overRuns.has(id));
    if (found?.busy === true) return { kind: 'working' };
    return { kind: 'waiting', environments: found?.environments ?? [] };
  }

  async cancelRun(run: number): Promise<'cancelled' | 'over'> {
    this.note(`cancelRun ${run}`);
    if (this.overRuns.has(run)) return 'over';
    this.overRuns.add(run);
    return 'cancelled';
  }

  async tagRulesets(): Promise<Setting<readonly TagRuleset[]>> {
    this.note('tagRulesets');
    return this.settings.tagRulesets;
  }

  async immutableReleases(): Promise<Setting<boolean>> {
    this.note('immutableReleases');
    return this.settings.immutableReleases;
  }

  async tokenDefault(): Promise<Setting<'read' | 'write'>> {
    this.note('tokenDefault');
    return this.settings.tokenDefault;
  }

  async pinsRequired(): Promise<Setting<boolean>> {
    this.note('pinsRequired');
    return this.settings.pinsRequired;
  }

  async site(): Promise<Setting<SiteSource>> {
    this.note('site');
    return this.settings.site;
  }

  async ledgerPage({ environments, again, after, oldest }: LedgerQuestion): Promise<LedgerPage> {
    this.note('ledgerPage');
    const shown = ({ id, ...rest }: DeploymentRecord): ListedRecord => ({ ...rest, node: `DE_${id}` });
    const listed = this.all.filter((each) => environments.includes(each.environment)).toReversed();
    const lists = { records: listed.map(shown), releases: this.listing() };
    const records = { items: lists.records, idOf: ({ node }: ListedRecord) => node };
    const releases = { items: lists.releases, idOf: ({ id }: ListedRelease) => String(id) };
    return {
      records: newestOf(records, after?.records),
      again: again.length === 0 ? [] : lists.records.filter(({ node }) => again.includes(node)),
      releases: newestOf(releases, after?.releases),
      oldest: {
        ...(oldest?.list === 'records' ? { records: oldestOf(records, oldest.before) } : {}),
        ...(oldest?.list === 'releases' ? { releases: oldestOf(releases, oldest.before) } : {})
      },
      ...(after === undefined ? { totals: { records: listed.length, releases: lists.releases.length } } : {}),
      incidents: after === undefined ? this.incidents : [],
      visibility: this.visible
    };
  }

  async pullStarts(numbers: readonly number[]): Promise<PullStarts> {
    this.note('pullStarts');
    if (!this.mayReadPulls) return { pulls: new Map(), needs: 'pull-requests: read' };
    return { pulls: new Map(numbers.map((number) => [number, this.pulls.get(number) ?? null])), needs: null };
  }

  async waitingRuns(): Promise<Setting<ReadonlyMap<number, string>>> {
    this.note('waitingRuns');
    if (!this.mayReadActions) return { kind: 'unknown', needs: 'actions: read' };
    return { kind: 'known', value: new Map(this.atGate.map(({ id, url }) => [id, url])) };
  }

  async keptFiles({ branch, largest }: KeptQuestion): Promise<readonly KeptFile[]> {
    this.note('keptFiles');
    return this.keptReports
      .map(({ text, ...rest }, id) => ({ ...rest, id, size: text.length, sha256: sha256(Buffer.from(text)) }))
      .filter((kept) => kept.branch === branch && kept.size <= largest)
      .slice(0, 3);
  }

  async fetchKept(kept: KeptFile, file: string): Promise<boolean> {
    this.note(`fetchKept ${kept.id}`);
    const { text = '', arrives = text } = this.keptReports[kept.id] ?? {};
    await writeFile(file, arrives);
    return arrives === text;
  }

  private listing(): readonly ListedRelease[] {
    return this.published(undefined, Infinity).map((release) => {
      const stored = this.byId(release.id);
      const manifest = this.listed(stored).find(({ name }) => name === 'release.json')?.id;
      const carried = readTagChanges(this.tags.get(release.tag)?.message ?? '');
      const publishedAt = this.publishedAt.get(release.tag) ?? this.stamp();
      const base = { ...release, publishedAt, ...(carried === undefined ? {} : { carried }) };
      return manifest === undefined || !this.tellsAssets ? base : { ...base, manifest };
    });
  }

  private note(call: string): void {
    this.calls.push(call);
    this.before(call);
  }

  private next(): number {
    this.ids += 1;
    return this.ids;
  }

  private stamp(): string {
    return this.now().toISOString();
  }

  private times(state: RecordState): Partial<DeploymentRecord> {
    if (state === 'in_progress') return { startedAt: this.stamp() };
    if (state === 'success') return { succeededAt: this.stamp() };
    return state === 'queued' ? {} : { endedAt: this.stamp() };
  }

  private published(tag: string | undefined, most = 30): PublishedRelease[] {
    const visible = this.stored.filter((release) => !release.draft).toReversed();
    const chosen = visible.filter((release, index) => index < most || release.tag === tag);
    return chosen.map((release) => {
      const note = readTagMessage(this.tags.get(release.tag)?.message ?? '');
      const base = {
        id: release.id,
        tag: release.tag,
        commit: release.commit,
        prerelease: release.full !== true,
        ...(this.latest === release.id ? { latest: true as const } : {}),
        url: this.urlOf(release)
      };
      return note === undefined ? base : { ...base, note };
    });
  }

  private comment(id: number): Talk['comments'][number] | undefined {
    return [...this.talks.values()].flatMap(({ comments }) => comments).find((each) => each.id === id);
  }

  private byId(id: number): StoredRelease {
    const release = this.stored.find((each) => each.id === id);
    if (release === undefined) throw new Error(`no release ${id}`);
    return release;
  }

  private listed(release: StoredRelease): Asset[] {
    return [...release.assets.values()].map(({ bytes: _, ...asset }) => asset);
  }

  private urlOf({ tag }: { tag: string }): string {
    return `https://hub.test/releases/${tag}`;
  }
}
