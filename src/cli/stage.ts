import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import type { Means } from '../providers/buildkite/connect.js'
import { clientsFor } from '../providers/aws/clients.js'
import type { AwsMeans } from '../providers/aws/connect.js'
import type { AwsWait } from '../providers/aws/lane.js'
import type { Wait } from '../providers/buildkite/lane.js'
import { awsMeans } from './aws-means.js'
import { variable } from './environment.js'
import type { Machine } from './machine.js'
import type { OrganizationChoices } from './flags.js'

/** What it takes to talk: to Buildkite, and to the declared AWS accounts, if there are any. */
export interface Talking extends Means {
  readonly aws?: AwsMeans
}

/** Turns what a connection needs into one that can only ask, or into one that can also tell. */
export type Open<Conversation> = (means: Talking) => Conversation

/** Where a command plays: Buildkite, or a sandbox. */
export interface Stage {
  means(wanted: Wanted, onWait: (wait: Wait | AwsWait) => void): Talking
  /** What reports are told about it. */
  readonly setting: { readonly sandbox?: string }
  /** Saves what was changed, where it is a sandbox. @returns why that was not possible */
  keep(): string | undefined
}

/** @source Buildkite docs, "GraphQL API" and "REST API" */
const endpoints = { graphqlUrl: 'https://graphql.buildkite.com/v1', restUrl: 'https://api.buildkite.com' }

/** Where the sandbox's AWS is asked. Nothing is ever sent there: the sandbox answers. */
const sandboxAws = 'https://aws.sandbox.test'

const noToken: Finding = {
  code: 'no-token',
  severity: 'error',
  what: 'there is no token: BUILDKITE_API_TOKEN is not set',
  where: [],
  why: 'bridle never answers about a make-believe organization by accident',
  fix: 'set BUILDKITE_API_TOKEN, or add --sandbox to try things without Buildkite',
}

/** The stage that the flags and the environment name; a finding where there is none. */
export const stageFor = async (
  machine: Machine,
  flags: Omit<OrganizationChoices, 'format'> & { readonly agentsWork?: boolean },
  userAgent: string,
  signal: AbortSignal,
): Promise<Stage | Finding> => {
  const { clock, env, fetch, requestSeconds } = machine
  const shared = { clock, random: () => machine.random(), userAgent, signal, ...endpoints }
  /** What the declared accounts are talked to with; nothing where there are none. */
  const aws = (wanted: Wanted, clients: AwsMeans['clients'], onWait: (wait: AwsWait) => void) => {
    const accounts = wanted.aws?.accounts ?? []
    const random = () => machine.random()
    return accounts.length === 0 ? {} : { aws: { accounts, clients, clock, random, signal, onWait } }
  }
  if (flags.sandbox !== undefined) {
    const { openSandbox, sandboxPath } = await import('./sandbox.js')
    const sandbox = openSandbox(machine, sandboxPath(machine, flags.file, flags.sandbox), flags.agentsWork)
    if ('code' in sandbox) return sandbox
    return {
      means: (wanted, onWait) => {
        const { fetch, token, awsCredentials } = sandbox.play(wanted)
        const over = {
          fetch,
          clock,
          userAgent,
          timeoutSeconds: Infinity,
          clockOffsetMs: clock.now() - Date.now(),
          // Named, so that no configuration file of this machine leads a make-believe request elsewhere.
          endpoints: { iam: sandboxAws, sts: sandboxAws, ssm: sandboxAws, kms: sandboxAws },
        }
        return {
          ...shared,
          fetch,
          token,
          organization: wanted.organization,
          timeoutSeconds: Infinity,
          onWait,
          ...aws(
            wanted,
            clientsFor({ ...over, credentials: (account) => Promise.resolve(awsCredentials(account)) }),
            onWait,
          ),
        }
      },
      setting: { sandbox: sandbox.sentence },
      keep: () => sandbox.keep(),
    }
  }
  const token = env['BUILDKITE_API_TOKEN'] ?? ''
  if (token === '') return noToken
  const trusted = flags['trust-endpoint']
  return {
    means: (wanted, onWait) => ({
      ...shared,
      graphqlUrl: variable(env, 'BUILDKITE_GRAPHQL_URL') ?? endpoints.graphqlUrl,
      restUrl: variable(env, 'BUILDKITE_REST_URL') ?? endpoints.restUrl,
      ...(trusted === undefined ? {} : { trustEndpoint: trusted }),
      fetch: (url, init) => fetch(url, init),
      token,
      organization: wanted.organization,
      timeoutSeconds: requestSeconds,
      onWait,
      ...(wanted.aws && {
        aws: awsMeans(machine, wanted.aws.accounts, {
          userAgent,
          signal,
          onWait,
          ...(trusted === undefined ? {} : { trustEndpoint: trusted }),
        }),
      }),
    }),
    setting: {},
    keep: () => undefined,
  }
}
