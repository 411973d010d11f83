import { stringify } from 'yaml'
import { filesOf } from './files.js'
import { toTell } from '../../src/cli/connection-to-write.js'
import { clientsFor } from '../../src/providers/aws/clients.js'
import type { AwsMeans } from '../../src/providers/aws/connect.js'
import { accountsFor, credentialsOf, newAccounts } from '../../src/sandbox/aws/seed.js'
import { sandbox, type Options, type Sandbox } from '../../src/sandbox/index.js'
import { newOrganization } from '../../src/sandbox/seed.js'
import type { Plan } from '../../src/model/plan.js'
import type { Address } from '../../src/model/address.js'
import type {
  AccessChecked,
  AccessWho,
  AccessWhy,
  Applied,
  Contained,
  Drifted,
  Planned,
} from '../../src/model/result.js'
import {
  accessCheck,
  accessWho,
  accessWhy,
  snapshot,
  type CheckOptions,
  type Taken,
  type WhoOptions,
  type WhyOptions,
} from '../../src/workflow/access.js'
import type { AccessOptions } from '../../src/workflow/ground.js'
import { contain } from '../../src/workflow/contain.js'
import { apply, type ApplyOptions } from '../../src/workflow/apply.js'
import { drift } from '../../src/workflow/drift.js'
import { plan } from '../../src/workflow/plan.js'
import type { Wanted } from '../../src/model/wanted.js'
import type { Telling, World } from '../../src/workflow/world.js'
import { members } from '../laws/declarations.js'

/** A token of nobody's: only the sandbox knows it. */
export const token = 'bkua_0000000000000000000000000000000000000000'

/** When every test takes place. */
const now = '2026-11-22T00:00:00.000Z'

/** A clock that jumps over every wait. */
export const stoppedClock = (from = Date.UTC(2026, 10, 22)) => {
  let now = from
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
}

/** Everything about an apply that is not the usual thing. */
export interface How extends Partial<ApplyOptions> {
  readonly signal?: AbortSignal
  readonly fetch?: typeof fetch
  readonly token?: string
  /** When it is, where that is not when every test takes place. */
  readonly when?: () => string
  /** What the environment says. */
  readonly organization?: string
}

/** An organization in the hand, and the commands to run against it. A declaration is data, or files by path. */
export interface Ground {
  readonly sandbox: Sandbox
  plan(declaration: object, how?: How): Promise<Planned>
  drift(declaration: object, how?: How): Promise<Drifted>
  apply(declaration: object, how?: How): Promise<Applied>
  check(declaration: object, how?: How & Partial<AccessOptions>): Promise<AccessChecked>
  who(declaration: object, on: string, how?: How & Partial<AccessOptions & WhoOptions>): Promise<AccessWho>
  why(declaration: object, who: string, on: string, how?: How & Partial<AccessOptions>): Promise<AccessWhy>
  snapshot(declaration: object): Promise<Taken>
  contain(declaration: object, queue: Address, how?: How): Promise<Contained>
}

/** A fresh organization with everybody in it, and limits off. */
export const fresh = (options: Partial<Options> = {}): Ground =>
  groundOf(sandbox({ state: freshState(), clock: stoppedClock(), limits: 'off', ...options }))

export const freshState = () =>
  newOrganization({ slug: 'acme', admin: { email: 'bridle@acme.test', token }, people: members })

export const groundOf = (it: Sandbox): Ground => {
  const world = (declaration: object, how: How): World<Telling> => ({
    files: filesOf(
      isFiles(declaration)
        ? declaration
        : { 'bridle.yaml': stringify(declaration, { aliasDuplicateObjects: false }) },
    ),
    root: 'bridle.yaml',
    today: '2026-11-22',
    now: how.when ?? (() => now),
    signal: how.signal,
    organization: how.organization,
    policyKey: how.signer?.publicKey,
    connect: (wanted) => telling(it, wanted, how),
  })
  const usual: ApplyOptions = { maxRemoved: Infinity, consent: async () => 'yes' }
  return {
    sandbox: it,
    plan: (declaration, how = {}) => plan(world(declaration, how), { ...usual, ...how }),
    drift: (declaration, how = {}) => drift(world(declaration, how), how),
    apply: (declaration, how = {}) => apply(world(declaration, how), { ...usual, ...how }),
    check: (declaration, how = {}) =>
      accessCheck(world(declaration, how), {
        basis: 'organization',
        now,
        suggest: true,
        ...how,
      } as AccessOptions & CheckOptions),
    who: (declaration, on, how = {}) =>
      accessWho(world(declaration, how), { basis: 'organization', now, on, ...how } as AccessOptions &
        WhoOptions),
    why: (declaration, who, on, how = {}) =>
      accessWhy(world(declaration, how), {
        basis: 'organization',
        now,
        who,
        on,
        ...how,
      } as AccessOptions & WhyOptions),
    snapshot: (declaration) => snapshot(world(declaration, {}), { now }),
    contain: (declaration, queue, how = {}) => contain(world(declaration, how), { queue, now }),
  }
}

/** The conversation about what is wanted, with whoever the sandbox plays. */
export const telling = (it: Sandbox, wanted: Wanted, how: How = {}): Telling =>
  toTell({
    ...awsOf(it, wanted, how),
    fetch: how.fetch ?? it.fetch,
    clock: clockOf(how),
    random: () => 0.5,
    token: how.token ?? token,
    organization: wanted.organization,
    graphqlUrl: 'https://graphql.buildkite.com/v1',
    restUrl: 'https://api.buildkite.com',
    userAgent: 'bridle test',
    timeoutSeconds: Infinity,
    ...(how.signal && { signal: how.signal }),
  })

const clockOf = ({ when }: How) => stoppedClock(when && Date.parse(when()))

/** The declared accounts, with whatever the sandbox lets in. It has them from the first time that they are declared. */
const awsOf = (it: Sandbox, { aws }: Wanted, how: How): { aws?: AwsMeans } => {
  if (aws === undefined) return {}
  newAccounts(it.state, accountsFor(aws.accounts))
  const clock = clockOf(how)
  const clients = clientsFor({
    fetch: how.fetch ?? it.fetch,
    clock,
    userAgent: 'bridle/0',
    timeoutSeconds: Infinity,
    clockOffsetMs: clock.now() - Date.now(),
    credentials: async ({ id, assumeRole }) =>
      credentialsOf(it.state, assumeRole === undefined ? id : undefined)!,
  })
  const { signal } = how
  return { aws: { accounts: aws.accounts, clients, clock, random: () => 0.5, ...(signal && { signal }) } }
}

const isFiles = (declaration: object): declaration is Record<string, string> => 'bridle.yaml' in declaration

/** Everything that was sent and could change something. */
export const mutationsIn = ({ calls }: Sandbox) =>
  calls.filter(
    ({ kind, name }) =>
      kind === 'mutation' ||
      (kind === 'rest' && !name.startsWith('GET ')) ||
      (kind === 'aws' && !/^(Get|List|Describe|Assume)/.test(name)),
  )

/** What stands in the way of a result. */
export const errorsIn = ({
  findings,
}: {
  findings: readonly { severity: string; code: string; what: string }[]
}) => findings.filter(({ severity }) => severity === 'error').map(({ code, what }) => `${code}: ${what}`)

/** The plan of a result, or every finding that stood in its way. */
export const planOf = ({
  plan,
  findings,
}: {
  plan?: Plan
  findings: readonly { what: string; code: string }[]
}): Plan => {
  if (plan === undefined) throw new Error(findings.map(({ code, what }) => `${code}: ${what}`).join('\n'))
  return plan
}
