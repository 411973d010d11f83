import { addressOf, type Address } from '../../model/address.js'

/** Ports that say nothing: the ones that SSH and HTTPS have anyway. */
const usualPorts = new Set(['22', '443'])

/** Hosts that take the same path in capitals for the same repository, and the other name that one of them has. */
const caseless = new Set(['github.com', 'gitlab.com', 'bitbucket.org'])
const alsoCalled: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
}

/** A repository's host, in lower case and with a port that is not the usual one, and its path there. */
const parted = (url: string): readonly [host: string, path: string] => {
  const plain = url.trim().replace(/[?#].*$/s, '')
  const written =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?([^/]*)\/?(.*)$/is.exec(plain) ?? // scheme://user@host:port/path
    /^(?:[^/]*@)?([^/:@]+):(.*)$/s.exec(plain) // user@host:path, and the last @ before the path ends the user
  const [, host = '', path = ''] = written ?? [undefined, '', plain]
  const [name = '', port] = host.toLowerCase().split(':')
  const known = alsoCalled[name] ?? name
  return [port === undefined || port === '' || usualPorts.has(port) ? known : `${known}:${port}`, path]
}

/** The host that a repository is on: empty for a path of the machine itself. */
export const hostOf = (url: string): string => parted(url)[0]

/**
 * One address for a repository, however its URL is written: `repository:github.com/acme/web`. Who may push there may
 * push by any of its URLs; and a name or password in the URL is not part of it.
 */
export const repositoryAddress = (url: string): Address => {
  const [host, path] = parted(url)
  const names = path
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .split('/')
    .filter((name) => name !== '')
  return addressOf(
    'repository',
    ...[host, ...(caseless.has(host) ? names.map((name) => name.toLowerCase()) : names)].filter(
      (name) => name !== '',
    ),
  )
}

/** Where nobody could read which repository it is. */
export const unknownRepository: Address = addressOf('repository', 'unknown')
