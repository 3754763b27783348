import { lookup as systemLookup, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { HttpFailure } from './exchange.ts';

// What RFC 6890 and its successors set aside: this host, private networks, links, documentation, tests, multicast, and what is reserved.
const NOT_PUBLIC = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits, 'ipv4');
}
// All that is routed lies in 2000::/3; of it some is set aside, and 6to4 and Teredo hold an IPv4 address that nobody has looked at.
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');
}

/** Whether an IP address, as text, is one that everybody reaches. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return family === 6 && GLOBAL.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}

/** The host of a URL is written as an address, not as a name that somebody else decides about. */
export function literalAddress({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}

interface Found {
  readonly address: string;
  readonly family: number;
}

/** Gives every address of a name. */
type ResolveName = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: Error | null, addresses: readonly Found[]) => void,
) => void;

const bySystem: ResolveName = (hostname, options, done) => systemLookup(hostname, options, done);

/**
 * Looks a name up for a connection and gives public addresses only, so that the owner of a name cannot make this server call its own network. What is looked up is
 * what is connected to: there is no second look that may answer otherwise. `found`: the resolver; for tests.
 */
export function publicLookup(found: ResolveName = bySystem): LookupFunction {
  return (hostname, options, done) => {
    found(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, '', 0);
        return;
      }
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (first === undefined) {
        done(new HttpFailure('unreachable', `${hostname} is at no public address`), '', 0);
      } else if (options.all === true) {
        done(null, [...open]);
      } else {
        done(null, first.address, first.family);
      }
    });
  };
}
