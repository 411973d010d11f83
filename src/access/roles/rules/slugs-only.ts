import { asking, isUuid } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

const ids = ['organization_id', 'cluster_id', 'pipeline_id', 'queue_id']
const slugs = ['organization_slug', 'pipeline_slug', 'cluster_name', 'queue_key', 'sub']

export const slugsOnly = defineRoleRule({
  code: 'role-slugs-only',
  title: 'tells pipelines apart by their slugs alone',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) => {
        const { conditions } = door.statement
        const byId = [...asking(conditions, ...ids), ...asking(conditions, 'sub')].some(
          ({ values }) => values.length > 0 && values.every(isUuid),
        )
        const bySlug = asking(conditions, ...slugs).filter(({ values }) =>
          values.some((value) => /[^*?]/.test(value)),
        )
        return byId || bySlug.length === 0
          ? []
          : [
              atDoor(
                role,
                door,
                { words: 'tells organization and pipeline by their slugs, and by no id' },
                bySlug[0],
              ),
            ]
      }),
})
