import { asking, isUuid, plainValues } from '../claims.js'
import { declaredDoors } from '../declared.js'
import { atDoor, defineRoleRule, factOf } from '../rule.js'
import { wantedTrust, type Door, type SeenRole } from '../seen.js'
import type { RoleWorld } from '../world.js'

/** Claims that say the same of a job, so that two lists of one kind are no product. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  pipelines: ['pipeline_id', 'pipeline_slug'],
  queues: ['queue_id', 'queue_key'],
  branches: ['build_branch'],
}

export const crossProduct = defineRoleRule({
  code: 'role-cross-product',
  title: 'allows every pair of two lists',
  field: 'trust',
  over: 'all',
  check: (role, { world, names }) => {
    const declared = declaredDoors(role, world)
    return role.doors
      .filter(({ isBuildkite, statement }) => isBuildkite && !declared.has(factOf(statement)))
      .flatMap((door) => {
        const lists = listsIn(door, names.queues)
        if (lists.length < 2 || isAllDeclared(role, lists, world)) return []
        return [
          atDoor(role, door, {
            words: `lists ${lists.map(([kind, values]) => `${values.length} ${kind}`).join(' and ')} in one statement, and so allows ${lists.reduce((product, [, values]) => product * values.length, 1)} combinations`,
          }),
        ]
      })
  },
})

type Lists = readonly (readonly [kind: string, values: readonly string[]])[]

const listsIn = ({ statement }: Door, queues: ReadonlyMap<string, unknown>): Lists => {
  const subjects = asking(statement.conditions, 'sub').flatMap((condition) => plainValues(condition) ?? [])
  return Object.entries(kinds).flatMap(([kind, names]) => {
    const values = new Set([
      ...asking(statement.conditions, ...names).flatMap((condition) => condition.values),
      ...(kind === 'queues' ? subjects.filter((value) => isUuid(value) && queues.has(value)) : []),
    ])
    return values.size > 1 ? [[kind, [...values].sort()] as const] : []
  })
}

/** Whether every pair is declared, each with a statement of its own. */
const isAllDeclared = ({ declared }: SeenRole, lists: Lists, world: RoleWorld): boolean => {
  const wanted = declared && wantedTrust(declared, world)
  if (wanted === undefined) return false
  const combinations = lists.reduce<readonly (readonly string[])[]>(
    (all, [, values]) => all.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  )
  return combinations.every((values) =>
    wanted.statements.some(({ effect, conditions }) => {
      const named = new Set(conditions.flatMap((condition) => condition.values))
      return effect === 'Allow' && values.every((value) => named.has(value))
    }),
  )
}
