import { readFileSync, writeFileSync } from 'node:fs'
import { toTell } from '../../src/cli/connection-to-write.js'
import { toAsk } from '../../src/cli/connection.js'
import type { Means } from '../../src/providers/buildkite/connect.js'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox, type Clock, type Sandbox } from '../../src/sandbox/index.js'
import { parseState } from '../../src/sandbox/saved.js'
import { newOrganization } from '../../src/sandbox/seed.js'
import type { State } from '../../src/sandbox/state.js'
import { apply } from '../../src/workflow/apply.js'
import { drift } from '../../src/workflow/drift.js'
import { importing, updating } from '../../src/workflow/import.js'
import { plan } from '../../src/workflow/plan.js'
import { validate } from '../../src/workflow/validate.js'
import type { Result } from '../../src/model/result.js'
import type { Asking, World } from '../../src/workflow/world.js'
import { filesOf } from '../../test/support/files.js'
import { organizationOf } from './organization.js'

/** What one process measures. */
export interface Job {
  readonly use: 'validate' | 'plan' | 'apply' | 'drift' | 'import' | 'update'
  readonly pipelines: number
  /** Off: as much as one likes. On: the published ones, and a clock that jumps over every wait. */
  readonly limits: 'off' | 'on'
  /** A state to begin with; an organization on its first day where there is none. */
  readonly from?: string
  /** Where to save the state that it ends with. */
  readonly to?: string
}

export interface Measured {
  readonly seconds: number
  readonly graphqlRequests: number
  readonly restRequests: number
  readonly points: number
  /** Of the whole process, the sandbox in it included. */
  readonly peakMegabytes: number
  /** How much time the clock says has passed. */
  readonly virtualMinutes: number
  /** What it found: so many things to change. */
  readonly changes: number
}

const token = 'bench'
const began = Date.UTC(2026, 10, 2, 9)

/** A clock that goes on only when nothing else can happen, and then to the next moment that somebody waits for. */
const virtualClock = (): Clock => {
  let now = began
  let turning = false
  const sleepers: { readonly until: number; readonly wake: () => void }[] = []
  const turn = () => {
    sleepers.sort((a, b) => a.until - b.until)
    const next = sleepers.shift()
    turning = next !== undefined
    if (next === undefined) return
    now = Math.max(now, next.until)
    next.wake()
    setImmediate(turn)
  }
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ until: now + ms, wake })
        if (!turning) setImmediate(turn)
        turning = true
      }),
  }
}

const stateFor = ({ from }: Job, emails: readonly string[]): State => {
  if (from === undefined)
    return newOrganization({ slug: 'acme', admin: { email: 'bridle@acme.test', token }, people: emails })
  const parsed = parseState(readFileSync(from, 'utf8'))
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.state
}

/** Somebody changes one pipeline in a hundred by hand. */
const touched = (state: State, pipelines: number): State =>
  Array.from({ length: Math.ceil(pipelines / 100) }, (_, at) => at * 100).reduce((before, at) => {
    const edited = edit(before, ['set', `pipeline:service-${at}`, 'description=by hand'], {
      now: new Date(began).toISOString(),
    })
    if (!('state' in edited)) throw new Error(edited.said)
    return edited.state
  }, state)

const meansFor = ({ fetch }: Sandbox, clock: Clock, organization: string): Means => ({
  fetch,
  clock,
  token,
  organization,
  random: () => 0.5,
  graphqlUrl: 'https://graphql.buildkite.com/v1',
  restUrl: 'https://api.buildkite.com',
  userAgent: 'bridle bench',
  timeoutSeconds: Infinity,
})

const changesIn = (result: Result): number => {
  if (result.result === 'import') return result.taken?.changed ?? 0
  return result.result === 'plan' || result.result === 'apply' || result.result === 'drift'
    ? (result.plan?.changes.length ?? 0)
    : 0
}

const run = async (job: Job): Promise<Measured> => {
  const { files, emails } = organizationOf(job.pipelines)
  const clock = virtualClock()
  const before = stateFor(job, emails)
  const it = sandbox({
    state: job.use === 'drift' || job.use === 'update' ? touched(before, job.pipelines) : before,
    clock,
    ...(job.limits === 'off' ? { limits: 'off' as const } : {}),
  })
  const world = <Conversation extends Asking>(open: (means: Means) => Conversation): World<Conversation> => ({
    files: filesOf(files),
    root: 'bridle.yaml',
    today: '2026-11-22',
    connect: ({ organization }) => open(meansFor(it, clock, organization)),
  })
  const uses = {
    validate: () => Promise.resolve(validate(world(toAsk))),
    plan: () => plan(world(toAsk), { maxRemoved: 0 }),
    apply: () => apply(world(toTell), { maxRemoved: 0, consent: () => Promise.resolve('yes') }),
    drift: () => drift(world(toAsk)),
    import: () => importing({ ...world(toAsk), files: filesOf({}) }, { organization: 'acme', by: 'cluster' }),
    update: () => updating(world(toAsk), {}),
  }

  const from = process.hrtime.bigint()
  const result = await uses[job.use]()
  const seconds = Number(process.hrtime.bigint() - from) / 1e9
  const peakMegabytes = process.resourceUsage().maxRSS / 1024

  const [wrong] = result.findings.filter(({ severity }) => severity === 'error')
  if (wrong) throw new Error(`${wrong.code}: ${wrong.what}`)
  if (result.result === 'apply' && result.outcomes.some(({ state }) => state !== 'done'))
    throw new Error(
      `not carried out: ${JSON.stringify(result.outcomes.find(({ state }) => state !== 'done'))}`,
    )
  if (job.to !== undefined) writeFileSync(job.to, it.saved())
  const rest = it.calls.filter(({ kind }) => kind === 'rest').length
  return {
    seconds,
    graphqlRequests: it.calls.length - rest,
    restRequests: rest,
    points: it.calls.reduce((sum, { points }) => sum + points, 0),
    peakMegabytes,
    virtualMinutes: (clock.now() - began) / 60_000,
    changes: changesIn(result),
  }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as Job)))
