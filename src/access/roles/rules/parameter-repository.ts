import { repositoryAddress } from '../../../kinds/index.js'
import { defineRoleRule } from '../rule.js'

/** The leaves that hooks of older make go by. @source aws-enforcement §12 */
const leaf = /^\/buildkite\/pipelines\/([^/]+)\/repository$/

export const parameterRepository = defineRoleRule({
  code: 'parameter-repository',
  title: 'has another repository in a parameter',
  field: 'trust',
  over: 'ours',
  check: () => [],
  beside: ({ world }) => {
    const bySlug = new Map(world.pipelines.map((one) => [one.slug, one]))
    return [...world.parameters].flatMap(([account, parameters]) =>
      parameters.flatMap(({ name, value, arn }) => {
        const pipeline = bySlug.get(leaf.exec(name)?.[1] ?? '')
        if (value === undefined || pipeline?.repository === undefined) return []
        return repositoryAddress(pipeline.repository) === repositoryAddress(value)
          ? []
          : [
              {
                at: pipeline.address,
                arn,
                words: `has the repository ${pipeline.repository}, and ${account}${name} says ${value}`,
                facts: [pipeline.repository, value],
              },
            ]
      }),
    )
  },
})
