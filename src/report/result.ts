import type { Language, OutputName } from '../contract.ts';
import type { Outcome } from '../domain/outcome.ts';
import { cutTo } from './plain.ts';
import { partsOf, sentence } from './sentence.ts';
import { noteText } from './spoken.ts';

/** Of 1 MB of outputs per job, measured in UTF-16 (2 bytes a unit); the rest belongs to the other steps. */
const LARGEST_BYTES = 256_000;
const LONGEST_TEXT = 1000;
const MOST_ENTRIES = 100;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const trimmedList = (list: readonly unknown[], trim: (value: unknown) => Json): readonly Json[] => list.map(trim);

/** Plain JSON with every text cut; what has no value in JSON is left out. */
const trimmed = (value: unknown): Json => {
  if (typeof value === 'string') return cutTo(value.slice(0, LONGEST_TEXT * 2).toWellFormed(), LONGEST_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return trimmedList(value, trimmed);
  if (typeof value !== 'object' || value === null) return null;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, trimmed(each)]));
};

const sizeIn = (json: Json): number => {
  const text = JSON.stringify(json);
  return Math.max(text.length * 2, new TextEncoder().encode(text).length);
};

/** The first entries that fit, in order; at most so many bytes. */
const fitting = (entries: readonly unknown[], bytes: number): readonly Json[] => {
  const kept: Json[] = [];
  let left = bytes;
  for (const entry of entries) {
    const json = trimmed(entry);
    left -= sizeIn(json) + 2;
    if (left < 0) break;
    kept.push(json);
  }
  return kept;
};

const LISTS = ['rows', 'findings', 'notes', 'approvedBy', 'changes'] as const;

interface Lists {
  readonly kept: { readonly [key: string]: Json };
  readonly left: { readonly [key: string]: Json };
}

/** Lists share what the rest leaves over: short ones first, so that a long list of changes is cut last and most. */
const lists = (outcome: Outcome, bytes: number): Lists => {
  const kept: Record<string, Json> = {};
  const cut: Record<string, Json> = {};
  let left = bytes;
  for (const name of LISTS) {
    const whole = outcome[name];
    if (whole === undefined) continue;
    const share = name === 'changes' ? left : Math.min(left, bytes / 4);
    const fit = fitting(name === 'changes' ? whole : whole.slice(0, MOST_ENTRIES), share);
    left -= sizeIn(fit);
    kept[name] = fit;
    if (fit.length < whole.length) cut[name] = { shown: fit.length, total: whole.length };
  }
  return { kept, left: cut };
};

const factsOf = (outcome: Outcome): object =>
  Object.fromEntries(
    Object.entries(outcome).filter(([name]) => name !== 'report' && !LISTS.some((list) => list === name))
  );

/**
 * The `result` output: one JSON document, schema 1, with everything the run has to say and the sentence in words.
 * At most 256,000 bytes in UTF-8 and in UTF-16; texts beyond 1,000 characters end in `…`, lists cut short stand in
 * `cut` with their full length.
 */
export const resultOf = (outcome: Outcome, language: Language): string => {
  const facts = trimmed({
    schema: 1,
    language,
    ...factsOf(outcome),
    sentence: sentence(outcome.reason, language),
    parts: partsOf(outcome.reason, language),
    said: (outcome.notes ?? []).slice(0, MOST_ENTRIES).map((note) => noteText(note, language))
  });
  const { kept, left } = lists(outcome, LARGEST_BYTES - sizeIn(facts) - 1000);
  const document = Object.assign({}, facts, kept, Object.keys(left).length === 0 ? {} : { cut: left });
  return JSON.stringify(document);
};

/** Every output of the step that this outcome has a value for. */
export const outputsOf = (outcome: Outcome, language: Language): Partial<Record<OutputName, string>> => {
  const { version, tag, commit, previous, changed, digest, releaseUrl, environmentUrl, deployment } = outcome;
  const values: Record<OutputName, string | undefined> = {
    version,
    tag,
    commit,
    'previous-version': previous,
    changed: changed === undefined ? undefined : String(changed),
    digest,
    'release-url': releaseUrl,
    'environment-url': environmentUrl,
    'deployment-id': deployment === undefined ? undefined : String(deployment),
    decision: outcome.verdict,
    'reason-code': outcome.reason.code,
    result: resultOf(outcome, language)
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
};
