import { issuer } from '../../policy/principal.js'
import type { Decision } from '../../policy/decide.js'
import type { Condition } from '../../policy/document.js'
import { asking, beginningOf, isUuid, isWild } from './claims.js'
import type { Door, SeenRole } from './seen.js'
import type { RoleWorld } from './world.js'

/** How much of a subject is tied down, the least first. */
export type Tied =
  /** Not even to an organization: what it asks for can stand anywhere. */
  | 'nothing'
  /** To part of an organization’s name. */
  | 'part-of-organization'
  /** To an organization that is not ours. */
  | 'foreign'
  /** To ours, and a pipeline is named behind a wildcard. */
  | 'name-after-wildcard'
  /** To ours, and to no pipeline. */
  | 'organization'
  /** To one pipeline of ours. */
  | 'pipeline'
  /** To an id, which is all there is of such a subject. */
  | 'id'

/** A value that the subject of a token is compared with. */
export interface SubjectValue {
  readonly door: Door
  readonly condition: Condition
  readonly value: string
  readonly tied: Tied
  /** What stands where the organization should. */
  readonly organization: string
  /** True for what no subject can be: a whole text that is none. */
  readonly isDead: boolean
}

/** The values of subjects that a role asks for, where no other condition on the subject says more. */
export const subjectValues = ({ doors }: SeenRole, { organization }: RoleWorld): readonly SubjectValue[] =>
  doors
    .filter(({ isBuildkite }) => isBuildkite)
    .flatMap((door) => {
      const conditions = asking(door.statement.conditions, 'sub').filter(({ key }) =>
        key.toLowerCase().startsWith(`${issuer}:`),
      )
      const found = conditions.map((condition) =>
        condition.values.map((value) => ({
          door,
          condition,
          value,
          ...tiedIn(condition, value, organization.slug),
        })),
      )
      const isTight = (values: (typeof found)[number]) =>
        values.every(({ tied }) => tied === 'pipeline' || tied === 'id')
      return found.some(isTight) ? found.filter(isTight).flat() : found.flat()
    })

const tiedIn = (
  condition: Condition,
  value: string,
  ours: string,
): Pick<SubjectValue, 'tied' | 'organization' | 'isDead'> => {
  const begins = beginningOf(condition, value)
  const isWhole = begins === value
  const rest = begins.startsWith('organization:') ? begins.slice('organization:'.length) : undefined
  const organization = rest?.split(':')[0] ?? ''
  const said = { organization, isDead: false }
  if (isWhole && isUuid(value)) return { ...said, tied: 'id' }
  if (rest === undefined) return { ...said, tied: 'nothing', isDead: isWhole }
  if (!rest.includes(':')) return { ...said, tied: 'part-of-organization', isDead: isWhole }
  if (organization !== ours) return { ...said, tied: 'foreign' }
  const tail = value.slice(`organization:${organization}:`.length)
  const behind = rest.slice(organization.length + 1)
  if (/^pipeline:[^:]+:/.test(behind)) return { ...said, tied: 'pipeline' }
  if (isWhole) return { ...said, tied: 'pipeline', isDead: true }
  return {
    ...said,
    tied:
      !behind.startsWith('pipeline:') && /(?:^|[:*?])pipeline:[^:*?]/.test(tail)
        ? 'name-after-wildcard'
        : 'organization',
  }
}

/** A subject that gets in, said after a clause; without its end, where the pattern has nothing to say of that. */
export const gettingIn = ({ answer, picks }: Decision, value?: string): string => {
  const subject = picks[`${issuer}:sub`]
  if (answer === 'no' || subject === undefined || subject === null) return ''
  const end = value === undefined || /(?:ref|commit|step):[^*?]/.test(value) ? -1 : subject.indexOf(':ref:')
  return `: ${end === -1 ? subject : `${subject.slice(0, end)}:…`} gets in`
}

/** A branch that a pattern means, and that stands behind a wildcard of it; with the pipeline before that. */
export const branchBehindWildcard = (
  condition: Condition,
  value: string,
): { readonly slug: string; readonly branch: string } | undefined => {
  const begins = beginningOf(condition, value)
  if (!isWild(condition) || begins === value) return undefined
  const [, branch] = /(?:^|[:*?])ref:refs\/heads\/([^:*?]+)(?=[:*?]|$)/.exec(value.slice(begins.length)) ?? []
  const [, slug] = /^organization:[^:]+:pipeline:([^:]+):/.exec(begins) ?? []
  return branch === undefined || slug === undefined ? undefined : { slug, branch }
}
