import { nothingDeclared } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { visible } from '../report/escape.js'
import { declare } from '../workflow/declare.js'
import type { Signing } from '../sandbox/aws/seed.js'
import type { Declared } from '../workflow/world.js'
import type { Machine } from './machine.js'
import { openSandbox, sandboxPath, sandboxToken } from './sandbox.js'
import { serve } from './serve.js'

interface Serving {
  readonly declared: Declared
  readonly rootFile: string
  readonly stateFile: string
  readonly port: number
  say(text: string): void
  note(text: string): void
}

type Trouble = Finding | { readonly what: string; readonly fix: string }

const nothingWanted: Wanted = {
  organization: '',
  wants: [],
  covers: new Set(),
  manage: {},
  ignore: {},
  access: nothingDeclared,
}

const isTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')

const lines = (
  sentence: string,
  url: string,
  organization: string | undefined,
  signing: Signing | undefined,
) =>
  [
    sentence,
    '',
    `export BUILDKITE_GRAPHQL_URL=${url}/v1`,
    `export BUILDKITE_REST_URL=${url}`,
    `export BUILDKITE_API_TOKEN=${sandboxToken}`,
    ...(organization === undefined ? [] : [`export BUILDKITE_ORGANIZATION_SLUG=${visible(organization)}`]),
    ...(signing === undefined
      ? []
      : [
          `export AWS_ENDPOINT_URL=${url}`,
          `export AWS_ACCESS_KEY_ID=${signing.accessKeyId}`,
          `export AWS_SECRET_ACCESS_KEY=${signing.secretAccessKey}`,
          `export AWS_REGION=${visible(signing.region)}`,
        ]),
    '',
  ].join('\n')

/** Serves a sandbox until a person asks to stop, and saves it then. */
export const serveSandbox = async (machine: Machine, serving: Serving): Promise<Trouble | undefined> => {
  const kept = openSandbox(machine, sandboxPath(machine, serving.rootFile, serving.stateFile))
  if ('code' in kept) return kept
  const { wanted } = declare(serving.declared)
  if (kept.state === undefined && wanted === undefined)
    return {
      what: `there is neither a sandbox in ${kept.path} nor a declaration in ${serving.rootFile} to begin one from`,
      fix: 'name one of them, with --state or --file',
    }
  const { fetch, signing } = kept.play(wanted ?? nothingWanted)
  let failed: unknown
  try {
    const failing = (error: unknown) => (failed ??= error)
    const served = await serve((request) => fetch(request), {
      port: serving.port,
      failed: failing,
    })
    serving.say(lines(kept.sentence, served.url, wanted?.organization, signing))
    serving.note('Ctrl-C saves it and ends')
    await new Promise<void>((resolve) => {
      const ignore = machine.onInterrupt(() => {
        ignore()
        resolve()
      })
    })
    await served.close()
  } catch (error) {
    if (isTaken(error))
      return { what: `port ${serving.port} can't be had`, fix: 'leave --port out to take one that is free' }
    throw error
  }
  const unsaved = kept.keep()
  if (failed !== undefined) throw failed as Error
  return unsaved === undefined
    ? undefined
    : { what: unsaved, fix: 'name a file that you may write with --state' }
}
