import ipaddr from 'ipaddr.js'
import type { Reach } from '../web-request.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Whether an address may be asked. Everything that is not plainly a public host counts as private: loopback, link-local
 * (where clouds keep their credentials), networks at home and of carriers, multicast, what is reserved, and addresses of
 * IPv6 that lead to one of IPv4.
 */
export function isWithinReach(address: string, reach: Reach): boolean {
  if (!ipaddr.isValid(address)) return false
  // An address of IPv4 in the clothes of IPv6 is the one of IPv4.
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (reach.kind === 'loopback') return range === 'loopback'
  if (reach.kind === 'listed') return reach.addresses.some(allowed => matches(parsed, allowed))
  return range === 'unicast' || reach.alsoPrivate.some(allowed => matches(parsed, allowed))
}

function matches(address: Address, allowed: string): boolean {
  if (allowed === 'localhost') return address.range() === 'loopback'
  if (ipaddr.isValid(allowed)) return ipaddr.process(allowed).toString() === address.toString()
  if (!ipaddr.isValidCIDR(allowed)) return false
  const [network, bits] = ipaddr.parseCIDR(allowed)
  return network.kind() === address.kind() && address.match(network, bits)
}
