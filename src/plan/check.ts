import type { Finding } from '../model/finding.js'
import type { Want } from '../model/wanted.js'
import { finding } from './finding.js'
import { kindNamed } from './kind-named.js'

/** What the kinds object to in specs that are right in shape. */
export const check = (wants: readonly Want[]): Finding[] =>
  wants.flatMap((want) =>
    (kindNamed(want.kind).check?.(want.spec) ?? []).map(({ field, what, why, fix }) =>
      finding('impossible-value', want, field, { what, why, fix }),
    ),
  )
