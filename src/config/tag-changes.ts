import * as v from 'valibot';
import type { Change } from '../domain/change.ts';
import { MOST_CARRIED, MOST_CARRIED_BYTES } from '../domain/tag-message.ts';
import type { TagChanges } from '../domain/tag-message.ts';
import { versionField } from './document-fields.ts';
import { ChangeSchema } from './manifest.ts';

/** What `release` writes, from the first line to the last. */
const FORM =
  /^Version (\S{1,50})\n\nrelease\.json sha256:[0-9a-f]{64}\narchive\.tar sha256:[0-9a-f]{64}\nchanges (\d{1,2})\nprevious (\S{1,50})(?:\n\n([^]+))?$/;

/** The head is far shorter. */
const LONGEST = MOST_CARRIED_BYTES + 1024;

const PREFIX = 'change ';

const versionIn = (text: string | undefined) => v.safeParse(versionField, text);

const changeIn = (line: string): readonly Change[] => {
  if (!line.startsWith(PREFIX)) return [];
  try {
    const parsed = v.safeParse(ChangeSchema, JSON.parse(line.slice(PREFIX.length)), { abortEarly: true });
    return parsed.success ? [parsed.output] : [];
  } catch {
    return [];
  }
};

/**
 * The changes that the message of a tag carries, read as strictly as those of `release.json`. Undefined where it carries
 * none, not all of them, or has any line that `release` would not have written: the document knows.
 */
export const readTagChanges = (message: string): TagChanges | undefined => {
  if (message.length > LONGEST) return undefined;
  const found = FORM.exec(message.trimEnd());
  const [version, previous] = [versionIn(found?.[1]), versionIn(found?.[3])];
  if (found === null || !version.success || !(previous.success || found[3] === 'none')) return undefined;
  const lines = found[4]?.split('\n') ?? [];
  if (lines.length !== Number(found[2]) || lines.length > MOST_CARRIED) return undefined;
  const changes = lines.flatMap(changeIn);
  if (changes.length !== lines.length) return undefined;
  return { version: version.output, previous: previous.success ? previous.output : null, changes };
};
