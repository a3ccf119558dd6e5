import type { Language } from '../contract.ts';
import type { Change } from '../domain/change.ts';
import { MANIFEST_NAME, digestOf } from '../domain/release.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import { authorsOf, changeItem } from './change-list.ts';
import { assetLink, compareLink } from './links.ts';
import type { Place } from './links.ts';
import { code, codeBlock, folded, inert, link } from './markdown.ts';
import type { ReleaseTexts } from './messages/catalogue.ts';
import { catalogueOf } from './sentence.ts';

/** GitHub refuses longer release notes (422); a reserve is left for what later commands add. */
const LONGEST_NOTES = 120_000;

interface Group {
  readonly title: string;
  readonly folded: boolean;
  readonly changes: readonly Change[];
}

const groupsOf = (changes: readonly Change[], words: ReleaseTexts): readonly Group[] => {
  const calm = changes.filter(({ breaking }) => !breaking);
  const ofType = (type: string): readonly Change[] => calm.filter((change) => change.type === type);
  const others = calm.filter(({ type }) => !['feat', 'fix', 'perf'].includes(type));
  const groups: readonly Group[] = [
    { title: words.groups.breaking, folded: false, changes: changes.filter(({ breaking }) => breaking) },
    { title: words.groups.feat, folded: false, changes: ofType('feat') },
    { title: words.groups.fix, folded: false, changes: ofType('fix') },
    { title: words.groups.perf, folded: false, changes: ofType('perf') },
    { title: words.others(others.length), folded: true, changes: others }
  ];
  return groups.filter((group) => group.changes.length > 0);
};

/** `v1.7.2` of `v1.8.0`: the same form around the version before. */
const previousTag = ({ tag, version, previous }: ReleaseManifest): string | undefined => {
  const at = tag.lastIndexOf(version);
  return previous === null || at < 0 ? undefined : tag.slice(0, at) + previous + tag.slice(at + version.length);
};

interface Fitted {
  readonly texts: readonly string[];
  readonly left: number;
  readonly missing: number;
}

/** As many whole lines as fit into what is left; the parts around them keep their shape. */
const fitted = (changes: readonly Change[], left: number, place: Place): Fitted => {
  const texts: string[] = [];
  let room = left;
  for (const change of changes) {
    const text = changeItem(change, place);
    if (text.length + 1 > room) break;
    texts.push(text);
    room -= text.length + 1;
  }
  return { texts, left: texts.length < changes.length ? 0 : room, missing: changes.length - texts.length };
};

const grouped = (groups: readonly Group[], room: number, place: Place): { texts: string[]; missing: number } => {
  const texts: string[] = [];
  let left = room;
  let missing = 0;
  for (const group of groups) {
    const fit = fitted(group.changes, left, place);
    left = fit.left;
    missing += fit.missing;
    const items = fit.texts.join('\n');
    if (items !== '') texts.push(group.folded ? folded(group.title, items) : `### ${group.title}\n\n${items}`);
  }
  return { texts, missing };
};

const opening = (manifest: ReleaseManifest, language: Language, place: Place): string => {
  const { release, summary } = catalogueOf(language);
  const { changes, previous, tag } = manifest;
  const before = previousTag(manifest);
  const authors = authorsOf(changes, language);
  const counted = [summary.changes(changes.length), ...(authors === '' ? [] : [summary.by(authors)])].join(' ');
  if (previous === null || before === undefined) return `${release.first(counted)}.`;
  return `${release.since(counted, link(inert(previous), compareLink(place, before, tag)))}.`;
};

const SAFE_NAME = /^[\w.+-]+$/;
const MOST_IMAGES = 20;

/** How anybody can prove that a download is what was built. */
const checking = (manifest: ReleaseManifest, words: ReleaseTexts, place: Place): string => {
  const { archive, images, tag } = manifest;
  const lines = [
    `${words.digest}: ${code(digestOf(archive))}`,
    ...images.slice(0, MOST_IMAGES).map(({ name, digest }) => `${words.images}: ${code(`${name}@${digest}`)}`)
  ];
  const script = [
    `gh release download '${tag}' --repo ${place.repository}`,
    `git fetch origin tag '${tag}'`,
    `git tag --list --format='%(contents)' '${tag}'`,
    `sha256sum ${MANIFEST_NAME}`,
    `zstd --decompress --stdout '${archive.name}' | sha256sum`
  ];
  const safe = SAFE_NAME.test(archive.name) && /^[\w./+-]+$/.test(tag);
  return folded(
    words.check,
    [lines.map((line) => `- ${line}`).join('\n'), ...(safe ? [words.how, codeBlock(script.join('\n'))] : [])].join(
      '\n\n'
    )
  );
};

/**
 * The notes of one release, in Markdown: what changed by kind, breaking first, who made it, where to read more, and
 * how to check the download. At most 120,000 characters; what does not fit is counted and linked.
 */
export const releaseNotes = (manifest: ReleaseManifest, language: Language, place: Place): string => {
  const words = catalogueOf(language).release;
  const head = opening(manifest, language, place);
  const tail = checking(manifest, words, place);
  const groups = groupsOf(manifest.changes, words);
  const reserve = head.length + tail.length + 2000;
  const { texts, missing } = grouped(groups, LONGEST_NOTES - reserve, place);
  const whole = link(MANIFEST_NAME, assetLink(place, manifest.tag, MANIFEST_NAME));
  const cut = missing === 0 ? [] : [words.cut(missing, whole)];
  return `${[head, ...texts, ...cut, tail].join('\n\n')}\n`;
};
