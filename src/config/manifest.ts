import * as v from 'valibot';
import { refuse } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import { RELATIVE_PATH } from '../domain/relative-path.ts';
import { commit, digest, hash, instant, positive, versionField, whole, words } from './document-fields.ts';
import { section } from './fields.ts';

const SCHEMA = 1;
/** Characters; half a million files fit. */
const LARGEST = 128 * 1024 * 1024;

const files = v.array(
  section({
    path: v.pipe(v.string(), v.regex(RELATIVE_PATH, 'must be a clean path inside the archive')),
    size: whole,
    sha256: hash,
    mode: v.picklist(['100644', '100755', '120000'])
  })
);

/** One change, as in `release.json`. */
export const ChangeSchema = section({
  commit,
  type: words(100),
  scope: v.exactOptional(words(1000)),
  subject: words(10_000),
  breaking: v.boolean(),
  author: words(1000),
  pull: v.exactOptional(positive),
  date: instant,
  authored: v.exactOptional(instant)
});

const http = section({
  url: words(2048),
  status: v.pipe(whole, v.maxValue(599)),
  contains: v.exactOptional(words(1024)),
  successes: positive,
  private: v.exactOptional(v.boolean())
});

/** Its name becomes a file name where it is downloaded. */
const archiveName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,191}\.tar\.zst$/, 'must be a plain file name that ends with .tar.zst')
);

const script = v.pipe(v.string(), v.regex(/\S/, 'is blank'), v.maxLength(16_384, 'is too long'));

/** `release.json`, schema 1. */
export const ManifestSchema = section({
  schema: v.literal(SCHEMA),
  version: versionField,
  tag: v.pipe(words(256), v.minLength(1, 'is blank')),
  commit,
  previous: v.nullable(versionField),
  created: instant,
  changes: v.pipe(v.array(ChangeSchema), v.maxLength(200_000, 'has too many entries')),
  archive: section({ name: archiveName, size: whole, sha256: hash, tarSha256: hash }),
  files: v.pipe(files, v.maxLength(500_000, 'has too many entries')),
  images: v.pipe(v.array(section({ name: words(255), digest })), v.maxLength(100, 'has too many entries')),
  process: section({
    deploy: v.exactOptional(section({ run: script, timeoutSeconds: positive })),
    verify: v.exactOptional(
      section({ run: v.exactOptional(script), http: v.exactOptional(http), withinSeconds: positive })
    )
  }),
  builder: section({ repository: words(200), run: positive, workflow: words(1000) })
});

const invalid = (problem: string): Refusal => refuse('manifest-invalid', { problem });

const jsonOf = (text: string): unknown => {
  if (text.length > LARGEST) throw invalid(`it is longer than ${LARGEST} characters`);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is no JSON');
  }
};

/** A document of another schema is named as such, before its unknown keys are. */
const assertSchema = (value: unknown): void => {
  const found = v.safeParse(v.object({ schema: v.number() }), value);
  if (found.success && found.output.schema !== SCHEMA) {
    throw invalid(`it has schema ${found.output.schema}, and this version reads schema ${SCHEMA}`);
  }
};

const assertOnce = (paths: readonly string[]): void => {
  if (new Set(paths).size !== paths.length) throw invalid('it names a file twice');
};

/** The document as JSON text. Throws `manifest-invalid` for anything `build` would not have written. */
export const parseManifest = (text: string): ReleaseManifest => {
  const value = jsonOf(text);
  assertSchema(value);
  const result = v.safeParse(ManifestSchema, value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`${(v.getDotPath(issue) ?? 'it').slice(0, 200)}: ${issue.message.slice(0, 300)}`);
  }
  assertOnce(result.output.files.map(({ path }) => path));
  return result.output;
};
