import type { PackedFile } from '../../domain/release.ts';

/** Caps on what is packed and unpacked, so that neither a mistake nor a bomb fills the runner's disk. */
export interface Limits {
  readonly entries: number;
  /** Bytes of all files together. */
  readonly bytes: number;
  /** How many times the size of its archive a tree above one GiB may have. */
  readonly ratio: number;
  /** Bytes of the compressed file; GitHub takes release assets below 2 GiB. */
  readonly archive: number;
}

const GIB = 1024 ** 3;

export const LIMITS: Limits = { entries: 500_000, bytes: 16 * GIB, ratio: 500, archive: 2 * GIB - 1 };

/** The caps a tree breaks, ready to print; `archive` is the size of the compressed file. */
export const overLimits = (files: readonly PackedFile[], archive: number, limits: Limits): readonly string[] => {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const allowed = Math.min(limits.bytes, Math.max(GIB, archive * limits.ratio));
  return [
    ...(files.length > limits.entries ? [`${files.length} files > ${limits.entries}`] : []),
    ...(bytes > allowed ? [`${bytes} bytes > ${allowed}`] : []),
    ...(archive > limits.archive ? [`archive ${archive} bytes > ${limits.archive}`] : [])
  ];
};
