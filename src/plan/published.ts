import type { Sources } from '../kinds/index.js'
import { keyIn, namesIn, type Address } from '../model/address.js'
import { opened, type Opened } from '../model/envelope.js'
import type { VerifyingKey } from '../model/signer.js'
import type { Want, Wanted } from '../model/wanted.js'
import { kindNamed } from './kind-named.js'

/** The want of a queue's policy, if its gate is given one. */
export const gateWanted = ({ wants }: Wanted, queue: Address): Want | undefined =>
  wants.find(({ kind, key }) => kind === 'gate-policy' && key === keyIn(queue))

/**
 * The policy of a queue as it is published: asked of its own account alone.
 *
 * @returns undefined where there is none
 * @throws Refusal where it could not be read
 */
export const readPublished = async (
  sources: Sources,
  want: Want,
  key: VerifyingKey | undefined,
): Promise<Opened | undefined> => {
  const { aws } = sources
  if (aws === undefined) throw new Error('there is an AWS account to read, and nobody to ask')
  const { account, cluster, queue } = want.spec as Readonly<Record<'account' | 'cluster' | 'queue', string>>
  await aws.identity(account)
  const own: Sources = {
    ...sources,
    aws: { ...aws, accounts: aws.accounts.filter(({ name }) => name === account) },
    declared: () => [],
    specs: (kind) => (kind === want.kind ? [want.spec] : []),
  }
  for await (const live of kindNamed(want.kind).read(own)) {
    const names = namesIn(live.key)
    if (names.length !== 2 || names[0] !== cluster || names[1] !== queue) continue
    const { text } = live.spec as { readonly text?: string | null }
    return text == null ? { no: 'it is no signed policy' } : opened(text, key)
  }
  return undefined
}
