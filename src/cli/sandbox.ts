import { dirname, join, relative, resolve } from 'node:path'
import type { AwsAccount } from '../model/aws.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { quoted, visible } from '../report/escape.js'
import { sandbox, type Sandbox } from '../sandbox/index.js'
import { parseState } from '../sandbox/saved.js'
import { newOrganization } from '../sandbox/seed.js'
import { first } from '../sandbox/table.js'
import { fork, type State } from '../sandbox/state.js'
import { accountsFor, credentialsOf, newAccounts, signingOf, type Signing } from '../sandbox/aws/seed.js'
import type { Machine } from './machine.js'
import { saidOfFile } from './papers.js'

/** The token of a sandbox's administrator. It opens nothing else. */
export const sandboxToken = 'sandbox'

/** A million rows. */
const longestStateBytes = 512 * 1024 * 1024

/** A sandbox that answers, and what it answers to. */
export interface Playing {
  readonly fetch: Sandbox['fetch']
  readonly token: string
  /** What requests to AWS are signed with by whoever manages all accounts; nothing where there is none. */
  readonly signing: Signing | undefined
  /** What a declared AWS account is entered with. */
  readonly awsCredentials: (account: AwsAccount) => {
    readonly accessKeyId: string
    readonly secretAccessKey: string
  }
}

/** A sandbox that lives in a file. */
export interface SandboxFile {
  /** Where it is kept, as a person here would call it. */
  readonly path: string
  /** What every answer begins with. */
  readonly sentence: string
  /** What was saved; nothing where it is to begin. */
  readonly state: State | undefined
  /** Begins to play: with what was saved, or with the first day of the organization that is wanted. */
  play(wanted: Wanted): Playing
  /** Saves what was changed, if anything was. @returns why that was not possible */
  keep(): string | undefined
  save(text: string): string | undefined
}

/** The first day of an organization: those whom the files trust, as its administrators, and the people whom they name. */
const firstDay = ({ organization, wants, access: { allow, trust } }: Wanted): State => {
  const admin = trust.automation?.value ?? `bridle@${organization}.test`
  const admins = new Set(trust.admins.map(({ value }) => value).filter((email) => email !== admin))
  const people = new Set([
    ...wants.flatMap(({ spec }) => emailIn(spec['user'])),
    ...allow.flatMap(({ users }) => users.map(({ value }) => value)),
  ])
  return newOrganization({
    slug: organization,
    admin: { email: admin, name: 'bridle', token: sandboxToken },
    admins: [...admins].sort(),
    people: [...people].filter((email) => email !== admin && !admins.has(email)).sort(),
  })
}

/** A world with the AWS accounts that are declared: a sandbox may be older than the line that declares one. */
const withAccounts = (state: State, { aws }: Wanted): State => {
  const missing = (aws?.accounts ?? []).filter(
    ({ id }) => first(state.tables.awsAccounts, 'key', id) === undefined,
  )
  if (missing.length === 0) return state
  const world = fork(state)
  newAccounts(world, accountsFor(missing))
  return world
}

const emailIn = (user: unknown): string[] => (typeof user === 'string' ? [user] : [])

const unusable = (path: string, problems: readonly string[]): Finding => ({
  code: 'unusable-sandbox',
  severity: 'error',
  what: `${quoted(path)} is not a sandbox that this bridle can read: ${problems[0] ?? ''}`,
  where: [],
  why: 'half a sandbox would answer about another organization than the one that was saved',
  fix: 'name another file, or delete this one to begin anew',
})

const isChange = ({ kind, name }: Sandbox['calls'][number]) =>
  kind === 'mutation' ||
  (kind === 'rest' && !name.startsWith('GET ')) ||
  (kind === 'aws' && !/^(Get|List|Describe|Assume|Sign$)/.test(name))

/** The file of a sandbox: the one that is named, else `bridle.sandbox.json` beside the root file. */
export const sandboxPath = ({ cwd }: Machine, rootFile: string, named: string): string =>
  named === '' ? join(dirname(resolve(cwd, rootFile)), 'bridle.sandbox.json') : resolve(cwd, named)

const loaded = (
  { disk }: Machine,
  path: string,
): State | undefined | { readonly problems: readonly string[] } => {
  try {
    const entry = disk.entry(path)
    if (entry === undefined) return undefined
    if (entry.is !== 'file' || entry.bytes > longestStateBytes)
      return { problems: ['it is not a file of a sensible size'] }
    const parsed = parseState(new TextDecoder().decode(disk.read(path, longestStateBytes)))
    return 'state' in parsed ? parsed.state : parsed
  } catch (error) {
    return { problems: [saidOfFile(error)] }
  }
}

/**
 * A sandbox in a file, or what is wrong with the file.
 *
 * @param agentsWork  whether agents take what waits as soon as it is there, for as long as this sandbox is open
 */
export const openSandbox = (machine: Machine, file: string, agentsWork = false): SandboxFile | Finding => {
  const path = relative(machine.cwd, file)
  const state = loaded(machine, file)
  if (state !== undefined && 'problems' in state) return unusable(path, state.problems)
  let playing: Sandbox | undefined

  const save = (text: string) => {
    try {
      machine.disk.write(file, text)
      return undefined
    } catch (error) {
      return `the sandbox can't be saved in ${path}: ${saidOfFile(error)}`
    }
  }

  return {
    path,
    sentence: `Sandbox: a make-believe organization, kept in ${visible(path)}.`,
    state,
    play: (wanted) => {
      const world = withAccounts(state ?? firstDay(wanted), wanted)
      const switches = { ...world.switches, ...(agentsWork && { agentsWorkAtOnce: true }) }
      playing = sandbox({ state: world, clock: machine.clock, switches })
      return {
        fetch: playing.fetch,
        token: sandboxToken,
        signing: signingOf(world),
        awsCredentials: ({ id, assumeRole }) => {
          // Whoever assumes a role comes from the account that manages the others.
          const found = credentialsOf(world, assumeRole === undefined ? id : undefined)
          if (found === undefined) throw new Error(`the sandbox has nobody to enter account ${id} with`)
          return found
        },
      }
    },
    keep: () => (playing?.calls.some(isChange) === true ? save(playing.saved()) : undefined),
    save,
  }
}
