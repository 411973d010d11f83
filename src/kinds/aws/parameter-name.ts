import { namesIn } from '../../model/address.js'
import type { Sources } from '../kind.js'

/** What is wrong with the name of a parameter: nothing where SSM takes it. @source aws-enforcement §7 */
export const nameObjections = (name: string): { readonly what: string; readonly why: string }[] => {
  const levels = name.split('/').length - 1
  const isRight = /^\/[\w.\-/]{1,1010}$/.test(name) && levels <= 15 && !/^\/(aws|ssm)/i.test(name)
  return isRight || name === ''
    ? []
    : [
        {
          what: `"${name}" can't be the name of a parameter`,
          why: 'SSM takes letters, digits, dots, hyphens and underscores in at most 15 levels, and none that begins with aws or ssm',
        },
      ]
}

/** Whether a parameter is where the key that signs policies is kept: whoever applies could sign, and nobody else. */
export const isPolicyKey = (name: string): boolean => /\/policy-key$/i.test(name)

/** Whether a value is the secret half of a key. */
export const isPrivateKey = (value: string): boolean =>
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value) || /"d"\s*:\s*"[\w-]{20,}"/.test(value)

/** What is read of the parameters of an account: the same for whoever asks, so that it is read once. */
export const pathsIn = (account: string, { declared, specs }: Sources): readonly string[] => {
  const parameters = (declared?.('parameter') ?? []).flatMap((key) => {
    const [of, ...levels] = namesIn(key)
    return of === account ? [`/${levels.join('/')}`] : []
  })
  return [...new Set(['/buildkite/', ...parameters, ...policyNames(specs, account)])].sort()
}

/** The names of the parameters that declared policies are in, in one account. */
export const policyNames = (specs: Sources['specs'], account: string): string[] =>
  ((specs?.('gate-policy') ?? []) as readonly { readonly account: string; readonly name: string }[]).flatMap(
    (one) => (one.account === account ? [one.name] : []),
  )
