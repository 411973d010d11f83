import { ownPath } from '../../kinds/aws/account.js'
import { addressOf, namesIn, type Address } from '../../model/address.js'
import type { ParameterDetail, SeenAccount } from '../../model/aws.js'
import { noRole } from '../../model/declared-access.js'
import type { Json } from '../../model/json.js'
import type { Live } from '../../model/live.js'
import type { Span } from '../../model/span.js'
import type { Want, Wanted } from '../../model/wanted.js'

/** What the files say about a role, with names resolved to what is there. */
export interface RoleSpec {
  readonly path?: string
  /** A document; what is not there yet is a Ref in it. */
  readonly trust?: unknown
  readonly inline_policies?: Readonly<Record<string, Json>>
  readonly managed_policies?: readonly string[]
  readonly permissions_boundary?: string | null
  /** Seconds. */
  readonly max_session_duration?: number
}

export type DeclaredRole = Pick<Want<RoleSpec>, 'address' | 'spec' | 'at' | 'spans'>

export interface RoleCluster {
  readonly address: Address
  /** Missing where it is declared and not there yet. */
  readonly uuid?: string
  readonly isPrivileged: boolean
}

export interface RoleQueue {
  readonly address: Address
  readonly cluster: Address
  readonly uuid?: string
  readonly key: string
  readonly isPrivileged: boolean
  /** `management/agent-deploy`; missing where no file says. */
  readonly instanceRole?: string
  /** True where the files say that its machines have none. */
  readonly hasNoRole?: true
  /** Where the files speak of it. */
  readonly at?: Span
}

export interface RolePipeline {
  readonly address: Address
  readonly slug: string
  readonly uuid?: string
  /** Null where it is in none; undefined where that could not be read. */
  readonly cluster: Address | null | undefined
  readonly repository?: string
}

/** All that the rules about roles look at. */
export interface RoleWorld {
  /** By their names in the files. */
  readonly accounts: ReadonlyMap<string, SeenAccount>
  readonly organization: { readonly slug: string; readonly uuid: string }
  readonly declared: ReadonlyMap<Address, DeclaredRole>
  /** The live ones, and the declared ones that are not there yet without a uuid. */
  readonly clusters: readonly RoleCluster[]
  readonly queues: readonly RoleQueue[]
  readonly pipelines: readonly RolePipeline[]
  /** Where agent tokens are stored: an account's name, and the name of the parameter. */
  readonly tokenParameters: readonly { readonly account: string; readonly name: string }[]
  /** True for a world that is wanted, and not there: what nobody has made can not be read. */
  readonly isWanted?: true
  /** Of each account, where they were read. */
  readonly parameters: ReadonlyMap<string, readonly ParameterDetail[]>
}

/** What is there, as far as roles go. */
export interface RoleSurvey {
  readonly organization: { readonly slug: string; readonly uuid: string }
  readonly accounts: ReadonlyMap<string, SeenAccount>
  /** By kind. */
  readonly live: ReadonlyMap<string, readonly Live<unknown>[]>
  readonly parameters?: ReadonlyMap<string, readonly ParameterDetail[]>
  readonly tokenParameters?: RoleWorld['tokenParameters']
}

/** The world of the files and of what is there. @param wanted  resolved: names have become uuids and ARNs */
export const roleWorldOf = (wanted: Wanted, survey: RoleSurvey): RoleWorld => {
  const { allow, agents } = wanted.access
  const privileged = new Set(allow.map(({ on }) => on))
  const byQueue = new Map(agents.map((one) => [one.queue, one]))
  /** The live things of a kind, and the declared ones that are not there yet. */
  const all = (kind: string): readonly Thing[] => {
    const declared = new Map(
      wanted.wants.filter((want) => want.kind === kind).map((want) => [want.address, want]),
    )
    const live = (survey.live.get(kind) ?? []).map(({ key, uuid, spec }) => {
      const address: Address = `${kind}:${key}`
      const want = declared.get(address)
      declared.delete(address)
      return { address, uuid, spec: spec as Spec, ...(want && { at: want.at }) }
    })
    return [
      ...live,
      ...[...declared.values()].map(({ address, spec, at }) => ({ address, spec: spec, at })),
    ].sort((a, b) => (a.address < b.address ? -1 : 1))
  }
  return {
    accounts: survey.accounts,
    organization: survey.organization,
    declared: new Map(
      wanted.wants.filter(({ kind }) => kind === 'role').map((want) => [want.address, want as DeclaredRole]),
    ),
    clusters: all('cluster').map(({ address, uuid }) => ({
      address,
      ...(uuid !== undefined && { uuid }),
      isPrivileged: privileged.has(address),
    })),
    queues: all('queue').map(({ address, uuid, spec, at }): RoleQueue => {
      const [name = '', key = ''] = namesIn(address.slice('queue:'.length))
      const cluster = addressOf('cluster', name)
      const said = byQueue.get(address)
      const span = said?.at ?? at
      return {
        address,
        cluster,
        ...(uuid !== undefined && { uuid }),
        key: spec.key ?? key,
        isPrivileged: privileged.has(cluster) || privileged.has(address),
        ...(said?.instanceRole === undefined
          ? {}
          : said.instanceRole === noRole
            ? { hasNoRole: true as const }
            : { instanceRole: said.instanceRole }),
        ...(span && { at: span }),
      }
    }),
    pipelines: all('pipeline').map(({ address, uuid, spec }): RolePipeline => ({
      address,
      ...(uuid !== undefined && { uuid }),
      slug: address.slice('pipeline:'.length),
      cluster: typeof spec.cluster === 'string' ? addressOf('cluster', spec.cluster) : spec.cluster,
      ...(typeof spec.repository === 'string' && { repository: spec.repository }),
    })),
    tokenParameters: survey.tokenParameters ?? [],
    parameters: survey.parameters ?? new Map<string, readonly ParameterDetail[]>(),
  }
}

interface Thing {
  readonly address: Address
  readonly uuid?: string
  readonly spec: Spec
  readonly at?: Span
}

interface Spec {
  readonly key?: string
  readonly cluster?: string | null
  readonly repository?: string | null
}

/** What AWS calls a declared role, or will. */
export const wantedArn = ({ accounts, declared }: RoleWorld, address: Address): string => {
  const [name = '', role = ''] = namesIn(address.slice('role:'.length))
  const account = accounts.get(name)?.account
  return account === undefined
    ? address
    : `arn:${account.partition}:iam::${account.id}:role${declared.get(address)?.spec.path ?? ownPath}${role}`
}

/** The address of a role that the files call `management/agent-deploy`. */
export const roleAt = (name: string): Address => {
  const slash = name.indexOf('/')
  return slash === -1
    ? addressOf('role', '', name)
    : addressOf('role', name.slice(0, slash), name.slice(slash + 1))
}
