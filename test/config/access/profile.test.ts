import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../../src/config/declaration.js'
import { filesOf } from '../../support/files.js'
import { errorsIn, fresh } from '../../support/ground.js'

/** A pipeline as it is wanted in the privileged cluster, by what is written of it. */
const wantedOf = (pipeline: string, defaults = '{}', ofFile = '{}') => {
  const { wanted, findings } = readDeclaration(
    filesOf({
      'bridle.yaml': `organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
defaults: { pipelines: ${ofFile} }
clusters:
  general: {}
  production: { allow: { teams: [] }, pipeline_defaults: ${defaults} }
pipelines:
  web: ${pipeline}
`,
    }),
    'bridle.yaml',
  )
  expect(findings).toEqual([])
  return wanted!.wants.find(({ address }) => address === 'pipeline:web')!
}

const github = {
  build_pull_requests: false,
  build_pull_request_forks: false,
  prefix_pull_request_fork_branch_names: true,
  build_issue_comment_created: false,
  build_pull_request_review_comment_created: false,
  build_pull_request_review_requested: false,
  build_pull_request_review_submitted: false,
  build_pull_request_review_dismissed: false,
  build_pull_request_labels_changed: false,
  build_check_run_completed: false,
  build_deployment_status_created: false,
  build_release_created: false,
  build_release_published: false,
  build_release_released: false,
}

describe('in a privileged cluster', () => {
  test('the safe profile is wanted even where it is unwritten, and stands at the allow', () => {
    const { spec, spans } = wantedOf('{ cluster: production, repository: "git@github.com:acme/web.git" }')
    expect(spec).toMatchObject({ allow_rebuilds: false, provider_settings: github })
    for (const field of ['allow_rebuilds', 'provider_settings'])
      expect(spans[field]).toMatchObject({ line: 6, column: 17, length: 5 })
    expect(spans['repository']).toMatchObject({ line: 8 })
  })

  test.each([
    ['https://github.com/acme/web.git', github],
    ['git@gitlab.com:acme/web.git', { build_pull_requests: false }],
    ['https://bitbucket.org/acme/web.git', { build_pull_requests: false }],
    ['git@git.acme.test:web.git', undefined],
  ])('only what the Git host of %s is known to offer', (repository, settings) => {
    const { spec } = wantedOf(`{ cluster: production, repository: "${repository}" }`)
    expect(spec['allow_rebuilds']).toBe(false)
    expect(spec['provider_settings']).toEqual(settings)
  })

  test('what a person writes wins, at the pipeline, in the cluster or in the file, and only that', () => {
    const url = 'repository: "git@github.com:acme/web.git"'
    const own = wantedOf(
      `{ cluster: production, ${url}, allow_rebuilds: true, provider_settings: { build_release_created: true, build_tags: true } }`,
    )
    expect(own.spec).toMatchObject({
      allow_rebuilds: true,
      provider_settings: { ...github, build_release_created: true, build_tags: true },
    })
    expect(own.spans['allow_rebuilds']).toMatchObject({ line: 8 })
    const kept = wantedOf(`{ cluster: production, ${url} }`, '{ allow_rebuilds: true }')
    expect(kept.spec['allow_rebuilds']).toBe(true)
    expect(kept.spans['allow_rebuilds']).toMatchObject({ line: 6, column: 76 })
    const ofFile = wantedOf(
      `{ ${url} }`,
      '{}',
      '{ cluster: production, provider_settings: { build_pull_requests: true } }',
    )
    expect(ofFile.spec['provider_settings']).toEqual({ ...github, build_pull_requests: true })
    expect(ofFile.spec['allow_rebuilds']).toBe(false)
  })

  test('nothing of it is wanted elsewhere', () => {
    const { spec } = wantedOf('{ cluster: general, repository: "git@github.com:acme/web.git" }')
    expect(spec).not.toHaveProperty('allow_rebuilds')
    expect(spec).not.toHaveProperty('provider_settings')
    expect(wantedOf('{ repository: x }').spec).not.toHaveProperty('allow_rebuilds')
  })

  test('an empty map says "none" of it, and null takes one away', () => {
    const url = 'repository: "git@github.com:acme/web.git"'
    expect(
      wantedOf(`{ cluster: production, ${url}, provider_settings: {} }`).spec['provider_settings'],
    ).toEqual({})
    expect(wantedOf(`{ cluster: production, ${url}, allow_rebuilds: null }`).spec).not.toHaveProperty(
      'allow_rebuilds',
    )
  })

  test('pipelines that were there before are brought to it, and then nothing is left to plan', async () => {
    const ground = fresh()
    const hosts = ['github.com', 'gitlab.com', 'bitbucket.org', 'git.acme.test']
    const pipelines = Object.fromEntries(
      hosts.map((host, index) => [
        `web-${index}`,
        { cluster: 'production', repository: `git@${host}:acme/web.git`, steps: 'steps: []' },
      ]),
    )
    const open = { organization: 'acme', clusters: { production: {} }, pipelines }
    await ground.apply(open)
    const closed = {
      ...open,
      trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
      clusters: { production: { allow: { teams: [] } } },
    }
    const before = await ground.plan(closed)
    expect(before.plan!.changes.map(({ address }) => address)).toEqual(
      [0, 1, 2, 3].map((n) => `pipeline:web-${n}`),
    )
    const applied = await ground.apply(closed)
    expect(errorsIn(applied)).toEqual([])
    const after = await ground.plan(closed)
    expect(errorsIn(after)).toEqual([])
    expect(after.plan!.changes).toEqual([])
  })
})
