import { BlockList, isIP } from 'node:net';

/** `public`; `private` = this machine and the networks behind it; `forbidden` = never asked, whatever the configuration. */
export type Reach = 'public' | 'private' | 'forbidden';

interface Range {
  readonly network: string;
  readonly bits: number;
}

const range = (text: string): Range => {
  const [network = '', bits] = text.split('/');
  return { network, bits: Number(bits) };
};

const blockList = (ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const { network, bits } of ranges.map(range)) {
    list.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
};

/** Cloud metadata (all of link-local, and the addresses of AWS, Alibaba, Azure, Google, Oracle elsewhere), multicast, nowhere. */
const FORBIDDEN = blockList([
  '0.0.0.0/8',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '224.0.0.0/3',
  '::/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  'fd00:ec2::/32',
  'fd20:ce::254/128'
]);

/** RFC 6890 and its register: loopback, private use, shared address space, documentation, benchmarks. */
const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::1/128',
  '100::/64',
  '2001:db8::/32',
  'fc00::/7'
]);

/** IPv6 forms that carry an IPv4 address: compatible, mapped, translated (RFC 6052), 6to4; the host bits of the first group that does. */
const CARRIERS: ReadonlyArray<readonly [BlockList, number]> = [
  [blockList(['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48']), 6],
  [blockList(['2002::/16']), 1]
];

const numbersIn = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** The eight groups of an IPv6 address. */
const groupsOf = (address: string): number[] => {
  const [plain = ''] = address.split('%');
  // the URL standard writes the short form in hex only, without dotted quads
  const short = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const [left, right] = [numbersIn(head), numbersIn(tail ?? '')];
  return tail === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
};

const carried = (address: string): string | undefined => {
  const carrier = CARRIERS.find(([list]) => list.check(address, 'ipv6'));
  if (carrier === undefined) return undefined;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(carrier[1], carrier[1] + 2);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};

const reachOfV6 = (address: string): Reach => {
  if (FORBIDDEN.check(address, 'ipv6')) return 'forbidden';
  if (PRIVATE.check(address, 'ipv6')) return 'private';
  const inner = carried(address);
  return inner === undefined ? 'public' : reachOf(inner);
};

/** `address` is an IP address as the resolver or the URL standard writes it; anything else is forbidden. */
export const reachOf = (address: string): Reach => {
  const family = isIP(address);
  if (family === 6) return reachOfV6(address.split('%')[0] ?? '');
  if (family === 0 || FORBIDDEN.check(address)) return 'forbidden';
  return PRIVATE.check(address) ? 'private' : 'public';
};

/** Whether an answer from one reach may redirect us to another: never from the public net inside. */
export const mayLead = (from: Reach, to: Reach): boolean => to === 'public' || (to === 'private' && from === 'private');

/** Ports no browser asks, because other services listen there and mistake HTTP for theirs (fetch.spec.whatwg.org, "bad port"). */
const BAD_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080
]);

const LONGEST_URL = 2048;

/** Why the address is never asked, in one short phrase; undefined when it may be resolved. */
export const problemOfUrl = (text: string): string | undefined => {
  if (text.length > LONGEST_URL) return `address longer than ${LONGEST_URL} characters`;
  if (!URL.canParse(text)) return 'not an address';
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return `protocol ${url.protocol.slice(0, 20)} is not http or https`;
  if (url.username !== '' || url.password !== '') return 'credentials in the address';
  if (url.port !== '' && BAD_PORTS.has(Number(url.port))) return `port ${url.port} is blocked`;
  return undefined;
};
