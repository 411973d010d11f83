/** Whether what is sent there stays on this machine. */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/** What `--trust-endpoint` names: a host over https, with any port or its own; or a whole origin, which may be http. */
export const isNamed = (url: URL, trusted: string | undefined): boolean => {
  const name = trusted?.trim().toLowerCase().replace(/\/+$/, '')
  if (name === undefined || name === '') return false
  if (name.includes('://')) return name === url.origin
  return url.protocol === 'https:' && (name === url.hostname || name === url.host)
}

/** Why an address is none for anybody's secrets; nothing where it may be one. */
export const oddityOf = ({ protocol, username, password }: URL): string | undefined => {
  if (protocol !== 'https:' && protocol !== 'http:') return 'it is neither https nor http'
  if (username !== '' || password !== '') return 'it has a user name or a password in it'
  return undefined
}
