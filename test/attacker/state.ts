import { hashOf } from '../../src/sandbox/context.js'
import { newCluster, newQueue, newTeamFlags } from '../../src/sandbox/defaults.js'
import { repositoryKey } from '../../src/sandbox/provider.js'
import type { Organization, Pipeline as Row } from '../../src/sandbox/rows.js'
import { addPerson, addToken, newOrganization } from '../../src/sandbox/seed.js'
import { insert, type State } from '../../src/sandbox/state.js'
import { all, drop, first, get, put } from '../../src/sandbox/table.js'
import { newAgent } from '../../src/sandbox/world/agents.js'
import { startBuild } from '../../src/sandbox/world/builds.js'
import { commit } from '../../src/sandbox/world/commits.js'
import { label, setLabels, union } from '../../src/sandbox/world/labels.js'
import { worldOf } from '../../src/sandbox/world/settle.js'
import { addAws } from './aws.js'
import type { Cluster, Outline, Pipeline } from './outline.js'
import { emailOf, FILES, PORTAL, SECRET, stepsOf, TEMPLATE, TRUSTED } from './texts.js'

/** When everything was made, and when everything happens. */
export const NOW = '2026-11-22T00:00:00.000Z'

/** Nobody's: only the sandbox knows it. */
export const tokenOf = (name: string): string => `bkua_${hashOf(name).slice(0, 40)}`

/** Somebody who was a member, and knows what a member may learn. */
export const FORMER = 'gone'
export const NEWCOMER = 'newcomer'

const upper = <Text extends string>(text: Text) => text.toUpperCase() as Uppercase<Text>

/** By what people call it, which row it is. */
interface Names {
  readonly state: State
  readonly organization: Organization
  readonly trusted: string
  user(name: string): string
}

const made = ({ trusted }: Names, by: string | null = null) => ({ createdAt: NOW, createdBy: by ?? trusted })

const people = (outline: Outline, seed: string): Names => {
  const state = newOrganization({
    slug: 'acme',
    seed,
    now: NOW,
    teams: false,
    admin: { email: emailOf(TRUSTED), token: tokenOf(TRUSTED) },
  })
  for (const row of all(state.tables.queues)) drop(state.tables.queues, row)
  for (const row of all(state.tables.clusters)) drop(state.tables.clusters, row)
  const [organization] = all(state.tables.organizations)
  const [trusted] = all(state.tables.users)
  if (!organization || !trusted) throw new Error('there is no organization')
  for (const name of outline.people)
    addPerson(
      state,
      organization,
      { email: emailOf(name), role: outline.admins.includes(name) ? 'ADMIN' : 'MEMBER' },
      NOW,
    )
  for (const name of outline.apiTokens)
    addToken(state, organization, { email: emailOf(name), token: tokenOf(name), description: name }, NOW)
  // Known to the world, and no members: whoever is invited, whoever left, whoever comes next.
  for (const name of [FORMER, NEWCOMER, ...outline.invitations.map((one) => one.name)])
    insert(
      state,
      'users',
      { createdAt: NOW, createdBy: null },
      { name, email: emailOf(name), bot: false, machineUser: false, hasPassword: true },
    )
  const user = (name: string) => first(state.tables.users, 'email', emailOf(name))?.uuid ?? name
  return { state, organization, trusted: trusted.uuid, user }
}

const teams = (names: Names, outline: Outline): ReadonlyMap<string, string> => {
  const organization = names.organization.uuid
  return new Map(
    Object.entries(outline.teams).map(([slug, { members, createsPipelines, isDefault, defaultRole }]) => {
      const { uuid } = insert(names.state, 'teams', made(names), {
        ...newTeamFlags,
        organization,
        name: slug,
        slug,
        description: null,
        privacy: 'VISIBLE',
        isDefaultTeam: isDefault,
        defaultMemberRole: upper(defaultRole),
        membersCanCreatePipelines: createsPipelines,
      })
      for (const [name, role] of Object.entries(members))
        insert(names.state, 'teamMembers', made(names), {
          organization,
          team: uuid,
          user: names.user(name),
          role: upper(role),
        })
      return [slug, uuid]
    }),
  )
}

const hosted = { shape: 'LINUX_AMD64_2X4', agentImageRef: null, macosVersion: null, xcodeVersion: null }

const cluster = (names: Names, teamOf: ReadonlyMap<string, string>, name: string, given: Cluster): string => {
  const { state } = names
  const organization = names.organization.uuid
  const row = insert(state, 'clusters', made(names), { ...newCluster, organization, name })
  const inside = { organization, cluster: row.uuid }
  const tokens = given.tokens.map((description) =>
    insert(state, 'agentTokens', made(names), {
      ...inside,
      description,
      allowedIpAddresses: null,
      expiresAt: null,
      revokedAt: null,
      revokedBy: null,
      revokedReason: null,
    }),
  )
  for (const [key, { hosted: isHosted }] of Object.entries(given.queues)) {
    const queue = insert(state, 'queues', made(names), {
      ...newQueue,
      ...inside,
      key,
      hosted: isHosted ? hosted : null,
    })
    if (key === given.defaultQueue) put(state.tables.clusters, { ...row, defaultQueue: queue.uuid })
    if (isHosted) continue
    insert(state, 'agents', made(names), {
      ...newAgent,
      organization,
      queue: queue.uuid,
      name: `${key}-1`,
      hostname: `${key}-1`,
      ipAddress: '192.0.2.1',
      metaData: [`queue=${key}`],
      token: tokens[0]?.uuid ?? null,
    })
  }
  for (const name of given.maintainers.users)
    insert(state, 'maintainers', made(names), {
      ...inside,
      actorType: 'user',
      actor: names.user(name),
      manages: true,
    })
  for (const slug of given.maintainers.teams)
    insert(state, 'maintainers', made(names), {
      ...inside,
      actorType: 'team',
      actor: teamOf.get(slug) ?? '',
      manages: true,
    })
  return row.uuid
}

/** A machine from before there were clusters, for pipelines that are in none. */
const oldAgent = (names: Names) =>
  insert(names.state, 'agents', made(names), {
    ...newAgent,
    organization: names.organization.uuid,
    queue: null,
    name: 'old-1',
    hostname: 'old-1',
    ipAddress: '192.0.2.1',
    metaData: ['queue=default', 'queue=deploy'],
    token: null,
  })

const pipeline = (
  names: Names,
  outline: Outline,
  slug: string,
  given: Pipeline,
  clusterOf: ReadonlyMap<string, string>,
  teamOf: ReadonlyMap<string, string>,
  template: string | null,
): Row => {
  const { state } = names
  const organization = names.organization.uuid
  const row = insert(state, 'pipelines', made(names, given.createdBy && names.user(given.createdBy)), {
    organization,
    name: slug,
    slug,
    description: null,
    emoji: null,
    color: null,
    repository: given.repository,
    steps: given.template ? '' : stepsOf(outline, slug, given),
    defaultBranch: 'main',
    branchConfiguration: given.branches,
    skipIntermediateBuilds: false,
    skipIntermediateBuildsBranchFilter: null,
    cancelIntermediateBuilds: false,
    cancelIntermediateBuildsBranchFilter: null,
    allowRebuilds: given.allowRebuilds,
    defaultTimeoutInMinutes: null,
    maximumTimeoutInMinutes: null,
    visibility: given.public ? 'PUBLIC' : 'PRIVATE',
    tags: [],
    cluster: given.cluster === null ? null : (clusterOf.get(given.cluster) ?? null),
    pipelineTemplate: given.template ? template : null,
    cloneMirrorUrl: null,
    nextBuildNumber: 1,
    archivedAt: given.archived ? NOW : null,
    archivedBy: given.archived ? names.trusted : null,
    providerSettings: given.settings,
    webhookRotations: 0,
    webhook: null,
  })
  for (const [team, level] of Object.entries(given.teams))
    insert(state, 'grants', made(names), {
      organization,
      team: teamOf.get(team) ?? '',
      pipeline: row.uuid,
      accessLevel: upper(level),
    })
  for (const [labelled, by] of Object.entries(given.schedules)) {
    const { uuid } = insert(state, 'schedules', made(names, by && names.user(by)), {
      organization,
      pipeline: row.uuid,
      label: labelled,
      cronline: '@daily',
      message: null,
      commit: 'HEAD',
      branch: 'main',
      env: [],
      enabled: true,
      failedAt: null,
      failedMessage: null,
    })
    if (by) setLabels(worldOf(state, NOW), uuid, { '*': [names.user(by)] })
  }
  return row
}

const besides = (
  names: Names,
  outline: Outline,
  clusterOf: ReadonlyMap<string, string>,
  slugs: ReadonlyMap<string, Row>,
) => {
  const { state } = names
  const organization = names.organization.uuid
  for (const { type, source, target, conditions } of outline.rules)
    insert(state, 'rules', made(names), {
      organization,
      type,
      source: slugs.get(source)?.uuid ?? '',
      target: slugs.get(target)?.uuid ?? '',
      conditions,
      description: null,
    })
  for (const [name, { secret, tokens }] of Object.entries(outline.clusters)) {
    if (secret === null) continue
    const uuid = clusterOf.get(name) ?? ''
    const inIt = [...slugs.values()].find((row) => row.cluster === uuid)
    const held = all(state.tables.agentTokens).find(
      (row) => row.cluster === uuid && tokens.includes(row.description ?? ''),
    )
    insert(state, 'secrets', made(names), {
      organization,
      cluster: uuid,
      key: SECRET,
      description: null,
      policy: secret.policy === 'none' ? null : `- pipeline_id: ${inIt?.uuid ?? organization}`,
      updatedAt: NOW,
      updatedBy: names.trusted,
      lastReadAt: null,
      holds: secret.holds === 'agent token' ? (held?.uuid ?? null) : null,
    })
  }
  if (outline.portal)
    insert(state, 'portals', made(names), {
      organization,
      ...PORTAL,
      name: PORTAL.slug,
      description: null,
      allowedIpAddresses: null,
      userInvokable: false,
    })
}

const invite = (names: Names, outline: Outline, teamOf: ReadonlyMap<string, string>) => {
  for (const { name, admin, teams: given } of outline.invitations)
    insert(names.state, 'invitations', made(names), {
      organization: names.organization.uuid,
      email: emailOf(name),
      role: admin ? 'ADMIN' : 'MEMBER',
      ssoMode: null,
      state: 'PENDING',
      teams: Object.entries(given).map(([slug, role]) => ({
        team: teamOf.get(slug) ?? '',
        role: upper(role),
      })),
      acceptedAt: null,
      acceptedBy: null,
      expiredAt: null,
      revokedAt: null,
      revokedBy: null,
    })
}

/** Builds that somebody started, and that no agent has taken. */
const backlog = (names: Names, outline: Outline, slugs: ReadonlyMap<string, Row>) => {
  const world = worldOf(names.state, NOW)
  for (const [slug, { unfinished }] of Object.entries(outline.pipelines))
    for (const name of unfinished) {
      const row = get(names.state.tables.pipelines, slugs.get(slug)?.uuid)
      if (!row) continue
      const user = names.user(name)
      startBuild(world, row, {
        branch: 'main',
        commit: 'HEAD',
        message: `by ${name}`,
        env: ['CODE=1'],
        source: 'ui',
        creator: user,
        labels: union(label('start', [user]), label('env', [user])),
      })
    }
}

/** The organization of an outline, in which nobody has a hand in anything but what the outline says. */
export const stateOf = (outline: Outline, seed = 'attacker'): State => {
  const names = people(outline, seed)
  const { state } = names
  const teamOf = teams(names, outline)
  const clusterOf = new Map(
    Object.entries(outline.clusters).map(([name, given]) => [name, cluster(names, teamOf, name, given)]),
  )
  const template = outline.template
    ? insert(state, 'templates', made(names), {
        organization: names.organization.uuid,
        name: TEMPLATE.name,
        description: null,
        configuration: TEMPLATE.steps,
        available: true,
        updatedAt: NOW,
        updatedBy: names.trusted,
      }).uuid
    : null
  const slugs = new Map(
    Object.entries(outline.pipelines).map(([slug, given]) => [
      slug,
      pipeline(names, outline, slug, given, clusterOf, teamOf, template),
    ]),
  )
  besides(names, outline, clusterOf, slugs)
  if (Object.values(outline.pipelines).some(({ cluster: where }) => where === null)) oldAgent(names)
  invite(names, outline, teamOf)
  for (const repository of new Set([...slugs.values()].map((row) => repositoryKey(row.repository))))
    commit(worldOf(state, NOW), {
      repository,
      organization: names.organization.uuid,
      ref: 'refs/heads/main',
      files: FILES,
    })
  backlog(names, outline, slugs)
  if (outline.aws) addAws(state, outline.aws)
  put(state.tables.organizations, {
    ...names.organization,
    isTeamsEnabled: outline.teamsEnabled,
    defaultCluster: outline.defaultCluster === null ? null : (clusterOf.get(outline.defaultCluster) ?? null),
    memberPermissions: {
      ...names.organization.memberPermissions,
      manageAgentTokens: outline.membersManageAgentTokens,
      deletePipelines: outline.membersDeletePipelines,
    },
    hostedAgentsTerminalAccess: {
      ...names.organization.hostedAgentsTerminalAccess,
      enabled: outline.hostedTerminals,
    },
  })
  return state
}
