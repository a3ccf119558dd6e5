/** A tar writer that obeys: whatever header it is told to write, however wrong. Written apart from ours on purpose. */
export interface Header {
  readonly name: string;
  readonly type?: string;
  readonly body?: string | Buffer;
  readonly link?: string;
  readonly mode?: number;
  /** The size the header claims, when it is not that of the body. */
  readonly size?: number | string;
  readonly prefix?: string;
  readonly magic?: string;
  readonly checksum?: string;
}

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;

const fit = (text: string, width: number): Buffer => {
  const field = Buffer.alloc(width);
  Buffer.from(text).copy(field);
  return field;
};

export const entry = (header: Header): Buffer => {
  const body = Buffer.from(header.body ?? '');
  const size = header.size ?? body.length;
  const parts = (sum: string): Buffer =>
    Buffer.concat([
      fit(header.name, 100),
      fit(octal(header.mode ?? 0o644, 8) + octal(0, 8) + octal(0, 8), 24),
      fit(typeof size === 'string' ? size : octal(size, 12), 12),
      fit(octal(0, 12), 12),
      fit(sum, 8),
      fit(header.type ?? '0', 1),
      fit(header.link ?? '', 100),
      fit(header.magic ?? 'ustar\x0000', 8),
      fit('', 80),
      fit(header.prefix ?? '', 167)
    ]);
  const sum = parts('        ').reduce((total, byte) => total + byte, 0);
  const head = parts(header.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `);
  return Buffer.concat([head, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
};

/** An extended header with these records. */
export const pax = (records: Readonly<Record<string, string>>, type = 'x'): Buffer => {
  const body = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    const length = [1, 2, 3, 4, 5].find((digits) => String(rest + digits).length === digits) ?? 0;
    return `${rest + length} ${key}=${value}\n`;
  });
  return entry({ name: 'PaxHeaders/x', type, body: body.join('') });
};

export const END = Buffer.alloc(1024);
