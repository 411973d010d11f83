import { lintsIn, unaccepted, type Lint } from '../access/roles/misconfigurations.js'
import { worldAsWanted } from '../access/roles/wanted.js'
import { roleWorldOf, type RoleWorld } from '../access/roles/world.js'
import type { AwsAccount, SeenAccount } from '../model/aws.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { resolvedAlone } from '../plan/facts.js'
import { resolved } from '../plan/resolve.js'
import { standIn } from '../plan/role-world.js'
import type { Survey } from '../plan/survey.js'

/** What the rules about roles look at; nothing where the files declare no account. */
export const roleWorldIn = (wanted: Wanted, survey: Survey): RoleWorld | undefined =>
  survey.aws === undefined
    ? undefined
    : roleWorldOf(resolved(wanted, survey), {
        organization: survey.organization,
        accounts: survey.aws,
        live: survey.live,
        tokenParameters: wanted.wants.flatMap(({ kind, spec }) => {
          if (kind !== 'token' || typeof spec['store'] !== 'string') return []
          const [account = '', ...levels] = spec['store'].split('/')
          return [{ account, name: `/${levels.join('/')}` }]
        }),
      })

/** The same of files alone: every role as it would be made, and nothing beside them. */
export const roleWorldWanted = (wanted: Wanted): RoleWorld | undefined => {
  const accounts = wanted.aws?.accounts ?? []
  if (accounts.length === 0) return undefined
  const empty = (account: AwsAccount): SeenAccount => ({
    account,
    identity: { arn: '', account: account.id },
    authorization: { roles: [], profiles: [], users: [], groups: [], policies: new Map() },
    providers: [],
  })
  return worldAsWanted(
    roleWorldOf(resolvedAlone(wanted), {
      organization: { slug: wanted.organization, uuid: standIn('organization:') },
      accounts: new Map(accounts.map((account) => [account.name, empty(account)])),
      live: new Map(),
    }),
  )
}

/**
 * What is wrong with what the files would make, and not accepted where it is. What an acceptance was given for is to be
 * seen in IAM alone, and so is what nobody declares.
 */
const lintsOfFiles = (world: RoleWorld, { access }: Wanted, today: string): readonly Finding[] =>
  lintsIn(world)
    .filter(
      ({ finding, at }) =>
        world.declared.has(at) &&
        !access.accept.some((one) => one.finding === finding && one.on === at && one.until >= today),
    )
    .map(({ told }) => told)

/** What the verdict says of a trust that is not as declared, and what a rule says of the same trust. */
const [byVerdict, byRule] = ['role-trusts-more', 'role-trusted-by-more']

/** Without what a verdict has said already, in better words: it names who gets in. */
export const notSaidBy = (verdict: readonly Finding[], lints: readonly Finding[]): readonly Finding[] => {
  const placeOf = ({ where: [at] }: Finding) => at && `${at.file}:${at.line}:${at.column}`
  const said = new Set(verdict.filter(({ code }) => code === byVerdict).map(placeOf))
  return lints.filter((lint) => lint.code !== byRule || !said.has(placeOf(lint)))
}

/** What is wrong with the roles of the declared accounts, and is not accepted. */
export const lintsOf = (
  world: RoleWorld | undefined,
  wanted: Wanted,
  today: string,
  asked?: string,
): { readonly left: readonly Lint[]; readonly findings: readonly Finding[] } =>
  world === undefined
    ? { left: [], findings: [] }
    : world.isWanted === true
      ? { left: [], findings: lintsOfFiles(world, wanted, today) }
      : unaccepted(lintsIn(world), {
          accepts: wanted.access.accept,
          today,
          ...(asked === undefined ? {} : { asked }),
        })
