import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import { organizationId, uuidOf } from '../../model/ref.js'
import { access } from '../../model/risk.js'
import { call } from '../call.js'
import { defineKind } from '../kind.js'
import { numbered } from './nth.js'

const types = ['pipeline.trigger_build.pipeline', 'pipeline.artifacts_read.pipeline'] as const

const written = z
  .strictObject({
    type: z
      .enum(types)
      .meta({ description: 'What the source may do: start the target, or read its artifacts.' }),
    source_pipeline: z.string().min(1).meta({ description: 'The pipeline that may do it.' }),
    target_pipeline: z.string().min(1).meta({ description: 'The pipeline that it is done to.' }),
    conditions: z
      .array(z.string().min(1))
      .optional()
      .meta({ description: 'All of them have to hold. None: always.' }),
    description: z.string().nullable().optional(),
  })
  .meta({ title: 'Rule' })

type Written = z.infer<typeof written>

export type Rule = Omit<Written, 'type'> & {
  /** As read, it may be one that bridle does not know. */
  readonly type: string
  /** Where there are several for the same two pipelines, which one: the second is 2. */
  readonly nth?: number | undefined
}

/** Where a rule is about something that is no pipeline, or none that was read: no slug is like it. */
const unseen = '?'

const pipelineAddress = (slug: string) => addressOf('pipeline', slug)

/** `pipeline.trigger_build.pipeline` is about pipelines on both sides, so people say `trigger_build`. */
const shortOf = (type: string) => /^pipeline\.(\w+)\.pipeline$/.exec(type)?.[1] ?? type

/** Conditions close nothing, as they never see the environment; but who accepts a rule has seen them. */
const holding = (conditions: readonly string[] | undefined) =>
  conditions === undefined
    ? 'if what could not be read'
    : conditions.length === 0
      ? undefined
      : `if ${[...conditions].sort().join(' and ')}`

const keyOfRule = ({ type, source_pipeline, target_pipeline, nth }: Rule) =>
  keyOf(shortOf(type), source_pipeline, target_pipeline, ...(nth === undefined ? [] : [String(nth)]))

/** The whole of it: what an update leaves out is gone. */
const value = ({ source_pipeline, target_pipeline, conditions = [] }: Rule) => ({
  $json: {
    source_pipeline: uuidOf(pipelineAddress(source_pipeline)),
    target_pipeline: uuidOf(pipelineAddress(target_pipeline)),
    conditions,
  },
})

/** What one pipeline may do to another, although the people and teams behind it may not. */
export const rule = defineKind<Rule, Written>({
  name: 'rule',
  plural: 'rules',
  provider: 'buildkite',
  place: ['rules', '*'],
  listed: true,
  sparing: true,
  written,
  spec: (_names, written) => written,
  identity: ['type', 'source_pipeline', 'target_pipeline', 'nth'],
  key: keyOfRule,
  atCreation: () => ({ conditions: [] }),
  dependencies: ({ source_pipeline, target_pipeline }) => [
    { address: pipelineAddress(source_pipeline), field: 'source_pipeline' },
    { address: pipelineAddress(target_pipeline), field: 'target_pipeline' },
  ],
  cannot: (differ, { spec }, { source_pipeline, target_pipeline }) =>
    differ.description !== undefined && differ.conditions === undefined && spec.conditions === undefined
      ? [
          {
            code: 'unreadable-field',
            field: 'conditions',
            what: `the conditions of the rule from "${source_pipeline}" to "${target_pipeline}" could not be read, and every change of a rule has to say them`,
            why: 'a rule that loses a condition allows what it forbade',
            fix: 'write `conditions`',
          },
        ]
      : [],
  diff: {
    conditions: (want, have) =>
      have !== undefined && [...want].sort().join('\n') === [...have].sort().join('\n'),
  },
  source: 'GraphQL Organization.rules',
  grants: ({ type, source_pipeline, target_pipeline, conditions }) => {
    const [trigger, artifacts] = types
    const isSeen = source_pipeline !== unseen && target_pipeline !== unseen
    // A type that bridle does not know may be either.
    const is = (one: string) =>
      types.some((known) => known === type) ? type === one && (isSeen || undefined) : undefined
    const rest = [
      pipelineAddress(source_pipeline),
      pipelineAddress(target_pipeline),
      'type',
      holding(conditions),
    ] as const
    return [
      ...switched(is(trigger), 'triggers', ...rest),
      ...switched(is(artifacts), 'reads-artifacts', ...rest),
    ]
  },

  asks: { graphql: [api.Rules] },
  async *read(buildkite) {
    const rules: { id: string; uuid: string; spec: Rule }[] = []
    for await (const { id, uuid, source, target, ...row } of buildkite.pages(api.Rules, {})) {
      const { type, effect, description, document } = row
      rules.push({
        id,
        uuid,
        spec: {
          type: effect === 'ALLOW' ? type : `${type} (${String(effect)})`,
          source_pipeline: source?.slug ?? unseen,
          target_pipeline: target?.slug ?? unseen,
          conditions: conditionsIn(document),
          description,
        },
      })
    }
    for (const { row, nth } of numbered(rules, ({ spec }) => keyOfRule(spec))) {
      const spec: Rule = nth === undefined ? row.spec : { ...row.spec, nth }
      yield { key: keyOfRule(spec), id: row.id, uuid: row.uuid, spec }
    }
  },

  operations: {
    create: (want) => [
      call(api.RuleCreate, {
        organizationId,
        type: want.type,
        value: value(want),
        description: want.description,
      }),
    ],
    update: (want, { id, spec }) => [
      call(api.RuleUpdate, {
        organizationId,
        id,
        value: value({ ...spec, ...want }),
        description: want.description === undefined ? spec.description : want.description,
      }),
    ],
    remove: ({ id }) => [call(api.RuleDelete, { organizationId, id })],
  },

  risk: (change) => {
    if (change.verb === 'remove')
      return access('what its conditions forbade may be allowed without it, and what it allowed is not')
    const { type = '', source_pipeline = '', target_pipeline = '' } = change.want
    return access(
      shortOf(type) === 'trigger_build'
        ? `whoever decides what "${source_pipeline}" does may start "${target_pipeline}", with any environment`
        : `"${source_pipeline}" may read what "${target_pipeline}" has built`,
    )
  },
})

/**
 * The conditions in a rule's document: `{ rule, value: { source_pipeline, target_pipeline, conditions } }` as JSON.
 *
 * @returns undefined where it does not say
 * @source API reference §4.14
 */
const conditionsIn = (document: string | null): string[] | undefined => {
  const { value } = objectIn(parsed(document ?? ''))
  const listed = objectIn(value)['conditions'] ?? []
  return value !== undefined && Array.isArray(listed) && listed.every((one) => typeof one === 'string')
    ? listed
    : undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
