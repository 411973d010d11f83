import { Errors, Flags } from '@oclif/core'

/** A word that stands in scripts as it is. */
const plain = (what: string, form: RegExp) =>
  Flags.custom({
    parse: (text) => {
      if (!form.test(text) || text.includes('..'))
        throw new Errors.CLIError(
          `"${text}" is no ${what}: it has letters, digits, dots, dashes and underscores`,
        )
      return Promise.resolve(text === '/' ? text : text.replace(/\/$/, ''))
    },
  })

const path = /^(\/[\w.-]+)+\/?$/

const uuid = Flags.custom({
  helpValue: 'UUID',
  parse: (text) => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
      throw new Errors.CLIError(`"${text}" is no uuid`)
    return Promise.resolve(text.toLowerCase())
  },
})

/** Where things are on a host. */
const placeFlags = {
  'agent-user': plain(
    'user',
    /^[a-z_][a-z0-9_.-]{0,31}$/,
  )({ description: 'the user that the agent runs as', helpValue: 'USER', default: 'buildkite-agent' }),
  'hooks-path': plain(
    'path',
    path,
  )({
    description: 'where the agent looks for hooks',
    helpValue: 'PATH',
    default: '/etc/buildkite-agent/hooks',
  }),
  config: plain(
    'path',
    path,
  )({
    description: 'the file that the agent is configured with',
    helpValue: 'PATH',
    default: '/etc/buildkite-agent/buildkite-agent.cfg',
  }),
}

/** What a host is told of its queue. */
export const hostFlags = {
  ...placeFlags,
  credentials: Flags.boolean({
    description: 'with the hook that gives jobs the credentials of the role that the policy names',
  }),
  'organization-uuid': uuid({
    description: 'the uuid of the organization, where bridle.lock.yaml does not have it',
  }),
  policy: Flags.string({
    description: 'the published policy of the queue, for the uuids that are in it',
    helpValue: 'FILE',
  }),
}

/** What `hostFlags` were given. */
export interface HostChoices {
  readonly file: string
  readonly 'agent-user': string
  readonly 'hooks-path': string
  readonly config: string
  readonly credentials: boolean
  readonly 'organization-uuid'?: string | undefined
  readonly policy?: string | undefined
}
