import { keyIn, namesIn } from '../model/address.js'
import type { AwsAccount } from '../model/aws.js'
import type { DeclaredAws } from '../model/wanted.js'
import type { Made } from './complete.js'
import { nearest } from './nearest.js'
import { entriesOf, textOf, valueAt, type Entry } from './node.js'
import type { Part } from './parts.js'
import { listed, quoted, type Problem } from './problem.js'
import { spanOf } from './source.js'

/** The accounts that the files declare, and what is wrong with them together. Only read where the shape is right. */
export const accountsIn = (
  parts: readonly Part[],
): { readonly aws?: DeclaredAws; readonly problems: readonly Problem[] } => {
  const written = parts.flatMap(({ root }) => [
    ...entriesOf(valueAt(entriesOf(root).get('aws')?.value, 'accounts')),
  ])
  const byName = new Map<string, Entry>()
  const byId = new Map<string, readonly [name: string, Entry]>()
  const problems: Problem[] = []
  for (const [name, entry] of written) {
    const first = byName.get(name)
    if (first !== undefined) problems.push(twice(name, entry, first))
    else byName.set(name, entry)
    const id = textOf(valueAt(entry.value, 'id'))
    if (id === undefined) continue // told by itself
    const same = byId.get(id)
    if (same !== undefined && same[0] !== name) problems.push(sameAccount(id, name, entry, same))
    else byId.set(id, [name, entry])
  }
  if (byName.size === 0) return { problems }
  const accounts = [...byName]
    .map(([name, entry]) => ({ ...accountOf(name, entry), at: spanOf(entry.key) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return { aws: { accounts }, problems }
}

const accountOf = (name: string, { value }: Entry): AwsAccount => {
  const text = (key: string) => textOf(valueAt(value, key))
  const [profile, assumeRole, externalId] = [text('profile'), text('assume_role'), text('external_id')]
  return {
    name,
    id: text('id') ?? '',
    partition: text('partition') ?? 'aws',
    region: text('region') ?? '',
    ...(profile !== undefined && { profile }),
    ...(assumeRole !== undefined && { assumeRole }),
    ...(externalId !== undefined && { externalId }),
  }
}

const twice = (name: string, { key }: Entry, first: Entry): Problem => ({
  code: 'declared-twice',
  at: key,
  also: [first.key],
  about: name,
  words: () => ({
    what: `account ${quoted(name)} is declared twice`,
    label: 'the second time',
    fix: 'keep one of the two',
  }),
})

const sameAccount = (
  id: string,
  name: string,
  { key }: Entry,
  [other, first]: readonly [string, Entry],
): Problem => ({
  code: 'same-account',
  at: key,
  also: [first.key],
  about: name,
  words: () => ({
    what: `${quoted(name)} and ${quoted(other)} are both account ${id}`,
    label: 'the same account under a second name',
    fix: 'keep one name, and write it wherever the other one stands',
  }),
})

/** Things in an account that no file declares, and things that keep something there. */
export const unknownAccounts = (made: readonly Made[], aws: DeclaredAws | undefined): Problem[] => {
  const names = (aws?.accounts ?? []).map(({ name }) => name)
  return made.flatMap((one) =>
    accountsOf(one)
      .filter(({ account }) => account !== '' && !names.includes(account))
      .map(({ account, at, what }): Problem => {
        const meant = nearest(account, names)
        return {
          code: 'unknown-account',
          at,
          about: account,
          words: () => ({
            what: `${what} in account ${quoted(account)}, which \`aws.accounts\` does not have`,
            label: meant === undefined ? `it has: ${listed(names) ?? 'none'}` : `did you mean ${meant}?`,
            fix: 'correct the name, or declare the account: { id: "111111111111", region: eu-west-1 }',
          }),
        }
      }),
  )
}

/** The accounts that a thing is in, or keeps something in. */
const accountsOf = ({ kind, want, key, fields }: Made) => {
  const { account } = want.spec
  const own =
    kind.provider === 'aws' && typeof account === 'string'
      ? [{ account, at: key, what: `${want.address} is` }]
      : []
  const kept = (kind.keeps?.(want.spec) ?? []).map((address) => ({
    account: namesIn(keyIn(address))[0] ?? '',
    at: fields['store'] ?? key,
    what: `${want.address} keeps ${address}`,
  }))
  return [...own, ...kept]
}
