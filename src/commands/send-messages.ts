import type { Channel, News } from '../domain/announcement.ts';
import type { AnnounceFailure, AnnounceNote } from '../domain/outcome.ts';
import type { Claim } from '../ports/announcing.ts';
import { allChanges, readReleases, turnSpan } from './announce-changes.ts';
import { excused } from './announce-ledger.ts';
import type { Announced } from './announce-view.ts';
import { addressOf } from './context.ts';
import type { Telling } from './tell-conversations.ts';

const newsOf = async ({ context, view, ledger }: Telling, announced: Announced): Promise<News> => {
  const { environment, turn } = announced;
  const span = turnSpan(announced);
  const releases = span === undefined ? [] : await readReleases(context, { view, ledger }, span);
  const { version } = turn.record.payload;
  const release = view.released.find((each) => each.version === version)?.release;
  return {
    environment: environment.name,
    ...addressOf(environment, version),
    record: turn.record,
    event: turn.event,
    ...(turn.from === undefined ? {} : { from: turn.from }),
    ...(release === undefined ? {} : { releaseUrl: release.url }),
    changes: allChanges(releases)
  };
};

interface Message {
  readonly news: News;
  readonly channel: Channel;
}

const claimOf = ({ news, channel }: Message): Claim => ({
  environment: news.environment,
  channel: channel.kind,
  record: news.record.id,
  commit: news.record.commit
});

type Said = AnnounceNote | AnnounceFailure;

/** The claim comes first: a message is lost rather than sent twice. Where it surely did not go, the claim is given back. */
const post = async ({ context }: Telling, message: Message): Promise<Said | undefined> => {
  const { hosting, phases, webhooks } = context.ports;
  const { news, channel } = message;
  if ((await phases.during('message', () => hosting.claim(claimOf(message)))) === 'taken') return undefined;
  const body = context.words.message(channel.kind, news);
  const posted = await webhooks.post({ variable: channel.variable, body });
  if (posted.kind === 'sent') return { kind: 'message-sent', channel: channel.kind, environment: news.environment };
  if (posted.unsent) await phases.during('record', () => hosting.unclaim(claimOf(message)));
  return { kind: 'message-failed', channel: channel.kind, problem: posted.problem };
};

const send = async (telling: Telling, message: Message): Promise<Said | undefined> => {
  const { context, ledger } = telling;
  const { kind, variable } = message.channel;
  if (!context.ports.webhooks.knows(variable)) return { kind: 'channel-unset', channel: kind, variable };
  if (ledger.dryRun) return { kind: 'would-send', channel: kind, environment: message.news.environment };
  try {
    return await post(telling, message);
  } catch (error) {
    return { kind: 'message-not-sent', why: excused(ledger, error) };
  }
};

const FAILURES: readonly string[] = ['channel-unset', 'message-failed', 'message-not-sent'];

const isFailure = (said: Said): said is AnnounceFailure => FAILURES.includes(said.kind);

/** One message per record and channel. */
export const sendMessages = async (telling: Telling): Promise<void> => {
  const { context, view, ledger } = telling;
  for (const announced of context.delivery.announce.channels.length === 0 ? [] : view.announced) {
    const news = await context.ports.phases.during('fetch', () => newsOf(telling, announced));
    for (const channel of context.delivery.announce.channels) {
      const said = await send(telling, { news, channel });
      const key = `message ${channel.kind} ${news.environment}`;
      if (said === undefined) continue;
      if (isFailure(said)) ledger.failures.set(key, said);
      else ledger.notes.set(key, said);
    }
  }
};
