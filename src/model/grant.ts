import type { Address } from './address.js'
import type { Span } from './span.js'

/**
 * The powers that configuration gives, each with who has it and over what. All are positive: without the grant there
 * is no power, and one grant more never takes reach away. So a setting is granted while it is on, never while it is off.
 */
export const powers = {
  // People and teams.
  administers: 'user or invitee → organization',
  'in-team': 'user, invitee or newcomer → team',
  'maintains-team': 'user, invitee or newcomer → team',
  'creates-pipelines': 'team → organization: its members may create pipelines',
  'creates-suites': 'team → organization: its members may create test suites',
  'creates-registries': 'team → organization: its members may create package registries',
  'makes-maintainers': 'team → team: whoever is put into it maintains it, unless somebody says otherwise',
  'teams-off': 'organization → organization: everybody may do everything',
  belongs: 'user → organization: is a member of it',
  // Pipelines: a higher level gives the lower ones, too.
  watches: 'team → pipeline',
  builds: 'team → pipeline',
  edits: 'team → pipeline',
  created: 'user or organization (nobody known) → pipeline: made it, and may have kept Full Access',
  'runs-in': 'pipeline → cluster: it is in it',
  active: 'pipeline → pipeline: it is not archived',
  archived: 'pipeline → pipeline: it is, and can be brought back',
  rebuilds: 'pipeline → pipeline: old builds may be built again',
  'checks-out': 'pipeline → repository',
  'clones-from': 'pipeline → repository: its clone mirror',
  'starts-on':
    'pipeline → pipeline, by an event of the Git host, and what is filtered of it: push, tag on main, fork, comment …',
  'takes-webhooks': 'pipeline → pipeline: a delivery to its webhook URL starts builds',
  'runs-steps-of':
    'pipeline → pipeline, by where its steps come from: editor, repository, or pipeline-template',
  'uses-template': 'pipeline → pipeline-template',
  'reads-input': 'pipeline → pipeline, by what its steps interpolate or read that others write',
  'runs-code-of':
    'pipeline → pipeline, by a reference that can move: a plugin without a commit, an image without a digest',
  unblocks: 'team → pipeline: named by a block or input step of it',
  'shows-to-all': 'pipeline → organization: it is public',
  'mints-repository-tokens': 'pipeline → repository: its jobs may ask the Git host for tokens',
  scheduled:
    'user or organization (nobody known) → pipeline, by label: made a schedule; unsure while it is off',
  triggers: 'pipeline → pipeline: by a rule',
  'reads-artifacts': 'pipeline (reader) → pipeline (read): by a rule',
  unfinished: 'user or unknown → pipeline, by job: a job that they influenced has not finished',
  // Clusters and queues.
  'maintains-cluster': 'user or team → cluster',
  'default-cluster': 'cluster → organization: new pipelines land there',
  'has-queue': 'cluster → queue',
  'default-queue': 'queue → cluster: jobs that name no queue go there',
  hosted: 'queue → queue: Buildkite runs its machines',
  contained: 'queue → queue: bridle has paused it. Told, and no path asks for it',
  dispatches:
    'queue → queue: it is not paused. A pause closes nothing, so no path asks for it; the order of calls does',
  'opens-terminals': 'organization → organization: into running jobs on hosted queues',
  'registers-agents': 'token → cluster: whoever holds it may connect an agent, by addresses and expiry',
  connected: 'agent → queue, by host name',
  'connected-as-declared': 'agent → queue, by host name: it is connected, and the files say that it is ours',
  'shares-host':
    'agent → cluster, by host name: it is connected there, and an agent that is looked at has the name, too',
  'outlived-token': 'agent → queue: it is still connected, and its token is gone',
  'secret-for-all': 'secret → cluster: every job there may read it',
  // Beside the clusters.
  'acts-as': 'api-token → user, by scopes: it can write',
  'runs-operation': 'portal → organization, by the mutations that are stored in it',
  'tells-secrets':
    'portal → organization, by a field of its stored queries that starts builds or connects agents',
  unclustered: 'pipeline, agent or token → organization: it is in no cluster',
  'signs-in': 'sso-provider → organization: an identity provider says who belongs and who administers',
  left: 'user → team, cluster: was in it or allowed there, and is not any more',
  // Roles of AWS. What lets somebody become one is told from several things at once: a trust, policies, queues, pipelines.
  'is-role': 'role → role: it is there',
  becomes:
    'pipeline, cluster or organization → role, by a queue, or on any: a token of its jobs there is enough',
  'becomes-by-name':
    'cluster or organization → role, by a queue, or on any: the same, for a pipeline that is named to fit',
  'from-anywhere': 'role → role: its trust takes such a token from any network',
  carries: 'queue → role: its machines have it',
  'may-carry': 'queue → queue: its machines may have a role, and nobody says which',
  'for-machines': 'role → role: machines can have it',
  assumes: 'role → role: may become it, by its own policies and by the trust of the other',
  rewrites:
    'role → role, by what it writes: the trust of the other, its own policies, or what machines of a service run',
  admits: 'principal or outsider → role: its trust lets somebody become it whom bridle knows nothing else of',
} as const

/** What is told of agents. They come and go all day, and which is there says nothing about who may do what. */
export const comesAndGoes: ReadonlySet<Power> = new Set<Power>(['connected', 'shares-host', 'outlived-token'])

export type Power = keyof typeof powers

/** One power that a thing gives, as its kind tells it. */
export interface Grant {
  readonly power: Power
  readonly of: Address
  readonly on: Address
  /** What more there is to tell two such grants apart, and to say: an event, a label, a host name. */
  readonly by?: string
  /** False where the field came back null, or with a value that bridle does not know: it may be granted, or not. */
  readonly sure: boolean
  /** The field that says so. */
  readonly field: string
}

/** Where a fact was read: a line of a file, or a field of an object that the API told of. */
export type Source =
  | { readonly from: 'file'; readonly address: Address; readonly span: Span }
  | { readonly from: 'api'; readonly address: Address; readonly field: string; readonly api: string }

/** A grant, with where it was read. */
export interface Fact extends Grant {
  readonly at: Source
}

/** What tells one grant from another. Where it was read does not. */
export const grantKey = ({ power, of, on, by, sure }: Grant): string =>
  `${power} ${of} ${on} ${by ?? ''}${sure ? '' : ' ?'}`

/** A sure grant. */
export const granted = (power: Power, of: Address, on: Address, field: string, by?: string): Grant => ({
  power,
  of,
  on,
  field,
  sure: true,
  ...(by === undefined ? {} : { by }),
})

/**
 * A grant that a switch gives: sure while it is on, none while it is off, and unsure where nobody could read it.
 *
 * @param on  undefined where the field could not be read
 */
export const switched = (
  is: boolean | null | undefined,
  ...grant: Parameters<typeof granted>
): readonly Grant[] => (is === false ? [] : [{ ...granted(...grant), sure: is === true }])
