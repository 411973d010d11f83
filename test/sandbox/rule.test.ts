import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, denied, id, mutate, opened, row, world } from './world.js'

type World = ReturnType<typeof world>

const state = begun('create pipeline:app', 'create pipeline:deploy')
const trigger = 'pipeline.trigger_build.pipeline'
const artifacts = 'pipeline.artifacts_read.pipeline'
const pair = { source_pipeline: 'app', target_pipeline: 'deploy' }

const create = (buildkite: World, type: string, value: object | string, token?: string) =>
  mutate(
    buildkite,
    'ruleCreate',
    {
      organizationId: id(buildkite, 'organizations', 'acme'),
      type,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      description: 'why',
    },
    `rule { id uuid type action effect sourceType targetType description document
      source { ... on Pipeline { slug } } target { ... on Pipeline { slug } } }`,
    token,
  )

describe('a rule', () => {
  test('names two pipelines by slug or uuid, and says so in a document', async () => {
    const buildkite = opened(state)
    const source = row(buildkite, 'pipelines', 'app').uuid
    const target = row(buildkite, 'pipelines', 'deploy').uuid
    const conditions = ["source.build.branch == 'main'", 'target.trigger.message != "source.nonsense"']
    const value = { source_pipeline: source, target_pipeline: 'deploy', conditions }
    const { rule } = await create(buildkite, trigger, value)
    expect(rule).toMatchObject({
      type: trigger,
      action: 'TRIGGER_BUILD',
      effect: 'ALLOW',
      sourceType: 'PIPELINE',
      targetType: 'PIPELINE',
      description: 'why',
      source: { slug: 'app' },
      target: { slug: 'deploy' },
    })
    expect(JSON.parse(rule.document)).toEqual({
      rule: trigger,
      value: { source_pipeline: source, target_pipeline: target, conditions },
    })
  })

  test.each([
    ['an unknown type', 'pipeline.read.pipeline', pair, 'Rule type is unknown'],
    ['no source', trigger, { target_pipeline: 'app' }, `${trigger}: missing source_pipeline`],
    ['no target', trigger, { source_pipeline: 'app' }, `${trigger}: missing target_pipeline`],
    [
      'a source that is not there',
      trigger,
      { ...pair, source_pipeline: 'x' },
      `${trigger}: source_pipeline not found`,
    ],
    [
      'a condition on nothing',
      trigger,
      { ...pair, conditions: ['source.nonexistent_condition'] },
      `${trigger}: conditional is invalid:\n\`source.nonexistent_condition\` is not a variable`,
    ],
    [
      'a condition of the other type',
      artifacts,
      { ...pair, conditions: ['target.trigger.branch == "main"'] },
      `${artifacts}: conditional is invalid:\n\`target.trigger.branch\` is not a variable`,
    ],
    ['a value that is no object', trigger, '[]', 'Rule value must be a JSON object'],
  ])('is refused with %s, and no place is named', async (_, type, value, message) => {
    const buildkite = opened(state)
    expect(await create(buildkite, type, value)).toBe(message)
    const query = `mutation { ruleCreate(input: { organizationId: "${id(buildkite, 'organizations', 'acme')}", type: "x", value: "{}" }) { rule { id } } }`
    expect((await ask(buildkite, query)).body.errors).toEqual([{ message: 'Rule type is unknown' }])
  })

  test('is made, changed and deleted by admins; its type stays', async () => {
    const buildkite = opened(state)
    expect(await create(buildkite, trigger, pair, 'bob')).toBe(denied)
    const { rule } = await create(buildkite, artifacts, pair)
    const input = { organizationId: id(buildkite, 'organizations', 'acme'), id: rule.id }
    const value = JSON.stringify({ ...pair, conditions: ["source.request.query == 'x'"] })
    const update = (token?: string) =>
      mutate(
        buildkite,
        'ruleUpdate',
        { ...input, value, description: null },
        'rule { type description document }',
        token,
      )
    expect(await update('bob')).toBe(denied)
    expect((await update()).rule).toMatchObject({
      type: artifacts,
      description: null,
      document: expect.stringContaining('query'),
    })
    const remove = () => mutate(buildkite, 'ruleDelete', input, 'deletedRuleId')
    expect(await remove()).toEqual({ deletedRuleId: rule.id })
    expect(await remove()).toBe('No Rule found')
  })

  test('may say what another says, unless it may not', async () => {
    for (const rulesUnique of [false, true]) {
      const buildkite = opened(state, { rulesUnique })
      await create(buildkite, trigger, pair)
      expect(typeof (await create(buildkite, trigger, pair))).toBe(rulesUnique ? 'string' : 'object')
    }
  })

  test('stays without its pipeline only where rules do, and then names nothing', async () => {
    const buildkite = opened(state, { rulesFollowPipelines: false })
    await create(buildkite, trigger, pair)
    await call(buildkite, 'DELETE /v2/organizations/acme/pipelines/app')
    const { body } = await ask(
      buildkite,
      '{ organization(slug: "acme") { rules { edges { node { source { __typename } target { ... on Pipeline { slug } } } } } } }',
    )
    expect(body.data.organization.rules.edges).toEqual([
      { node: { source: null, target: { slug: 'deploy' } } },
    ])
  })

  test('is found by what it does and between which pipelines', async () => {
    const buildkite = opened(state)
    await create(buildkite, trigger, pair)
    await create(buildkite, artifacts, { source_pipeline: 'deploy', target_pipeline: 'app' })
    const count = async (args: string) =>
      (await ask(buildkite, `{ organization(slug: "acme") { rules(${args}) { count } } }`)).body.data
        .organization.rules.count
    const app = id(buildkite, 'pipelines', 'app')
    expect(await count('action: [TRIGGER_BUILD]')).toBe(1)
    expect(await count(`sourceId: "${app}"`)).toBe(1)
    expect(await count(`sourceId: "${app}", targetId: "${app}"`)).toBe(0)
  })

  test('over REST does not say its conditions, and cannot be changed', async () => {
    const buildkite = opened(state)
    const path = '/v2/organizations/acme/rules'
    const value = { ...pair, conditions: ["source.build.branch == 'main'"] }
    const made = await call(buildkite, `POST ${path}`, { body: { type: trigger, value } })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      type: trigger,
      action: 'trigger_build',
      effect: 'allow',
      source_type: 'pipeline',
    })
    expect(JSON.stringify((await call(buildkite, `GET ${path}`)).body)).not.toContain('branch')
    expect((await call(buildkite, `PATCH ${path}/${made.body.uuid}`, { body: {} })).status).toBe(404)
    expect((await call(buildkite, `DELETE ${path}/${made.body.uuid}`)).status).toBe(204)
  })
})
