import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, denied, edited, id, mutate, opened, world } from './world.js'

type World = ReturnType<typeof world>

const create = (buildkite: World, input: object = {}, token?: string) =>
  mutate(
    buildkite,
    'pipelineTemplateCreate',
    {
      organizationId: id(buildkite, 'organizations', 'acme'),
      name: 'base',
      configuration: 'steps: [{ command: base }]',
      ...input,
    },
    'pipelineTemplate { id uuid name description configuration available updatedBy { email } }',
    token,
  )

const pipeline = (buildkite: World, input: object, token?: string) =>
  mutate(
    buildkite,
    'pipelineUpdate',
    { id: id(buildkite, 'pipelines', 'app'), allowRebuilds: true, ...input },
    'pipeline { steps { yaml } pipelineTemplate { name } }',
    token,
  )

describe('a template', () => {
  test('is not for everybody unless it is made so', async () => {
    const buildkite = world()
    const { pipelineTemplate } = await create(buildkite)
    expect(pipelineTemplate).toMatchObject({
      description: null,
      available: false,
      updatedBy: { email: 'ada@acme.test' },
    })
    const query = `{ pipelineTemplate(uuid: "${pipelineTemplate.uuid}") { name } organization(slug: "acme") { pipelineTemplates { count } } }`
    const seen = async (token: string) => (await ask(buildkite, query, { token })).body.data
    expect(await seen('ada')).toEqual({
      pipelineTemplate: { name: 'base' },
      organization: { pipelineTemplates: { count: 1 } },
    })
    expect(await seen('cat')).toEqual({
      pipelineTemplate: null,
      organization: { pipelineTemplates: { count: 0 } },
    })
  })

  test('is written by admins', async () => {
    expect(await create(world(), {}, 'bob')).toBe(denied)
  })

  test('takes the place of steps, which then are its own', async () => {
    const buildkite = world('create pipeline:app')
    await create(buildkite)
    const pipelineTemplateId = id(buildkite, 'templates', 'base')
    const assigned = await pipeline(buildkite, { pipelineTemplateId, steps: { yaml: '' } })
    expect(assigned.pipeline).toEqual({
      steps: { yaml: 'steps: [{ command: base }]' },
      pipelineTemplate: { name: 'base' },
    })
    expect(await pipeline(buildkite, { steps: { yaml: 'steps: []' } })).toMatch(
      'while a pipeline template is assigned',
    )
    const changed = {
      organizationId: id(buildkite, 'organizations', 'acme'),
      id: pipelineTemplateId,
      configuration: 'steps: [{ command: new }]',
    }
    await mutate(buildkite, 'pipelineTemplateUpdate', changed, 'pipelineTemplate { id }')
    expect((await pipeline(buildkite, {})).pipeline.steps.yaml).toBe('steps: [{ command: new }]')
    const freed = await pipeline(buildkite, { pipelineTemplateId: null, steps: { yaml: 'steps: []' } })
    expect(freed.pipeline).toEqual({ steps: { yaml: 'steps: []' }, pipelineTemplate: null })
  })

  test('is assigned by others only if it is available', async () => {
    const buildkite = world('create pipeline:app', 'grant team:web pipeline:app manage_build_and_read')
    const { pipelineTemplate } = await create(buildkite)
    const assign = () => pipeline(buildkite, { pipelineTemplateId: pipelineTemplate.id }, 'cat')
    expect(await assign()).toBe(denied)
    const input = { organizationId: id(buildkite, 'organizations', 'acme'), id: pipelineTemplate.id }
    await mutate(
      buildkite,
      'pipelineTemplateUpdate',
      { ...input, available: true },
      'pipelineTemplate { id }',
    )
    expect(await assign()).toHaveProperty('pipeline')
  })

  test('stays while a pipeline uses it', async () => {
    const buildkite = world('create pipeline:app')
    const { pipelineTemplate } = await create(buildkite)
    await pipeline(buildkite, { pipelineTemplateId: pipelineTemplate.id })
    const input = { organizationId: id(buildkite, 'organizations', 'acme'), id: pipelineTemplate.id }
    const remove = () => mutate(buildkite, 'pipelineTemplateDelete', input, 'deletedPipelineTemplateId')
    expect(await remove()).toMatch('still assigned')
    await pipeline(buildkite, { pipelineTemplateId: null, steps: { yaml: 'steps: []' } })
    expect(await remove()).toEqual({ deletedPipelineTemplateId: pipelineTemplate.id })
  })

  test('can be required', async () => {
    const state = edited(begun('create pipeline:app'), 'set organization template_requirement=new_pipelines')
    const buildkite = opened(state)
    const input = {
      organizationId: id(buildkite, 'organizations', 'acme'),
      name: 'x',
      repository: { url: 'git@github.com:acme/x.git' },
      steps: { yaml: 'steps: []' },
    }
    expect(await mutate(buildkite, 'pipelineCreate', input, 'pipeline { id }')).toMatch('is required')
    expect(await pipeline(buildkite, { steps: { yaml: 'steps: []' } })).toMatch(
      'only be changed by a pipeline template',
    )
    const { pipelineTemplate } = await create(buildkite)
    const templated = { ...input, steps: { yaml: '' }, pipelineTemplateId: pipelineTemplate.id }
    expect(
      await mutate(
        buildkite,
        'pipelineCreate',
        templated,
        'pipeline { steps { yaml } } pipelineTemplate { name }',
      ),
    ).toEqual({
      pipeline: { steps: { yaml: 'steps: [{ command: base }]' } },
      pipelineTemplate: { name: 'base' },
    })
  })

  test('is kept over REST too', async () => {
    const buildkite = world()
    const path = '/v2/organizations/acme/pipeline-templates'
    const body = { name: 'base', configuration: 'steps: []' }
    expect((await call(buildkite, `POST ${path}`, { body: { name: 'x' } })).status).toBe(422)
    const made = await call(buildkite, `POST ${path}`, { body })
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...body, available: false })])
    const changed = await call(buildkite, `PATCH ${path}/${made.body.uuid}`, { body: { available: true } })
    expect(changed.body).toMatchObject({ ...body, available: true })
    expect((await call(buildkite, `GET ${path}`, { token: 'cat' })).body).toHaveLength(1)
    expect((await call(buildkite, `DELETE ${path}/${made.body.uuid}`, { token: 'cat' })).status).toBe(403)
    expect((await call(buildkite, `DELETE ${path}/${made.body.uuid}`)).status).toBe(204)
  })
})
