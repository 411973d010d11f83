import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, typed, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin } from '../rights.js'
import { created, gone, inOrganization, ok, read, type OrganizationRequest } from '../route.js'
import type { Organization, Pipeline, Rule } from '../rows.js'
import {
  at,
  ofCreator,
  ofOrganization,
  organizationById,
  organizationOf,
  pipelineBySlug,
  pipelineSeen,
} from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, there } from '../write.js'
import { personOf } from './user.js'

const actions = {
  'pipeline.trigger_build.pipeline': 'TRIGGER_BUILD',
  'pipeline.artifacts_read.pipeline': 'ARTIFACTS_READ',
} as const satisfies Record<Rule['type'], string>

/** @source Buildkite docs, "Rules overview": what conditions may ask about */
const variables: Record<Rule['type'], readonly RegExp[]> = {
  'pipeline.trigger_build.pipeline': [
    /^source\.build\.[a-z_.]+$/,
    /^target\.trigger\.(branch|commit|message)$/,
  ],
  'pipeline.artifacts_read.pipeline': [/^(source|target)\.build\.[a-z_.]+$/, /^source\.request\.query$/],
}

/** The real ones come without a place in the document, and one client's tests count on that. */
const no = (message: string) => new Refused(message, { located: false })

const typeOf = (type: string): Rule['type'] => {
  if (type in actions) return type as Rule['type']
  throw no('Rule type is unknown')
}

const checkCondition = (type: Rule['type'], condition: string) => {
  const code = condition.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|\/(\\.|[^/\\])+\/[a-z]*/g, '')
  for (const [name] of code.matchAll(/\b(?:source|target)(?:\.[A-Za-z_]\w*)+/g))
    if (!variables[type].some((known) => known.test(name)))
      throw no(`${type}: conditional is invalid:\n\`${name}\` is not a variable`)
}

type Value = Readonly<Record<string, unknown>>

const valueIn = (text: string): Value => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value
  } catch {
    // said below
  }
  throw no('Rule value must be a JSON object')
}

const ruled = (context: Context, organization: Organization, type: Rule['type'], value: Value) => {
  const pipeline = (key: 'source_pipeline' | 'target_pipeline'): Pipeline => {
    const named = value[key]
    if (typeof named !== 'string' || named === '') throw no(`${type}: missing ${key}`)
    const row = pipelineSeen(context, named) ?? pipelineBySlug(context, organization.uuid, named)
    if (row?.organization !== organization.uuid) throw no(`${type}: ${key} not found`)
    return row
  }
  const conditions = z.array(z.string()).safeParse(value['conditions'] ?? [])
  if (!conditions.success) throw no(`${type}: conditions must be a list of texts`)
  for (const condition of conditions.data) checkCondition(type, condition)
  return {
    source: pipeline('source_pipeline').uuid,
    target: pipeline('target_pipeline').uuid,
    conditions: conditions.data,
  }
}

const createRule = (
  context: Context,
  organization: Organization,
  type: Rule['type'],
  value: Value,
  description: string | null | undefined,
): Rule => {
  allow(isAdmin(context, organization.uuid))
  const wanted = ruled(context, organization, type, value)
  const taken = where(context.state.tables.rules, 'source', wanted.source).some(
    (row) => row.type === type && row.target === wanted.target,
  )
  if (context.switches.rulesUnique && taken) throw no(`${type}: rule already exists`)
  return make(context, 'rules', {
    organization: organization.uuid,
    type,
    description: description ?? null,
    ...wanted,
  })
}

const ruleSeen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.rules, uuid)
  return row && organizationSeen(context, (seen) => seen.uuid === row.organization) ? row : undefined
}

const ruleById = (context: Context, id: string) => there(ruleSeen(context, uuidIn('Rule', id)), 'Rule')

const deleteRule = (context: Context, row: Rule): void => {
  allow(isAdmin(context, row.organization))
  remove(context, 'rules', row)
}

const rulesOf = (context: Context, organization: string) =>
  newestFirst(where(context.state.tables.rules, 'organization', organization))

interface RulesArguments extends PageArguments {
  readonly action?: readonly string[] | null
  readonly sourceId?: string | null
  readonly targetId?: string | null
}

const end = (context: Context, uuid: string) => {
  const row = pipelineSeen(context, uuid)
  return row ? typed('Pipeline', row) : null
}

const documentOf = ({ type, source, target, conditions }: Rule) =>
  JSON.stringify(
    { rule: type, value: { source_pipeline: source, target_pipeline: target, conditions } },
    null,
    2,
  )

/** The list does not say under which conditions, or why. */
const body = ({ context, organization, base }: OrganizationRequest, row: Rule) => ({
  uuid: row.uuid,
  graphql_id: idOf('Rule', row.uuid),
  organization_uuid: organization.uuid,
  url: `${base}/rules/${row.uuid}`,
  type: row.type,
  source_type: 'pipeline',
  source_uuid: row.source,
  target_type: 'pipeline',
  target_uuid: row.target,
  effect: 'allow',
  action: actions[row.type].toLowerCase(),
  created_at: row.createdAt,
  created_by: personOf(context, row.createdBy),
})

const ruleAt = (request: OrganizationRequest): Rule =>
  at(request, ruleSeen(request.context, request.params['rule']), 'rule')

/** What one pipeline may do to another, across clusters and past everybody's permissions. */
export const rule: SandboxKind = {
  types: {
    Query: fields({
      rule: (_root, { uuid }: { readonly uuid: string }, context) => ruleSeen(context, uuid) ?? null,
    }),
    Organization: fields<Organization>({
      rules: ({ uuid }, { action, sourceId, targetId, ...page }: RulesArguments, context) => {
        const rows = rulesOf(context, uuid).filter(
          (row) =>
            (!action || action.includes(actions[row.type])) &&
            (!sourceId || row.source === uuidIn('Pipeline', sourceId)) &&
            (!targetId || row.target === uuidIn('Pipeline', targetId)),
        )
        return pageOf(context, rows, page)
      },
    }),
    Rule: fields<Rule>({
      action: ({ type }) => actions[type],
      createdBy: ofCreator,
      document: documentOf,
      effect: () => 'ALLOW',
      organization: ofOrganization,
      source: ({ source }, _args, context) => end(context, source),
      sourceType: () => 'PIPELINE',
      target: ({ target }, _args, context) => end(context, target),
      targetType: () => 'PIPELINE',
    }),
  },
  nodes: { Rule: ruleSeen },
  mutations: {
    ruleCreate: (
      input: {
        readonly organizationId: string
        readonly type: string
        readonly value: string
        readonly description?: string | null
      },
      context,
    ) => {
      const organization = organizationById(context, input.organizationId)
      const type = typeOf(input.type)
      return { rule: createRule(context, organization, type, valueIn(input.value), input.description) }
    },
    ruleUpdate: (
      input: { readonly id: string; readonly value: string; readonly description?: string | null },
      context,
    ) => {
      const row = ruleById(context, input.id)
      allow(isAdmin(context, row.organization))
      const wanted = ruled(context, organizationOf(context, row), row.type, valueIn(input.value))
      return { rule: change(context, 'rules', row, { ...wanted, description: input.description }) }
    },
    ruleDelete: ({ id }: { readonly id: string }, context) => {
      deleteRule(context, ruleById(context, id))
      return { deletedRuleId: id }
    },
  },
  routes: [
    inOrganization('GET', '/rules', 'read_rules', (request) =>
      restPage(rulesOf(request.context, request.organization.uuid), request.url, (row) => body(request, row)),
    ),
    inOrganization('POST', '/rules', 'write_rules', (request) => {
      const shape = z.object({
        type: z.string(),
        description: z.string().nullish(),
        value: z.record(z.string(), z.unknown()),
      })
      const { type, value, description } = read(shape, request.body)
      return created(
        body(request, createRule(request.context, request.organization, typeOf(type), value, description)),
      )
    }),
    inOrganization('GET', '/rules/:rule', 'read_rules', (request) => ok(body(request, ruleAt(request)))),
    inOrganization('DELETE', '/rules/:rule', 'write_rules', (request) => {
      deleteRule(request.context, ruleAt(request))
      return gone
    }),
  ],
}
