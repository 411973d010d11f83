import { ownPath } from '../../kinds/aws/account.js'
import { keyIn, namesIn } from '../../model/address.js'
import type { RoleDetail, SeenAccount } from '../../model/aws.js'
import type { Json } from '../../model/json.js'
import { filled } from './seen.js'
import { wantedArn, type DeclaredRole, type RoleWorld } from './world.js'

/**
 * The world as the files want it: what is not there yet is, and is called by its address. For lints before an apply, on
 * files alone or on a plan.
 */
export const worldAsWanted = (world: RoleWorld): RoleWorld => {
  const named = <One extends { readonly address: string; readonly uuid?: string }>(all: readonly One[]) =>
    all.map((one) => ({ ...one, uuid: one.uuid ?? one.address }))
  return {
    ...world,
    isWanted: true,
    clusters: named(world.clusters),
    queues: named(world.queues),
    pipelines: named(world.pipelines),
    accounts: new Map([...world.accounts].map(([name, seen]) => [name, asWanted(name, seen, world)])),
  }
}

const asWanted = (name: string, seen: SeenAccount, world: RoleWorld): SeenAccount => {
  const wanted = new Map(
    [...world.declared.values()].flatMap((role) => {
      const [account, key = ''] = namesIn(keyIn(role.address))
      return account === name ? [[key.toLowerCase(), { key, role }] as const] : []
    }),
  )
  const there = seen.authorization.roles.map((detail) => {
    const want = wanted.get(detail.name.toLowerCase())
    wanted.delete(detail.name.toLowerCase())
    return want === undefined ? detail : over(detail, want.role, world)
  })
  const made = [...wanted.values()].map(({ key, role }) => over(blank(key, role, world), role, world))
  return { ...seen, authorization: { ...seen.authorization, roles: [...there, ...made] } }
}

/** A role that is not there yet. */
const blank = (name: string, { spec, address }: DeclaredRole, world: RoleWorld): RoleDetail => ({
  arn: wantedArn(world, address),
  name,
  path: spec.path ?? ownPath,
  id: '',
  trust: undefined,
  inline: [],
  attached: [],
  boundary: null,
  tags: {},
  description: null,
  maxSessionSeconds: 3_600,
  lastUsed: null,
  createdAt: null,
  profiles: [],
})

/** What the files do not write stays as it is. */
const over = (detail: RoleDetail, { spec }: DeclaredRole, world: RoleWorld): RoleDetail => ({
  ...detail,
  ...(spec.trust !== undefined && !Array.isArray(spec.trust) && { trust: filled(spec.trust as Json, world) }),
  ...(spec.inline_policies !== undefined && {
    inline: Object.entries(spec.inline_policies).map(([name, document]) => ({
      name,
      document: filled(document, world),
    })),
  }),
  ...(spec.managed_policies !== undefined && {
    attached: spec.managed_policies.map((arn) => ({ name: arn.split('/').at(-1) ?? arn, arn })),
  }),
  ...(spec.permissions_boundary !== undefined && { boundary: spec.permissions_boundary }),
  ...(spec.max_session_duration !== undefined && { maxSessionSeconds: spec.max_session_duration }),
})
