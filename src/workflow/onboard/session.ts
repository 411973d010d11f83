import { readParts, type Part } from '../../config/parts.js'
import type { Edit } from '../../config/edit.js'
import type { Finding } from '../../model/finding.js'
import type { Wanted } from '../../model/wanted.js'
import { declare, standInTheWay } from '../declare.js'
import { anotherOrganization } from '../plan.js'
import type { Declared } from '../world.js'

/** Something that the machine knows, and from where. */
export interface Told {
  readonly value: string
  readonly because: string
}

/** What the machine knows of whoever sits there, and of where they are. */
export interface Here {
  readonly email?: Told | undefined
  readonly repository?: Told | undefined
  /** Set where that is the repository of the files themselves: then it may well be another one that is built. */
  readonly isRepositoryOfFiles?: boolean
}

/** What a session begins with. */
export interface Session {
  readonly declared: Declared
  readonly wanted: Wanted
  readonly parts: readonly Part[]
  readonly here: Here
  /** The time, as ISO says it. */
  readonly now: string
}

/** What a session comes to, before it is known what that does. */
export interface Draft {
  /** `pipeline`, `team`, `queue`, `role`. */
  readonly kind: string
  readonly key: string
  readonly edits: readonly { readonly file: string; readonly edit: Edit }[]
  readonly notes: readonly string[]
}

/**
 * Reads the files, or says what is wrong with them.
 *
 * @param organization  what the environment says that it is called, if it does
 */
export const sessionOf = (
  declared: Declared,
  { here, now, organization }: Pick<Session, 'here' | 'now'> & { readonly organization?: string | undefined },
): Session | readonly Finding[] => {
  const { wanted, findings } = declare(declared)
  if (wanted === undefined || standInTheWay(findings)) return findings
  if (organization !== undefined && organization !== wanted.organization)
    return [anotherOrganization(wanted.organization, organization)]
  return { declared, wanted, here, now, parts: readParts(declared.files, declared.root).parts }
}

/** Whether something is declared. */
export const isDeclared = ({ wanted }: Session, kind: string, key: string): boolean =>
  wanted.wants.some((want) => want.kind === kind && want.key === key)

/** What is declared of a kind. */
export const wantsOf = ({ wanted }: Session, kind: string): Wanted['wants'] =>
  wanted.wants.filter((want) => want.kind === kind)
