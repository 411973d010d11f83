import { describe, expect, test } from 'vitest'
import { providerOf, repositoryName } from '../../src/sandbox/provider.js'
import { ask, call } from './acme.js'
import { begun, denied, edited, id, mutate, opened, world } from './world.js'

const rest = '/v2/organizations/acme/pipelines/app'

describe('the provider of a repository', () => {
  test.each([
    ['git@github.com:acme/app.git', 'github', 'acme/app'],
    ['https://github.com/acme/app', 'github', 'acme/app'],
    ['ssh://git@ssh.github.com:443/acme/app.git', 'github', 'acme/app'],
    ['https://github.acme.test/acme/app.git', 'github_enterprise', 'acme/app'],
    ['git@bitbucket.org:acme/app.git', 'bitbucket', 'acme/app'],
    ['ssh://git@bitbucket.acme.test:7999/web/app.git', 'bitbucket_server', 'web/app'],
    ['git@gitlab.com:acme/sub/app.git', 'gitlab', 'acme/sub/app'],
    ['https://gitlab.acme.test/acme/app.git', 'gitlab_ee', 'acme/app'],
    ['https://git.acme.test/app', 'unknown', 'app'],
    ['nonsense', 'unknown', ''],
  ])('of %s is %s', (repository, id, name) => {
    const pipeline = { repository } as Parameters<typeof repositoryName>[0]
    expect([providerOf(pipeline).id, repositoryName(pipeline)]).toEqual([id, name])
  })
})

describe('provider settings', () => {
  test('begin as documented', async () => {
    const { body } = await call(world('create pipeline:app'), `GET ${rest}`)
    const { settings } = body.provider
    expect(body.provider.id).toBe('github')
    expect(Object.keys(settings).filter((name) => settings[name] === true)).toEqual([
      'build_branches',
      'build_pull_requests',
      'publish_commit_status',
      'skip_pull_request_builds_for_existing_commits',
      'prefix_pull_request_fork_branch_names',
    ])
    expect(settings).toMatchObject({
      trigger_mode: 'code',
      issue_comment_command_word: '/bk',
      repository: 'acme/app',
    })
  })

  test('change key by key over REST, and are read in GraphQL', async () => {
    const buildkite = world('create pipeline:app')
    const sent = { build_pull_requests: false, build_tags: true, issue_comment_match_mode: 'contains' }
    const { body } = await call(buildkite, `PATCH ${rest}`, { body: { provider_settings: sent } })
    expect(body.provider.settings).toMatchObject({ ...sent, build_branches: true })
    const again = await call(buildkite, `PATCH ${rest}`, {
      body: { provider_settings: { build_branches: false } },
    })
    expect(again.body.provider.settings).toMatchObject({ ...sent, build_branches: false })
    const query = `{ pipeline(slug: "acme/app") { repository { url provider { __typename name
      ... on RepositoryProviderGithub { settings { buildPullRequests buildTags issueCommentMatchMode githubWebhooksDisabled } } } } } }`
    expect((await ask(buildkite, query)).body.data.pipeline.repository).toEqual({
      url: 'git@github.com:acme/app.git',
      provider: {
        __typename: 'RepositoryProviderGithub',
        name: 'GitHub',
        settings: {
          buildPullRequests: false,
          buildTags: true,
          issueCommentMatchMode: 'CONTAINS',
          githubWebhooksDisabled: false,
        },
      },
    })
  })

  test.each([
    ['a text for a switch', { build_tags: 'yes' }],
    ['an unknown mode', { trigger_mode: 'sometimes' }],
    ['null for a switch', { build_tags: null }],
  ])('are refused with %s', async (_, provider_settings) => {
    const { status } = await call(world('create pipeline:app'), `PATCH ${rest}`, {
      body: { provider_settings },
    })
    expect(status).toBe(422)
  })

  test('that the provider does not have are passed over, and dropped with the provider', async () => {
    const buildkite = world('create pipeline:app provider_settings.trigger_mode=none')
    const { body } = await call(buildkite, `PATCH ${rest}`, {
      body: {
        repository: 'git@gitlab.com:acme/app.git',
        provider_settings: { build_pull_request_forks: true },
      },
    })
    expect(body.provider.id).toBe('gitlab')
    expect(body.provider.settings).not.toHaveProperty('trigger_mode')
    expect(body.provider.settings).not.toHaveProperty('build_pull_request_forks')
    const query =
      '{ pipeline(slug: "acme/app") { repository { provider { ... on RepositoryProviderGitlab { settings { filterEnabled filterCondition } } } } } }'
    expect((await ask(buildkite, query)).body.data.pipeline.repository.provider.settings).toEqual({
      filterEnabled: false,
      filterCondition: null,
    })
  })
})

describe('the webhook URL', () => {
  const state = begun('create pipeline:app', 'grant team:web pipeline:app read_only')
  const query = '{ pipeline(slug: "acme/app") { webhookURL repository { provider { webhookUrl } } } }'
  const urls = async (token: string, at = state) => {
    const { pipeline } = (await ask(opened(at), query, { token })).body.data
    const { body } = await call(opened(at), `GET ${rest}`, { token })
    return [pipeline.webhookURL, pipeline.repository.provider.webhookUrl, body.provider.webhook_url]
  }

  test('is told to who may edit the pipeline', async () => {
    const [one, two, three] = await urls('ada')
    expect(one).toMatch(/^https:\/\/webhook\.buildkite\.com\/deliver\/[0-9a-f]{50}$/)
    expect([two, three]).toEqual([one, one])
    expect(await urls('cat')).toEqual([null, null, ''])
    expect(await urls('cat', edited(state, 'grant team:web pipeline:app manage_build_and_read'))).toEqual([
      one,
      one,
      one,
    ])
  })

  test('becomes another one when it is rotated', async () => {
    const buildkite = opened(state)
    const input = { id: id(buildkite, 'pipelines', 'app') }
    const rotate = (token: string) =>
      mutate(buildkite, 'pipelineRotateWebhookURL', input, 'pipeline { webhookURL }', token)
    expect(await rotate('cat')).toBe(denied)
    const first = (await rotate('ada')).pipeline.webhookURL
    expect((await rotate('ada')).pipeline.webhookURL).not.toBe(first)
  })

  test('is not in the saved state', async () => {
    const [url] = await urls('ada')
    expect(opened(state).saved()).not.toContain(url.split('/').at(-1))
  })
})

describe('a webhook at the provider', () => {
  const make = (buildkite: ReturnType<typeof world>) =>
    mutate(
      buildkite,
      'pipelineCreateWebhook',
      { id: id(buildkite, 'pipelines', 'app') },
      'pipelineID pipeline { slug } webhook { externalId url }',
    )

  test('is made and deleted for GitHub', async () => {
    const buildkite = world('create pipeline:app')
    const { webhook } = await make(buildkite)
    expect(webhook.externalId).toBeTruthy()
    const input = { id: id(buildkite, 'pipelines', 'app'), repository: 'acme/app' }
    const remove = () =>
      mutate(buildkite, 'pipelineDeleteWebhook', input, 'deletedWebhookExternalId pipeline { slug }')
    expect(await remove()).toEqual({
      deletedWebhookExternalId: webhook.externalId,
      pipeline: { slug: 'app' },
    })
    expect(await remove()).toBe('No Webhook found')
  })

  test('is refused elsewhere', async () => {
    const buildkite = world('create pipeline:app repository=git@gitlab.com:acme/app.git')
    expect(await make(buildkite)).toBe(
      'Auto-creating webhooks is only supported for GitHub and GitHub Enterprise repositories',
    )
    const { status, body } = await call(buildkite, `POST ${rest}/webhook`)
    expect([status, body]).toEqual([
      422,
      { message: 'Auto-creating webhooks is not supported for your repository.' },
    ])
  })
})
