import { expect, test } from 'vitest'
import { tellOf } from '../../src/kinds/buildkite/steps.js'

const commit = 'a'.repeat(40)
const digest = `sha256:${'b'.repeat(64)}`
const nothing = { uploads: false, inputs: [], movable: [], unblockers: [] }

test.each<[string, string | undefined, Partial<ReturnType<typeof tellOf>>]>([
  ['a plain step', 'steps: [{ command: make }]', {}],
  ['an upload', 'steps: [{ command: buildkite-agent pipeline   upload a.yml }]', { uploads: true }],
  [
    'text that could not be read',
    undefined,
    { uploads: undefined, inputs: undefined, movable: undefined, unblockers: undefined },
  ],
  [
    'a message in a command',
    'steps: [{ command: "echo $BUILDKITE_MESSAGE" }]',
    { inputs: ['BUILDKITE_MESSAGE'] },
  ],
  [
    'a branch with a default, and who made the build',
    'steps: [{ command: "${BUILDKITE_BRANCH:-main} $BUILDKITE_BUILD_CREATOR_TEAMS" }]',
    { inputs: ['BUILDKITE_BRANCH', 'BUILDKITE_BUILD_CREATOR_TEAMS'] },
  ],
  ['what is left to the shell', 'steps: [{ command: "echo $$BUILDKITE_MESSAGE \\\\$BUILDKITE_TAG" }]', {}],
  ['what nobody else writes', 'steps: [{ command: "echo $BUILDKITE_PIPELINE_SLUG $HOME" }]', {}],
  [
    'a pull request',
    'steps: [{ command: "$BUILDKITE_PULL_REQUEST_REPO" }]',
    { inputs: ['BUILDKITE_PULL_REQUEST_REPO'] },
  ],
  ['meta-data', 'steps: [{ command: "eval $(buildkite-agent meta-data get x)" }]', { inputs: ['meta-data'] }],
  [
    'plugins by a tag, by nothing, by an address',
    'steps: [{ plugins: [docker#v5.0.0, { cache: ~ }, "https://github.com/x/y.git#main"] }]',
    { movable: ['plugin cache', 'plugin docker#v5.0.0', 'plugin https://github.com/x/y.git#main'] },
  ],
  [
    'addresses, without what signs them in',
    'steps: [{ plugins: ["https://ada:hunter2@git.acme.test/y.git?token=hunter2#v1", "ssh://git@git.acme.test/z#v1"], image: "ada:hunter2@registry.acme.test/node:22" }]',
    {
      movable: [
        'image registry.acme.test/node:22',
        'plugin https://git.acme.test/y.git#v1',
        'plugin ssh://git.acme.test/z#v1',
      ],
    },
  ],
  [
    'a password with an @, and a reference of the short form',
    'steps: [{ plugins: ["https://ada:hunt@er2@git.acme.test/y.git#v1", "ada:hunter2@git.acme.test:y/z.git#v1"] }]',
    { movable: ['plugin git.acme.test:y/z.git#v1', 'plugin https://git.acme.test/y.git#v1'] },
  ],
  ['a map of plugins', 'steps: [{ plugins: { docker#v5.0.0: ~ } }]', { movable: ['plugin docker#v5.0.0'] }],
  [
    'plugins by a commit, and of the repository',
    `steps: [{ plugins: [docker#${commit}, ./.buildkite/plugins/own, { /opt/plugin: ~ }] }]`,
    {},
  ],
  [
    'a commit cut short',
    `steps: [{ plugins: ["docker#${commit.slice(1)}"] }]`,
    { movable: [`plugin docker#${commit.slice(1)}`] },
  ],
  ['an image by a tag', 'steps: [{ image: node:22 }]', { movable: ['image node:22'] }],
  [
    'an image of a plugin',
    `steps: [{ plugins: [{ docker#${commit}: { image: node } }] }]`,
    { movable: ['image node'] },
  ],
  ['an image by its digest', `steps: [{ image: "node@${digest}" }]`, {}],
  ["a cluster's own image", 'steps: [{ agents: { image: base, queue: hosted } }]', {}],
  [
    'steps in a group, and an alias',
    'x: &p { plugins: [a#v1] }\nsteps: [{ group: g, steps: [*p, { <<: *p }] }]',
    { movable: ['plugin a#v1'] },
  ],
  ['a list of steps', '- image: a\n- image: b\n', { movable: ['image a', 'image b'] }],
  [
    'a team that unblocks with fields',
    'steps: [{ block: go, allowed_teams: release, fields: [{ text: why, key: why }] }, { input: x, allowed_teams: [ops, web], fields: [{ select: y }] }]',
    { unblockers: ['ops', 'release', 'web'] },
  ],
  [
    'without fields it still starts what comes after it',
    'steps: [{ block: go, allowed_teams: release }]',
    { unblockers: ['release'] },
  ],
  ['no YAML', 'steps: [{ plugins: [', { movable: undefined, unblockers: undefined }],
  ['no steps', '"plugins image"', { movable: undefined, unblockers: undefined }],
  ['a key twice', 'steps: [{ image: a, image: "b" }]', { movable: ['image b'] }],
])('%s', (_name, yaml, told) => {
  expect(tellOf(yaml)).toEqual({ ...nothing, ...told })
})

test('nesting without end is steps that could not be read, or read, and no crash', () => {
  const deep = `plugins: ${'['.repeat(20_000)}${']'.repeat(20_000)}`
  expect([undefined, []]).toContainEqual(tellOf(deep).movable)
})
