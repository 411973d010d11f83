import { keyIn, namesIn, type Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Span } from '../model/span.js'
import type { Facts } from './facts.js'
import { listed } from './findings.js'
import { entering, entryKey } from './role-borders.js'

/** A role of the files whose trust they write, and where. */
export interface DeclaredRole {
  readonly address: Address
  readonly at: Span
}

/**
 * Declared roles that are entered by more than the files say: other pipelines, queues, roles or principals.
 *
 * @param declared    who may become which role, by the files alone
 * @param accountIds  twelve digits, by the names of the accounts
 */
export const undeclaredEntries = (
  facts: Facts,
  declared: readonly Fact[],
  roles: readonly DeclaredRole[],
  accountIds: ReadonlyMap<string, string>,
): readonly Finding[] => {
  const said = new Set(declared.map(entryKey))
  const named = new Set(declared.flatMap(({ power, of, on }) => (power === 'admits' ? [`${of} ${on}`] : [])))
  // A role that the files do not declare stands in a document by its ARN.
  const isNamed = ({ power, of, on }: Fact) => {
    if (power !== 'assumes') return false
    const [account = '', name = ''] = namesIn(keyIn(of))
    const fits = new RegExp(
      `^principal:arn:[^:]+:iam::${accountIds.get(account) ?? ''}:role/(.*/)?(.*) (.*)$`,
    )
    return [...named].some((one) => {
      const parts = fits.exec(one)
      return parts !== null && parts[2] === name && parts[3] === on
    })
  }
  const more = new Map<Address, Fact[]>()
  for (const power of entering)
    for (const fact of power === 'carries' ? [] : facts.of(power))
      if (!said.has(entryKey(fact)) && !isNamed(fact)) more.set(fact.on, [...(more.get(fact.on) ?? []), fact])
  return roles.flatMap(({ address, at }): Finding[] => {
    const found = more.get(address) ?? []
    if (found.length === 0) return []
    const sure = found.filter((fact) => fact.sure)
    const told = [...new Set((sure.length > 0 ? sure : found).map(spoken))].sort()
    return [
      {
        code: 'role-trusts-more',
        severity: 'error',
        what: `${address} ${sure.length > 0 ? 'lets in' : 'may let in'} ${listed(told)}, and no file says so`,
        where: [at],
        why: 'what is in IAM is what counts, and whoever reviewed the files has not seen it',
        fix: 'run `bridle apply`, which writes the declared trust; or declare it, if it is meant',
      },
    ]
  })
}

/** Who enters by a fact, in a few words. */
const spoken = ({ power, of, by }: Fact): string => {
  const queue = by === undefined ? '' : ` on queue:${by}`
  switch (of.slice(0, of.indexOf(':'))) {
    case 'pipeline':
      return `jobs of ${of}${queue}`
    case 'cluster':
      return power === 'becomes'
        ? `any job of ${of}${queue}`
        : `a pipeline of a fitting name in ${of}${queue}`
    case 'organization':
      return power === 'becomes' ? 'any job of the organization' : 'a pipeline of a fitting name'
    case 'outsider':
      return 'anybody'
    case 'principal':
      return keyIn(of)
    default:
      return of
  }
}
