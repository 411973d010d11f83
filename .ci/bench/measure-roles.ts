import { readFileSync, writeFileSync } from 'node:fs'
import { lintsIn } from '../../src/access/roles/misconfigurations.js'
import { toTell } from '../../src/cli/connection-to-write.js'
import { rolesFrom } from '../../src/plan/facts.js'
import { roleGrants } from '../../src/plan/role-facts.js'
import { roleWorldOf, type Present } from '../../src/plan/role-world.js'
import { clientsFor } from '../../src/providers/aws/clients.js'
import { accountsFor, addRole, credentialsOf, newAccounts } from '../../src/sandbox/aws/seed.js'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { parseState } from '../../src/sandbox/saved.js'
import { newOrganization } from '../../src/sandbox/seed.js'
import type { State } from '../../src/sandbox/state.js'
import { apply } from '../../src/workflow/apply.js'
import { declare } from '../../src/workflow/declare.js'
import { drift } from '../../src/workflow/drift.js'
import { readAgreeing } from '../../src/workflow/ground.js'
import { roleWorldIn } from '../../src/workflow/lints.js'
import { plan } from '../../src/workflow/plan.js'
import type { Telling, World } from '../../src/workflow/world.js'
import { filesOf } from '../../test/support/files.js'
import { withRoles } from './accounts.js'

/** What one process measures, on a state that was saved; `apply` makes it. */
export interface RolesJob {
  readonly use: 'apply' | 'plan' | 'drift' | 'trusts' | 'lints'
  readonly roles: number
  readonly pipelines: number
  readonly state: string
}

export interface RolesMeasured {
  readonly seconds: number
  /** What was found: changes, grants or findings. */
  readonly found: number
  /** Of the account that was asked most; none where nobody is. */
  readonly iamRequests: number
  readonly peakMegabytes: number
}

const token = 'bench'
const byHandPolicy = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
const began = Date.UTC(2026, 10, 22)
const now = new Date(began).toISOString()
const clock = { now: () => began, sleep: () => Promise.resolve() }

const stateFor = ({ use, state, roles, pipelines }: RolesJob): State => {
  const { emails, byHand } = withRoles(roles, pipelines)
  if (use === 'apply') {
    const fresh = newOrganization({
      slug: 'acme',
      admin: { email: 'bridle@acme.test', token },
      people: emails,
    })
    newAccounts(fresh, accountsFor(withRoles(0, pipelines).accounts))
    for (const role of byHand) addRole(fresh, role)
    return fresh
  }
  const parsed = parseState(readFileSync(state, 'utf8'))
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return use === 'drift' ? touched(parsed.state, roles) : parsed.state
}

/** Somebody attaches a policy to one role in a hundred by hand. */
const touched = (state: State, roles: number): State =>
  Array.from({ length: Math.ceil(roles / 100) }, (_, at) => at * 100).reduce((before, at) => {
    const account = withRoles(0, 10).accounts[at % 3]
    const edited = edit(before, ['attach', `role:${account?.id ?? ''}/role-${at}`, byHandPolicy], { now })
    if (!('state' in edited)) throw new Error(edited.said)
    return edited.state
  }, state)

const worldOn = (
  it: Sandbox,
  fetch: typeof globalThis.fetch,
  files: Readonly<Record<string, string>>,
): World<Telling> => ({
  files: filesOf(files),
  root: 'bridle.yaml',
  today: now.slice(0, 10),
  now: () => now,
  connect: ({ organization, aws }) =>
    toTell({
      fetch,
      clock,
      random: () => 0.5,
      token,
      organization,
      graphqlUrl: 'https://graphql.buildkite.com/v1',
      restUrl: 'https://api.buildkite.com',
      userAgent: 'bridle bench',
      timeoutSeconds: Infinity,
      aws: {
        accounts: aws?.accounts ?? [],
        clock,
        random: () => 0.5,
        clients: clientsFor({
          fetch,
          clock,
          userAgent: 'bridle bench',
          timeoutSeconds: Infinity,
          clockOffsetMs: clock.now() - Date.now(),
          credentials: ({ id, assumeRole }) => {
            const signing = credentialsOf(it.state, assumeRole === undefined ? id : undefined)
            return signing === undefined
              ? Promise.reject(new Error(`nobody enters ${id}`))
              : Promise.resolve(signing)
          },
        }),
      },
    }),
})

/** A way in that counts, for each account, what is asked of IAM: each is signed for with a key of its own. */
const counting = (fetch: typeof globalThis.fetch) => {
  const asked = new Map<string, number>()
  const counted: typeof globalThis.fetch = (input, init) => {
    const [, key, service] =
      /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)/.exec(new Headers(init?.headers).get('authorization') ?? '') ??
      []
    if (key !== undefined && service === 'iam') asked.set(key, (asked.get(key) ?? 0) + 1)
    return fetch(input, init)
  }
  return { fetch: counted, most: () => Math.max(0, ...asked.values()) }
}

/** How long something pure takes once everything has been read. */
const onceRead = async (
  { use }: RolesJob,
  world: World,
): Promise<Pick<RolesMeasured, 'seconds' | 'found'>> => {
  const { wanted, findings } = declare(world)
  if (wanted === undefined) throw new Error(findings.map(({ what }) => what).join('\n'))
  const reading = await readAgreeing(world, wanted, now)
  if (!('survey' in reading)) throw new Error(reading.map(({ what }) => what).join('\n'))
  const { survey } = reading
  return timed(() => {
    if (use === 'lints') {
      const roles = roleWorldIn(wanted, survey)
      return roles === undefined ? 0 : lintsIn(roles).length
    }
    const of = (kind: string) => (survey.live.get(kind) ?? []) as readonly Present[]
    return roleGrants(roleWorldOf({ ...rolesFrom(survey), of })).length
  })
}

const timed = async (work: () => number | Promise<number>) => {
  const from = process.hrtime.bigint()
  const found = await work()
  return { seconds: Number(process.hrtime.bigint() - from) / 1e9, found }
}

const run = async (job: RolesJob): Promise<RolesMeasured> => {
  const it = sandbox({ state: stateFor(job), clock, limits: 'off' })
  const { fetch, most } = counting(it.fetch)
  const world = worldOn(it, fetch, withRoles(job.roles, job.pipelines).files)
  const whole = async () => {
    const result =
      job.use === 'apply'
        ? await apply(world, { maxRemoved: 0, consent: () => Promise.resolve('yes') })
        : job.use === 'plan'
          ? await plan(world, { maxRemoved: 0 })
          : await drift(world)
    // Some of the roles are wrong on purpose: what stands in the way leaves no plan.
    if (result.plan === undefined) throw new Error(result.findings.map(({ what }) => what).join('\n'))
    if (result.result === 'apply' && result.outcomes.some(({ state }) => state !== 'done'))
      throw new Error(
        `not carried out: ${JSON.stringify(result.outcomes.find(({ state }) => state !== 'done'))}`,
      )
    return result.plan.changes.length
  }
  const measured =
    job.use === 'trusts' || job.use === 'lints' ? await onceRead(job, world) : await timed(whole)
  if (job.use === 'apply') writeFileSync(job.state, it.saved())
  return {
    ...measured,
    iamRequests: most(),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as RolesJob)))
