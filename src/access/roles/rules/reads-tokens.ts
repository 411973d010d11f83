import { keyIn } from '../../../model/address.js'
import { listed } from '../../findings.js'
import { known } from '../../../policy/value.js'
import { may, parameterArn, spokenOf } from '../may.js'
import { atRole, defineRoleRule } from '../rule.js'
import { covers, type SeenRole } from '../seen.js'
import type { RoleWorld } from '../world.js'

const actions = [
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:GetParametersByPath',
  'ssm:GetParameterHistory',
]

const speaks = spokenOf(actions)

/** Parameters stand where the files store tokens, and where bridle puts what belongs to queues. @source aws-enforcement §12 */
export const readsTokens = defineRoleRule({
  code: 'role-reads-tokens',
  title: 'may read agent tokens, or parameters of other queues',
  field: 'inline_policies',
  over: 'ours',
  check: (role, { world }) => {
    const named = resourcesOf(role)
    if (named.length === 0) return []
    const reads = (path: string) => {
      const name = path.replace(/^\//, '')
      const arn = parameterArn(role.account, name)
      const isNamed = covers(arn)
      return (
        named.some((resource) => name.startsWith(startOf(resource)) && isNamed(resource)) &&
        actions.some((action) => may(role, action, known(arn)) !== undefined)
      )
    }
    const tokens = tokensIn(role, world).filter(({ name }) => reads(name))
    const others =
      role.queues.length === 0
        ? []
        : world.queues
            .filter(({ address }) => !role.queues.some((own) => own.address === address))
            .filter(({ address }) => {
              const [cluster = '', queue = ''] = keyIn(address).split('/')
              return reads(`buildkite/${cluster}/queues/${queue}/policy`)
            })
    const words = [
      ...(tokens.length === 0 ? [] : [`the agent token of ${listed(tokens.map(({ of }) => of))}`]),
      ...(others.length === 0 ? [] : [`parameters of ${listed(others.map(({ address }) => address))}`]),
    ]
    return words.length === 0
      ? []
      : [
          atRole(role, {
            words: `may read ${words.join(', and ')}`,
            facts: [...tokens.map(({ name }) => name), ...others.map(({ address }) => address)],
          }),
        ]
  },
})

/** What it may read from, before anything is denied; a variable may stand for whatever there is. */
const resourcesOf = ({ identity, account }: SeenRole): readonly string[] =>
  identity
    .flatMap(({ document }) => document?.statements ?? [])
    .filter((statement) => statement.effect === 'Allow' && speaks(statement).length > 0)
    .flatMap(({ resources }) => resources ?? ['*'])
    .map((resource) => (resource.includes('${') ? '*' : resource))
    .filter((resource) => {
      const begins = /^[^*?]*/.exec(resource)?.[0] ?? ''
      const all = parameterArn(account, '')
      return all.startsWith(begins) || begins.startsWith(all)
    })

/** What the name of a parameter has to begin with, where a resource says so. */
const startOf = (resource: string): string => /:parameter\/([^*?]*)/.exec(resource)?.[1] ?? ''

/** Of each queue, and those that are stored elsewhere: of what, and the name of the parameter. */
const tokensIn = ({ account }: SeenRole, { queues, tokenParameters }: RoleWorld) => [
  ...tokenParameters.filter((one) => one.account === account.name).map(({ name }) => ({ of: name, name })),
  ...queues.flatMap(({ address }) => {
    const [cluster = '', queue = ''] = keyIn(address).split('/')
    const name = `buildkite/${cluster}/agent-token/${queue}`
    return tokenParameters.some((one) => one.name.replace(/^\//, '') === name) ? [] : [{ of: address, name }]
  }),
]
