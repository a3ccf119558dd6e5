import { readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { compileGlobs, isWhole, startOf, step, type Glob, type Positions } from './glob.ts';
import { byteOrder } from './names.ts';

/** Something chosen for the archive. `special` is a socket, a fifo or a device. */
export type Chosen =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'special'; readonly path: string };

export interface Selection {
  /** In bytewise order of their paths. */
  readonly chosen: readonly Chosen[];
  /** Patterns or tracked paths for which nothing was chosen. */
  readonly missing: readonly string[];
}

/** What a walk wants; `State` is what it knows about a directory. */
interface Wish<State> {
  readonly start: State;
  /** Undefined: nothing in there is wanted. */
  enter(state: State, name: string): State | undefined;
  takes(state: State, name: string): boolean;
  missing(): readonly string[];
}

type GlobState = readonly Positions[];

/** The last pattern that matches decides; a directory is skipped when a later `!` takes all of it out. */
const byPatterns = (patterns: readonly string[]): Wish<GlobState> => {
  const globs = compileGlobs(patterns);
  const used = new Set<number>();
  const advance = (state: GlobState, name: string): GlobState =>
    globs.map((glob, index) => step(glob, state[index] ?? [], name));
  const wholeIn = (state: GlobState): ((glob: Glob, index: number) => boolean) => {
    return (glob, index) => isWhole(glob, state[index] ?? []);
  };
  return {
    start: globs.map(startOf),
    enter: (state, name) => {
      const next = advance(state, name);
      const last = globs.findLastIndex(wholeIn(next));
      const wiped = globs[last]?.negative === true ? last : -1;
      return globs.some((glob, i) => i > wiped && !glob.negative && (next[i]?.length ?? 0) > 0) ? next : undefined;
    },
    takes: (state, name) => {
      const whole = wholeIn(advance(state, name));
      const taken = globs.findLast(whole)?.negative === false;
      if (taken) globs.forEach((glob, index) => whole(glob, index) && used.add(glob.pattern));
      return taken;
    },
    missing: () => patterns.filter((pattern, index) => !pattern.startsWith('!') && !used.has(index))
  };
};

const byPaths = (paths: readonly string[]): Wish<string> => {
  const wanted = new Set(paths);
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      folders.add(path.slice(0, end));
  }
  return {
    start: '',
    enter: (state, name) => (folders.has(state + name) ? `${state}${name}/` : undefined),
    takes: (state, name) => wanted.delete(state + name),
    missing: () => [...wanted]
  };
};

const chosenOf = (root: string, path: string, found: Dirent): Chosen => {
  if (found.isSymbolicLink()) return { kind: 'link', path, target: readlinkSync(join(root, path)) };
  return { kind: found.isFile() ? 'file' : 'special', path };
};

/** Links are chosen, never followed. `skipped` are paths below `root` that are not there for us. */
const walk = <State>(root: string, wish: Wish<State>, skipped: ReadonlySet<string>): readonly Chosen[] => {
  const chosen: Chosen[] = [];
  const open: { readonly folder: string; readonly state: State }[] = [{ folder: '', state: wish.start }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const found of readdirSync(join(root, place.folder), { withFileTypes: true })) {
      const path = place.folder + found.name;
      if (found.isDirectory()) {
        const state = wish.enter(place.state, found.name);
        if (state !== undefined) open.push({ folder: `${path}/`, state });
      } else if (!skipped.has(path) && wish.takes(place.state, found.name)) chosen.push(chosenOf(root, path, found));
    }
  }
  return chosen;
};

const sorted = (chosen: readonly Chosen[]): readonly Chosen[] =>
  chosen
    .map((one) => ({ one, key: byteOrder(one.path) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => one);

/** Finds what the patterns, or with none the tracked paths, choose below `root`. */
export const select = (
  order: { readonly root: string; readonly patterns: readonly string[]; readonly tracked: readonly string[] },
  skipped: ReadonlySet<string>
): Selection => {
  const choose = <State>(wish: Wish<State>): Selection => ({
    chosen: sorted(walk(order.root, wish, skipped)),
    missing: wish.missing()
  });
  return order.patterns.length > 0 ? choose(byPatterns(order.patterns)) : choose(byPaths(order.tracked));
};
