import * as z from 'zod'
import { constantFiles, digestOf, listOf } from '../hook/installed.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { HostCheck, HostChecked } from '../model/result.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { declare } from './declare.js'
import { isAhead, printEvidence, readEvidence, withHosts, type HostSeen } from './evidence.js'
import { noGate, type PolicyFile } from './hook-test.js'
import { asDeclared, noUuid, readLock } from './lock.js'
import type { Declared } from './world.js'

const text = z.string().max(4_000)

/** What a host says of itself. Another version of `check-host` may say more. */
export const hostReportSchema = z.object({
  format: z.literal('bridle.host/1'),
  hostname: text.min(1),
  machine: z
    .string()
    .regex(/^([0-9a-f]{64})?$/)
    .default(''),
  checked_at: z.iso.datetime(),
  by: text,
  ok: z.boolean(),
  organization: text.optional(),
  cluster: text.optional(),
  queue: text,
  hooks: text,
  files: text,
  failed: z.array(text),
  checks: z
    .array(
      z.object({
        name: text.min(1),
        weight: z.enum(['gate', 'work', 'depth']),
        state: z.enum(['ok', 'failed', 'unknown']),
        saw: text,
        why: text,
        fix: text,
      }),
    )
    .min(1),
})
type Report = z.infer<typeof hostReportSchema>

/** What a host said, and where it is to be written down. */
interface HostQuestion {
  readonly text: string
  /** What the report is called. */
  readonly name: string
  /** The queue that the host is of, where a person says so. */
  readonly queue?: Address | undefined
  /** A policy of that queue, which knows its uuid where the lock does not. */
  readonly policy?: PolicyFile | undefined
  /** Whole seconds, as ISO says it. */
  readonly now: string
}

/** The answer, and the evidence file as it should be now. */
interface HostAnswer {
  readonly checked: HostChecked
  readonly evidence?: string
}

/**
 * What a host says of its gate, by `check-host --format json`.
 *
 * @param declared  left out where there are no files here: then nothing is written down
 */
export const hookCheck = (
  declared: Declared | undefined,
  { text, name, queue, policy, now }: HostQuestion,
): HostAnswer => {
  const report = reportIn(text)
  if (report === undefined) return { checked: nothing(notAReport(name)) }
  if (isAhead(report.checked_at, now)) return { checked: nothing(yetToCome(report)) }
  const found = declared && ofQueue(declared, report, queue, policy)
  if (found !== undefined && 'code' in found) return { checked: nothing(found) }
  const wrong = report.checks.filter(({ weight, state }) => weight === 'gate' && state !== 'ok')
  const current = isCurrent(report)
  const checked: HostChecked = {
    result: 'hook-check',
    report: {
      hostname: report.hostname,
      checkedAt: report.checked_at,
      by: report.by,
      ok: report.ok && wrong.length === 0,
      files: report.files,
      current,
      checks: report.checks,
    },
    ...(found && { queue: found.queue }),
    findings: [
      ...wrong.map((check) => voidBy(report, check)),
      ...(current || wrong.some(({ name }) => name === 'files') ? [] : [otherFiles(report)]),
    ],
  }
  if (found === undefined || declared === undefined) return { checked }
  const known = readEvidence(declared.files, { organization: found.wanted.organization })
  const seen: HostSeen = {
    hostname: report.hostname,
    ...(report.machine !== '' && { machine: report.machine }),
    checked_at: report.checked_at,
    ok: checked.findings.length === 0,
    files: report.files === '' ? 'none' : report.files,
    failed: [...wrong.map(({ name }) => name), ...(current ? [] : ['other-files'])],
  }
  if (known !== undefined && 'code' in known)
    return { checked: { ...checked, findings: [...checked.findings, known] } }
  return {
    checked,
    evidence: printEvidence(withHosts(known, found.wanted.organization, found.queue, [seen], now)),
  }
}

/** Whether a host has the files of this bridle: with the hook for credentials, or without. */
const isCurrent = ({ hooks, files }: Report): boolean =>
  [false, true].some(
    (withCredentials) => digestOf(listOf(constantFiles(hooks, withCredentials)).text) === files,
  )

const nothing = (finding: Finding): HostChecked => ({ result: 'hook-check', findings: [finding] })

const reportIn = (json: string): Report | undefined => {
  try {
    const parsed = hostReportSchema.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** The queue that a host is of: by the uuid that it was told. A name that a person gives has to be that one. */
const ofQueue = (
  declared: Declared,
  { hostname, queue: uuid }: Report,
  queue: Address | undefined,
  policy: PolicyFile | undefined,
): { readonly queue: Address; readonly wanted: Wanted } | Finding => {
  const { wanted, findings } = declare(declared)
  if (wanted === undefined) return findings[0] ?? notAReport(declared.root)
  const lock = readLock(declared.files, wanted)
  if (lock !== undefined && 'code' in lock) return lock
  const known = [...(lock === undefined ? [] : asDeclared(wanted, lock.identities))].filter(
    ([, is]) => is !== noUuid,
  )
  if (queue === undefined) {
    const [own] = known.find(([name, is]) => name.startsWith('queue:') && is === uuid) ?? []
    return own === undefined ? ofNoQueue(hostname) : { queue: own, wanted }
  }
  const [cluster = '', key = ''] = namesIn(keyIn(queue))
  if (!wanted.wants.some(({ address }) => address === addressOf('gate-policy', cluster, key)))
    return noGate(wanted, queue)
  const told = policy && uuidIn(policy, cluster, key)
  if (policy !== undefined && told === undefined) return notItsPolicy(policy.name, cluster, key)
  const is = known.find(([name]) => name === queue)?.[1] ?? told
  if (is === undefined) return nobodyKnows(hostname, queue)
  return is === uuid ? { queue, wanted } : ofAnother(hostname, queue)
}

/** The uuid of a queue, by a policy of it. */
const uuidIn = ({ policy }: PolicyFile, cluster: string, key: string): string | undefined => {
  const [its, own] = [policy['cluster'], policy['queue']] as (Readonly<Record<string, unknown>> | undefined)[]
  const uuid = its?.['name'] === cluster && own?.['key'] === key ? own['uuid'] : undefined
  return typeof uuid === 'string' ? uuid : undefined
}

const notAReport = (name: string): Finding =>
  unplaced(
    'not-a-host-report',
    `${name} is no report of a host`,
    'that a gate stands is believed to a host that was looked at',
    'write it on the host: /usr/lib/bridle/check-host --format json > report.json',
  )

const ofNoQueue = (hostname: string): Finding =>
  unplaced(
    'not-a-host-report',
    `the report of host ${hostname} is of a queue that bridle.lock.yaml does not know`,
    'what is written down of a host is written down of its queue',
    'name its queue: bridle hook install --check QUEUE',
  )

const nobodyKnows = (hostname: string, queue: Address): Finding =>
  unplaced(
    'not-a-host-report',
    `nobody here can tell whether host ${hostname} is of ${queue}: bridle.lock.yaml does not know its uuid`,
    'a host says its queue by uuid, and one of another queue shows nothing of this one',
    'run `bridle apply` first, which remembers it; or name the published policy with --policy FILE',
  )

const notItsPolicy = (name: string, cluster: string, key: string): Finding =>
  unplaced(
    'not-a-policy',
    `${name} is no policy of queue "${cluster}/${key}"`,
    'by it is told whether the host is of that queue',
    'name what is in the parameter of the queue',
  )

const yetToCome = ({ hostname, checked_at }: Report): Finding =>
  unplaced(
    'not-a-host-report',
    `host ${hostname} says that it looked at ${checked_at}, which is yet to come`,
    'the latest report of a host counts, so one that is ahead would shut out all that are true',
    'set the clock of the host, or of this machine, and have the host look again',
  )

const ofAnother = (hostname: string, queue: Address): Finding =>
  unplaced(
    'not-a-host-report',
    `host ${hostname} was told another queue than ${queue}`,
    'its gate goes by the policy of that queue',
    'leave out the queue, or install its gate again',
  )

const voidBy = ({ hostname }: Report, { name, saw, why, fix, state }: HostCheck): Finding =>
  unplaced(
    'gate-void',
    `${name} on ${hostname}: ${saw}${state === 'unknown' ? ', so nobody can tell' : ''}`,
    why,
    fix,
  )

const otherFiles = ({ hostname }: Report): Finding =>
  unplaced(
    'other-host-files',
    `the files of ${hostname} are not those that this bridle installs`,
    'it has an older gate, or somebody changed both the files and their list',
    'install it again: bridle hook print QUEUE --script',
  )
