import type { Aws, AwsRole, Outline, Trust } from './outline.js'

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const less = <T>(list: readonly T[], one: T): readonly T[] => list.filter((other) => other !== one)

/** The same organization with one thing fewer in it. What referred to that goes as well. */
export function* withoutAPart(outline: Outline): Iterable<Outline> {
  if (outline.aws) for (const aws of withoutARole(outline.aws)) yield { ...outline, aws }
  for (const slug of Object.keys(outline.pipelines))
    yield {
      ...outline,
      pipelines: without(outline.pipelines, slug),
      rules: outline.rules.filter(({ source, target }) => source !== slug && target !== slug),
    }
  for (const [name, { allow }] of Object.entries(outline.clusters))
    if (allow === undefined && Object.values(outline.pipelines).every(({ cluster }) => cluster !== name))
      yield {
        ...outline,
        clusters: without(outline.clusters, name),
        defaultCluster: outline.defaultCluster === name ? null : outline.defaultCluster,
      }
  for (const rule of outline.rules) yield { ...outline, rules: less(outline.rules, rule) }
  for (const invitation of outline.invitations)
    yield { ...outline, invitations: less(outline.invitations, invitation) }
  for (const name of outline.apiTokens) yield { ...outline, apiTokens: less(outline.apiTokens, name) }
  if (outline.portal) yield { ...outline, portal: false }
  for (const [slug, team] of Object.entries(outline.teams))
    for (const name of Object.keys(team.members))
      yield {
        ...outline,
        teams: { ...outline.teams, [slug]: { ...team, members: without(team.members, name) } },
      }
  for (const [slug, pipeline] of Object.entries(outline.pipelines)) {
    const changed = (changes: Partial<typeof pipeline>): Outline => ({
      ...outline,
      pipelines: { ...outline.pipelines, [slug]: { ...pipeline, ...changes } },
    })
    for (const team of Object.keys(pipeline.teams)) yield changed({ teams: without(pipeline.teams, team) })
    for (const label of Object.keys(pipeline.schedules))
      yield changed({ schedules: without(pipeline.schedules, label) })
    for (const name of pipeline.unfinished) yield changed({ unfinished: less(pipeline.unfinished, name) })
    if (pipeline.steps !== 'editor') yield changed({ steps: 'editor' })
    if (pipeline.createdBy !== null) yield changed({ createdBy: null })
  }
}

const isOf = (one: Trust, role: string) => 'role' in one && one.role === role

function* withoutARole(aws: Aws): Iterable<Aws> {
  for (const name of Object.keys(aws.roles)) {
    const roles = Object.fromEntries(
      Object.entries(without(aws.roles, name)).map(([other, role]) => [
        other,
        {
          ...role,
          trust: role.trust.filter((one) => !isOf(one, name)),
          grown: role.grown.filter((one) => !isOf(one, name)),
          asks: role.asks.filter(({ role: of }) => of !== name),
        },
      ]),
    )
    const machines = Object.fromEntries(
      Object.entries(aws.machines).map(([queue, one]) => [
        queue,
        one.role === name ? { ...one, role: null } : one,
      ]),
    )
    if (Object.values(roles).every(({ trust }) => trust.length > 0)) yield { roles, machines }
  }
  for (const [queue, one] of Object.entries(aws.machines))
    if (one.role !== null || !one.said)
      yield { ...aws, machines: { ...aws.machines, [queue]: { role: null, said: true } } }
  for (const [name, role] of Object.entries(aws.roles)) {
    const changed = (changes: Partial<AwsRole>): Aws => ({
      ...aws,
      roles: { ...aws.roles, [name]: { ...role, ...changes } },
    })
    for (const one of role.grown) yield changed({ grown: less(role.grown, one) })
    if (role.trust.length > 1) for (const one of role.trust) yield changed({ trust: less(role.trust, one) })
    for (const one of role.asks) yield changed({ asks: less(role.asks, one) })
    if (role.bounded) yield changed({ bounded: false })
    if (role.fenced) yield changed({ fenced: false })
    for (const field of ['trust', 'grown'] as const)
      for (const [at, one] of role[field].entries())
        for (const simpler of simplerThan(one))
          yield changed({ [field]: role[field].map((other, i) => (i === at ? simpler : other)) })
  }
}

function* simplerThan(one: Trust): Iterable<Trust> {
  if (one.by === 'job' && one.branches) yield { ...one, branches: false }
  if (one.by === 'asker') {
    if (one.condition !== null) yield { ...one, condition: null }
    if (one.deny !== null) yield { ...one, deny: null }
  }
  if (one.by !== 'token') return
  if (one.deny !== null) yield { ...one, deny: null }
  if (one.tag !== null) yield { ...one, tag: null }
  if (one.fenced) yield { ...one, fenced: false }
  if (!one.audience) yield { ...one, audience: true }
  if (one.ifExists) yield { ...one, ifExists: false }
  for (const name of one.claims) yield { ...one, claims: less<(typeof one.claims)[number]>(one.claims, name) }
  if (one.sub !== 'any') yield { ...one, sub: 'any' }
}
