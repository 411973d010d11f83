import type { Role } from '../kinds/index.js'
import { addressOf, keyOf } from '../model/address.js'
import type { SeenAccount } from '../model/aws.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import type { Diff, Difference } from './diff.js'
import { unplaced } from './finding.js'
import type { Consent } from './consent.js'
import type { Survey } from './survey.js'

/** A role that was used within this time is in use. */
const recentDays = 30
const dayMs = 86_400_000

/** What bridle will not do in an AWS account even though the files ask for it. */
export const awsGuards = (wanted: Wanted, survey: Survey, diff: Diff, consent: Consent): Finding[] => [
  ...usedRoles(survey, diff, consent),
  ...ownControls(wanted, survey, diff),
]

/** A role that goes while something has it, or had it lately. */
const usedRoles = (survey: Survey, { differences }: Diff, { removeUsed }: Consent): Finding[] => {
  const gone = new Set(
    differences.flatMap(({ address, change }) => (change.verb === 'remove' ? [address] : [])),
  )
  return differences.flatMap(({ kind, address, change }): Finding[] => {
    if (kind.name !== 'role' || change.verb !== 'remove' || removeUsed?.has(address) === true) return []
    const { account, profiles = [], last_used: last } = change.have.spec as unknown as Role
    const [held] = profiles.filter((name) => !gone.has(addressOf('instance-profile', account, name)))
    const days = last == null ? undefined : daysBetween(last, survey.now)
    const why =
      held !== undefined
        ? `instance profile "${held}" holds it`
        : days !== undefined && days <= recentDays
          ? `it was used ${days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`}`
          : undefined
    if (why === undefined) return []
    return [
      unplaced(
        'role-in-use',
        `${address} would be removed, and ${why}`,
        'whatever has it loses it in the middle of its work, and a role of the same name made later is another role to everything that trusted it',
        `see who uses it; if it is meant, run again with --remove-used ${address}`,
      ),
    ]
  })
}

/** Whole days; nothing where one of the two is unknown. */
const daysBetween = (then: string, now: string | undefined): number | undefined => {
  const days = Math.floor((Date.parse(now ?? '') - Date.parse(then)) / dayMs)
  return Number.isNaN(days) ? undefined : Math.max(0, days)
}

/** The role that somebody works with: its name, without a session. */
const roleIn = (arn: string): string | undefined =>
  /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn)?.[1] ??
  /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1]

/**
 * What bridle itself works with is not its to change: a mistake there can't be undone with it, and whoever may merge
 * the files could give themselves what bridle has.
 */
const ownControls = (wanted: Wanted, { aws }: Survey, { differences }: Diff): Finding[] =>
  [...(aws ?? [])].flatMap(([name, seen]) => {
    const own = ownNames(seen, wanted)
    return differences.flatMap((difference): Finding[] => {
      const what = own.get(difference.address)
      return what === undefined ? [] : [ownControl(difference, what, name)]
    })
  })

const ownNames = (
  { account, identity, authorization }: SeenAccount,
  wanted: Wanted,
): ReadonlyMap<string, string> => {
  const assumed = wanted.aws?.accounts.find(({ name }) => name === account.name)?.assumeRole
  const names = new Set(
    [roleIn(identity.arn), assumed?.split('/').at(-1)].flatMap((name) =>
      name === undefined ? [] : [name.toLowerCase()],
    ),
  )
  const roles = authorization.roles.filter(({ name }) => names.has(name.toLowerCase()))
  const declared = wanted.wants.filter(
    ({ kind, spec }) =>
      kind === 'role' && spec['account'] === account.name && names.has(String(spec['name']).toLowerCase()),
  )
  return new Map([
    ...roles.map(
      ({ name }) => [`role:${keyOf(account.name, name)}`, 'the role that bridle works with'] as const,
    ),
    ...declared.map(({ address }) => [address, 'the role that bridle works with'] as const),
    ...roles.flatMap(({ trust }) =>
      providersIn(trust).map(
        (url) =>
          [
            addressOf('oidc-provider', account.name, url),
            'the provider by which bridle itself comes in',
          ] as const,
      ),
    ),
  ])
}

/** The OIDC providers that a trust policy names. */
const providersIn = (trust: unknown): readonly string[] =>
  [...JSON.stringify(trust ?? null).matchAll(/:oidc-provider\/([^"]+)"/g)].map(([, url = '']) => url)

const ownControl = ({ address }: Difference, what: string, account: string): Finding =>
  unplaced(
    'own-control',
    `${address} is ${what} in account "${account}", and the plan would change it`,
    'whoever may change these files could give themselves all that bridle may do, and a mistake could not be undone with it',
    'change it where it was made, and take it out of these files',
  )
