// Two file trees to pack, the same bytes every time: `mixed` (few files, half of it incompressible) and `modules` (like a
// `node_modules`: many small text files, median about 1.1 kB, which zstd brings to about a sixth).
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MEGA = 1_000_000;

/** xorshift32: a small, fast, seeded source of numbers; quality is of no concern here. */
const randomFrom = (seed) => {
  let state = seed | 0;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { next, below: (limit) => next() % limit, unit: () => (next() + 1) / 4_294_967_297 };
};

const normal = (random) => Math.sqrt(-2 * Math.log(random.unit())) * Math.cos(2 * Math.PI * random.unit());

const words = (random, count) =>
  Array.from({ length: count }, () =>
    Array.from({ length: 2 + random.below(9) }, () => String.fromCharCode(97 + random.below(26))).join('')
  );

/** Code-like text: few words are frequent, most are rare, and lines repeat as boilerplate does. */
const textPool = (random, { bytes, repeats }) => {
  const vocabulary = words(random, 4000);
  const word = () => vocabulary[Math.floor(vocabulary.length * random.unit() ** 4)];
  const lines = [];
  let length = 0;
  while (length < bytes) {
    const again = lines.length > 50 && random.unit() < repeats;
    const line = again
      ? lines[lines.length - 1 - random.below(Math.min(lines.length, 3000))]
      : `  const ${word()} = ${word()}.${word()}(${word()}, ${random.below(1000)}); // ${word()} ${word()}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
};

/** A slice of the pool, cut from several places so that no two files are equal. */
const textOf = (random, pool, size) => {
  const out = Buffer.allocUnsafe(size);
  for (let at = 0; at < size;) {
    const piece = Math.min(size - at, 600 + random.below(6000));
    const from = random.below(pool.length - piece);
    pool.copy(out, at, from, from + piece);
    at += piece;
  }
  return out;
};

const noiseOf = (random, size) => {
  const out = Buffer.allocUnsafe(size + (-size & 3));
  for (let at = 0; at < out.length; at += 4) out.writeUInt32LE(random.next(), at);
  return out.subarray(0, size);
};

/** Log-normal sizes around `median`, scaled to the total exactly. */
const sizesOf = (random, { files, total, median }) => {
  const sigma = Math.sqrt(2 * Math.log(total / files / median));
  const raw = Array.from({ length: files }, () => Math.min(median * Math.exp(sigma * normal(random)), total / 40));
  const scale = total / raw.reduce((sum, size) => sum + size, 0);
  const sizes = raw.map((size) => Math.floor(size * scale));
  sizes[0] += total - sizes.reduce((sum, size) => sum + size, 0);
  return sizes;
};

const KINDS = {
  mixed: { files: 3099, total: 501 * MEGA, median: 20_000, noise: 0.31, repeats: 0, perFolder: 25, executable: 40 },
  modules: { files: 50_000, total: 292 * MEGA, median: 1100, noise: 0, repeats: 0.88, perFolder: 8, executable: 100 }
};

const pathOf = (kind, index) => {
  const folder = Math.floor(index / KINDS[kind].perFolder);
  return join(`package-${Math.floor(folder / 4)}`, ['', 'lib', 'lib/internal', 'test'][folder % 4], `file-${index}.js`);
};

const write = (kind, folder, { files, total }) => {
  const shape = KINDS[kind];
  const random = randomFrom(kind === 'mixed' ? 20_261_123 : 50_000);
  const pool = textPool(random, { bytes: 24 * MEGA, repeats: shape.repeats });
  sizesOf(random, { ...shape, files, total }).forEach((size, index) => {
    const path = join(folder, pathOf(kind, index));
    if (index % shape.perFolder === 0) mkdirSync(dirname(path), { recursive: true });
    const content = random.unit() < shape.noise ? noiseOf(random, size) : textOf(random, pool, size);
    writeFileSync(path, content, { mode: index % shape.executable === 0 ? 0o755 : 0o644 });
  });
};

/** Makes the tree below `scratch` unless it is there already; what it is and where. */
export const makeTree = (kind, scratch, scale = 1) => {
  const { files, total } = {
    files: Math.ceil(KINDS[kind].files * scale),
    total: Math.floor(KINDS[kind].total * scale)
  };
  const folder = join(scratch, `${kind}-${files}`);
  if (!existsSync(`${folder}.made`)) {
    rmSync(folder, { recursive: true, force: true });
    write(kind, folder, { files, total });
    writeFileSync(`${folder}.made`, '');
  }
  return { kind, folder, files, total };
};
