import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const Versions = v.optional(v.record(v.string(), v.string()), {});

const Entry = v.object({
  version: v.optional(v.string()),
  resolved: v.optional(v.string()),
  integrity: v.optional(v.string()),
  license: v.optional(v.string()),
  hasInstallScript: v.optional(v.boolean()),
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions
});
export type LockEntry = v.InferOutput<typeof Entry>;

const Lock = v.object({ packages: v.record(v.string(), Entry) });

/** Every package of package-lock.json by its place; the empty place is the project itself. */
export const lockEntries = (): ReadonlyMap<string, LockEntry> =>
  new Map(Object.entries(v.parse(Lock, JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages));

export const entryOf = (name: string): LockEntry => {
  const entry = lockEntries().get(name === '' ? '' : `node_modules/${name}`);
  if (entry === undefined) throw new Error(`package-lock.json does not know ${name}`);
  return entry;
};

/** The packages our `dependencies` bring along, sorted by name; optional and peer ones do not run in the action. */
export const runtimePackages = (): string[] => {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    Object.keys(entryOf(name).dependencies).forEach(add);
  };
  Object.keys(entryOf('').dependencies).forEach(add);
  return [...found].toSorted();
};
