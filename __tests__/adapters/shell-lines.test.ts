import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand, readLines } from '../../rehearsal/runner/grammar.ts';
import { createRedactor } from '../../src/adapters/redact.ts';
import { createLinePrinter } from '../../src/adapters/shell-lines.ts';

const SECRET = 'canary-secret-0123456789';

const printed = (chunks: readonly Buffer[], onWrite: (text: string) => void = () => {}): string => {
  let text = '';
  const printer = createLinePrinter(createRedactor([SECRET]), (more) => {
    onWrite(more);
    text += more;
  });
  for (const chunk of chunks) printer.push(chunk);
  printer.end();
  return text;
};

/** The bytes cut at the places given, each a share of the whole. */
const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const ends = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
};

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe('output of a script', () => {
  test('lines come out whole however the bytes were cut', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', 'é', '🚀', SECRET, '::error::x', '##[group]y'),
      fc.string()
    );
    fc.assert(
      fc.property(fc.array(piece), places, (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join('').toWellFormed());
        expect(printed(cutAt(bytes, cuts))).toBe(printed([bytes]));
      })
    );
  });

  test('nothing is lost and nothing added but line ends', () => {
    expect(printed([Buffer.from('a\nb\r\nc\rd')])).toBe('a\nb\nc\nd\n');
    expect(printed([Buffer.from('a\r'), Buffer.from('\nb\r')])).toBe('a\nb\n');
    expect(printed([])).toBe('');
    expect(printed([Buffer.from('\n\n')])).toBe('\n\n');
  });

  test('a line is printed when it ends, not when the script ends', () => {
    const seen: string[] = [];
    const printer = createLinePrinter(createRedactor([]), (text) => seen.push(text));
    printer.push(Buffer.from('first\nsec'));
    expect(seen).toEqual(['first\n']);
    printer.push(Buffer.from('ond\n'));
    expect(seen).toEqual(['first\n', 'second\n']);
  });

  test('a secret across any cut is hidden, and no command comes through', () => {
    const text = `x ${SECRET} y\n  ::add-mask::1.2.3\nz ##[add-mask]1 ${encodeURIComponent(SECRET)}\r::set-env name=A::b`;
    fc.assert(
      fc.property(places, (cuts) => {
        const out = printed(cutAt(Buffer.from(text), cuts));
        expect(out).not.toContain('canary');
        expect(readLines(out).flatMap((line) => parseCommand(line)?.name ?? [])).toEqual([]);
      })
    );
  });

  test('whatever the secret, whatever stands around it, however the bytes are cut', () => {
    const secret = fc.stringMatching(/^[!-~]{8,30}$/);
    const around = fc.array(fc.constantFrom('\n', '\r', 'é', '🚀', ' ', '::error::', '##[group]', '*', 'x'), {
      maxLength: 4
    });
    fc.assert(
      fc.property(secret, around, around, places, (value, before, after, cuts) => {
        const forms = [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')];
        const bytes = Buffer.from([before.join(''), forms.join(' '), after.join(''), value].join(''));
        let out = '';
        const printer = createLinePrinter(createRedactor([value]), (more) => (out += more));
        for (const chunk of cutAt(bytes, cuts)) printer.push(chunk);
        printer.end();
        expect(forms.filter((form) => out.includes(form))).toEqual([]);
        expect(out).toContain('***');
        expect(readLines(out).flatMap((line) => parseCommand(line)?.name ?? [])).toEqual([]);
      })
    );
  });

  test('an endless line is printed in pieces of bounded size, secrets across them hidden', () => {
    const filler = 'f'.repeat(65_530);
    const bytes = Buffer.from((filler + SECRET).repeat(20) + '🚀'.repeat(60_000));
    const sizes: number[] = [];
    const out = printed(cutAt(bytes, [0.01, 0.049, 0.3, 0.5, 0.500_01, 0.9]), (text) => sizes.push(text.length));
    expect(out).not.toContain('canary');
    expect(out).not.toContain('\uFFFD');
    expect(out.split('***').length - 1).toBe(20);
    expect(out.replaceAll(' …\n', '').replaceAll('***', SECRET)).toBe(`${bytes.toString()}\n`);
  });
});
