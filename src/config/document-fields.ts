import * as v from 'valibot';
import { parseVersion } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';

/** The form of `parseVersion`, as a JSON Schema can carry it. */
const VERSION = /^(0|[1-9][0-9]{0,14})\.(0|[1-9][0-9]{0,14})\.(0|[1-9][0-9]{0,14})$/;

const isVersion = (value: string): value is Version => parseVersion(value) !== undefined;

export const versionField = v.pipe(
  v.string(),
  v.regex(VERSION, 'must be a version'),
  v.guard(isVersion, 'must be a version')
);

export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'));

export const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'));

/** SHA-1 or SHA-256 repositories. */
export const commit = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a whole commit id'));

export const whole = v.pipe(v.number(), v.safeInteger('must be a whole number'), v.minValue(0, 'must not be negative'));

export const positive = v.pipe(
  v.number(),
  v.safeInteger('must be a whole number'),
  v.minValue(1, 'must be at least 1')
);

export const words = (longest: number) => v.pipe(v.string(), v.maxLength(longest, 'is too long'));

export const link = v.pipe(v.string(), v.regex(/^https?:\/\/[!-~]{1,2040}$/, 'must be an http address'));

export const instant = v.pipe(
  v.string(),
  v.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?Z$/, 'must be a moment in UTC'),
  v.check((value) => !Number.isNaN(Date.parse(value)), 'must be a moment in UTC')
);
