import { clusterOf } from '../access/places.js'
import { ready } from '../apply/ready.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { Code } from '../model/codes.js'
import { codes } from '../model/codes.js'
import type { GatePayload } from '../model/gate.js'
import type { Finding } from '../model/finding.js'
import type { CanaryEnded, CanarySeen } from '../model/result.js'
import type { Span } from '../model/span.js'
import type { Want, Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { gateWanted, readPublished } from '../plan/published.js'
import {
  readCanaryBuild,
  readPipelineNamed,
  startOf,
  type CanaryBuild,
  type CanaryJob,
  type PipelineThere,
} from '../plan/who.js'
import { declare, standInTheWay } from './declare.js'
import { printEvidence, readEvidence, withGate } from './evidence.js'
import { asDeclared, lockFile, readLock } from './lock.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Telling, World } from './world.js'

export { evidenceFile } from './evidence.js'

export interface CanaryOptions {
  readonly queue: Address
  /** How many builds are started: each is taken by one agent. */
  readonly times: number
  /** How long all of them may take. */
  readonly waitSeconds: number
  /** Milliseconds since the epoch. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** What was seen, and what is to be kept of it: the text of the evidence file. */
export interface CanaryKept {
  readonly result: CanarySeen
  readonly evidence?: string
}

/** Seconds between two looks at a build: first, and from then on. */
const looks = [2, 5] as const

/**
 * Starts builds of a queue's canary, and sees whether its gate refuses them by the policy that is published. The
 * conversation can start builds and change nothing else.
 */
export const hookCanary = async (world: World<Telling>, options: CanaryOptions): Promise<CanaryKept> => {
  const { queue } = options
  const seen = ({ pipeline, serial, ...more }: Partial<CanarySeen>): CanarySeen => ({
    result: 'hook-canary',
    queue,
    ...(pipeline !== undefined && { pipeline }),
    ...(serial !== undefined && { serial }),
    builds: [],
    recorded: false,
    withdrawn: false,
    findings: [],
    ...more,
  })
  const { wanted, findings } = declare(world)
  if (wanted === undefined || standInTheWay(findings)) return { result: seen({ findings }) }
  const bird = canaryOf(wanted, queue)
  if ('code' in bird) return { result: seen({ findings: [bird] }) }
  const known = readEvidence(world.files, wanted)
  // What other hosts have said would be lost with it.
  if (known !== undefined && 'code' in known)
    return { result: seen({ findings: [{ ...known, severity: 'error' }] }) }
  const lock = readLock(world.files, wanted)
  if (lock !== undefined && 'code' in lock) return { result: seen({ findings: [lock] }) }
  const uuids = asDeclared(wanted, lock?.identities ?? new Map<Address, string>())

  const talked = await unlessRefused(() => watch(world, wanted, bird, uuids, options))
  if (isFinding(talked)) return { result: seen({ pipeline: bird.slug, findings: [talked] }) }
  const { published, builds } = talked
  const said = [...talked.findings, ...builds.flatMap((one) => findingsOf(one, published, bird))]
  const proof = said.some(({ severity }) => severity === 'error') ? undefined : builds.at(-1)
  // What was seen yesterday is no more, whatever the reason that an agent runs anything today.
  const isWithdrawn = known?.gates.has(queue) === true && builds.some(({ became }) => became === 'let in')
  const result = seen({
    withdrawn: isWithdrawn,
    pipeline: bird.slug,
    ...(published !== undefined && { serial: published.serial }),
    builds,
    recorded: proof !== undefined,
    findings: said,
  })
  if (isWithdrawn) {
    const gates = new Map([...known.gates].filter(([on]) => on !== queue))
    return { result, evidence: printEvidence({ ...known, gates }) }
  }
  if (proof === undefined || published === undefined) return { result }
  const now = new Date(options.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  const gate = {
    serial: published.serial,
    rule: proof.rule ?? '',
    mode: published.mode,
    seen_at: now,
    build: proof.url,
    job: proof.job ?? '',
    agent: proof.agent ?? 'not told',
  }
  return { result, evidence: printEvidence(withGate(known, wanted.organization, queue, gate)) }
}

/** A queue's canary, as the files have it. */
interface Bird {
  readonly queue: Address
  readonly cluster: string
  readonly key: string
  readonly slug: string
  readonly branch: string
  readonly policy: Want
  readonly at: Span
}

const canaryOf = (wanted: Wanted, queue: Address): Bird | Finding => {
  const policy = gateWanted(wanted, queue)
  const agents = wanted.access.agents.find((one) => one.queue === queue)
  if (policy === undefined || agents === undefined)
    return placed(
      'no-gate',
      `queue "${keyIn(queue)}" has no gate in the files`,
      agents?.at,
      'write `hook: { mode: block, account: NAME, canary: SLUG }` at the queue, with an account of `aws.accounts`',
    )
  const canary = agents.hook?.canary
  const [cluster = '', key = ''] = namesIn(keyIn(queue))
  if (canary === undefined)
    return placed(
      'no-canary',
      `queue "${keyIn(queue)}" has no canary`,
      agents.at,
      `write \`canary: ${key}-canary\` in its hook, and declare that pipeline: pipelines: { ${key}-canary: { cluster: ${cluster}, repository: URL, teams: {}, steps: "${stepsFor(key)}" } }`,
    )
  const want = wanted.wants.find(({ address }) => address === addressOf('pipeline', canary.value))
  const branch = want?.spec['default_branch']
  return {
    queue,
    cluster,
    key,
    slug: canary.value,
    branch: typeof branch === 'string' && branch !== '' ? branch : 'main',
    policy,
    at: canary.at,
  }
}

const stepsFor = (key: string) =>
  `steps: [{ command: 'echo the gate let the canary in', agents: { queue: ${key} } }]`

/** What the lock knows things by, under the names of the files. */
type Uuids = ReadonlyMap<Address, string>

interface Watched {
  readonly published?: GatePayload
  readonly builds: readonly CanaryEnded[]
  readonly findings: readonly Finding[]
}

/** Looks at what is published, starts builds, and waits for what becomes of them. */
const watch = async (
  world: World<Telling>,
  wanted: Wanted,
  bird: Bird,
  uuids: Uuids,
  options: CanaryOptions,
): Promise<Watched> => {
  const conversation = world.connect(wanted)
  const reader = conversation.reader()
  const [read, pipeline] = await Promise.all([
    readPublished(reader, bird.policy, world.policyKey),
    readPipelineNamed(reader, bird.slug),
  ])
  const published = read !== undefined && 'policy' in read ? read.policy : undefined
  const unfit = [...unfitPolicy(read, bird, uuids), ...unfitPipeline(pipeline, published, bird, uuids)]
  if (unfit.length > 0 || published === undefined || pipeline === undefined)
    return { ...(published && { published }), builds: [], findings: unfit }

  const started: Started[] = []
  const untold: Finding[] = []
  for (let n = 0; n < options.times && untold.length === 0; n += 1) {
    const message = `Canary: the gate of queue ${keyIn(bird.queue)} refuses this`
    const call = ready(startOf(pipeline.id, { branch: bird.branch, message }), new Map())
    const made = await unlessRefused(() => conversation.writer.send(call, addressOf('pipeline', bird.slug)))
    if (!isFinding(made)) started.push({ uuid: made.uuid ?? '', url: made.url ?? '' })
    else if (made.code !== 'interrupted') untold.push(made)
    else
      untold.push({
        ...made,
        fix: `look at the builds of "${bird.slug}": if it was started, cancel it there`,
      })
  }
  const until = options.now() + options.waitSeconds * 1000
  const on = published.queue.uuid
  const builds: CanaryEnded[] = []
  let noMore: Finding | undefined
  for (const one of started) {
    const seen: CanaryEnded | Finding =
      noMore ??
      (await unlessRefused(() => endOf(conversation, { ...one, on }, bird, until, world.signal, options)))
    if (isFinding(seen)) noMore = seen
    builds.push(isFinding(seen) ? { url: one.url, became: 'goes on' } : seen)
  }
  const left = builds.flatMap(({ became, url }) => (became === 'goes on' ? [url] : []))
  const stopped = world.signal?.aborted === true && left.length > 0 ? [goesOn(left)] : []
  const trouble = noMore === undefined || noMore.code === 'interrupted' ? [] : [noMore]
  return { published, builds, findings: [...untold, ...trouble, ...stopped] }
}

/** A build that was started. */
interface Started {
  readonly uuid: string
  /** Its page. */
  readonly url: string
}

/** What a person has to know who stops bridle while it waits: nothing of what was started stops with it. */
const goesOn = (urls: readonly string[]): Finding =>
  unplaced(
    'interrupted',
    `${urls.length === 1 ? 'the canary goes on' : `${urls.length} canaries go on`}: ${urls.join(', ')}`,
    'bridle was asked to stop, and stops no build',
    `cancel ${urls.length === 1 ? 'it on its page, or see there how it ends' : 'them on their pages, or see there how they end'}`,
  )

/** What became of one build, as soon as that is known, and at the latest when the time is over. */
const endOf = async (
  conversation: Telling,
  { uuid, url, on }: Started & { readonly on: string },
  bird: Bird,
  until: number,
  signal: AbortSignal | undefined,
  clock: CanaryOptions,
): Promise<CanaryEnded> => {
  let last: CanaryBuild | undefined
  for (let look = 0; ; look += 1) {
    last = (await readCanaryBuild(conversation.reader(), uuid)) ?? last
    const job = last?.jobs.find(({ agentQueryRules }) => agentQueryRules.includes(`queue=${bird.key}`))
    // The page of a build may say why a moment after its job has ended.
    const isTold = job !== undefined && hasEnded(job) && (!isRefused(job) || noteOn(last, job) !== undefined)
    const isAway = job !== undefined && isElsewhere(job, on)
    const end = { ...ended(last, job, on), url: last?.url ?? url }
    if (isTold || isAway || clock.now() >= until) return end
    if (signal?.aborted === true) return { ...end, became: 'goes on' }
    await clock.sleep(Math.min((look === 0 ? looks[0] : looks[1]) * 1000, Math.max(0, until - clock.now())))
  }
}

const over: ReadonlySet<string> = new Set([
  'FINISHED',
  'CANCELED',
  'TIMED_OUT',
  'EXPIRED',
  'BROKEN',
  'SKIPPED',
])

const hasEnded = ({ state }: CanaryJob): boolean => over.has(state)

/** Whether a job is on another queue: keys are the same in many clusters, and pipelines are moved. */
const isElsewhere = (job: CanaryJob, on: string): boolean =>
  job.queue === null ? hasEnded(job) : job.queue !== on

const isRefused = ({ exitStatus, signalReason }: CanaryJob): boolean =>
  exitStatus === '-1' && signalReason === 'AGENT_REFUSED'

/** What the gate wrote on the page: by which rule, and by which policy. */
const noteOn = (
  build: CanaryBuild | undefined,
  { uuid }: CanaryJob,
): { readonly rule: string; readonly serial?: number } | undefined => {
  const note = build?.annotations.find(({ context }) => context === `bridle-gate-${uuid}`)
  const [, rule, serial] =
    /\((?:<code>|`)?([a-z-]{1,40})(?:<\/code>|`)?(?:, policy (\d{1,15}))?\)/.exec(note?.body ?? '') ?? []
  if (rule === undefined) return undefined
  return { rule, ...(serial !== undefined && { serial: Number(serial) }) }
}

const ended = (build: CanaryBuild | undefined, job: CanaryJob | undefined, on: string): CanaryEnded => {
  const base = {
    url: build?.url ?? '',
    ...(job !== undefined && { job: job.uuid, state: job.state }),
    ...(job?.agent != null && { agent: job.agent }),
  }
  if (job === undefined) return { ...base, became: build?.jobs.length === 0 ? 'not taken' : 'elsewhere' }
  if (isElsewhere(job, on)) return { ...base, became: 'elsewhere' }
  if (isRefused(job)) return { ...base, became: 'refused', ...noteOn(build, job) }
  if (!hasEnded(job)) return { ...base, became: job.agent === null ? 'not taken' : 'unfinished' }
  return {
    ...base,
    became: job.state === 'FINISHED' && job.signalReason === null ? 'let in' : 'unclear',
    ...(job.signalReason !== null && { why: job.signalReason.toLowerCase() }),
  }
}

const placed = (
  code: Code,
  what: string,
  at: Span | undefined,
  fix: string,
  why = codes[code].why,
): Finding => ({
  ...unplaced(code, what, why, fix),
  where: at === undefined ? [] : [at],
})

/** Why there is nothing to see yet: what is published would let the canary in, or refuse it for another reason. */
const unfitPolicy = (
  read: Awaited<ReturnType<typeof readPublished>>,
  bird: Bird,
  uuids: Uuids,
): Finding[] => {
  const name = `the policy of queue "${keyIn(bird.queue)}"`
  const apply = 'run `bridle apply`, wait until the agents have it, and start the canary again'
  const no = (what: string, fix = apply) => [placed('unfit-policy', what, bird.at, fix)]
  if (read === undefined) return no(`${name} is not published`)
  if ('no' in read) return no(`${name} can't be used: ${read.no}`)
  const { policy, signature } = read
  if (signature === 'bad' || signature === 'of another key')
    return no(`${name} is signed ${signature === 'bad' ? 'by nobody' : 'by another key than the one here'}`)
  const { cluster, queue } = policy
  if (cluster.name !== bird.cluster || queue.key !== bird.key)
    return no(`${name} is made out for queue "${cluster.name}/${queue.key}"`)
  const isKnown = (address: Address, uuid: string) => (uuids.get(address) ?? uuid) === uuid
  if (!isKnown(bird.queue, queue.uuid) || !isKnown(clusterOf(bird.queue), cluster.uuid))
    return no(`${name} is made out for another queue of that name than the one in ${lockFile}`)
  if (policy.mode !== 'block')
    return no(
      `${name} has mode ${policy.mode}, so its canary would be let in`,
      'write `mode: block` when what it would refuse is what it should, and run `bridle apply`',
    )
  if (policy.pipelines.some(({ slug }) => slug === bird.slug))
    return no(`${name}, number ${policy.serial}, still lets in "${bird.slug}"`)
  return []
}

/** Why builds of what has the name of the canary would say nothing of this queue. */
const unfitPipeline = (
  pipeline: PipelineThere | undefined,
  published: GatePayload | undefined,
  { slug, queue, cluster, at }: Bird,
  uuids: Uuids,
): Finding[] => {
  const no = (what: string, fix: string) => [placed('unfit-canary', `pipeline "${slug}" ${what}`, at, fix)]
  if (pipeline === undefined) return no('is not there yet', 'run `bridle apply`, which makes it')
  const another = (address: Address, uuid: string) => {
    const was = uuids.get(address)
    const fix = `find out who made it and why; if it is right, \`bridle apply --accept-identity ${address}=${uuid}\``
    return was === undefined || was === uuid
      ? []
      : [placed('identity-changed', `${address} is not the one that ${lockFile} knows`, at, fix)]
  }
  const others = another(addressOf('pipeline', slug), pipeline.uuid)
  if (others.length > 0) return others
  const there = pipeline.cluster
  const on = `and queue "${keyIn(queue)}" is not`
  const move = 'find out who took it there, and run `bridle apply`, which puts it where the files have it'
  if (there === null) return no(`is in no cluster, ${on}`, move)
  if (there.name !== cluster) return no(`is in cluster "${there.name}", ${on}`, move)
  const clusters = another(clusterOf(queue), there.uuid)
  if (clusters.length > 0) return clusters
  return published !== undefined && published.cluster.uuid !== there.uuid
    ? no(`is in another cluster "${cluster}" than the one that the policy is made out for`, move)
    : []
}

/** What is wrong with how a build ended; nothing where it was refused as it should be. */
const findingsOf = (one: CanaryEnded, published: GatePayload | undefined, bird: Bird): Finding[] => {
  const on = `queue "${keyIn(bird.queue)}"`
  const by = one.agent === undefined ? 'an agent' : `agent "${one.agent}"`
  const at = one.url === '' ? '' : `: ${one.url}`
  const no = (code: Code, what: string, fix: string = codes[code].fix) => [
    placed(code, `${what}${at}`, bird.at, fix),
  ]
  switch (one.became) {
    case 'let in':
      return no('canary-let-in', `${by} of ${on} runs what it should refuse`)
    case 'not taken':
      return no(
        'canary-not-taken',
        `no agent of ${on} took the canary in time`,
        'start an agent, look whether the queue is paused, or wait longer with --wait; cancel the build on its page, as nothing here can',
      )
    case 'elsewhere':
      if (one.job !== undefined)
        return no(
          'canary-untold',
          `Buildkite does not say that the job of "${bird.slug}" was for ${on}: its queue has that key, and is another`,
          'look where the pipeline is, and who moves it; then start the canary again',
        )
      return no(
        'unfit-canary',
        `"${bird.slug}" has no step for ${on}`,
        `give it one: ${stepsFor(bird.key)}; and cancel the build on its page`,
      )
    case 'unfinished':
      return no(
        'canary-untold',
        `${by} took the canary, and it had not ended in time (${(one.state ?? '').toLowerCase()})`,
        'look at the build: if its log shows the command, the gate let it in; else wait longer with --wait',
      )
    case 'unclear':
      return no(
        'canary-untold',
        `the canary ended as ${(one.state ?? '').toLowerCase()}${one.why === undefined ? '' : `, ${one.why}`}, and was not refused by a gate`,
      )
    case 'goes on': // what stood in the way of waiting for it is told
      return []
    case 'refused':
      return refusedOf(one, published, no, by, on)
  }
}

const refusedOf = (
  one: CanaryEnded,
  published: GatePayload | undefined,
  no: (code: Code, what: string, fix?: string) => Finding[],
  by: string,
  on: string,
): Finding[] => {
  if (one.rule === undefined)
    return no(
      'canary-untold',
      `${by} of ${on} refused the canary, and does not say by which policy`,
      'let the agents write on builds: /usr/bin/buildkite-agent or /usr/local/bin/buildkite-agent has to be root’s; another hook may have refused it',
    )
  if (one.rule !== 'pipeline')
    return no(
      'canary-untold',
      `${by} of ${on} refused the canary by rule "${one.rule}", and should by its pipeline`,
      'look at the host: `bridle hook install --check` says what its gate lacks',
    )
  if (one.serial === undefined)
    return no(
      'canary-untold',
      `${by} of ${on} refused the canary, and does not say by which policy`,
      'install the gate of this bridle there: it says the number of its policy',
    )
  if (one.serial !== published?.serial)
    return no(
      'canary-other-policy',
      `${by} of ${on} goes by policy ${one.serial}, and policy ${published?.serial ?? 0} is published`,
    )
  return []
}
