import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import type { ScheduleFragment } from '../../../graphql/generated/documents.js'
import type { Reader } from '../../../graphql/operation.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import type { Live } from '../../model/live.js'
import { idOf } from '../../model/ref.js'
import { access, outage, safe } from '../../model/risk.js'
import { call } from '../call.js'
import { defineKind, type Scope } from '../kind.js'
import { numbered } from './nth.js'
import { userAddress } from './user.js'

const written = z
  .strictObject({
    cronline: z.string().min(1).optional().meta({
      description: 'When: "0 3 * * *", with a time zone after it if it is not UTC, or @daily and the like.',
    }),
    message: z.string().nullable().optional(),
    commit: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'HEAD of the branch, where nothing is written.' }),
    branch: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The pipeline’s default branch, where nothing is written.' }),
    env: z
      .record(z.string().min(1), z.string())
      .optional()
      .meta({ description: 'The environment of its builds.' }),
    enabled: z.boolean().optional(),
  })
  .meta({ title: 'Schedule' })

type Written = z.infer<typeof written>

export type Schedule = Written & {
  readonly pipeline: string
  readonly label: string
  /** Where there are several of one label, which one: the second is 2. */
  readonly nth?: number | undefined
  /** Read, and never written: the email of whoever made it. */
  readonly created_by?: string | null | undefined
}

const pipelineAddress = (slug: string) => addressOf('pipeline', slug)

const keyOfSchedule = ({ pipeline, label, nth }: Schedule) =>
  keyOf(pipeline, label, ...(nth === undefined ? [] : [String(nth)]))

/** One `NAME=value` a line. */
const lines = (env: Schedule['env']) =>
  env &&
  Object.entries(env)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

const readEnv = (env: readonly string[] | null): Record<string, string> =>
  Object.fromEntries((env ?? []).map((line) => [line.replace(/=.*$/s, ''), line.replace(/^[^=]*=?/, '')]))

const words = /^(?:@(?:hourly|daily|midnight|weekly|monthly|yearly|annually)|\S+(?: +\S+){4})(?: +\S+)?$/

/** The pipelines with schedules that are looked at: all, or those of some clusters. */
async function* pipelinesIn(buildkite: Reader, scope: Scope | undefined) {
  if (scope === undefined) yield* buildkite.pages(api.Schedules, {})
  else
    for await (const { id, name } of buildkite.pages(api.Clusters, {}))
      if (scope.clusters.has(name)) yield* buildkite.pages(api.ClusterSchedules, { cluster: id })
}

/** The schedules of one pipeline, as they are there. */
export const schedulesIn = (pipeline: string, rows: readonly ScheduleFragment[]): Live<Schedule>[] =>
  numbered(rows, ({ label }) => label).map(({ row, nth }) => {
    const spec: Schedule = {
      pipeline,
      label: row.label,
      ...(nth === undefined ? {} : { nth }),
      cronline: row.cronline,
      message: row.message,
      commit: row.commit ?? '',
      branch: row.branch ?? '',
      env: readEnv(row.env),
      enabled: row.enabled ?? undefined,
      created_by: row.createdBy?.email ?? null,
    }
    return { key: keyOfSchedule(spec), id: row.id, uuid: row.uuid, spec }
  })

/** Builds that start by themselves, as nobody's. */
export const schedule = defineKind<Schedule, Written>({
  name: 'schedule',
  plural: 'schedules',
  provider: 'buildkite',
  place: ['pipelines', '*', 'schedules', '*'],
  sparing: 'closely',
  written,
  spec: ([pipeline = '', label = ''], written) => ({ ...written, pipeline, label }),
  identity: ['pipeline', 'label', 'nth'],
  key: keyOfSchedule,
  requires: ['cronline'],
  atCreation: () => ({ enabled: true }), // Buildkite's own default, said aloud
  plantable: ['commit', 'env', 'branch', 'message'],
  dependencies: ({ pipeline }) => [{ address: pipelineAddress(pipeline), field: 'pipeline' }],
  check: ({ cronline, env }) => [
    ...(cronline === undefined || (words.test(cronline) && !cronline.includes('~'))
      ? []
      : [
          {
            field: 'cronline' as const,
            what: `"${cronline}" is no time that Buildkite can read`,
            why: 'it takes five fields, or @hourly, @daily, @weekly, @monthly, @yearly, each with a time zone after it or none; `~` it does not take',
            fix: 'write it like "0 3 * * *" or "0 3 * * * Europe/Berlin"',
          },
        ]),
    ...Object.entries(env ?? {})
      .filter(([name, value]) => /[\r\n=]/.test(name) || /[\r\n]/.test(value))
      .slice(0, 1)
      .map(([name]) => ({
        field: 'env' as const,
        what: `the variable "${name}" of a schedule can't be said to Buildkite`,
        why: 'variables are sent as a text with one to a line, so no name holds a "=" and no value a line end',
        fix: 'take it out, and set it in the steps',
      })),
  ],
  source: 'GraphQL Pipeline.schedules',
  grants: ({ pipeline, label, enabled, created_by }) =>
    switched(
      enabled === true ? true : undefined, // switched off, it waits for somebody to switch it on
      'scheduled',
      created_by ? userAddress(created_by) : addressOf('organization'),
      pipelineAddress(pipeline),
      'createdBy',
      label,
    ),

  asks: { graphql: [api.Schedules], closely: [api.ClusterSchedules] },
  async *read(buildkite, scope) {
    const seen = new Set<string>()
    const path = (slug: string) => ({ pipeline: `${buildkite.organization}/${slug}` })
    for await (const { slug, schedules } of pipelinesIn(buildkite, scope)) {
      seen.add(slug)
      const rows = []
      for await (const row of buildkite.more(schedules, api.SchedulesOfPipeline, path(slug))) rows.push(row)
      yield* schedulesIn(slug, rows)
    }
    for (const slug of scope?.pipelines ?? []) {
      if (seen.has(slug)) continue
      const rows = []
      for await (const row of buildkite.pages(api.SchedulesOfPipeline, path(slug))) rows.push(row)
      yield* schedulesIn(slug, rows)
    }
  },

  operations: {
    create: ({ pipeline, label, env, cronline, message, commit, branch, enabled }) => [
      call(api.ScheduleCreate, {
        pipelineID: idOf(pipelineAddress(pipeline)),
        label,
        cronline,
        message,
        commit,
        branch,
        env: lines(env),
        enabled,
      }),
    ],
    update: ({ env, cronline, message, commit, branch, enabled }, { id }) => [
      call(api.ScheduleUpdate, { id, cronline, message, commit, branch, env: lines(env), enabled }),
    ],
    remove: ({ id }) => [call(api.ScheduleDelete, { id })],
  },

  risk: (change) => {
    if (change.verb === 'remove' || change.want.enabled === false)
      return outage('no builds are started by it any more')
    const { enabled, env, commit, branch } = change.want
    if (change.verb === 'create' || enabled === true) return access('builds start by themselves')
    return env !== undefined || commit !== undefined || branch !== undefined
      ? access('what it starts changes')
      : safe
  },
})
