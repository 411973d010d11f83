import { listed } from '../../findings.js'
import { like, may } from '../may.js'
import { atRole, defineRoleRule } from '../rule.js'
import { isAbout, type SeenRole } from '../seen.js'

/** A bucket counts as one of secrets where its name says so, as the Elastic CI Stack’s does. */
export const readsSecrets = defineRoleRule({
  code: 'role-reads-secrets',
  title: 'may read a whole bucket of secrets',
  field: 'inline_policies',
  over: 'ours',
  check: (role) => {
    const buckets = bucketsOf(role)
      .filter(
        (bucket) =>
          may(role, 's3:GetObject', like(`arn:${role.account.partition}:s3:::${bucket}/*`)) !== undefined,
      )
      .sort()
    return buckets.length === 0
      ? []
      : [
          atRole(role, {
            words: `may read all of ${listed(buckets.map((bucket) => (bucket === '*' ? 'every bucket' : `the bucket ${bucket}`)))}`,
            facts: buckets,
          }),
        ]
  },
})

const bucketsOf = ({ identity }: SeenRole): readonly string[] => [
  ...new Set(
    identity
      .flatMap(({ document }) => document?.statements ?? [])
      .filter((statement) => statement.effect === 'Allow' && isAbout(statement, 's3:GetObject'))
      .flatMap(({ resources }) => resources ?? ['*'])
      .flatMap((resource) => {
        if (/^\*+$/.test(resource)) return ['*']
        const [, bucket, key] = /^arn:[^:]*:s3:::([^/]*)(?:\/(.*))?$/.exec(resource) ?? []
        if (bucket === undefined) return []
        // Without a slash a star runs into the keys; without one the pattern is about the bucket alone.
        const isWhole = key === undefined ? bucket.endsWith('*') : /^\*+$/.test(key)
        if (!isWhole) return []
        return /^\*+$/.test(bucket) ? ['*'] : /secret/i.test(bucket) ? [bucket.replace(/\*+$/, '*')] : []
      }),
  ),
]
