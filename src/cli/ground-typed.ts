import { typed } from '../report/typed.js'
import { fileFlags, type OrganizationChoices } from './flags.js'

/** Flags that say what is judged. */
export interface GroundChoices extends OrganizationChoices {
  readonly offline?: boolean
  readonly snapshot?: string | undefined
  readonly plan?: string | undefined
}

/** The flags that say what is judged, as one would type them. */
export const groundTyped = ({ offline, file, sandbox, snapshot, plan, ...flags }: GroundChoices): string => {
  const given = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value])
  return typed(
    ...given('--file', file === fileFlags.file.default ? undefined : file),
    ...(offline === true ? ['--offline'] : []),
    ...given('--snapshot', snapshot),
    ...given('--plan', plan),
    ...given('--trust-endpoint', flags['trust-endpoint']),
    ...given('--sandbox', sandbox).filter((word) => word !== ''),
  )
}
