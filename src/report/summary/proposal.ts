import type { Outcome } from '../../domain/outcome.ts';
import type { Proof, Proposal } from '../../domain/proposal.ts';
import { durationOf, listOf } from '../amounts.ts';
import { ownLink } from '../links.ts';
import { inert, link, table } from '../markdown.ts';
import { sinceText } from './page.ts';
import type { Page } from './page.ts';

type Fact = readonly [label: string, value: string];

const MOST_NAMES = 10;

const versionText = ({ version = '', releaseUrl }: Outcome, { kind }: Proposal, { words, context }: Page): string => {
  const url = releaseUrl === undefined ? undefined : ownLink(context, releaseUrl);
  const named = link(`**${inert(version)}**`, url);
  return kind === 'rollback' ? `${named}; ${words.card.goingBack}` : named;
};

/** How many changes, in how many releases, and how long the oldest one has waited. */
const batchText = ({ batch }: Proposal, { context, language, words }: Page): string => {
  const { card } = words;
  const counted = batch.complete ? words.changes(batch.changes) : card.atLeast(words.changes(batch.changes));
  const whole = batch.releases > 1 ? card.inReleases(counted, card.releases(batch.releases)) : counted;
  if (batch.oldest === undefined) return whole;
  const waited = (context.now.getTime() - Date.parse(batch.oldest)) / 1000;
  return waited >= 60 ? `${whole}; ${words.oldest(durationOf(waited, language))}` : whole;
};

/** The run that proved it is one click away. */
const proofText = ({ environment, succeededAt, runUrl }: Proof, page: Page): string =>
  `${link(inert(environment), ownLink(page.context, runUrl))} (${sinceText(succeededAt, page)})`;

const anyOf = (names: readonly string[], { language, words }: Page): string =>
  listOf(
    names.map((name) => inert(name)),
    language,
    { most: MOST_NAMES, more: words.more }
  );

const approverText = ({ approvers, preventSelfReview }: Proposal, page: Page): string => {
  const { card } = page.words;
  const names = anyOf(approvers, page);
  return `${approvers.length > 1 ? card.oneOf(names) : names}; ${preventSelfReview ? card.notStarter : card.starterToo}`;
};

/** The card: what the button will ship, and who may press it where. */
export const proposalCard = (outcome: Outcome, proposal: Proposal, page: Page): string => {
  const { columns, nothing, nobody } = page.words;
  const { offer, proofs, approvers, runUrl } = proposal;
  const facts: Fact[] = [
    [columns.environment, inert(outcome.environment ?? '')],
    [columns.version, versionText(outcome, proposal, page)],
    [columns.live, outcome.previous === undefined ? nothing : inert(outcome.previous)],
    [columns.changes, batchText(proposal, page)]
  ];
  if (proofs.length > 0) facts.push([columns.proven, proofs.map((proof) => proofText(proof, page)).join('; ')]);
  if (offer === 'button') {
    facts.push([columns.approvers, approvers.length === 0 ? nobody : approverText(proposal, page)]);
    facts.push([columns.button, link(page.words.card.review, ownLink(page.context, runUrl))]);
  }
  const [head, ...rest] = facts;
  return head === undefined ? '' : table(head, rest);
};
