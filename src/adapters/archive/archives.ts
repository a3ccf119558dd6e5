import type { Archives } from '../../ports.ts';
import { LIMITS, type Limits } from './limits.ts';
import { pack } from './pack.ts';
import { unpack } from './unpack.ts';

export interface ArchivesOptions {
  readonly limits?: Partial<Limits>;
  /** Aborted: packing or unpacking stops with the signal's reason and leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Hears, every few megabytes, how many files and compressed bytes are done. */
  readonly progress?: (done: { readonly files: number; readonly bytes: number }) => void;
}

/** Deterministic tar in zstd: what is delivered, packed once, and unpacked only when every byte is proven. */
export const createArchives = (options: ArchivesOptions = {}): Archives => {
  const context = { ...options, limits: { ...LIMITS, ...options.limits } };
  return { pack: (order) => pack(order, context), unpack: (order) => unpack(order, context) };
};
