import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Refusal, type Reason } from '../../../src/domain/refusal.ts';

/** What stands at a path: the bytes of a file, or where a link points. */
export type Node = { readonly bytes: string | Buffer; readonly executable?: boolean } | { readonly link: string };
export type Tree = Readonly<Record<string, string | Node>>;

export const scratch = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'archive-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const plant = (file: string, node: Node): void => {
  if ('link' in node) {
    symlinkSync(node.link, file);
    return;
  }
  writeFileSync(file, node.bytes);
  if (node.executable === true) chmodSync(file, statSync(file).mode | 0o111);
};

export const grow = (root: string, tree: Tree): string => {
  mkdirSync(root, { recursive: true });
  for (const [path, node] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    plant(join(root, path), typeof node === 'string' ? { bytes: node } : node);
  }
  return root;
};

export const age = (root: string, paths: readonly string[], seconds: number): void => {
  for (const path of paths) utimesSync(join(root, path), seconds, seconds);
};

const describeEntry = (file: string, isLink: boolean): string =>
  isLink ? `-> ${readlinkSync(file)}` : `${(statSync(file).mode & 0o777).toString(8)} ${sha256(readFileSync(file))}`;

/** Every file and link below `root` with all that must survive the way, directories left out and no link followed. */
export const seen = (root: string, below = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return Object.entries(seen(root, path));
      return [[path, describeEntry(join(root, path), entry.isSymbolicLink())]];
    })
  );

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const reasonOf = async (work: Promise<unknown>): Promise<Reason> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  throw new Error('nothing was refused');
};
