import { ruleCards } from '../../src/access/rules/index.js'
import { accessCodes, type AccessCode } from '../../src/model/access-codes.js'
import type { AccessChecked } from '../../src/model/result.js'
import type { Reacher } from '../../src/model/verdict.js'
import { sandbox } from '../../src/sandbox/index.js'
import type { Switches } from '../../src/sandbox/switches.js'
import type { Organization } from '../attacker/organizations.js'
import type { Outline } from '../attacker/outline.js'
import type { Principal } from '../attacker/principals.js'
import { tokenOf } from '../attacker/state.js'
import { TRUSTED } from '../attacker/texts.js'
import { groundOf, stoppedClock } from '../support/ground.js'

// What the analyser says, in the words of those who try to prove it wrong.

/** What happens to be so in the sandbox, and lets an assumption fail. Those that are not named hold there. */
const failing: Partial<Record<AccessCode, (outline: Outline, switches: Partial<Switches>) => boolean>> = {
  'full-access': (_, { creatorKeepsFullAccess: is = true }) => is,
  'pipeline-moves-in': (_, { fullAccessMovesToDefault: is = true }) => is,
  'observer-maintainers': (_, { teamMaintainerChangesLevels: is = true }) => is,
  'member-permissions': ({ membersManageAgentTokens }, { memberTokensCoverClusters: is = true }) =>
    membersManageAgentTokens && is,
  unblocking: (_, { unblockChecks: is = 'unblocker' }) => is === 'unblocker',
  rebuilds: () => true,
  'push-to-repository': () => true,
  'event-builds': () => true,
  'webhook-url': () => true,
  'trigger-url': () => true,
  'planted-schedules': () => true,
  'borrowed-creator': () => true,
  'shared-team-trigger': () => true,
  'artifact-becomes-code': (outline) => runs(outline, 'artifact'),
  'shared-job-data': (outline) => runs(outline, 'artifact', 'meta-data', 'block'),
  'shared-cache': (outline) => runs(outline, 'cache'),
  'hosted-shared-state': ({ clusters }) =>
    Object.values(clusters).some(({ queues }) => Object.values(queues).some(({ hosted }) => hosted)),
  'cluster-secrets': ({ clusters }) => Object.values(clusters).some(({ secret }) => secret !== null),
  'agent-tokens': () => true,
  'api-tokens': () => true,
  portals: () => true,
  backlog: () => true,
  'former-members': () => true,
  'trusted-jobs': () => true,
  'chained-roles': () => true,
  'outside-principals': () => true,
  'instance-roles': ({ aws }) =>
    Object.values(aws?.machines ?? {}).some(({ role, said }) => role !== null && !said),
}

/** Whether some pipeline has such steps: without them nothing takes what others have left. */
const runs = ({ pipelines }: Outline, ...some: readonly string[]) =>
  Object.values(pipelines).some(({ steps, template }) => !template && some.includes(steps))

const codes = Object.keys(accessCodes) as AccessCode[]

/** What holds in this world is accepted: what is left assumed is what may fail in it. */
const acceptances = (outline: Outline, switches: Partial<Switches>) =>
  codes
    .filter((code) => failing[code]?.(outline, switches) !== true)
    .map((finding) => ({
      finding,
      at: 'organization',
      reason: 'so it is in this world',
      until: '2027-01-01',
    }))

const emailOf = (name: string) => `${name}@acme.test`

export const privilegedIn = ({ clusters }: Outline) =>
  Object.entries(clusters).flatMap(([name, { allow, queues }]) =>
    allow === undefined ? [] : Object.keys(queues).map((key) => `${name}/${key}`),
  )

/** The files of an organization, in which everything is accepted that holds in this world. */
export const declarationIn = (
  { outline, declaration }: Pick<Organization, 'outline' | 'declaration'>,
  switches: Partial<Switches>,
): object => ({ ...declaration, accept: acceptances(outline, switches) })

/** The analyser's verdict of the organization as it is, read over the wire. */
export const verdictOf = async (
  { outline, state, declaration }: Organization,
  switches: Partial<Switches>,
): Promise<AccessChecked> => {
  const ground = groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off', switches }))
  const accepting = declarationIn({ outline, declaration }, switches)
  const expectations = Object.keys(outline.pipelines).flatMap((slug) => [
    ...privilegedIn(outline).map((queue) => ({
      who: `pipeline:${slug}`,
      cannot: 'run',
      on: `queue:${queue}`,
    })),
    ...Object.keys(outline.aws?.roles ?? {}).map((role) => ({
      who: `pipeline:${slug}`,
      cannot: 'assume',
      on: `role:${role}`,
    })),
  ])
  const checked = await ground.check(
    {
      ...accepting,
      ...(expectations.length > 0 && { expect: expectations }),
    },
    { token: tokenOf(TRUSTED) },
  )
  if (checked.queues.length === 0)
    throw new Error(`nothing was judged: ${checked.findings.map(({ what }) => what).join('; ')}`)
  return checked
}

/** What the analyser calls those who might try. */
export const namesOf = ({ kind, who }: Principal, outline: Outline): RegExp => {
  const place = (slug: string) => outline.pipelines[slug]?.cluster ?? 'unclustered'
  const literal = (text: string) => new RegExp(`^${text.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')}$`)
  switch (kind) {
    case 'member':
      return literal(`user:${who}`)
    case 'invitee':
      return literal(`invitee:${who}`)
    case 'newcomer':
      return literal('newcomer:anybody')
    case 'outsider':
      return literal('outsider:anybody')
    case 'pusher':
      return literal(`pusher:${who}`)
    case 'webhook URL':
      return literal(`holder:webhook-url/${place(who)}`)
    case 'trigger URL':
      return literal(`holder:trigger-url/${place(who)}`)
    case 'agent token':
      return literal(`holder:agent-token/${who}`)
    case 'portal':
      return literal(`holder:portal/${who}`)
    case 'API token':
      return literal('holder:api-tokens')
    case 'former member':
      return /^holder:(webhook-url|agent-token)\//
    case 'runner':
      return literal(`pipeline:${who}`)
  }
}

/**
 * Whom the analyser lets onto a queue, or into a role, by what was read alone or by what may fail in this world. What
 * anybody can do, whoever is somebody can do, too.
 */
export const admits = (
  checked: AccessChecked,
  principal: Principal,
  outline: Outline,
  queue: string,
  place: 'queue' | 'role' = 'queue',
): boolean => {
  const names = namesOf(principal, outline)
  // An expectation of a pipeline says nothing of what its code could do from anywhere else.
  if (
    principal.kind === 'runner' &&
    checked.expected.some(({ who, on, holds }) => names.test(who) && on === `${place}:${queue}` && !holds)
  )
    return true
  if (principal.kind === 'runner' && place === 'queue') return false
  return (place === 'queue' ? reachersOf : reachersOfRole)(checked, queue).some(
    ({ who, shortest }) =>
      (names.test(who) || who === 'outsider:anybody') &&
      (shortest.sureness === 'open' || shortest.sureness === 'assumed'),
  )
}

export const reachersOf = ({ queues }: AccessChecked, queue: string): readonly Reacher[] =>
  queues.find((one) => one.queue === `queue:${queue}`)?.reachers ?? []

export const reachersOfRole = ({ roles }: AccessChecked, role: string): readonly Reacher[] =>
  roles?.find((one) => one.role === `role:${role}`)?.reachers ?? []

/** The roles that were judged, and that somebody should not have. */
export const rolesFor = ({ kind, who }: Principal, { roles = [] }: AccessChecked): readonly string[] =>
  roles.flatMap(({ role, allowed }) =>
    (kind === 'member' || kind === 'API token') && allowed.includes(`user:${who}`)
      ? []
      : [role.slice('role:'.length)],
  )

/** The privileged queues that somebody should not come to. */
export const targetsOf = (
  { kind, who }: Principal,
  { clusters, teams }: Outline,
  queues: readonly string[],
) =>
  queues.filter((queue) => {
    if (kind !== 'member' && kind !== 'API token') return true
    const { allow } = clusters[queue.slice(0, queue.indexOf('/'))] ?? {}
    const isAllowed =
      allow?.users.some((name) => emailOf(name) === who) === true ||
      allow?.teams.some((team) =>
        Object.keys(teams[team]?.members ?? {}).some((name) => emailOf(name) === who),
      )
    return isAllowed !== true
  })

/** The paths that can be walked in the sandbox, so that what is said to be open over them alone has to be. */
export const replayable: ReadonlySet<string> = new Set(
  ruleCards.flatMap(({ path, replayable: is }) => (is ? [path] : [])),
)
