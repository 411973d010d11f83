import type { Border } from '../access/borders.js'
import { listed } from '../access/findings.js'
import type { Address } from '../model/address.js'
import type { Fact, Power } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { AccessDelta } from '../model/plan.js'
import type { Span } from '../model/span.js'
import type { Wanted } from '../model/wanted.js'

/** What somebody with Full Access decides, and files can say: either of the fields of each settles it. */
const decided: readonly {
  readonly what: string
  readonly fields: readonly string[]
  /** Not every pipeline has one: the power by which it is known. */
  readonly power?: Power
}[] = [
  { what: 'its steps', fields: ['steps', 'pipeline_template'] },
  { what: 'its repository', fields: ['repository'] },
  { what: 'its mirror', fields: ['clone_mirror_url'], power: 'clones-from' },
]

/** Something of a stranger's that is in a privileged cluster after a plan, perhaps. */
export interface Foothold {
  readonly cluster: Address
  readonly finding: Finding
}

/**
 * What people leave behind in a pipeline that is in a privileged cluster after a plan: those who had Full Access to it
 * and have not any more, and, where the plan brings it there, whoever had it at any time before. Whatever no file says is
 * as they left it. Their schedules and unfinished builds are paths of their own.
 *
 * @param now  what is there before the plan, and when it has been carried out
 */
export const footholds = (
  { losses }: Pick<AccessDelta, 'losses'>,
  now: { readonly before: readonly Fact[]; readonly after: readonly Fact[] },
  borders: readonly Border[],
  { wants }: Wanted,
): readonly Foothold[] => {
  const isStranger = (who: string, cluster: Address) =>
    borders.some((border) => border.cluster === cluster && !border.allowed.has(who))
  const privileged = new Set(borders.map(({ cluster }) => cluster))
  const before = placesIn(now.before)
  return now.after
    .filter(({ power, on }) => power === 'runs-in' && privileged.has(on))
    .flatMap(({ of: pipeline, on: cluster }): Foothold[] => {
      const want = wants.find(({ address }) => address === pipeline)
      const who = losses
        .filter(({ can, on }) => can === 'edit' && on === pipeline)
        .map((loss) => loss.who)
        .filter((one) => isStranger(one, cluster))
      const comesIn = before.get(pipeline)?.has(cluster) === false
      const left = decided
        .filter(({ fields }) => fields.every((field) => want?.spec[field] === undefined))
        .filter(
          ({ power }) =>
            power === undefined || now.after.some((one) => one.power === power && one.of === pipeline),
        )
        .map(({ what }) => what)
      if (left.length === 0 || (who.length === 0 && !comesIn)) return []
      return [{ cluster, finding: leftBehind(pipeline, cluster, who, left, want?.at) }]
    })
}

/** The clusters of each pipeline that is there. */
const placesIn = (facts: readonly Fact[]): ReadonlyMap<Address, ReadonlySet<Address>> => {
  const found = new Map<Address, Set<Address>>()
  for (const { power, of } of facts) if (power === 'active' || power === 'archived') found.set(of, new Set())
  for (const { power, of, on } of facts) if (power === 'runs-in') found.get(of)?.add(on)
  return found
}

const leftBehind = (
  pipeline: Address,
  cluster: Address,
  who: readonly string[],
  left: readonly string[],
  at: Span | undefined,
): Finding => ({
  code: 'left-behind',
  severity: 'error',
  what:
    who.length > 0
      ? `${listed(who)} had Full Access to ${pipeline}, and no file says what is in ${cluster} of theirs: ${listed(left)}`
      : `${pipeline} comes into ${cluster}, and no file says what it brings along of those who could change it: ${listed(left)}`,
  where: at === undefined ? [] : [at],
  why: 'whoever may not change a pipeline any more may have changed it before, and what they left runs on',
  fix: `look at ${listed(left)} in Buildkite, then declare it (\`steps_file\`, \`repository\`, \`clone_mirror_url\`) under ${pipeline}`,
})
