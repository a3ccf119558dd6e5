import type { Outcome } from '../../domain/outcome.ts';
import { commitLink, ownLink } from '../links.ts';
import { code, folded, link, table } from '../markdown.ts';
import type { Page } from './page.ts';

type Detail = readonly [label: string, value: string | undefined];

const coded = (text: string | undefined): string | undefined => (text === undefined ? undefined : code(text));

/** `42` of `.../actions/runs/42/attempts/2`. */
const runIn = (url: string): string => /\/runs\/(\d+)/.exec(url)?.[1] ?? url;

const details = (outcome: Outcome, { words, context }: Page): readonly Detail[] => {
  const { commit, releaseUrl, deployment } = outcome;
  const release = releaseUrl === undefined ? undefined : ownLink(context, releaseUrl);
  const { machine } = words;
  return [
    [machine.command, coded(outcome.command)],
    [machine.decision, code(outcome.verdict)],
    [machine.reason, code(outcome.reason.code)],
    [machine.commit, commit === undefined ? undefined : link(code(commit), commitLink(context, commit))],
    [machine.tag, outcome.tag === undefined ? undefined : link(code(outcome.tag), release)],
    [machine.digest, coded(outcome.digest)],
    [machine.record, deployment === undefined ? undefined : code(String(deployment))],
    [machine.run, link(code(runIn(context.runUrl)), ownLink(context, context.runUrl))]
  ];
};

/** What programs and auditors look for; last, and folded. */
export const machineDetails = (outcome: Outcome, page: Page): string => {
  const rows = details(outcome, page).flatMap(([label, value]) =>
    value === undefined ? [] : [[label, value] as const]
  );
  const [head = [], ...rest] = rows;
  return folded(page.words.machine.title, table(head, rest));
};
