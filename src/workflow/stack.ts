import { nearest } from '../config/nearest.js'
import { addressOf, keyIn, keyOf, namesIn, type Address } from '../model/address.js'
import type { AwsAccount } from '../model/aws.js'
import { codes, type Code } from '../model/codes.js'
import { noRole } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import type { Drifted } from '../model/result.js'
import type { Span } from '../model/span.js'
import type { StackDrift, StackImplied } from '../model/stack.js'
import type { Want, Wanted } from '../model/wanted.js'
import { bootScript } from '../stack/boot-script.js'
import { compare, type Danger } from '../stack/compare.js'
import { firewallScript, type Firewall } from '../stack/firewall.js'
import { liveStacks, valueIn, type LiveStack } from '../stack/live.js'
import { stackOf, type InstanceRole, type QueueFacts, type StoredToken } from '../stack/stack.js'
import { declare, standInTheWay } from './declare.js'
import type { Declared } from './world.js'

export type { FirewallForm } from '../stack/firewall.js'

/** What is asked about a queue beside what is declared. */
export interface StackOptions {
  /** The description of the token that its agents register with, where the cluster has several. */
  readonly token?: string | undefined
  /** The id of the KMS key that the token is encrypted with. */
  readonly tokenKey?: string | undefined
  readonly bootstrapUrl?: string | undefined
}

/** The parameters that a queue implies for its stack. It asks nobody. */
export const stack = (declared: Declared, queue: Address, options: StackOptions): StackImplied => {
  const found = queueIn(declared, queue)
  if ('findings' in found) return { queue, privileged: false, findings: found.findings }
  const { wanted, want, privileged } = found
  const facts = factsOf(wanted, want, options)
  return 'findings' in facts
    ? { queue, privileged, findings: facts.findings }
    : { queue, privileged, stack: stackOf(facts.facts), findings: [] }
}

/** A script for the machines of a queue: the firewall alone, or all that hardens them. */
export const stackScript = (
  declared: Declared,
  queue: Address,
  { firewall, alone }: { readonly firewall: Firewall; readonly alone: boolean },
): { readonly text: string } | { readonly findings: readonly Finding[] } => {
  const found = queueIn(declared, queue)
  if ('findings' in found) return found
  const about = { queue: keyIn(queue), privileged: found.privileged }
  return { text: alone ? firewallScript(about, firewall) : bootScript(about, firewall) }
}

interface FoundQueue {
  readonly wanted: Wanted
  readonly want: Want
  readonly privileged: boolean
}

type Findings = { readonly findings: readonly Finding[] }

const queueIn = (declared: Declared, queue: Address): FoundQueue | Findings => {
  const { wanted, findings } = declare(declared)
  if (wanted === undefined || standInTheWay(findings)) return { findings }
  const want = wanted.wants.find(({ address }) => address === queue)
  if (want === undefined) return { findings: [noSuchQueue(wanted, queue)] }
  if (isHosted(want)) return { findings: [hosted(want)] }
  return { wanted, want, privileged: isPrivileged(wanted, want) }
}

const clusterOf = ({ key }: Want): string => namesIn(key)[0] ?? ''

const isPrivileged = ({ access: { allow } }: Wanted, want: Want) =>
  allow.some(({ on }) => on === want.address || on === addressOf('cluster', clusterOf(want)))

/** Machines of Buildkite's own have neither a stack nor a role. */
const isHosted = ({ spec }: Want) => spec['hosted_agents'] !== undefined && spec['hosted_agents'] !== null

/** All that a queue's stack depends on, or everything that is in the way of it. */
const factsOf = (
  wanted: Wanted,
  want: Want,
  { token, tokenKey, bootstrapUrl }: StackOptions,
): { readonly facts: QueueFacts } | Findings => {
  const role = roleOf(wanted, want)
  const stored = tokenOf(wanted, want, token)
  const findings = [role, stored].flatMap((one) => (one !== undefined && 'code' in one ? [one] : []))
  if (findings.length > 0 || 'code' in role || (stored !== undefined && 'code' in stored)) return { findings }
  const key = tokenKey ?? stored?.key
  return {
    facts: {
      key: namesIn(want.key)[1] ?? '',
      privileged: isPrivileged(wanted, want),
      role,
      ...(stored && { token: stored.token }),
      ...(key !== undefined && { tokenKey: key }),
      ...(bootstrapUrl !== undefined && { bootstrapUrl }),
    },
  }
}

const accountsOf = ({ aws }: Wanted): readonly AwsAccount[] => aws?.accounts ?? []

const usualPath = '/buildkite/'

const textIn = ({ spec }: Want, field: string): string | undefined => {
  const value = spec[field]
  return typeof value === 'string' ? value : undefined
}

const roleOf = (wanted: Wanted, want: Want): InstanceRole | Finding => {
  const said = wanted.access.agents.find(({ queue }) => queue === want.address)
  if (said?.instanceRole === undefined)
    return placed(
      'no-instance-role',
      want.at,
      `${spoken(want.address)} does not say which role its agents have`,
      'write `instance_role: ACCOUNT/NAME` at the queue',
    )
  if (said.instanceRole === noRole)
    return placed(
      'no-instance-role',
      said.at,
      `${spoken(want.address)} says that its machines have no role, and the machines of a stack always have one`,
      'declare a role that may do no more than agents need, and write `instance_role: ACCOUNT/NAME`; or run these agents without this stack',
      'where InstanceRoleARN is left empty the stack makes a role of its own, with which every job can read the agent token and the secrets bucket, and no file says so',
    )
  const by = `the instance role of ${spoken(want.address)}`
  const [account = '', name = '', ...more] = said.instanceRole.split('/')
  if (account === '' || name === '' || more.length > 0)
    return placed(
      'wrong-value',
      said.at,
      `${by} is "${said.instanceRole}", and a role is written as ACCOUNT/NAME`,
      'write the account’s name in the files, a slash, and the role’s name: management/agent-deploy',
      'a role’s name says nothing without its account',
    )
  const found = accountNamed(wanted, account, by, said.at)
  if ('code' in found) return found
  const roles = wanted.wants.filter(({ kind }) => kind === 'role')
  const role = roles.find(({ key }) => key === keyOf(account, name))
  if (role === undefined) {
    const meant = nearest(
      keyOf(account, name),
      roles.map(({ key }) => key),
    )
    return placed(
      'unknown-reference',
      said.at,
      `${by} is "${said.instanceRole}", which no file declares`,
      meant === undefined
        ? 'declare it under `aws.roles`'
        : `write "${meant}", or declare it under \`aws.roles\``,
      'where a role lies in IAM stands at the role, and its ARN needs that',
    )
  }
  const boundary = textIn(role, 'permissions_boundary')
  return {
    account: found,
    name,
    path: textIn(role, 'path') ?? usualPath,
    ...(boundary !== undefined && { boundary }),
  }
}

const accountNamed = (wanted: Wanted, name: string, by: string, at: Span): AwsAccount | Finding => {
  const accounts = accountsOf(wanted)
  const account = accounts.find((one) => one.name === name)
  if (account !== undefined) return account
  const meant = nearest(
    name,
    accounts.map((one) => one.name),
  )
  return placed(
    'unknown-account',
    at,
    `${by} is in account "${name}", which no file declares`,
    meant === undefined
      ? 'declare it under `aws.accounts`, with its id and region'
      : `write "${meant}", or declare "${name}" under \`aws.accounts\``,
    'an ARN needs the account’s id, and its name does not tell it',
  )
}

/** An agent token of the files, as far as a stack has to do with it. */
interface DeclaredToken {
  readonly cluster: Address
  readonly description: string
  /** Where its value is kept: an account, then the name of an SSM parameter there. */
  readonly store: string | undefined
  readonly at: Span
}

const tokensIn = ({ wants }: Wanted, cluster: Address): DeclaredToken[] =>
  wants
    .filter(({ kind }) => kind === 'token')
    .map((want) => ({
      cluster: addressOf('cluster', clusterOf(want)),
      description: textIn(want, 'description') ?? '',
      store: textIn(want, 'store'),
      at: want.at,
    }))
    .filter((token) => token.cluster === cluster)

interface FoundToken {
  readonly token: StoredToken
  /** The id of the key that its parameter is declared with. */
  readonly key?: string
}

/** Where the token of a queue's agents is kept; nothing where no token is stored. */
const tokenOf = (wanted: Wanted, want: Want, name: string | undefined): FoundToken | Finding | undefined => {
  const cluster = addressOf('cluster', clusterOf(want))
  const all = tokensIn(wanted, cluster)
  const chosen = name === undefined ? all : all.filter(({ description }) => description === name)
  if (name !== undefined && chosen.length === 0) return noSuchToken(cluster, name, all)
  const [first, ...others] = chosen.filter(({ store }) => store !== undefined)
  if (first?.store === undefined) return undefined
  if (others.length > 0) return severalTokens(want, [first, ...others])
  const [account = '', ...levels] = first.store.split('/')
  const found = accountNamed(wanted, account, `the store of token "${first.description}"`, first.at)
  if ('code' in found) return found
  const key = parameterKey(wanted, first.store)
  return {
    token: { description: first.description, account: found, parameter: `/${levels.join('/')}` },
    ...(key !== undefined && { key }),
  }
}

/** The id of a declared parameter's key, which the stack wants bare. An alias has no id that one could see. */
const parameterKey = (wanted: Wanted, store: string): string | undefined => {
  const parameter = wanted.wants.find(({ kind, key }) => kind === 'parameter' && key === store)
  const key = parameter && textIn(parameter, 'key_id')
  return key === undefined || key.includes('alias/') ? undefined : key.replace(/^.*:key\//, '')
}

const nowhere = (code: Code, what: string, fix: string, why: string = codes[code].why): Finding => ({
  code,
  severity: 'error',
  where: [],
  what,
  why,
  fix,
})

const placed = (code: Code, at: Span, what: string, fix: string, why?: string): Finding => ({
  ...nowhere(code, what, fix, why),
  where: [at],
})

const spoken = (queue: Address) => `queue "${namesIn(keyIn(queue)).join('/')}"`

const queuesIn = ({ wants }: Wanted) => wants.filter(({ kind }) => kind === 'queue')

const noSuchQueue = (wanted: Wanted, queue: Address): Finding => {
  const meant = nearest(
    keyIn(queue),
    queuesIn(wanted).map(({ key }) => key),
  )
  return nowhere(
    'nothing-there',
    `no file declares ${spoken(queue)}`,
    meant === undefined ? 'name a declared queue: CLUSTER/KEY' : `did you mean ${meant}?`,
    'what a queue implies stands in the files, and nowhere else',
  )
}

const hosted = ({ address, at, spans }: Want): Finding =>
  placed(
    'hosted-queue',
    spans['hosted_agents'] ?? at,
    `Buildkite itself runs the machines of ${spoken(address)}, so it has no stack`,
    codes['hosted-queue'].fix,
  )

const noSuchToken = (cluster: Address, name: string, all: readonly DeclaredToken[]): Finding => {
  const meant = nearest(
    name,
    all.map(({ description }) => description),
  )
  return nowhere(
    'nothing-there',
    `cluster "${keyIn(cluster)}" declares no token "${name}"`,
    meant === undefined ? 'name one of the cluster’s tokens, by its description' : `did you mean "${meant}"?`,
  )
}

const severalTokens = (want: Want, tokens: readonly DeclaredToken[]): Finding => ({
  ...nowhere(
    'several-tokens',
    `the cluster of ${spoken(want.address)} has ${tokens.length} stored tokens: ${tokens.map(({ description }) => `"${description}"`).join(', ')}`,
    'name the one that its agents register with: --token NAME',
  ),
  where: tokens.map(({ at }) => at),
})

/** What to hold against the files: the text of a file about one or several stacks. */
export interface StackDriftOptions extends StackOptions {
  readonly text: string
  /** What the file is called. */
  readonly file: string
  /** The queue that the stack is of, where a person says so. */
  readonly queue?: Address | undefined
}

/** How live stacks differ from what their queues imply. It asks nobody. */
export const stackDrift = (declared: Declared, options: StackDriftOptions): Drifted => {
  const { wanted, findings } = declare(declared)
  if (wanted === undefined || standInTheWay(findings)) return { result: 'drift', findings }
  const live = liveStacks(options.text)
  if (live === undefined) return { result: 'drift', findings: [notAStack(options.file)] }
  const held = live.map((one) => holdAgainst(wanted, one, options))
  const stacks = held.flatMap(({ drift }) => (drift === undefined ? [] : [drift]))
  return {
    result: 'drift',
    ...(stacks.length > 0 && { stacks }),
    findings: held.flatMap((one) => one.findings),
  }
}

const holdAgainst = (
  wanted: Wanted,
  live: LiveStack,
  options: StackDriftOptions,
): Findings & { readonly drift?: StackDrift } => {
  const want = queueOf(wanted, live, options)
  if ('code' in want) return { findings: [want] }
  if (isHosted(want)) return { findings: [hosted(want)] }
  const known = factsHeld(wanted, want, live, options)
  if ('findings' in known) return known
  const privileged = isPrivileged(wanted, want)
  const { dangers, ...compared } = compare(stackOf(known.facts), live, privileged)
  const taken = privileged ? [] : takenFromPrivileged(wanted, live)
  return {
    drift: {
      ...(live.name !== undefined && { name: live.name }),
      queue: want.address,
      privileged,
      ...compared,
    },
    findings: [...dangers, ...taken].map((danger) => unsafe(want, live, danger)),
  }
}

/** What a stack of a queue that is not privileged has and should not: the role or the token of one that is. */
const takenFromPrivileged = (wanted: Wanted, live: LiveStack): Danger[] =>
  queuesIn(wanted)
    .filter((want) => isPrivileged(wanted, want) && !isHosted(want))
    .flatMap((want) => {
      const known = factsHeld(wanted, want, live, {})
      if ('findings' in known) return []
      const own = stackOf(known.facts).parameters
      const has = (key: string, what: string): Danger[] => {
        const value = own.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue
        return value === undefined || live.values.get(key) !== value ? [] : [{ key, value, what }]
      }
      return [
        ...has('InstanceRoleARN', `its jobs have the role of privileged ${spoken(want.address)}`),
        ...has(
          'BuildkiteAgentTokenParameterStorePath',
          `its agents register in privileged cluster "${clusterOf(want)}"`,
        ),
      ]
    })
    .filter((one, at, all) => all.findIndex(({ what }) => what === one.what) === at)

/** With the token that the stack has, where the cluster has several. */
const factsHeld = (wanted: Wanted, want: Want, live: LiveStack, options: StackOptions) => {
  const path = live.values.get('BuildkiteAgentTokenParameterStorePath')
  const cluster = addressOf('cluster', clusterOf(want))
  const tokens = options.token === undefined ? tokensIn(wanted, cluster) : []
  const held = tokens
    .map(({ description }) => factsOf(wanted, want, { ...options, token: description }))
    .find((known) => 'facts' in known && path !== undefined && implies(known.facts, path))
  return held ?? factsOf(wanted, want, options)
}

const implies = (facts: QueueFacts, value: string) =>
  stackOf(facts).parameters.some(({ ParameterValue }) => ParameterValue === value)

/** The queue that a stack is of: the one of its key, and of several the one whose role or token it has. */
const queueOf = (wanted: Wanted, live: LiveStack, options: StackDriftOptions): Want | Finding => {
  const queues = queuesIn(wanted)
  if (options.queue !== undefined)
    return queues.find(({ address }) => address === options.queue) ?? noSuchQueue(wanted, options.queue)
  const key = valueIn(live, 'BuildkiteQueue', 'default') ?? ''
  const [first, ...others] = queues.filter((want) => namesIn(want.key)[1] === key)
  if (first === undefined) return ofNoQueue(wanted, live, key)
  if (others.length === 0) return first
  const telling = ['InstanceRoleARN', 'BuildkiteAgentTokenParameterStorePath']
  for (const value of telling.flatMap((one) => live.values.get(one) ?? [])) {
    const [only, ...more] = [first, ...others].filter((want) => {
      const known = factsHeld(wanted, want, live, options)
      return value !== '' && 'facts' in known && implies(known.facts, value)
    })
    if (only !== undefined && more.length === 0) return only
  }
  return ofSeveral(live, [first, ...others])
}

const named = ({ name }: LiveStack) => (name === undefined ? 'the stack' : `stack "${name}"`)

const ofNoQueue = (wanted: Wanted, live: LiveStack, key: string): Finding => {
  const meant = nearest(
    key,
    queuesIn(wanted).map((want) => namesIn(want.key)[1] ?? ''),
  )
  return nowhere(
    'ambiguous-stack',
    `${named(live)} runs agents of queue "${key}", which no file declares`,
    meant === undefined
      ? 'declare the queue, or name the one it should be with --queue'
      : `did you mean "${meant}"? Declare the queue, or name the one it should be with --queue`,
  )
}

const ofSeveral = (live: LiveStack, wants: readonly Want[]): Finding =>
  nowhere(
    'ambiguous-stack',
    `${named(live)} could be that of ${wants.map(({ address }) => spoken(address)).join(' or ')}, and has the role and the token of neither`,
    `say which: ${wants.map(({ key }) => `--queue ${key}`).join(' or ')}`,
  )

const notAStack = (file: string): Finding =>
  nowhere(
    'not-a-stack',
    `${file} holds no parameters of a stack`,
    'write it with `aws cloudformation describe-stacks --stack-name NAME > stack.json`',
  )

const unsafe = (want: Want, live: LiveStack, { key, value, what, unsure }: Danger): Finding => ({
  ...placed(
    'unsafe-stack',
    want.at,
    `${named(live)} of ${spoken(want.address)} has ${key} "${value}": ${what}`,
    `update the stack with what \`${typedStack(want)}\` prints, and replace its machines`,
  ),
  ...(unsure && { severity: 'warning' }),
})

const typedStack = ({ key }: Want) =>
  /^[\w./-]+$/.test(key) ? `bridle stack ${key}` : `bridle stack '${key}'`
