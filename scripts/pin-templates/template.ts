import { createHash } from 'node:crypto';

/** Stands in the templates of this repository where the commit of a published version will stand. It is no commit anywhere. */
export const PLACEHOLDER_COMMIT = `@${'0'.repeat(40)}`;
export const PLACEHOLDER = `OWNER/esteira${PLACEHOLDER_COMMIT}`;

/** What a copy says about itself in its first line; `doctor` reads it to tell an old copy from a changed one. */
export interface Header {
  /** The name of the template's file, without `.yml`. */
  readonly template: string;
  /** The version of Esteira it belongs to, without `v`. */
  readonly version: string;
  /** Lowercase hex, over the bytes after the line feed that ends the header. */
  readonly sha256: string;
}

const HEADER = /^# esteira: (?<template>[a-z][a-z-]*)@(?<version>\d+\.\d+\.\d+) sha256:(?<sha256>[0-9a-f]{64})$/;

const splitFirstLine = (text: string): readonly [string, string] => {
  const end = text.indexOf('\n');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
};

export const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** The header of a template and what comes after it; undefined when the first line is none. */
export const readHeader = (text: string): { readonly header: Header; readonly body: string } | undefined => {
  const [first, body] = splitFirstLine(text);
  const { template, version, sha256 } = HEADER.exec(first)?.groups ?? {};
  if (template === undefined || version === undefined || sha256 === undefined) return undefined;
  return { header: { template, version, sha256 }, body };
};

const bodyOf = (text: string): string => {
  const [first, rest] = splitFirstLine(text);
  return first.startsWith('# esteira: ') ? rest : text;
};

export interface Origin {
  readonly version: string;
  /** `owner/name` and the commit of a published version; without it the placeholder stays. */
  readonly published?: { readonly repository: string; readonly commit: string };
}

/** The version comment of a line that uses us: it must name the version that the header names. */
const withOrigin = (line: string, { version, published }: Origin): string => {
  if (!line.includes(PLACEHOLDER)) return line;
  const commented = line.replace(/ # v\S+$/, ` # v${version}`);
  return published === undefined
    ? commented
    : commented.replace(PLACEHOLDER, () => `${published.repository}@${published.commit}`);
};

/** The template as `origin` hands it out: pins, version comments and the header over all of it. */
export const seal = (template: string, text: string, origin: Origin): string => {
  const body = bodyOf(text)
    .split('\n')
    .map((line) => withOrigin(line, origin))
    .join('\n');
  return `# esteira: ${template}@${origin.version} sha256:${hashOf(body)}\n${body}`;
};
