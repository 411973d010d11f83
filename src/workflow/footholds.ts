import type { Border } from '../access/borders.js'
import { listed } from '../access/findings.js'
import type { Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { AccessDelta } from '../model/plan.js'
import type { Span } from '../model/span.js'
import type { Wanted } from '../model/wanted.js'

/** What somebody with Full Access decides, and files can say: either of the fields of each settles it. */
const decided: readonly { readonly what: string; readonly fields: readonly string[] }[] = [
  { what: 'its steps', fields: ['steps', 'pipeline_template'] },
  { what: 'its repository', fields: ['repository'] },
]

/**
 * What people leave behind who had Full Access to a pipeline that is in a privileged cluster after a plan, and have not
 * any more: whatever no file says is as they left it. Their schedules and unfinished builds are paths of their own.
 *
 * @param after  what is there when the plan has been carried out
 */
export const footholds = (
  { losses }: Pick<AccessDelta, 'losses'>,
  after: readonly Fact[],
  borders: readonly Border[],
  { wants }: Wanted,
): readonly Finding[] => {
  const isStranger = (who: string, cluster: Address) =>
    borders.some((border) => border.cluster === cluster && !border.allowed.has(who))
  const privileged = new Set(borders.map(({ cluster }) => cluster))
  return after
    .filter(({ power, on }) => power === 'runs-in' && privileged.has(on))
    .flatMap(({ of: pipeline, on: cluster }): Finding[] => {
      const want = wants.find(({ address }) => address === pipeline)
      const who = losses
        .filter(({ can, on }) => can === 'edit' && on === pipeline)
        .map((loss) => loss.who)
        .filter((one) => isStranger(one, cluster))
      const left = decided
        .filter(({ fields }) => fields.every((field) => want?.spec[field] === undefined))
        .map(({ what }) => what)
      return who.length === 0 || left.length === 0 ? [] : [leftBehind(pipeline, cluster, who, left, want?.at)]
    })
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
  what: `${listed(who)} had Full Access to ${pipeline}, and no file says what is in ${cluster} of theirs: ${listed(left)}`,
  where: at === undefined ? [] : [at],
  why: 'whoever may not change a pipeline any more may have changed it before, and what they left runs on',
  fix: `look at ${listed(left)} in Buildkite, then declare it (\`steps_file\`, \`repository\`) under ${pipeline}`,
})
