import { nothingDeclared } from '../model/declared-access.js'
import { readOrganization, readToken } from '../plan/who.js'
import type { Check, Examined } from '../model/result.js'
import type { Finding } from '../model/finding.js'
import type { Signer } from '../model/signer.js'
import type { Wanted } from '../model/wanted.js'
import { declare } from './declare.js'
import { examineHeartbeat } from './heartbeat.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Asking, World } from './world.js'

/** The scopes that reading needs, and those that applying needs besides. GraphQL is one switch for both. */
const toRead = ['graphql', 'read_pipelines', 'read_organization_settings']
const toApply = ['write_pipelines', 'write_organization_settings']

/** Maintainers of clusters are REST's alone, and read where some are declared or something is privileged. */
const scopesFor = (wanted: Wanted | undefined) => {
  const maintainers = [...(wanted?.covers ?? [])].some((cover) => cover.endsWith('/maintainers'))
  const privileged = (wanted?.access.allow.length ?? 0) > 0
  return {
    toRead: [...toRead, ...(maintainers || privileged ? ['read_clusters'] : [])],
    toApply: [...toApply, ...(maintainers ? ['write_clusters'] : [])],
  }
}

/** What works and what is missing between this machine and the organization. Changes nothing, and needs no files. */
export const doctor = async (world: World, signer?: Signer): Promise<Examined> => {
  const { wanted, checks: files } = examineFiles(world)
  const checks = [...files, ...(await examineKey(world, wanted, signer))]
  const organization = world.organization ?? wanted?.organization
  if (organization === undefined)
    return examined([
      ...checks,
      missing(
        'organization',
        'no organization is named',
        'write `organization:` in the files, or set BUILDKITE_ORGANIZATION_SLUG',
      ),
    ])
  const conversation = await unlessRefused(() =>
    world.connect({ ...(wanted ?? nothingWanted), organization }),
  )
  if (isFinding(conversation)) return examined([...checks, ofFinding('endpoints', conversation)])
  const [organizations, accounts, heartbeat] = await Promise.all([
    examineOrganization(conversation, wanted),
    examineAccounts(conversation, wanted),
    wanted === undefined
      ? []
      : examineHeartbeat(conversation, wanted, Date.parse(world.now?.() ?? world.today)),
  ])
  return examined([...checks, ...organizations, ...accounts, ...heartbeat])
}

const nothingWanted: Wanted = {
  organization: '',
  wants: [],
  covers: new Set(),
  manage: {},
  ignore: {},
  access: nothingDeclared,
}

const examined = (checks: readonly Check[]): Examined => ({ result: 'doctor', checks, findings: [] })
const works = (name: string, what: string): Check => ({ name, state: 'works', what })
const missing = (name: string, what: string, fix: string): Check => ({ name, state: 'missing', what, fix })
const warning = (name: string, what: string, fix: string): Check => ({ name, state: 'warning', what, fix })
const ofFinding = (name: string, { what, fix }: Finding): Check => missing(name, what, fix)

const examineFiles = (world: World): { wanted?: Wanted; checks: Check[] } => {
  const { wanted, findings } = declare(world)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (wanted !== undefined && errors === 0)
    return {
      wanted,
      checks: [works('files', `${world.root} declares organization "${wanted.organization}"`)],
    }
  return {
    ...(wanted === undefined ? {} : { wanted }),
    checks: [
      warning(
        'files',
        `${errors} ${errors === 1 ? 'finding' : 'findings'} in the files`,
        'run `bridle validate` to see them',
      ),
    ],
  }
}

/** Which key signs what gates let in, and whether it can from here: by signing something that is no policy. */
const examineKey = async (
  { policyKey }: World,
  wanted: Wanted | undefined,
  signer: Signer | undefined,
): Promise<Check[]> => {
  const name = 'policy key'
  if (policyKey === undefined)
    return wanted?.wants.some(({ kind }) => kind === 'gate-policy') === true
      ? [
          warning(
            name,
            'none: policies of gates are neither signed nor checked',
            'set BRIDLE_POLICY_KMS_KEY or BRIDLE_POLICY_KEY_FILE',
          ),
        ]
      : []
  const { kid } = policyKey
  if (signer === undefined)
    return [
      warning(
        name,
        `${kid}, its public half: it checks, and does not sign`,
        'apply needs the whole key; plan and drift do without',
      ),
    ]
  const signed = await unlessRefused(() => signer.sign(new TextEncoder().encode('bridle doctor')))
  return [isFinding(signed) ? ofFinding(name, signed) : works(name, `${kid} signs`)]
}

const examineOrganization = async (conversation: Asking, wanted: Wanted | undefined): Promise<Check[]> => {
  const reader = conversation.reader()
  const scopes = await unlessRefused(() => readToken(reader))
  if (isFinding(scopes)) return [ofFinding('token', scopes)]
  const token = [works('token', 'Buildkite knows it'), ...examineScopes(scopes, scopesFor(wanted))]

  const organization = await unlessRefused(() => readOrganization(reader))
  if (isFinding(organization)) return [...token, ofFinding('graphql', organization), ...limits(conversation)]
  const { identity, slug, teamsEnabled } = organization
  const rest = await unlessRefused(() => reader.rest('pipeline-settings'))
  return [
    ...token,
    works('graphql', `organization "${slug}" answers`),
    isFinding(rest) ? ofFinding('rest', rest) : works('rest', 'the organization’s settings can be read'),
    identity.admin
      ? works('administrator', `${identity.email} sees the whole organization`)
      : missing(
          'administrator',
          `${identity.email} is not an administrator, so lists are short and nothing is planned from them`,
          'use the token of an administrator',
        ),
    teamsEnabled
      ? works('teams', 'switched on')
      : warning(
          'teams',
          'switched off: every member may do everything',
          'switch them on before declaring any',
        ),
    ...limits(conversation),
  ]
}

/** Each declared account: who bridle is there, and whether it can be read. */
const examineAccounts = async (conversation: Asking, wanted: Wanted | undefined): Promise<Check[]> => {
  const { aws } = conversation.reader()
  if (aws === undefined) return []
  const checks = await Promise.all(
    (wanted?.aws?.accounts ?? []).map(async ({ name, id }): Promise<Check[]> => {
      const identity = await unlessRefused(() => aws.identity(name))
      if (isFinding(identity)) return [ofFinding(`aws ${name}`, identity)]
      const who = works(`aws ${name}`, `account ${id}, as ${identity.arn}`)
      const read = await unlessRefused(() => aws.authorization(name))
      return isFinding(read)
        ? [who, ofFinding(`iam of ${name}`, read)]
        : [who, works(`iam of ${name}`, `${read.roles.length} roles can be read`)]
    }),
  )
  return checks.flat()
}

const examineScopes = (
  scopes: readonly string[],
  { toRead, toApply }: ReturnType<typeof scopesFor>,
): Check[] => {
  const lacks = (needed: readonly string[]) => needed.filter((scope) => !scopes.includes(scope))
  const [reading, applying] = [lacks(toRead), lacks(toApply)]
  return [
    reading.length === 0
      ? works('scopes to read', `${toRead.join(', ')}: for plan and drift`)
      : missing('scopes to read', `the token lacks ${reading.join(', ')}`, 'add them to the token'),
    applying.length === 0
      ? works('scopes to apply', `${toApply.join(', ')}: for apply`)
      : warning(
          'scopes to apply',
          `the token lacks ${applying.join(', ')}`,
          'add them to a token that is to apply; plan and drift do without',
        ),
    couldWrite(scopes),
  ]
}

const couldWrite = (scopes: readonly string[]): Check => {
  const name = 'what it could write'
  const writes = scopes.filter((scope) => scope.startsWith('write_')).sort()
  const could = [
    ...(scopes.includes('graphql') ? ['graphql: everything that its user may do'] : []),
    ...(writes.length > 0 ? [`rest: ${writes.join(', ')}`] : []),
  ]
  return could.length === 0
    ? works(name, 'nothing')
    : warning(
        name,
        could.join('; '),
        'plan and drift never write, whatever the token could; where Buildkite offers read-only GraphQL, give them that',
      )
}

const limits = ({ limits }: Asking): Check[] =>
  limits.map(({ name, remaining, limit }) => {
    const what = `${remaining} of ${limit} ${name.startsWith('graphql') ? 'points' : 'requests'} left`
    return remaining * 10 > limit
      ? works(name, what)
      : warning(name, what, 'wait for the window to turn: five minutes at most')
  })
