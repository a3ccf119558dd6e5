/** Addresses inside that nobody may ask, however they are spelled. */
export const FORBIDDEN = [
  { row: 70, url: 'http://169.254.169.254/latest/meta-data/' },
  { row: 70, url: 'http://169.254.170.2/v2/credentials' },
  { row: 70, url: 'http://[::ffff:a9fe:a9fe]/' },
  { row: 70, url: 'http://[::ffff:169.254.169.254]/' },
  { row: 70, url: 'http://[64:ff9b::a9fe:a9fe]/' },
  { row: 70, url: 'http://[2002:a9fe:a9fe::]/' },
  { row: 70, url: 'http://[fe80::1]/' },
  { row: 70, url: 'http://[fd00:ec2::254]/' },
  { row: 70, url: 'http://0xa9.0xfe.0xa9.0xfe/' },
  { row: 70, url: 'http://0251.0376.0251.0376/' },
  { row: 70, url: 'http://2852039166/' },
  { row: 70, url: 'http://\uFF11\uFF16\uFF19.254.169.254/' },
  { row: 70, url: 'http://169。254。169。254/' },
  { row: 70, url: 'http://100.100.100.200/' },
  { row: 70, url: 'http://168.63.129.16/' },
  { row: 70, url: 'http://0.0.0.0/' }
];

/** Addresses that are refused before anybody is asked, and what is said of them. */
export const UNASKED = [
  { row: 71, url: 'file:///etc/passwd', says: 'protocol file:' },
  { row: 71, url: 'gopher://h.example/', says: 'protocol gopher:' },
  { row: 71, url: 'data:text/plain,ok', says: 'protocol data:' },
  { row: 71, url: 'https://u:p@h.example/', says: 'credentials' },
  { row: 71, url: 'https://h.example@evil.example/', says: 'credentials' },
  { row: 71, url: 'http://h.example:22/', says: 'port 22' },
  { row: 71, url: 'http://h.example:25/', says: 'port 25' },
  { row: 71, url: 'http://h.example:70000/', says: 'not an address' },
  { row: 71, url: `https://h.example/${'a'.repeat(3000)}`, says: 'longer than' },
  { row: 71, url: 'http://[fe80::1%25eth0]/', says: 'not an address' }
];
