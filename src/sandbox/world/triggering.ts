import { buildsPipeline } from '../rights.js'
import type { Build, Pipeline, Rule } from '../rows.js'
import { first, get, where } from '../table.js'
import { holds, type Lookup } from './condition.js'
import { labelsIn, nobody, union, type Labels, type World } from './labels.js'
import { asMember } from './viewer.js'

/** What a trigger step asks for. */
export interface Asking {
  readonly branch: string
  readonly commit: string
  readonly message: string | null
}

/** Whether a build may start another, and who had a hand in that answer. */
export type Answer = { readonly allowed: boolean; readonly labels: Labels }

const no: Answer = { allowed: false, labels: nobody }
const yes: Answer = { allowed: true, labels: nobody }

/** Whose build it is to those who ask: whoever started it, unless they have named somebody else. */
const creatorOf = ({ state, switches }: World, { author, createdBy }: Build): string | null =>
  author !== null && createdBy !== null && switches.authorIsCreator
    ? (first(state.tables.users, 'email', author.email)?.uuid ?? createdBy)
    : createdBy

/** A field of a build, as conditions name it; creators only where they are members. */
export const buildField = (world: World, build: Build, field: string, argument?: string) => {
  const { state } = world
  const creator = asMember(world, build.organization, creatorOf(world, build))?.viewer.user
  switch (field) {
    case 'branch':
    case 'commit':
    case 'message':
    case 'source':
    case 'number':
    case 'state':
      return build[field]
    case 'id':
      return build.uuid
    case 'tag':
      return build.branch.startsWith('refs/tags/') ? build.branch.slice('refs/tags/'.length) : null
    case 'env':
      return build.env
        .findLast((pair) => pair.startsWith(`${argument ?? ''}=`))
        ?.split('=')
        .slice(1)
        .join('=')
    case 'pull_request.id':
      return build.pullRequest?.id ?? null
    case 'pull_request.base_branch':
      return build.pullRequest?.base ?? null
    case 'pull_request.repository.fork':
      return build.pullRequest?.fork ?? null
    case 'creator.id':
      return creator?.uuid ?? null
    case 'creator.email':
      return creator?.email ?? null
    case 'creator.name':
      return creator?.name ?? null
    case 'creator.verified':
      return creator !== undefined
    case 'creator.teams':
      return creator
        ? where(state.tables.teamMembers, 'user', creator.uuid).flatMap(
            ({ team }) => get(state.tables.teams, team)?.slug ?? [],
          )
        : []
    default:
      return undefined
  }
}

const lookupFor =
  (world: World, source: Build, asking: Asking): Lookup =>
  (name, argument) => {
    const [, field] = /^source\.build\.(.+)$/.exec(name) ?? []
    if (field !== undefined) return buildField(world, source, field, argument)
    const [, asked] = /^target\.trigger\.(branch|commit|message)$/.exec(name) ?? []
    return asked === undefined ? undefined : asking[asked as keyof Asking]
  }

export const triggerRules = ({ state }: Pick<World, 'state'>, source: string, target: string): Rule[] =>
  where(state.tables.rules, 'source', source).filter(
    (rule) => rule.target === target && rule.type === 'pipeline.trigger_build.pipeline',
  )

const buildsIt = (world: World, user: string | null, pipeline: Pipeline) => {
  const context = asMember(world, pipeline.organization, user)
  return context !== undefined && buildsPipeline(context, pipeline)
}

/** A team that may build both. */
const share = ({ state }: World, a: Pipeline, b: Pipeline) => {
  const builders = (pipeline: Pipeline) =>
    where(state.tables.grants, 'pipeline', pipeline.uuid).flatMap(({ team, accessLevel }) =>
      accessLevel === 'READ_ONLY' ? [] : [team],
    )
  const others = builders(b)
  return builders(a).some((team) => others.includes(team))
}

const byPermission = (world: World, build: Build, source: Pipeline, target: Pipeline): boolean => {
  if (source.cluster !== target.cluster) return false
  const { state, switches } = world
  if (get(state.tables.organizations, source.organization)?.isTeamsEnabled === false) return true
  if (buildsIt(world, creatorOf(world, build), target)) return true
  if (build.unblockedBy !== null && switches.unblockerTriggers && buildsIt(world, build.unblockedBy, target))
    return true
  const isNobodys = build.createdBy === null && (build.author === null || switches.strangerIsNoCreator)
  return isNobodys && build.unblockedBy === null && share(world, source, target)
}

/**
 * Whether a build may start one of another pipeline. A rule about the two replaces every other check; what its
 * conditions do not let through is refused, even where it would have been allowed without.
 *
 * @source Buildkite docs, "Trigger step" and "Rules overview"
 */
export const mayTrigger = (world: World, build: Build, target: Pipeline, asking: Asking): Answer => {
  const source = get(world.state.tables.pipelines, build.pipeline)
  if (source?.organization !== target.organization || target.archivedAt !== null) return no
  const rules = triggerRules(world, source.uuid, target.uuid)
  if (rules.length === 0) return byPermission(world, build, source, target) ? yes : no
  const lookup = lookupFor(world, build, asking)
  const fitting = rules.filter(({ conditions }) => conditions.every((condition) => holds(condition, lookup)))
  if (fitting.length === 0) return no
  if (world.switches.ruleNeedsBuildInCluster && source.cluster === target.cluster)
    return byPermission(world, build, source, target) ? yes : no
  return { allowed: true, labels: union(...fitting.map(({ uuid }) => labelsIn(world, 'rules', uuid))) }
}
