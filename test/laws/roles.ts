import fc from 'fast-check'

/** Accounts of every generated world: the first is entered by itself, the others by a role. */
const accounts = {
  management: { id: '111111111111', region: 'eu-west-1' },
  prod: { id: '333333333333', region: 'eu-west-1', assume_role: 'bridle-admin', external_id: 'acme-bridle' },
}

const optional = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] })

const managed = fc.subarray([
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:iam::aws:policy/AWSCloudFormationFullAccess',
])

const document = fc
  .record({
    action: fc.constantFrom<string | string[]>(
      's3:GetObject',
      ['s3:getobject'],
      ['s3:PutObject', 's3:GetObject'],
    ),
    resource: fc.constantFrom<string | string[]>('arn:aws:s3:::acme/*', ['*']),
  })
  .map(({ action, resource }) => ({
    document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] },
  }))

const common = {
  description: fc.constantFrom('plain', 'with: colons', null),
  managed_policies: managed,
  inline_policies: fc.record({ a: document, 'b.c': document }, { requiredKeys: [] }),
  max_session_duration: fc.constantFrom('1h', '60m', '12h'),
  tags: fc.record(
    { team: fc.constantFrom('web', 'data'), 'cost:centre': fc.constant('7') },
    { requiredKeys: [] },
  ),
}

/** A pipeline, a queue of its cluster: the only pairs that a trust can be about. */
interface Pair {
  readonly pipeline: string
  readonly queue: string
}

interface Declared {
  readonly clusters?: Readonly<Record<string, { readonly queues?: object | null }>>
  readonly pipelines?: Readonly<Record<string, { readonly cluster?: string | null } | null>>
}

const pairsIn = ({ clusters = {}, pipelines = {} }: Declared): readonly Pair[] =>
  Object.entries(pipelines).flatMap(([pipeline, one]) => {
    const cluster = one?.cluster
    if (typeof cluster !== 'string' || cluster.includes('/')) return []
    return Object.keys(clusters[cluster]?.queues ?? {}).map((queue) => ({
      pipeline,
      queue: `${cluster}/${queue}`,
    }))
  })

const byToken = (pairs: readonly Pair[]) =>
  fc.record(
    {
      ...common,
      trust: fc.uniqueArray(
        fc
          .tuple(fc.constantFrom(...pairs), fc.constantFrom(undefined, ['main'], ['main', 'release']))
          .map(([pair, branches]) => ({
            ...pair,
            ...(branches && { branches }),
          })),
        { minLength: 1, maxLength: 3, selector: ({ pipeline, queue }) => `${pipeline} ${queue}` },
      ),
      claims: fc.constantFrom('ids', 'tags'),
      source_ips: fc.constantFrom(['10.0.0.0/8'], ['10.0.0.0/8', '192.0.2.0/24']),
      path: fc.constant('/buildkite/pipeline/'),
    },
    { requiredKeys: ['trust'] },
  )

/** An instance role, and the role that it may become: declared together, or neither. */
const chain = fc.record({
  agent: optional(common),
  report: optional(common),
  profile: fc.boolean(),
  chained: fc.boolean(),
})

const parameters = fc.record(
  {
    'management/buildkite/a': fc.record({ value: fc.constantFrom('one', 'two', 'ünïcödé') }),
    'prod/buildkite/b/c': fc.record(
      { value: fc.constant('x'), description: fc.constantFrom('d', 'e') },
      { requiredKeys: ['value'] },
    ),
  },
  { requiredKeys: [] },
)

/** What is declared in AWS beside a declaration: who becomes what, and what they read. */
const awsFor = (declaration: object): fc.Arbitrary<object> => {
  const pairs = pairsIn(declaration)
  return fc
    .record({
      chain: fc.option(chain),
      byToken: fc.array(pairs.length === 0 ? fc.record({}) : byToken(pairs), {
        maxLength: pairs.length === 0 ? 0 : 2,
      }),
      parameters,
      manage: fc.boolean(),
    })
    .map(({ chain, byToken, parameters, manage }) => ({
      manage,
      aws: {
        accounts,
        oidc_providers: { 'prod/agent.buildkite.com': {} },
        roles: {
          ...(chain && {
            'management/agent': {
              ...chain.agent,
              trust: [{ service: 'ec2.amazonaws.com' }],
              ...(chain.profile && { instance_profile: true }),
              ...(chain.chained && { may_assume: ['prod/report'] }),
            },
            'prod/report': {
              ...chain.report,
              trust: chain.chained ? [{ role: 'management/agent' }] : [{ service: 'lambda.amazonaws.com' }],
            },
          }),
          ...Object.fromEntries(byToken.map((role, i) => [`prod/by-token-${i}`, role])),
        },
        instance_profiles: {},
        parameters,
      },
    }))
    .map(({ manage, aws }) => ({
      aws,
      ...(manage && { removes: { roles: 'remove', instance_profiles: 'remove', parameters: 'remove' } }),
    }))
}

/** A declaration with what is in AWS beside it. */
export const withAws = (declarations: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  declarations.chain((declaration) =>
    awsFor(declaration).map((more) => {
      const { aws, removes } = more as { aws: object; removes?: object }
      const { manage } = declaration as { manage?: object }
      return { ...declaration, aws, ...(removes && { manage: { ...manage, ...removes } }) }
    }),
  )
