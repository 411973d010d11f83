import { join } from 'node:path'
import { redact } from '../model/redact.js'
import { variable } from './environment.js'
import type { Machine, Ran, Running } from './machine.js'

/** What is said on the page of a build. */
export interface Said {
  readonly style: 'error' | 'warning'
  readonly body: string
}

/** What a build is told: what to say on its page, where there is something, and files to keep. */
export interface Telling {
  /** Names what is said, so that saying it again replaces it. */
  readonly context: string
  readonly said?: Said | undefined
  /** Texts by name. */
  readonly artifacts: Readonly<Record<string, string>>
}

/** How long an agent may take. A build that waits for its own annotation is worse than one without. */
const deadlineSeconds = { annotate: 30, upload: 120 }

/** Whether this is a job of Buildkite's, which can say something on the page of its build. */
export const isInJob = ({ env }: Pick<Machine, 'env'>): boolean =>
  variable(env, 'BUILDKITE_JOB_ID') !== undefined &&
  variable(env, 'BUILDKITE_AGENT_ACCESS_TOKEN') !== undefined

/** Which of several jobs of one step this is, from 1; nothing where it is the only one. */
export const shareIn = ({
  env,
}: Pick<Machine, 'env'>): { readonly job: number; readonly of: number } | undefined => {
  const job = Number(variable(env, 'BUILDKITE_PARALLEL_JOB') ?? 0)
  const of = Number(variable(env, 'BUILDKITE_PARALLEL_JOB_COUNT') ?? 1)
  return of > 1 ? { job: job + 1, of } : undefined
}

/** The uuid of the build that this is a job of. */
export const buildIn = ({ env }: Pick<Machine, 'env'>): string | undefined => {
  const id = variable(env, 'BUILDKITE_BUILD_ID') ?? ''
  return /^[0-9a-f-]{36}$/.test(id) ? id : undefined
}

/** What is bridle's, and nobody else's: its token, its keys, where it sends what it found. */
const isOwn = (name: string) => name === 'BUILDKITE_API_TOKEN' || name.startsWith('BRIDLE_')

/** The agent's own settings, its way to the network, and where artifacts are kept: whatever the job has, but for secrets of bridle's. */
const environmentFor = ({ env }: Machine): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || isOwn(name) ? [] : [[name, value] as const],
    ),
  )

/** How much of what an agent says about a no is passed on. */
const mostSaid = 200

/** Why a program did not do what it was asked to; nothing where it did. */
const noOf = (machine: Machine, ran: Ran | undefined, seconds: number): string | undefined => {
  if (ran === undefined) return 'there is no buildkite-agent on PATH'
  if (ran.status === 0) return undefined
  if (ran.status === undefined) return `buildkite-agent did not answer within ${String(seconds)} seconds`
  const token = variable(machine.env, 'BUILDKITE_AGENT_ACCESS_TOKEN') ?? ''
  const said = ran.stderr.split('\n').findLast((line) => line.trim() !== '') ?? ''
  const clean = redact(token === '' ? said : said.replaceAll(token, '…redacted')).trim()
  const words = clean.length > mostSaid ? `${clean.slice(0, mostSaid)}…` : clean
  return `buildkite-agent ended with ${String(ran.status)}${words === '' ? '' : `: ${words}`}`
}

/**
 * Says it on the page of the build, and keeps the files as artifacts. Texts go in by standard input and as files: the list
 * of a program's arguments can be read by everybody on its host.
 *
 * @returns what did not work, a line each. It changes no verdict.
 */
export const tellBuild = (machine: Machine, { context, said, artifacts }: Telling): string[] => {
  const agent = (words: readonly string[], seconds: number, how: Running): string | undefined =>
    noOf(
      machine,
      machine.run('buildkite-agent', words, { ...how, seconds, env: environmentFor(machine) }),
      seconds,
    )
  const notSaid = (): string | undefined => {
    if (said !== undefined)
      return agent(['annotate', '--context', context, '--style', said.style], deadlineSeconds.annotate, {
        input: redact(said.body),
      })
    // A job that is tried again may have said something the first time. Where it has not, the no means nothing.
    const tries = Number(variable(machine.env, 'BUILDKITE_RETRY_COUNT') ?? 0)
    if (tries > 0) agent(['annotation', 'remove', '--context', context], deadlineSeconds.annotate, {})
    return undefined
  }
  const [unsaid, unkept] = [
    notSaid(),
    keep(machine, artifacts, (names, folder) =>
      agent(['artifact', 'upload', names.join(';')], deadlineSeconds.upload, { folder }),
    ),
  ]
  if (unsaid !== undefined && unsaid === unkept)
    return [`the build has neither an annotation nor artifacts: ${unsaid}`]
  return [
    ...(unsaid === undefined ? [] : [`the build is not annotated: ${unsaid}`]),
    ...(unkept === undefined ? [] : [`the report is not kept as artifacts: ${unkept}`]),
  ]
}

/** Writes files into a folder of their own, which is gone again afterwards. */
const keep = (
  { disk }: Machine,
  artifacts: Telling['artifacts'],
  upload: (names: readonly string[], folder: string) => string | undefined,
): string | undefined => {
  let folder: string | undefined
  try {
    folder = disk.makeTemporary()
    for (const [name, text] of Object.entries(artifacts)) disk.write(join(folder, name), redact(text))
    return upload(Object.keys(artifacts), folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string')
      return `no file can be written for them: ${error.code}`
    throw error
  } finally {
    if (folder !== undefined) disk.removeTemporary(folder)
  }
}
