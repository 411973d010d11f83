import { addressOf, keyIn, keyOf, namesIn, type Address } from '../model/address.js'
import type { AgentsOf, HookOf, JobsOfPipeline, Placed } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import { isNamed, namesAll, policyParameter, type BuildSource } from '../model/gate.js'
import type { Span } from '../model/span.js'
import { coverOf, type Want, type Wanted } from '../model/wanted.js'
import {
  allowsEverything,
  canaryLetIn,
  lacking,
  letsForksIn,
  refusedAnyway,
  runsCode,
  twice,
  unknown,
} from './objection.js'

/** What the files come to for the gates: things to want, and what is wrong with them. */
export interface Gates {
  readonly wants: readonly Want[]
  /** Maps that are as good as written: what is in them and not wanted is undeclared. */
  readonly covers: readonly string[]
  readonly findings: readonly Finding[]
}

/** What a policy says of one pipeline, roles by their names. The keys are those of the policy. */
interface LetIn {
  readonly repository: string
  readonly branches?: readonly string[]
  readonly tags?: readonly string[]
  readonly pull_requests?: 'own' | 'forks'
  readonly sources?: readonly BuildSource[]
  readonly triggered_by?: readonly string[]
  readonly environment?: readonly string[]
  readonly plugins?: readonly string[]
  readonly commands?: readonly string[]
  readonly creator_teams?: readonly string[]
  readonly role?: string
  readonly roles?: readonly string[]
}

type Spec = Readonly<Record<string, unknown>>

/** A queue whose hook is to be given a policy. */
interface Gate {
  readonly queue: Address
  readonly cluster: string
  readonly key: string
  readonly hook: HookOf
  readonly account: Placed<string>
  readonly isPrivileged: boolean
  /** True where the queue narrows the border of its cluster. */
  readonly narrows: boolean
  readonly at: Span
}

/**
 * The policies of all gates, and the leaves that older hooks read: what is written of queues and pipelines, said once
 * more for whoever stands at the door. Whatever no file names is let in nowhere.
 */
export const gatesOf = (wanted: Wanted): Gates => {
  const gates = wanted.access.agents.flatMap((one) => gateOf(one, wanted))
  if (gates.length === 0 && wanted.aws === undefined) return { wants: [], covers: [], findings: [] }
  const files = filed(wanted)
  const findings: Finding[] = []
  const made = gates.map((gate) => {
    const pipelines = pipelinesOf(gate, files, findings)
    findings.push(...misplaced(gate, files))
    return { gate, pipelines, want: wantOf(gate, pipelines) }
  })
  const leaves = leavesOf(made.filter(({ gate }) => gate.hook.leaves === true))
  findings.push(
    ...twice([...made.map(({ want }) => parameterOf(want)), ...leaves.map(parameterOf)], files.parameters),
  )
  return {
    wants: [...made.map(({ want }) => want), ...leaves],
    covers: [
      ...(wanted.aws === undefined
        ? []
        : files.of('queue').map(({ address }) => coverOf(address, 'gate_policies'))),
      ...(leaves.length > 0 ? [coverOf('', 'parameters')] : []),
    ],
    findings,
  }
}

const groupedBy = (wants: readonly Want[], nameOf: (want: Want) => string) => {
  const groups = new Map<string, Want[]>()
  for (const want of wants) {
    const name = nameOf(want)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [want])
    else group.push(want)
  }
  return (name: string): readonly Want[] => groups.get(name) ?? []
}

/** The wants of the files, by what they are asked for. */
const filed = (wanted: Wanted) => {
  const of = groupedBy(wanted.wants, ({ kind }) => kind)
  const grouped = (kind: string, by: (spec: Spec) => string) => groupedBy(of(kind), ({ spec }) => by(spec))
  const jobs = new Map(wanted.access.jobs.map((one) => [one.pipeline, one]))
  return {
    of,
    accounts: new Set((wanted.aws?.accounts ?? []).map(({ name }) => name)),
    /** What no gate lets in, of whichever queue it is the canary. */
    canaries: new Set(wanted.access.agents.flatMap(({ hook }) => hook?.canary?.value ?? [])),
    jobs: (slug: string): JobsOfPipeline | undefined => jobs.get(addressOf('pipeline', slug)),
    pipelines: new Map(of('pipeline').map((want) => [text(want.spec, 'slug') ?? want.key, want])),
    inCluster: grouped('pipeline', (spec) => text(spec, 'cluster') ?? ''),
    schedules: grouped('schedule', (spec) => text(spec, 'pipeline') ?? ''),
    grants: grouped('grant', (spec) => text(spec, 'pipeline') ?? ''),
    triggers: grouped('rule', (spec) =>
      spec['type'] === 'pipeline.trigger_build.pipeline' ? (text(spec, 'target_pipeline') ?? '') : '',
    ),
    roles: new Map(of('role').map((want) => [roleName(want), want])),
    parameters: new Map(of('parameter').map((want) => [parameterOf(want).id, want.at])),
  }
}

type Filed = ReturnType<typeof filed>

const text = (spec: Spec, field: string): string | undefined => {
  const value = spec[field]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const roleName = ({ key }: Want): string => namesIn(key).join('/')

const parameterOf = ({ spec, at }: Want) => ({
  id: `${String(spec['account'])}${String(spec['name'])}`,
  name: String(spec['name']),
  at,
})

const gateOf = ({ queue, hook, at }: AgentsOf, { access: { allow } }: Wanted): Gate[] => {
  if (hook?.account === undefined) return []
  const [cluster = '', key = ''] = namesIn(keyIn(queue))
  const narrows = allow.some(({ on }) => on === queue)
  const isPrivileged = narrows || allow.some(({ on }) => on === addressOf('cluster', cluster))
  return [{ queue, cluster, key, hook, account: hook.account, isPrivileged, narrows, at }]
}

const wantOf = ({ cluster, key, hook, account, at }: Gate, pipelines: ReadonlyMap<string, LetIn>): Want => ({
  kind: 'gate-policy',
  key: keyOf(cluster, key),
  address: addressOf('gate-policy', cluster, key),
  spec: {
    cluster,
    queue: key,
    account: account.value,
    name: hook.parameter?.value ?? policyParameter(cluster, key),
    mode: hook.mode,
    ...(hook.maxAge !== undefined && { max_age: hook.maxAge }),
    ...(hook.checks !== undefined && { checks: [...new Set(hook.checks)].sort() }),
    pipelines: Object.fromEntries([...pipelines].sort(([a], [b]) => (a < b ? -1 : 1))),
  },
  at,
  spans: { account: account.at, name: hook.parameter?.at ?? at },
})

/** What is wrong with where it goes, and with the names that the hook gives. */
const misplaced = (
  { cluster, queue, hook, account }: Gate,
  { accounts, canaries, pipelines }: Filed,
): Finding[] => [
  ...(accounts.has(account.value) ? [] : [unknown.account(queue, account, accounts)]),
  ...(hook.pipelines ?? []).flatMap((one) =>
    pipelines.get(one.value)?.spec['cluster'] === cluster ? [] : [unknown.pipeline(queue, one, cluster)],
  ),
  ...(hook.canary === undefined || pipelines.get(hook.canary.value)?.spec['cluster'] === cluster
    ? []
    : [unknown.canary(queue, hook.canary, cluster)]),
  ...(hook.pipelines ?? []).flatMap((one) => (canaries.has(one.value) ? [canaryLetIn(queue, one)] : [])),
]

/** The pipelines that a gate lets in, and what of each. What is not whole is told, and left out. */
const pipelinesOf = (gate: Gate, files: Filed, findings: Finding[]): ReadonlyMap<string, LetIn> => {
  const { hook, cluster, queue } = gate
  if (gate.narrows && hook.pipelines === undefined) {
    findings.push(lacking.pipelines(queue, gate.at))
    return new Map()
  }
  const names = hook.pipelines && new Set(hook.pipelines.map(({ value }) => value))
  return new Map(
    files
      .inCluster(cluster)
      .filter(({ spec }) => spec['archived'] !== true)
      .flatMap((want): [string, LetIn][] => {
        const slug = text(want.spec, 'slug') ?? want.key
        if (names?.has(slug) === false || files.canaries.has(slug)) return []
        const one = letIn(gate, slug, want, files, findings)
        return one === undefined ? [] : [[slug, one]]
      }),
  )
}

const letIn = (
  gate: Gate,
  slug: string,
  want: Want,
  files: Filed,
  findings: Finding[],
): LetIn | undefined => {
  const { queue, hook, isPrivileged } = gate
  const said = files.jobs(slug)
  const repository = text(want.spec, 'repository')
  const branches = branchesOf(want, said)
  const tags = said?.tags ?? []
  const sources = sourcesOf(slug, want, said, hook, files)
  const parents = parentsOf(slug, said, files)
  const environment = [...(hook.jobs.environment ?? []), ...(said?.environment ?? [])]
  const roles = rolesOf(slug, gate, files)
  const role = said?.role?.value ?? (roles.length === 1 ? roles[0] : undefined)

  if (repository === undefined) findings.push(lacking.repository(queue, slug, want.at))
  if (branches.length === 0) findings.push(lacking.branches(queue, slug, want.at))
  for (const patterns of [branches, tags])
    if (patterns.length > 0 && patterns.every(({ value }) => value.startsWith('!')))
      findings.push(lacking.positive(queue, slug, patterns[0]?.at ?? want.at))
  if (isPrivileged)
    for (const pattern of [...branches, ...tags])
      if (namesAll(pattern.value)) findings.push(allowsEverything(queue, slug, pattern))
  if (isPrivileged && said?.pullRequests === 'forks') findings.push(letsForksIn(queue, slug, said.at))
  for (const name of environment) if (isCode(name.value)) findings.push(runsCode(queue, name))
  if (sources.has('trigger_job') && parents.length === 0)
    findings.push(lacking.parents(queue, slug, said?.sources?.[0]?.at ?? want.at))
  for (const parent of said?.triggeredBy ?? [])
    if (!files.pipelines.has(parent.value)) findings.push(unknown.parent(slug, parent))
  if (said?.role !== undefined && !files.roles.has(said.role.value))
    findings.push(unknown.role(slug, said.role))
  findings.push(...refused(slug, { branches, sources, parents, environment }, queue, files))

  if (repository === undefined || branches.length === 0) return undefined
  return {
    repository,
    ...listed('branches', branches.map(valueOf)),
    ...listed('tags', tags.map(valueOf)),
    ...(said?.pullRequests !== undefined && { pull_requests: said.pullRequests }),
    ...listed('sources', [...sources]),
    ...listed('triggered_by', sources.has('trigger_job') ? parents.map(valueOf) : []),
    ...listed('environment', environment.map(valueOf)),
    ...listed(
      'plugins',
      [...(hook.jobs.plugins ?? []), ...(said?.plugins ?? [])].map(({ value }) => wholePlugin(value)),
    ),
    ...listed('commands', (said?.commands ?? []).map(valueOf)),
    ...listed('creator_teams', (said?.creatorTeams ?? []).map(valueOf)),
    ...(role !== undefined && files.roles.has(role) && { role }),
    ...listed('roles', roles),
  }
}

const valueOf = <Value>({ value }: Placed<Value>): Value => value

/** A list, each once and in one order, where there is anything in it. */
const listed = <Key extends string, Value extends string>(key: Key, values: readonly Value[]) =>
  (values.length === 0 ? {} : { [key]: [...new Set(values)].sort() }) as Partial<Record<Key, Value[]>>

/** The branches that are written for the hook, else those that are built at all. */
const branchesOf = ({ spec, spans, at }: Want, said: JobsOfPipeline | undefined): Placed<string>[] => {
  if (said?.branches !== undefined) return [...said.branches]
  const from = (field: string, values: readonly string[]) =>
    values.map((value) => ({ value, at: spans[field] ?? at }))
  const filter = (text(spec, 'branch_configuration') ?? '').split(/\s+/).filter((one) => one !== '')
  if (filter.length > 0) return from('branch_configuration', filter)
  return from('default_branch', [text(spec, 'default_branch') ?? []].flat())
}

/** What is written for the pipeline, else for the queue, else what can start it by what is declared. */
const sourcesOf = (
  slug: string,
  { spec }: Want,
  said: JobsOfPipeline | undefined,
  { jobs }: HookOf,
  files: Filed,
): ReadonlySet<BuildSource> => {
  if (said?.sources !== undefined) return new Set(said.sources.map(valueOf))
  const canBeTriggered = files.triggers(slug).length > 0 || said?.triggeredBy !== undefined
  if (jobs.sources !== undefined)
    // Said of all pipelines of a queue, it is meant for those that something can start.
    return new Set(jobs.sources.map(valueOf).filter((one) => one !== 'trigger_job' || canBeTriggered))
  const settings = (spec['provider_settings'] ?? {}) as Spec
  const isPushed = settings['build_branches'] !== false || said?.tags !== undefined
  const sources: (readonly [BuildSource, boolean])[] = [
    ['webhook', settings['trigger_mode'] !== 'none' && isPushed],
    ['schedule', files.schedules(slug).some(isOn)],
    ['trigger_job', canBeTriggered],
    ['ui', files.grants(slug).some(mayBuild)],
  ]
  return new Set(sources.flatMap(([source, is]) => (is ? [source] : [])))
}

const isOn = ({ spec }: Want): boolean => spec['enabled'] !== false

const mayBuild = ({ spec: { level } }: Want): boolean =>
  level === 'build_and_read' || level === 'manage_build_and_read'

/** The pipelines whose builds may start builds of one. */
const parentsOf = (slug: string, said: JobsOfPipeline | undefined, files: Filed): Placed<string>[] =>
  said?.triggeredBy !== undefined
    ? [...said.triggeredBy]
    : files.triggers(slug).flatMap(({ spec, at }) => {
        const source = text(spec, 'source_pipeline')
        return source === undefined ? [] : [{ value: source, at }]
      })

/** The declared roles that trust this pipeline on this queue. */
const rolesOf = (slug: string, { cluster, key }: Gate, { roles }: Filed): string[] =>
  [...roles].flatMap(([name, { spec }]) => {
    const trust = Array.isArray(spec['trust']) ? (spec['trust'] as readonly Spec[]) : []
    return trust.some(({ pipeline, queue }) => pipeline === slug && queue === `${cluster}/${key}`)
      ? [name]
      : []
  })

/**
 * A plugin as an agent names it when it has looked where it comes from.
 *
 * @source agent-enforcement §13.3
 */
const wholePlugin = (plugin: string): string => {
  const [source = '', commit = ''] = plugin.split('#')
  const [first = '', second, ...deeper] = source.split('/')
  if (deeper.length > 0) return plugin
  const path = second === undefined ? `buildkite-plugins/${first}` : `${first}/${second}`
  return `github.com/${path}-buildkite-plugin#${commit}`
}

/**
 * Names of variables that decide what code runs, or where it is fetched from, whoever sets them.
 *
 * @source agent-enforcement §7, §10 item 11
 */
export const isCode = (name: string): boolean =>
  /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|IFS|CDPATH|GLOBIGNORE|PATH|HOME|TMPDIR|GCONV_PATH|NODE_OPTIONS|JAVA_TOOL_OPTIONS)$/.test(
    name,
  ) ||
  /^(XDG|LD|DYLD|GIT|SSH|AWS|DOCKER|BASH_FUNC)_/.test(name) ||
  /^(PYTHON|PERL|RUBY)/.test(name) ||
  /_PROXY$/i.test(name) ||
  /^BUILDKITE_(GIT_|PLUGIN|HOOKS_|SHELL$|BOOTSTRAP_PHASES$|BUILD_CHECKOUT_PATH$|AGENT_|NO_|REFSPEC$|REPO$|.*CHECKOUT)/.test(
    name,
  )

/** What the files make start, and the gate would refuse: one of the two is a mistake. */
const refused = (
  slug: string,
  allowed: {
    readonly branches: readonly Placed<string>[]
    readonly sources: ReadonlySet<BuildSource>
    readonly parents: readonly Placed<string>[]
    readonly environment: readonly Placed<string>[]
  },
  queue: Address,
  files: Filed,
): Finding[] => {
  const patterns = allowed.branches.map(valueOf)
  const names = new Set(allowed.environment.map(valueOf))
  const own = files.pipelines.get(slug)
  return [
    ...files
      .schedules(slug)
      .filter(isOn)
      .flatMap((schedule): Finding[] => {
        const { spec, spans, at } = schedule
        const what = `schedule "${String(spec['label'])}" of pipeline "${slug}"`
        const branch = text(spec, 'branch') ?? text(own?.spec ?? {}, 'default_branch')
        const others = Object.keys(spec['env'] ?? {}).filter((name) => !names.has(name))
        return [
          ...(allowed.sources.has('schedule')
            ? []
            : [refusedAnyway(queue, `${what} starts builds, and \`sources\` has no schedule`, at)]),
          ...(branch === undefined || patterns.length === 0 || isNamed(patterns, branch)
            ? []
            : [refusedAnyway(queue, `${what} starts builds of branch "${branch}"`, spans['branch'] ?? at)]),
          ...(others.length === 0
            ? []
            : [refusedAnyway(queue, `${what} sets ${others.join(', ')}`, spans['env'] ?? at)]),
        ]
      }),
    ...files.triggers(slug).flatMap(({ spec, at }): Finding[] => {
      const source = text(spec, 'source_pipeline') ?? ''
      const isIn = allowed.sources.has('trigger_job') && allowed.parents.some(({ value }) => value === source)
      return isIn ? [] : [refusedAnyway(queue, `a rule lets "${source}" start pipeline "${slug}"`, at)]
    }),
  ]
}

/** What older hooks read, a value each: the same for every queue of one account that lets the pipeline in. */
const leavesOf = (
  made: readonly { readonly gate: Gate; readonly pipelines: ReadonlyMap<string, LetIn> }[],
): Want[] => {
  const found = new Map<string, Want>()
  for (const { gate, pipelines } of made)
    for (const [slug, one] of pipelines) {
      const leaf = (name: string, value: { readonly value: string } | { readonly role: string }) => {
        const path = ['buildkite', 'pipelines', slug, name]
        const key = keyOf(gate.account.value, ...path)
        const before = found.get(key)
        const queues = name === 'queue' && before !== undefined
        found.set(key, {
          kind: 'parameter',
          key,
          address: `parameter:${key}`,
          spec: {
            account: gate.account.value,
            name: `/${path.join('/')}`,
            type: 'String',
            ...(queues ? { value: `${String(before.spec['value'])} ${gate.key}` } : value),
          },
          at: before?.at ?? gate.at,
          spans: {},
        })
      }
      leaf('repository', { value: one.repository })
      if (one.branches !== undefined) leaf('branches', { value: one.branches.join(' ') })
      leaf('queue', { value: gate.key })
      if (one.role !== undefined) leaf('role', { role: one.role })
    }
  return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1))
}
