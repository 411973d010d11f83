import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { idOf } from '../../model/ref.js'
import { switched } from '../../model/grant.js'
import { access } from '../../model/risk.js'
import { call } from '../call.js'
import { incomplete } from '../incomplete.js'
import { defineKind } from '../kind.js'
import { teamAddress } from './team.js'

const levels = {
  read_only: 'READ_ONLY',
  build_and_read: 'BUILD_AND_READ',
  manage_build_and_read: 'MANAGE_BUILD_AND_READ',
} as const

const written = z
  .enum(['read_only', 'build_and_read', 'manage_build_and_read'])
  .meta({ title: 'Access level', description: 'What members of the team may do with the pipeline.' })

type Level = z.infer<typeof written>

export interface Grant {
  readonly pipeline: string
  readonly team: string
  readonly level?: Level | undefined
}

const may: Record<Level, string> = {
  read_only: 'may watch it',
  build_and_read: 'may start builds of it',
  manage_build_and_read: 'may change what it runs',
}

/** How many powers a level holds: each holds those before it. */
const rank: Record<Level, number> = { read_only: 1, build_and_read: 2, manage_build_and_read: 3 }

/** The levels as Buildkite says them, in our words. */
export const levelOf = {
  READ_ONLY: 'read_only',
  BUILD_AND_READ: 'build_and_read',
  MANAGE_BUILD_AND_READ: 'manage_build_and_read',
} as const
const pipelineAddress = (slug: string) => addressOf('pipeline', slug)

/** What a team may do with a pipeline. */
export const grant = defineKind<Grant, Level>({
  name: 'grant',
  plural: 'grants',
  provider: 'buildkite',
  place: ['pipelines', '*', 'teams', '*'],
  written,
  spec: ([pipeline = '', team = ''], level) => ({ pipeline, team, level }),
  worded: ({ pipeline, team, level }) => ({ names: [pipeline, team], written: level }),
  identity: ['pipeline', 'team'],
  key: ({ pipeline, team }) => keyOf(pipeline, team),
  atCreation: () => ({ level: 'read_only' }),
  dependencies: ({ pipeline, team }) => [
    { address: pipelineAddress(pipeline), field: 'pipeline' },
    { address: teamAddress(team), field: 'team' },
  ],
  // Archiving a pipeline leaves its teams attached, and unarchiving it would give them everything back.
  goesWith: ({ pipeline }) => pipelineAddress(pipeline),

  source: 'GraphQL Team.pipelines.accessLevel',
  grants: ({ pipeline, team, level }) =>
    (['watches', 'builds', 'edits'] as const).flatMap((power, i) =>
      switched(
        level === undefined ? undefined : i < rank[level],
        power,
        teamAddress(team),
        pipelineAddress(pipeline),
        'level',
      ),
    ),
  asks: { graphql: [api.TeamPipelines] },
  async *read(buildkite) {
    for await (const team of buildkite.pages(api.TeamPipelines, {})) {
      const links = buildkite.more(team.pipelines, api.PipelinesOfTeam, {
        team: `${buildkite.organization}/${team.slug}`,
      })
      for await (const { id, uuid, accessLevel, pipeline } of links) {
        if (pipeline === null)
          throw incomplete('TeamPipelines', `a pipeline of team "${team.slug}" can't be seen`)
        const spec: Grant = { pipeline: pipeline.slug, team: team.slug, level: levelOf[accessLevel] }
        yield { key: keyOf(spec.pipeline, spec.team), id, uuid, spec }
      }
    }
  },

  operations: {
    // The level is always said: left out, it means another thing here than in `pipelineCreate`.
    create: ({ pipeline, team, level = 'read_only' }) => [
      call(api.GrantCreate, {
        teamID: idOf(teamAddress(team)),
        pipelineID: idOf(pipelineAddress(pipeline)),
        accessLevel: levels[level],
      }),
    ],
    update: ({ level = 'read_only' }, { id }) => [
      call(api.GrantUpdate, { id, accessLevel: levels[level] }, { evenClosed: true }),
    ],
    remove: ({ id }) => [call(api.GrantDelete, { id }, { evenClosed: true })],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? access(`team "${change.have.spec.team}" loses sight of it`)
      : access(`team "${change.want.team ?? ''}" ${may[change.want.level ?? 'read_only']}`),
})
