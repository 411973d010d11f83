import { lintsIn, unaccepted, type Lint } from '../access/roles/misconfigurations.js'
import { policyWriters, type PolicyWriter } from '../access/roles/writers.js'
import { roleWorldOf, type RoleWorld } from '../access/roles/world.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { resolved } from '../plan/resolve.js'
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

/** What is wrong with the roles of the declared accounts, and is not accepted. */
export const lintsOf = (
  world: RoleWorld | undefined,
  { access }: Wanted,
  today: string,
  asked?: string,
): { readonly left: readonly Lint[]; readonly findings: readonly Finding[] } =>
  world === undefined
    ? { left: [], findings: [] }
    : unaccepted(lintsIn(world), {
        accepts: access.accept,
        today,
        ...(asked === undefined ? {} : { asked }),
      })

/** Everybody in AWS who can change what the gates of a queue go by. */
export const writersFor = (world: RoleWorld | undefined, on: string): readonly PolicyWriter[] =>
  world === undefined || !on.startsWith('queue:') ? [] : policyWriters(world)
