import { suggest } from '../hook/suggestion.js'
import {
  trialAnswers,
  trialInput,
  trialProgram,
  type GateDecision,
  type JobFile,
  type OnTrial,
} from '../hook/trial.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { GateMode } from '../model/gate.js'
import type { GateTried, TriedAlike, TriedJob } from '../model/result.js'
import type { Want, Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { declare, standInTheWay } from './declare.js'
import { asDeclared, noUuid, readLock } from './lock.js'
import type { Declared } from './world.js'

export { isOneLine, mostJobBytes, type JobFile } from '../hook/trial.js'

/** A policy in a file: what is in it, and what the file is called. */
export interface PolicyFile {
  readonly name: string
  readonly policy: Readonly<Record<string, unknown>>
}

/** What the gate of a queue is tried with. */
export interface GateTest {
  readonly queue: Address
  readonly jobs: Iterable<JobFile>
  /** True where the jobs are counted, and no single one is looked at. */
  readonly isMany: boolean
  /** Where it is not that of the files. */
  readonly policy?: PolicyFile | undefined
  readonly against?: PolicyFile | undefined
  /** Whole seconds, as ISO says it. */
  readonly now: string
  /** Runs jq on an input. Nothing where there is none; `no` where it failed. */
  jq(program: string, input: string): string | { readonly no: string } | undefined
}

/** The text of a policy, or of a signed one, as data. @returns why it is none */
export const policyIn = (text: string): Readonly<Record<string, unknown>> | string => {
  const data = objectIn(text)
  if (data === undefined) return 'it is no JSON'
  if (typeof data['payload'] !== 'string') return data['format'] === undefined ? 'it is no policy' : data
  return objectIn(data['payload']) ?? 'what is signed in it is no JSON'
}

const objectIn = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null && !Array.isArray(data)
      ? (data as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

/** How many jobs one process tries, and how many bytes of them. */
const mostAtOnce = { jobs: 2000, bytes: 16 * 1024 * 1024 }

/** Says what the gate of a queue would decide about jobs, by the gate's own rules. It asks nobody. */
export const hookTest = (declared: Declared, test: GateTest): GateTried => {
  const { queue, against } = test
  const nothing = (findings: readonly Finding[]): GateTried => ({
    result: 'hook-test',
    queue,
    taken: [],
    jobs: 0,
    refused: 0,
    findings,
  })
  const chosen = chosenFor(declared, test)
  if ('findings' in chosen) return nothing(chosen.findings)
  const { policy, wanted, taken } = chosen
  const others = [policy.policy, ...(against === undefined ? [] : [against.policy])].filter(
    (one) => !isOf(one, queue),
  )
  if (others.length > 0) return nothing(others.map((one) => otherQueue(queue, one)))
  const policies = onTrial(test, policy)
  const counted = counting(wanted)
  for (const some of batches(test.jobs)) {
    const answer = test.jq(trialProgram, trialInput(policies, some, test.now))
    if (answer === undefined) return nothing([noJq])
    if (typeof answer !== 'string') return nothing([jqFailed(answer.no)])
    const answers = trialAnswers(answer)
    if (answers.length !== some.length)
      return nothing([jqFailed('it answered about fewer jobs than it was asked')])
    some.forEach((job, at) => counted.take(job, answers[at] ?? []))
  }
  const { jobs, refused, first, alike, newlyRefused, newlyLetIn } = counted.told()
  return {
    result: 'hook-test',
    queue,
    policy: {
      from: test.policy?.name ?? 'files',
      mode: modeOf(policy.policy),
      ...(policy.isNumbered && serialOf(policy.policy)),
      pipelines: Array.isArray(policy.policy['pipelines']) ? policy.policy['pipelines'].length : 0,
    },
    taken,
    jobs,
    refused,
    ...(test.isMany ? { alike } : first && { job: first }),
    ...(against && {
      against: { from: against.name, ...serialOf(against.policy), newlyRefused, newlyLetIn },
    }),
    findings: [],
  }
}

const modeOf = ({ mode }: OnTrial['policy']): GateMode =>
  mode === 'observe' || mode === 'warn' ? mode : 'block'

const serialOf = ({ serial }: OnTrial['policy']): { readonly serial?: number } =>
  typeof serial === 'number' ? { serial } : {}

/** Held against each other, policies are compared by what they allow: one that is over would refuse everything. */
const onTrial = ({ against, now }: GateTest, own: OnTrial): readonly OnTrial[] => {
  if (against === undefined) return [own]
  const timeless = ({ policy, isNumbered }: OnTrial): OnTrial => ({
    policy: { ...policy, issued_at: now, expires_at: undefined },
    isNumbered,
  })
  return [own, { policy: against.policy, isNumbered: true }].map(timeless)
}

interface Chosen {
  readonly policy: OnTrial
  /** Missing where no files are there, and none were needed. */
  readonly wanted?: Wanted | undefined
  readonly taken: readonly string[]
}

type Findings = { readonly findings: readonly Finding[] }

/** The policy that was named, else the one that the files come to. */
const chosenFor = (declared: Declared, { queue, policy, against, now }: GateTest): Chosen | Findings => {
  if (policy !== undefined) {
    const { wanted } = declare(declared)
    return { policy: { policy: policy.policy, isNumbered: true }, wanted, taken: [] }
  }
  const { wanted, findings } = declare(declared)
  if (wanted === undefined || standInTheWay(findings)) return { findings }
  const want = wanted.wants.find(({ address }) => address === gateOf(queue))
  if (want === undefined) return { findings: [noGate(wanted, queue)] }
  const lock = readLock(declared.files, wanted)
  if (lock !== undefined && 'code' in lock) return { findings: [lock] }
  const locked = lock && asDeclared(wanted, lock.identities)
  const told = against === undefined ? undefined : uuidsIn(against.policy)
  const taken = new Set<string>()
  const uuid = (address: Address) => {
    const found = address === organization ? lock?.organizationUuid : locked?.get(address)
    if (found !== undefined && found !== noUuid) return found
    const other = told?.get(address)
    if (other === undefined) taken.add(address === organization ? 'organization' : address)
    return other ?? ''
  }
  return {
    policy: { policy: compiled(wanted, want, uuid, now), isNumbered: false },
    wanted,
    taken: [...taken],
  }
}

const organization: Address = 'organization:'

/** What names stand for in a policy, as far as it says. */
const uuidsIn = (policy: OnTrial['policy']): ReadonlyMap<Address, string> => {
  const field = (of: unknown, name: string) => {
    const value =
      typeof of === 'object' && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined
    return typeof value === 'string' ? value : ''
  }
  const pipelines: readonly unknown[] = Array.isArray(policy['pipelines']) ? policy['pipelines'] : []
  return new Map<Address, string>([
    [organization, field(policy['organization'], 'uuid')],
    [addressOf('cluster', field(policy['cluster'], 'name')), field(policy['cluster'], 'uuid')],
    ...pipelines.map((one) => [addressOf('pipeline', field(one, 'slug')), field(one, 'uuid')] as const),
  ])
}

const gateOf = (queue: Address): Address => addressOf('gate-policy', ...namesIn(keyIn(queue)))

/** What would be signed, but for its number. */
const compiled = (
  wanted: Wanted,
  { spec }: Want,
  uuid: (address: Address) => string,
  now: string,
): OnTrial['policy'] => {
  const { cluster, queue, mode, checks, pipelines } = spec as {
    readonly cluster: string
    readonly queue: string
    readonly mode: GateMode
    readonly checks?: readonly string[]
    readonly pipelines: Readonly<Record<string, object>>
  }
  return {
    format: 'bridle.gate/1',
    organization: { slug: wanted.organization, uuid: uuid(organization) },
    cluster: { name: cluster, uuid: uuid(addressOf('cluster', cluster)) },
    // No job says which queue it is for but by its key.
    queue: { key: queue, uuid: '' },
    mode,
    serial: 1,
    issued_at: now,
    ...(checks !== undefined && { checks }),
    pipelines: Object.entries(pipelines).map(([slug, one]) => ({
      slug,
      uuid: uuid(addressOf('pipeline', slug)),
      ...one,
    })),
  }
}

const isOf = (policy: OnTrial['policy'], queue: Address): boolean => {
  const [cluster, key] = namesIn(keyIn(queue))
  const name = (of: unknown, field: string) => (of as Readonly<Record<string, unknown>> | undefined)?.[field]
  return name(policy['cluster'], 'name') === cluster && name(policy['queue'], 'key') === key
}

/** As many jobs at once as are handled well. */
function* batches(jobs: Iterable<JobFile>): Generator<readonly JobFile[]> {
  let some: JobFile[] = []
  let bytes = 0
  for (const job of jobs) {
    some.push(job)
    bytes += job.bytes
    if (some.length < mostAtOnce.jobs && bytes < mostAtOnce.bytes) continue
    yield some
    ;[some, bytes] = [[], 0]
  }
  if (some.length > 0) yield some
}

const counting = (wanted: Wanted | undefined) => {
  const [alike, newlyRefused, newlyLetIn] = [gathering(wanted), gathering(wanted), gathering(wanted)]
  let [jobs, refused] = [0, 0]
  let first: TriedJob | undefined
  return {
    take: (job: JobFile, [is, other]: readonly GateDecision[]) => {
      if (is === undefined) return
      jobs += 1
      if (is.decision === 'refuse') refused += 1
      first ??= tried(job, is, wanted)
      alike.take(job, is)
      if (other === undefined || is.decision === other.decision) return
      if (is.decision === 'refuse') newlyRefused.take(job, is)
      else newlyLetIn.take(job, { ...other, decision: 'accept' })
    },
    told: () => ({
      jobs,
      refused,
      first,
      alike: alike.told(),
      newlyRefused: newlyRefused.told(),
      newlyLetIn: newlyLetIn.told(),
    }),
  }
}

/** Names that no file would have: whoever makes up jobs makes up pipelines, and there is an end to that. */
const mostAlike = 1000

const gathering = (wanted: Wanted | undefined) => {
  const groups = new Map<string, { jobs: number; readonly example: TriedJob }>()
  return {
    take: (job: JobFile, is: GateDecision) => {
      const key = JSON.stringify([is.pipeline ?? '', is.decision, is.rule ?? ''])
      const group = groups.get(key) ?? groups.get('')
      if (group !== undefined) group.jobs += 1
      else {
        const isFull = groups.size >= mostAlike
        const example = tried(job, is, wanted)
        groups.set(isFull ? '' : key, { jobs: 1, example: isFull ? { ...example, pipeline: '' } : example })
      }
    },
    told: (): readonly TriedAlike[] =>
      [...groups.values()]
        .map(({ jobs, example }) => ({
          pipeline: example.pipeline,
          decision: example.decision,
          ...(example.rule !== undefined && { rule: example.rule }),
          jobs,
          example,
        }))
        .sort((a, b) => b.jobs - a.jobs),
  }
}

const tried = ({ at }: JobFile, is: GateDecision, wanted: Wanted | undefined): TriedJob => {
  const { pipeline, key, value } = is
  const allowing =
    pipeline == null || key == null || value == null ? [] : suggest([{ pipeline, key, value }], wanted).lines
  return {
    at,
    decision: is.decision,
    ...(is.rule != null && { rule: is.rule }),
    ...(is.saw != null && { saw: is.saw }),
    pipeline: pipeline ?? '',
    build: is.build ?? '',
    ...(is.checks != null && { further: is.checks }),
    ...(is.tells != null && { tells: is.tells.split('\n') }),
    ...(allowing.length > 0 && { allowing }),
  }
}

export const noGate = (wanted: Wanted, queue: Address): Finding => {
  const name = keyIn(queue)
  const want = wanted.wants.find(({ address }) => address === queue)
  const agents = wanted.access.agents.find((one) => one.queue === queue)
  const where = agents?.at ?? want?.at
  return {
    ...unplaced(
      'no-gate',
      want === undefined
        ? `there is no queue "${name}" in the files`
        : agents?.hook === undefined
          ? `queue "${name}" has no hook`
          : `the hook of queue "${name}" has no account, so its agents are given no policy`,
      'a gate goes by what is written of its queue and its pipelines',
      want === undefined
        ? 'look at the spelling: CLUSTER/KEY'
        : 'write `hook: { mode: observe, account: NAME }` at the queue, with an account of `aws.accounts`; or name a policy with --policy',
    ),
    where: where === undefined ? [] : [where],
  }
}

const otherQueue = (queue: Address, policy: OnTrial['policy']): Finding => {
  const text = (of: unknown) => JSON.stringify(typeof of === 'object' && of !== null ? of : null)
  return unplaced(
    'not-a-policy',
    `the policy is for queue ${text(policy['queue'])} of cluster ${text(policy['cluster'])}, and the question is about "${keyIn(queue)}"`,
    'a gate refuses every job where it is given the policy of another queue',
    'name the policy of that queue, or ask about the other one',
  )
}

const noJq: Finding = unplaced(
  'no-jq',
  'there is no jq here',
  'what a gate decides is written in jq, and is asked here in the same words as on a host',
  'install jq, 1.5 or later: `apt-get install jq`, `brew install jq`',
)

const jqFailed = (why: string): Finding =>
  unplaced(
    'no-jq',
    `jq did not come to an end: ${why}`,
    'what a gate decides is written in jq, and is asked here in the same words as on a host',
    'look at `jq --version`: it takes 1.5 or later',
  )
