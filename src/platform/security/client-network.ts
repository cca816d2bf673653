import { isIPv6 } from 'node:net';

/**
 * What one caller without a key is counted by: his IPv4 address, or the /64 network of his IPv6 address, as a line is given one with all
 * its 2^64 addresses. IPv4 addresses that a socket for both shows as IPv6 (`::ffff:192.0.2.1`) are IPv4. What is no address counts as it is.
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || !isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isIPv4 = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isIPv4) return groups.slice(6).flatMap((group) => [group >> 8, group & 255]).join('.');
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const group = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16);
  const written = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) => `${group(a, b)}:${group(c, d)}`);
  const [left = [], right = []] = written.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((digits) => Number.parseInt(digits, 16));
}
