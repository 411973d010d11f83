import { keyIn, namesIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Facts } from './facts.js'
import { isPrincipal, type Node } from './node.js'

type Commands = NonNullable<Finding['commands']>

/**
 * What cancels every unfinished build that a stranger is known to have had a hand in, one command for each.
 *
 * @param pipelines  where to look
 * @param isAllowed  whether somebody is no stranger
 */
export const cancelling = (
  facts: Facts,
  pipelines: Iterable<Address>,
  isAllowed: (who: Node) => boolean,
): Commands =>
  [...new Set(pipelines)].sort().flatMap((pipeline) => {
    const hands = new Map<number, Set<string>>()
    for (const { of, by = '' } of facts.on('unfinished', pipeline)) {
      const number = Number(/^build (\d+)$/.exec(by)?.[1])
      if (Number.isNaN(number) || !isPrincipal(of) || isAllowed(of)) continue
      hands.set(number, (hands.get(number) ?? new Set()).add(of))
    }
    const [slug = ''] = namesIn(keyIn(pipeline))
    return [...hands]
      .sort(([a], [b]) => a - b)
      .map(([number, who]) => ({
        words: ['bk', 'build', 'cancel', String(number), '--pipeline', slug],
        about: [...who].sort().join(' and '),
      }))
  })
