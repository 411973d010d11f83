import { expect, test } from 'vitest'
import {
  startsOf,
  takesWebhooks,
  type GitEvent,
  type Starting,
} from '../../src/kinds/buildkite/pipeline-starts.js'
import type { ProviderSettings } from '../../src/kinds/buildkite/provider-settings.js'

const github = 'git@github.com:acme/web.git'
const whole: ProviderSettings = Object.fromEntries(
  [
    'build_branches',
    'build_tags',
    'build_create_event',
    'build_pull_requests',
    'build_pull_request_forks',
    'build_pull_request_labels_changed',
    'build_pull_request_review_requested',
    'build_pull_request_review_submitted',
    'build_pull_request_review_dismissed',
    'build_pull_request_review_comment_created',
    'build_issue_comment_created',
    'build_merge_group_checks_requested',
    'build_check_run_completed',
    'build_deployment_status_created',
    'build_release_created',
    'build_release_published',
    'build_release_released',
  ].map((key) => [key, false]),
)

const everyEvent: readonly GitEvent[] = [
  'push',
  'tag',
  'create',
  'pull-request',
  'fork',
  'comment',
  'review',
  'label',
  'release',
  'check-run',
  'deployment',
  'merge-group',
]

const told = (starting: Starting) =>
  [...startsOf(starting)].flatMap(([event, is]) => (is === false ? [] : is === true ? event : `${event}?`))

/** As it is read from GitHub with every switch off, and these on. */
const live = (settings: ProviderSettings, more: Partial<Starting> = {}): Starting => ({
  repository: github,
  provider: 'github',
  provider_settings: { ...whole, trigger_mode: 'code', ...settings },
  ...more,
})

test.each<[string, Starting, string[]]>([
  ['all off', live({}), []],
  ['pushes', live({ build_branches: true }), ['push']],
  ['tags', live({ build_tags: true }), ['tag']],
  ['pull requests without forks', live({ build_pull_requests: true }), ['pull-request']],
  [
    'pull requests with forks',
    live({ build_pull_requests: true, build_pull_request_forks: true }),
    ['pull-request', 'fork'],
  ],
  ['forks without pull requests', live({ build_pull_request_forks: true }), []],
  ['comments on issues', live({ build_issue_comment_created: true }), ['comment']],
  ['comments on reviews', live({ build_pull_request_review_comment_created: true }), ['comment']],
  ['reviews', live({ build_pull_request_review_submitted: true }), ['review']],
  ['labels', live({ build_pull_request_labels_changed: true }), ['label']],
  ['releases', live({ build_release_created: true }), ['release']],
  ['check runs', live({ build_check_run_completed: true }), ['check-run']],
  ['merge groups', live({ build_merge_group_checks_requested: true }), ['merge-group']],
  ['created refs', live({ build_create_event: true }), ['create']],
  ['deployments', live({ build_deployment_status_created: true }), ['deployment']],
  ['no mode starts nothing', live({ trigger_mode: 'none', build_branches: true }), []],
  ['the mode of forks', live({ trigger_mode: 'fork' }), ['fork']],
  ...[null, 'everything'].map((mode): [string, Starting, string[]] => [
    `a mode that is ${String(mode)} may be any`,
    live({ trigger_mode: mode as never }),
    ['fork?', 'deployment?'],
  ]),
  ...[
    ['comment', 'build_issue_comment_created'],
    ['review', 'build_pull_request_review_requested'],
    ['label', 'build_pull_request_labels_changed'],
  ].map(([event = '', key = '']): [string, Starting, string[]] => [
    `a ${event} may build the head of a fork, though pull requests are not built`,
    live({ build_pull_request_forks: true, [key]: true }),
    ['fork?', event],
  ]),
  [
    'what another mode does to pushes, nobody says',
    live({ trigger_mode: 'deployment', build_branches: true }),
    ['push?', 'deployment'],
  ],
])('GitHub: %s', (_name, starting, events) => {
  expect(told(starting)).toEqual(events)
})

test.each<[string, Starting, string[]]>([
  [
    'GitLab has no switch for forks, so they may be among its merge requests',
    {
      repository: 'https://gitlab.com/acme/web',
      provider: 'gitlab',
      provider_settings: { build_branches: true, build_tags: false, build_pull_requests: true },
    },
    ['push', 'pull-request', 'fork?'],
  ],
  [
    'and no forks where it builds none',
    {
      repository: 'https://gitlab.com/acme/web',
      provider: 'gitlab',
      provider_settings: { build_branches: true, build_tags: false, build_pull_requests: false },
    },
    ['push'],
  ],
  [
    'a switch that GitHub has and did not tell is unknown',
    live({ build_pull_requests: true }, { provider_settings: { build_pull_requests: true } }),
    everyEvent.map((event) => `${event}?`),
  ],
  [
    'in a file, what is unwritten is as in a new pipeline',
    { repository: github, provider_settings: { build_pull_request_forks: true } },
    ['push', 'pull-request', 'fork'],
  ],
  [
    'a file says nothing of a host that has no such switch',
    {
      repository: 'https://gitlab.com/acme/web',
      provider_settings: {
        build_pull_requests: true,
        build_pull_request_forks: false,
        build_issue_comment_created: true,
        trigger_mode: 'none',
      },
    },
    ['push', 'pull-request', 'fork?'],
  ],
  [
    'nor of one that nobody knows',
    {
      repository: 'ssh://git@git.acme.test/web.git',
      provider_settings: { build_pull_requests: false, build_pull_request_forks: false },
    },
    everyEvent.map((event) => `${event}?`),
  ],
])('%s', (_name, starting, events) => {
  expect(told(starting)).toEqual(events)
})

test.each<[string, Starting, boolean | undefined]>([
  ['GitHub, on', live({}), true],
  ['GitHub, off', live({ trigger_mode: 'none' }), false],
  [
    'a host without modes',
    { repository: 'https://gitlab.com/a/b', provider: 'gitlab', provider_settings: {} },
    true,
  ],
  [
    'a host nobody knows',
    { repository: 'ssh://git.test/b', provider: 'unknown', provider_settings: {} },
    undefined,
  ],
  [
    'the host by its name is not the one that Buildkite says',
    live({}, { provider: 'gitlab', provider_settings: {} }),
    undefined,
  ],
  ['settings that were not read', { repository: github, provider: 'github' }, undefined],
  ['a file', { repository: github, provider_settings: {} }, true],
  ['a file, of GitHub', { repository: github, provider_settings: { trigger_mode: 'none' } }, false],
  [
    'a file, of a host nobody knows',
    { repository: 'ssh://git.test/b', provider_settings: { trigger_mode: 'none' } },
    undefined,
  ],
])('webhooks: %s', (_name, starting, takes) => {
  expect(takesWebhooks(starting)).toBe(takes)
})
