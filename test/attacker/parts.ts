import type { Outline } from './outline.js'

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const less = <T>(list: readonly T[], one: T): readonly T[] => list.filter((other) => other !== one)

/** The same organization with one thing fewer in it. What referred to that goes as well. */
export function* withoutAPart(outline: Outline): Iterable<Outline> {
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
