import ipaddr from 'ipaddr.js'

/** An IPv4 address, or the /64 of an IPv6 one: a household has as many addresses in it as it likes. What is no address stays itself. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4' ? parsed.toString() : (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':')
}
