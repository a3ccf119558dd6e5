/** The repository as its pages are addressed; both parts come from the runner, not from people. */
export interface Place {
  /** `https://github.com` or an Enterprise Server's, without a slash at the end. */
  readonly serverUrl: string;
  /** `owner/name`. */
  readonly repository: string;
}

const home = ({ serverUrl, repository }: Place): string => `${serverUrl}/${repository}`;

const percent = (sign: string): string => `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;

/** Slashes of tags stay; parentheses would end a Markdown link. */
const inPath = (text: string): string =>
  text
    .toWellFormed()
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replaceAll(/[!'()*~]/g, percent);

export const pullLink = (place: Place, pull: number): string => `${home(place)}/pull/${pull}`;

/** Undefined when the text is no commit's name. */
export const commitLink = (place: Place, commit: string): string | undefined =>
  /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit) ? `${home(place)}/commit/${commit}` : undefined;

export const compareLink = (place: Place, from: string, to: string): string =>
  `${home(place)}/compare/${inPath(from)}...${inPath(to)}`;

export const assetLink = (place: Place, tag: string, name: string): string =>
  `${home(place)}/releases/download/${inPath(tag)}/${inPath(name)}`;

/** Where an administrator changes what GitHub enforces. */
const SETTINGS = {
  environments: '/settings/environments',
  rules: '/settings/rules',
  pages: '/settings/pages',
  releases: '/settings',
  actions: '/settings/actions'
} as const;

export const settingsLink = (place: Place, page: keyof typeof SETTINGS): string => home(place) + SETTINGS[page];

/** A line of a file as the default branch has it. */
export const fileLink = (place: Place, { path, line }: { readonly path: string; readonly line: number }): string =>
  `${home(place)}/blob/HEAD/${inPath(path)}#L${line}`;

/** Pages of our own repository that documents may name. */
const OWN_PAGES = /^\/(issues|pull|actions\/runs|releases\/tag|commit)\/[\w.+%/-]+$/;

/** The address itself when it is a page of this repository, else undefined. */
export const ownLink = (place: Place, url: string): string | undefined => {
  const base = home(place);
  return url.startsWith(`${base}/`) && OWN_PAGES.test(url.slice(base.length)) ? url : undefined;
};

const LONGEST_URL = 2000;

/**
 * The address of an environment, which the project itself configures: http(s), no credentials in it, and not on the
 * server, where a link could refer to somebody's issue.
 */
export const siteLink = (place: Place, url: string): string | undefined => {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.href.length > LONGEST_URL) return undefined;
  const foreign = parsed.host !== URL.parse(place.serverUrl)?.host && !parsed.host.startsWith('[');
  if (!foreign || parsed.username !== '' || parsed.password !== '') return undefined;
  return parsed.href.replaceAll(/[()[\]|<>\\`]/g, percent).replaceAll('&', '&amp;');
};
