/**
 * What stands for a client when it is bounded: an IPv4 address, and of IPv6 the network of 64 bits, out of which a
 * single machine may take any address it likes. This machine is one client, whichever of its loopback addresses it
 * takes. Empty for a socket in the file system.
 */
export function toClientKey(address: string | undefined): string {
  if (address === undefined) return ''
  const plain = address.toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, '')
  if (isLoopback(address)) return 'localhost'
  // On one link, neighbours share the first 64 bits.
  if (!plain.includes(':') || plain.startsWith('fe80:')) return plain
  const [head = ''] = plain.split('::')
  const groups = head.split(':').filter(group => group !== '')
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':')
}

/** Whether an address is one of this machine's own, to itself. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address)
}
