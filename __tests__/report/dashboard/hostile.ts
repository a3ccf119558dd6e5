import fc from 'fast-check';

/** Text that tries to be more than text. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>',
  '</title><base href=//evil.example>',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '&#60;b&#62;',
  '\u202E\u2066gnirts',
  '\uE000\uE001',
  '\u0000\u0008\n\r\t',
  '\uD800',
  '${1}',
  'javascript:alert(1)',
  'https://evil.example/"><x>',
  'https://github.com/acme/shop/../../evil/"><x>',
  '😀'.repeat(300),
  'long'.repeat(5000)
];

const SIGNS = ['<', '>', '"', "'", '&', ';', '=', '/', '`', ' ', '\n', '\u2028', '\uFEFF'];

/** Any text of UTF-16 units, the meaningful ones more often; making it costs next to nothing. */
export const anyText = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...SIGNS, ...HOSTILE),
        fc.nat(0xffff).map((unit) => String.fromCharCode(unit))
      ),
      { maxLength: 12 }
    )
    .map((parts) => parts.join(''));
