import { agentOptions, optionNotes, type OptionFacts } from '../hook/agent-options.js'
import { installScript, withBootScript } from '../hook/install-script.js'
import { constantFiles, digestOf, listOf, type HostFile, type HostPlaces } from '../hook/installed.js'
import { shipped } from '../hook/shipped.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { GateMode, GatePipeline } from '../model/gate.js'
import type { HookPrinted } from '../model/result.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { bootScript } from '../stack/boot-script.js'
import { declare, standInTheWay } from './declare.js'
import { noGate, type PolicyFile } from './hook-test.js'
import { asDeclared, noUuid, readLock, type Lock } from './lock.js'
import type { Declared } from './world.js'

/** All checks of a host, as they stand on each: what `sh -c` is told. */
export const checkHost = shipped['check-host']

/** What is asked of a queue's hosts beside what is declared. */
export interface HostOptions extends HostPlaces {
  readonly withCredentials: boolean
  /** With what hardens a machine of the stack. */
  readonly withBootScript: boolean
  /** Where the lock does not know it. */
  readonly organization?: string | undefined
  /** A policy of the queue, which knows all three uuids. */
  readonly policy?: PolicyFile | undefined
  /** The pinned key: its name, and its public half in PEM. */
  readonly key?: { readonly kid: string; readonly pem: string } | undefined
}

/** What goes onto the hosts of a queue, and the script that puts it there where all is known that it takes. */
export interface HostPlan {
  readonly printed: HookPrinted
  readonly script?: string
  /** What stands in the way of the script alone. */
  readonly lacking: readonly Finding[]
}

/** What makes a host of a queue a gated one. It asks nobody. */
export const hookHost = (declared: Declared, queue: Address, options: HostOptions): HostPlan => {
  const nothing = (findings: readonly Finding[]): HostPlan => ({
    printed: { result: 'hook-print', queue, files: [], options: [], notes: [], findings },
    lacking: findings,
  })
  const { wanted, findings } = declare(declared)
  if (wanted === undefined || standInTheWay(findings)) return nothing(findings)
  const want = wanted.wants.find(
    ({ address }) => address === addressOf('gate-policy', ...namesIn(keyIn(queue))),
  )
  if (want === undefined) return nothing([noGate(wanted, queue)])
  const lock = readLock(declared.files, wanted)
  if (lock !== undefined && 'code' in lock) return nothing([lock])
  const ids = identitiesOf(queue, options, wanted, lock)
  if ('code' in ids) return nothing([ids])
  const spec = want.spec as unknown as PolicyWanted
  const constants = constantFiles(options.hooksPath, options.withCredentials)
  const own = ownFiles(wanted, spec, ids, options.key)
  // The list last but one: by what it says before, the script knows what is ours.
  const files = [...own, ...constants.slice(0, -1), listOf(constants), ...constants.slice(-1)]
  const lacking = [
    ...Object.entries(ids).flatMap(([what, uuid]) =>
      uuid === undefined ? [unknownIdentity(queue, what)] : [],
    ),
    ...(options.key === undefined ? [noKey] : []),
  ]
  const isUntold = lacking.some(({ code }) => code === 'host-not-told')
  const facts = optionFacts(spec, options.hooksPath)
  const install = installScript(keyIn(queue), options, files)
  return {
    printed: {
      result: 'hook-print',
      queue,
      mode: spec.mode,
      files: files.map(({ path, mode, text, does }) => ({
        path,
        owner: 'root',
        mode: `0${mode}`,
        does,
        sha256: path.endsWith('/gate.json') && isUntold ? '' : digestOf(text),
      })),
      digest: digestOf(listOf(constants).text),
      options: agentOptions(facts),
      notes: [
        ...optionNotes(facts),
        ...(lacking.length === 0
          ? []
          : ['Not everything is known yet that a host is told; what is lacking is said by --script.']),
      ],
      findings: [],
    },
    lacking,
    ...(lacking.length === 0 && {
      script: options.withBootScript
        ? withBootScript(install, bootScriptOf(wanted, queue), options)
        : install,
    }),
  }
}

const bootScriptOf = ({ access: { allow } }: Wanted, queue: Address): string => {
  const cluster = addressOf('cluster', namesIn(keyIn(queue))[0] ?? '')
  const privileged = allow.some(({ on }) => on === queue || on === cluster)
  return bootScript({ queue: keyIn(queue), privileged }, { form: 'iptables', brokers: [] })
}

/** A gate's policy as the files have it. */
interface PolicyWanted {
  readonly account: string
  readonly name: string
  readonly mode: GateMode
  readonly pipelines: Readonly<Record<string, Partial<GatePipeline>>>
}

interface Identities {
  readonly organization: string | undefined
  readonly cluster: string | undefined
  readonly queue: string | undefined
}

const identitiesOf = (
  queue: Address,
  { policy, organization }: HostOptions,
  wanted: Wanted,
  lock: Lock | undefined,
): Identities | Finding => {
  const locked = lock && asDeclared(wanted, lock.identities)
  const [cluster = '', key = ''] = namesIn(keyIn(queue))
  const told = (of: string, name: string, is: string): string | undefined => {
    const one = policy?.policy[of] as Readonly<Record<string, unknown>> | undefined
    return one?.[name] === is && typeof one['uuid'] === 'string' && isUuid(one['uuid'])
      ? one['uuid']
      : undefined
  }
  if (
    policy !== undefined &&
    (told('cluster', 'name', cluster) === undefined || told('queue', 'key', key) === undefined)
  )
    return unplaced(
      'not-a-policy',
      `${policy.name} is no policy of queue "${cluster}/${key}"`,
      'a host that is told another queue refuses every job',
      'name what is in the parameter of the queue',
    )
  const known = (address: Address) => {
    const uuid = locked?.get(address)
    return uuid === undefined || uuid === noUuid || !isUuid(uuid) ? undefined : uuid
  }
  const ofPolicy = policy?.policy['organization'] as Readonly<Record<string, unknown>> | undefined
  const theirs = ofPolicy?.['uuid']
  return {
    organization:
      organization ??
      lock?.organizationUuid ??
      (typeof theirs === 'string' && isUuid(theirs) ? theirs : undefined),
    cluster: known(addressOf('cluster', cluster)) ?? told('cluster', 'name', cluster),
    queue: known(queue) ?? told('queue', 'key', key),
  }
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** What differs from queue to queue. */
const ownFiles = (
  { aws }: Wanted,
  { account, name, mode }: PolicyWanted,
  { organization = '', cluster = '', queue = '' }: Identities,
  key: HostOptions['key'],
): readonly HostFile[] => {
  const region = aws?.accounts.find((one) => one.name === account)?.region ?? ''
  const file = (path: string, text: string, does: string): HostFile => ({
    path: `/etc/bridle/${path}`,
    mode: '644',
    text,
    does,
  })
  return [
    file(
      'gate.json',
      `${JSON.stringify({ organization, cluster, queue, mode })}\n`,
      'for which queue the host is',
    ),
    file('keeper.json', `${JSON.stringify({ parameter: name, region })}\n`, 'where the policy is'),
    ...(key === undefined
      ? []
      : [file(`policy-keys/${key.kid}.pem`, key.pem, 'the key that policies are checked with')]),
  ]
}

const optionFacts = ({ pipelines }: PolicyWanted, hooksPath: string): OptionFacts => {
  const all = Object.values(pipelines)
  return {
    hooksPath,
    repositories: all.flatMap(({ repository }) => repository ?? []),
    plugins: all.flatMap(({ plugins = [] }) => plugins),
    environment: all.flatMap(({ environment = [] }) => environment),
  }
}

const unknownIdentity = (queue: Address, what: string): Finding =>
  what === 'organization'
    ? unplaced(
        'host-not-told',
        'bridle.lock.yaml does not know the uuid of the organization',
        'a gate lets in jobs of one organization, by its uuid',
        'run `bridle apply` first, which remembers it; or say it with --organization-uuid UUID, or name the published policy with --policy FILE',
      )
    : unplaced(
        'host-not-told',
        `bridle.lock.yaml does not know ${what === 'queue' ? queue : addressOf('cluster', namesIn(keyIn(queue))[0] ?? '')}`,
        'a gate knows its queue by uuid, since a name can be given to another one',
        `run \`bridle apply\` first, which makes the queue and remembers it; or name the published policy with --policy FILE`,
      )

const noKey: Finding = unplaced(
  'no-signing-key',
  'neither BRIDLE_POLICY_KMS_KEY nor BRIDLE_POLICY_KEY_FILE names a key, and a host has to know by which one its policy is signed',
  'a host takes a policy for what its signature says',
  'set BRIDLE_POLICY_KEY_FILE to the file of the key; the public half is enough here',
)
