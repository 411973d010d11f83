import { asking, claimIn, isUuid, isWild, plainValues, subjectIn } from '../claims.js'
import { isOurs } from '../names.js'
import type { Roles } from '../roles.js'
import { atDoor, defineRoleRule, type Misconfigured } from '../rule.js'
import type { Door, SeenRole } from '../seen.js'

/** What is named and is not there, and pairs that can not be. An id that is gone is dead; a slug can be taken. */
export const unknownPipeline = defineRoleRule({
  code: 'role-unknown-pipeline',
  title: 'names what is not in the organization',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) => [
        ...missing(role, door, roles),
        ...untaken(role, door, roles),
        ...misplaced(role, door, roles),
      ]),
})

/** Ids, and the organization, that are not ours. */
const missing = (role: SeenRole, door: Door, { world, names }: Roles): readonly Misconfigured[] => {
  const unknown: Readonly<Record<string, (value: string) => string | undefined>> = {
    organization_id: (id) => (id === world.organization.uuid ? undefined : 'another organization'),
    organization_slug: (slug) => (slug === world.organization.slug ? undefined : 'another organization'),
    cluster_id: (id) => (names.clusters.has(id) ? undefined : 'no cluster has it'),
    queue_id: (id) => (names.queues.has(id) ? undefined : 'no queue has it'),
    pipeline_id: (id) => (names.pipelines.has(id) ? undefined : 'no pipeline has it'),
    sub: (id) => (!isUuid(id) || isOurs(id, world) ? undefined : 'nothing in the organization has it'),
  }
  return asking(door.statement.conditions, ...Object.keys(unknown)).flatMap((condition) => {
    const name = claimIn(condition.key)?.name ?? ''
    return condition.values
      .filter((value) => !value.includes('${') && !(isWild(condition) && /[*?]/.test(value)))
      .flatMap((value) => {
        const why = unknown[name]?.(value)
        return why === undefined
          ? []
          : [
              atDoor(
                role,
                door,
                {
                  words: `asks for ${name} ${value}: ${why}`,
                  opens: name.startsWith('organization'),
                  facts: [`${name} ${value}`],
                },
                condition,
              ),
            ]
      })
  })
}

/** Slugs that nobody has: whoever takes one gets in, where no id says otherwise. */
const untaken = (role: SeenRole, door: Door, { world, names }: Roles): readonly Misconfigured[] => {
  const { conditions } = door.statement
  const isById = asking(conditions, 'pipeline_id').some((one) => plainValues(one) !== undefined)
  return asking(conditions, 'sub', 'pipeline_slug').flatMap((condition) => {
    const slugs =
      claimIn(condition.key)?.name === 'sub'
        ? condition.values.flatMap((value) => {
            const { organization, pipeline } = subjectIn(value)
            return organization === world.organization.slug && pipeline !== undefined ? [pipeline] : []
          })
        : (plainValues(condition) ?? [])
    return slugs
      .filter((slug) => !names.slugs.has(slug))
      .map((slug) =>
        atDoor(
          role,
          door,
          {
            words: `asks for the pipeline ${slug}, which is not there${isById ? '' : ': whoever makes one of that name gets in'}`,
            opens: !isById,
            facts: [`pipeline ${slug}`],
          },
          condition,
        ),
      )
  })
}

/** A pipeline and a cluster, or a queue, that can not be together in any job. */
const misplaced = (role: SeenRole, door: Door, { names }: Roles): readonly Misconfigured[] => {
  const named = (...claims: readonly string[]) =>
    asking(door.statement.conditions, ...claims).flatMap((condition) => plainValues(condition) ?? [])
  const places = new Set([
    ...named('cluster_id').flatMap((id) => names.clusters.get(id)?.address ?? []),
    ...named('queue_id', 'sub').flatMap((id) => names.queues.get(id)?.cluster ?? []),
  ])
  if (places.size === 0) return []
  return named('pipeline_id', 'sub')
    .flatMap((id) => names.pipelines.get(id) ?? [])
    .filter(({ cluster }) => cluster === null || (cluster !== undefined && !places.has(cluster)))
    .map(({ address, cluster }) =>
      atDoor(role, door, {
        words: `asks for ${address} in ${[...places].join(' or ')}, and it is in ${cluster ?? 'no cluster'}`,
        facts: [`${address} in ${cluster ?? 'no cluster'}`],
      }),
    )
}
