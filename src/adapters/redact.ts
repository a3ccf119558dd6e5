export interface Redactor {
  /** The text with every known form of every secret replaced by `***`. */
  redact(text: string): string;
  holds(text: string): boolean;
  /** Length of the longest form: a text cut into pieces must overlap by one less. */
  readonly longest: number;
}

/** Shorter secrets occur in ordinary text too often: hiding them would destroy outputs and logs. */
export const SHORTEST_SECRET = 4;
const SHORTEST_ENCODED = 8;

/** The base64 digits that depend on the secret alone when `shift` bytes stand before it. */
const shiftedBase64 = (bytes: Buffer, shift: number): string => {
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .slice(first, end);
};

const base64Forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  const plain = [0, 1, 2].map((shift) => shiftedBase64(bytes, shift));
  return [...plain, ...plain.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
};

const urlForms = (secret: string): string[] => {
  const encoded = encodeURIComponent(secret.toWellFormed());
  return [encoded, encoded.replaceAll('%20', '+'), encoded.replaceAll(/%[0-9A-F]{2}/g, (each) => each.toLowerCase())];
};

const formsOf = (secret: string): string[] => {
  const plain = [secret, secret.trim(), ...secret.split(/[\r\n]+/).map((line) => line.trim())];
  const encoded = [...base64Forms(secret), ...base64Forms(secret.trim())];
  return [
    ...[...plain, ...urlForms(secret), JSON.stringify(secret).slice(1, -1)].filter(
      (form) => form.length >= SHORTEST_SECRET
    ),
    ...encoded.filter((form) => form.length >= SHORTEST_ENCODED)
  ];
};

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

/** Secrets of fewer than four characters are left alone. */
export const createRedactor = (secrets: readonly string[]): Redactor => {
  const usable = secrets.filter((secret) => secret.trim().length >= SHORTEST_SECRET);
  const forms = [...new Set(usable.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  if (forms.length === 0) return { redact: (text) => text, holds: () => false, longest: 0 };
  const pattern = new RegExp(forms.map(escapeRegExp).join('|'), 'g');
  return {
    redact: (text) => text.replaceAll(pattern, '***'),
    holds: (text) => forms.some((form) => text.includes(form)),
    longest: forms[0]?.length ?? 0
  };
};
