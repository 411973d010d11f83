import type { Address } from '../model/address.js'
import { granted, type Grant } from '../model/grant.js'
import type { Json } from '../model/json.js'
import type { Given } from '../policy/assume.js'
import { parsePolicy, type PolicyDocument, type Statement } from '../policy/document.js'
import { arnOf } from '../policy/principal.js'
import type { Named } from '../policy/rule.js'
import { chosen } from '../policy/value.js'
import type { Provider } from '../policy/web-identity.js'

/** A role as it is, as it will be, or as it is between two calls. */
export interface RoleVersion {
  readonly address: Address
  readonly arn: string
  /** `AROA…`, where it is there. */
  readonly id?: string
  readonly tags: Readonly<Record<string, string>>
  /** Undefined where it could not be read. */
  readonly trust: Json | undefined
  /** Inline and attached; a document is undefined where it could not be read. */
  readonly identity: readonly Policy[]
  readonly boundary: Policy | null
  /** Whether an instance profile holds it; undefined where that could not be read. */
  readonly inProfile: boolean | undefined
}

/** A policy by the name that people know it by. */
export interface Policy {
  readonly name: string
  readonly document: Json | undefined
}

/** A pipeline, a queue or a cluster, by what tokens call it. */
export interface Thing {
  readonly address: Address
  readonly id: string
  readonly name: string
}

/** All that decides who may become which role. */
export interface RoleWorld {
  readonly organization: { readonly slug: string; readonly id: string }
  readonly clusters: readonly Thing[]
  readonly queues: readonly (Thing & { readonly cluster: Address })[]
  /** Null is in no cluster; undefined where that could not be read. */
  readonly pipelines: readonly (Thing & { readonly cluster: Address | null | undefined })[]
  readonly providers: readonly Provider[]
  /** Several of one address are the same role at different times. */
  readonly roles: readonly RoleVersion[]
  /** The twelve digits of each account that was read. */
  readonly accounts: ReadonlySet<string>
  /** Those of them in which users may be. */
  readonly withUsers: ReadonlySet<string>
}

/** A grant over a role, and which of the roles it rests on. */
export interface RoleGrant {
  readonly grant: Grant
  readonly role: RoleVersion
  /** The role that enters, where one does. */
  readonly by?: RoleVersion
}

/** A role with its documents taken apart, once for all questions. */
export interface ReadRole {
  readonly version: RoleVersion
  readonly account: string
  readonly trust: Named
  readonly identity: readonly Named[]
  readonly boundary: Named | null
  /** Statements that let somebody in; undefined where the trust could not be read. */
  readonly lets: readonly Statement[] | undefined
}

export const readRole = (version: RoleVersion): ReadRole => {
  const document = documentOf(version.trust, 'trust')
  return {
    version,
    account: arnOf(version.arn).account,
    trust: { name: `the trust of ${version.address}`, document },
    identity: version.identity.map(named),
    boundary: version.boundary === null ? null : named(version.boundary),
    lets: document?.statements.filter(({ effect }) => effect === 'Allow'),
  }
}

const named = ({ name, document }: Policy): Named => ({ name, document: documentOf(document, 'identity') })

const documentOf = (source: Json | undefined, use: 'trust' | 'identity'): PolicyDocument | undefined => {
  if (source === undefined) return undefined
  const parsed = parsePolicy(source, { for: use })
  return 'document' in parsed ? parsed.document : undefined
}

/** A grant over a role: unsure, whatever is said, where its trust could not be read. */
export const over = (
  power: Grant['power'],
  of: Address,
  role: ReadRole,
  more: { readonly by?: string | undefined; readonly sure?: boolean; readonly from?: ReadRole } = {},
): RoleGrant => ({
  grant: {
    ...granted(power, of, role.version.address, 'trust', more.by),
    sure: (more.sure ?? true) && role.lets !== undefined,
  },
  role: role.version,
  ...(more.from && { by: more.from.version }),
})

/** Whoever is on the machines is in their network: what a trust asks of that, they fulfil. */
export const inside: Given = new Map(
  ['aws:sourceip', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:vpcsourceip'].map((key) => [key, chosen]),
)
