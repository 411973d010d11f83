import { spelling } from '../../../policy/operator.js'
import { atDoor, defineRoleRule } from '../rule.js'
import { isAbout, type SeenRole } from '../seen.js'

export const anyTags = defineRoleRule({
  code: 'role-any-tags',
  title: 'takes any session tags, and gives rights by tags',
  field: 'trust',
  over: 'all',
  check: (role) =>
    !role.doors.some(({ isBuildkite }) => isBuildkite) || !givesByTags(role)
      ? []
      : role.doors
          .filter(
            ({ statement, providers }) =>
              providers.length > 0 &&
              isAbout(statement, 'sts:TagSession') &&
              !statement.conditions.some(limitsTags),
          )
          .map((door) =>
            atDoor(role, door, {
              words: 'takes whatever session tags a job asks for, and its policies go by tags',
            }),
          ),
})

const limitsTags = ({
  operator,
  key,
  values,
}: SeenRole['doors'][number]['statement']['conditions'][number]): boolean =>
  key.toLowerCase() === 'aws:tagkeys' &&
  operator.over === 'all' &&
  spelling(operator.name).negated !== true &&
  !values.some((value) => /^[*?]+$/.test(value))

/** Whether a policy of its own looks at the tags of the session. */
const givesByTags = ({ identity, boundary }: SeenRole): boolean =>
  [...identity, ...(boundary === null ? [] : [boundary])].some(({ document }) =>
    document?.statements.some(
      ({ conditions, resources, notResources }) =>
        conditions.some(({ key, values }) => isTag(key) || values.some(hasTag)) ||
        [...(resources ?? []), ...(notResources ?? [])].some(hasTag),
    ),
  )

const isTag = (key: string): boolean => key.toLowerCase().startsWith('aws:principaltag/')
const hasTag = (value: string): boolean => /\$\{\s*aws:principaltag\//i.test(value)
