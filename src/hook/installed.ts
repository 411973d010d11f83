import { createHash } from 'node:crypto'
import { shipped } from './shipped.js'

/** Where things are on a host: what differs from one to another. */
export interface HostPlaces {
  /** The first folder in which the agent looks for hooks. */
  readonly hooksPath: string
  /** The user that the agent runs as. */
  readonly agentUser: string
  /** The file that the agent is configured with. */
  readonly config: string
}

/** A file of root's. */
export interface HostFile {
  readonly path: string
  readonly mode: '644' | '755'
  readonly text: string
  readonly does: string
}

/** Where a file that is shipped goes. */
interface Place {
  readonly name: keyof typeof shipped
  /** Left out, it is a hook. */
  readonly folder?: string
  readonly mode: HostFile['mode']
  readonly does: string
  readonly onlyWith?: 'credentials'
}

const lib = '/usr/lib/bridle'
const units = '/etc/systemd/system'

const places: readonly Place[] = [
  { name: 'decide.jq', folder: lib, mode: '644', does: 'what the gate decides' },
  { name: 'further.jq', folder: lib, mode: '644', does: 'what the gate looks at besides' },
  { name: 'tell.jq', folder: lib, mode: '644', does: 'what people read of a refusal' },
  { name: 'look-further', folder: lib, mode: '755', does: 'looks at what the gate is not told' },
  { name: 'keep-policy', folder: lib, mode: '755', does: 'fetches the policy, and checks it' },
  { name: 'check-host', folder: lib, mode: '755', does: 'says whether all this stands as it should' },
  { name: 'bridle-policy.service', folder: units, mode: '644', does: 'runs the keeper' },
  { name: 'bridle-policy.timer', folder: units, mode: '644', does: 'and does so every minute' },
  {
    name: 'credentials',
    folder: lib,
    mode: '755',
    does: 'gets a job its credentials',
    onlyWith: 'credentials',
  },
  {
    name: 'take-credentials',
    folder: lib,
    mode: '644',
    does: 'and hands them to it',
    onlyWith: 'credentials',
  },
  { name: 'environment', mode: '755', does: 'has every job ask for them', onlyWith: 'credentials' },
  // Last: until it is there, the agent takes every job as before; from then on all that it needs is there.
  { name: 'pre-bootstrap', mode: '755', does: 'the gate: lets a job in, or refuses it' },
  {
    name: '60-bridle-gate.conf',
    folder: `${units}/buildkite-agent.service.d`,
    mode: '644',
    does: 'keeps an agent without its gate from starting',
  },
]

/** The files that are the same on every host, in the order in which they are written. */
export const constantFiles = (hooksPath: string, withCredentials = false): readonly HostFile[] =>
  places.flatMap(({ name, folder = hooksPath, mode, does, onlyWith }): HostFile[] => {
    if (onlyWith === 'credentials' && !withCredentials) return []
    return [{ path: `${folder}/${name}`, mode, text: shipped[name], does }]
  })

/** The digest of a text, as `sha256sum` says it. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const listPath = '/etc/bridle/files.sha256'

/** What `sha256sum -c` is told of them. Its own digest is what a host says of all its files. */
export const listOf = (files: readonly HostFile[]): HostFile => ({
  path: listPath,
  mode: '644',
  text: files
    .map(({ path, text }) => `${digestOf(text)}  ${path}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join(''),
  does: 'the digests of all of them',
})
