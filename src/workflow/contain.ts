import { decisive } from '../access/findings.js'
import { judge } from '../access/judge.js'
import { clusterOf } from '../access/places.js'
import { ready } from '../apply/ready.js'
import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Contained } from '../model/result.js'
import type { Path } from '../model/verdict.js'
import { unplaced } from '../plan/finding.js'
import { clusterNamed, ownNote, pauseOf, queueNamed } from '../plan/pause.js'
import { check } from './access.js'
import { declare, standInTheWay } from './declare.js'
import { groundsOn, identitiesIn, readAgreeing } from './ground.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Telling, World } from './world.js'

/**
 * Pauses the dispatch of a privileged queue that is open, and says what runs on. The conversation can send that one call
 * and no other. A queue that is paused is contained, never closed: what let somebody in is still there.
 */
export const contain = async (
  world: World<Telling>,
  { queue, now }: { readonly queue: Address; readonly now: string },
): Promise<Contained> => {
  const nothing = (findings: readonly Finding[]): Contained => ({
    result: 'contain',
    queue,
    did: 'nothing',
    stillRunning: [],
    findings,
  })
  const { wanted, findings } = declare(world)
  if (wanted === undefined || standInTheWay(findings)) return nothing(findings)
  const cluster = clusterNamed(queue)
  if (!wanted.access.contain.includes(cluster))
    return nothing([
      ...findings,
      wanted.wants.some(({ address }) => address === cluster) ? notAllowed(queue) : notThere(queue),
    ])
  let conversation: Telling | undefined
  const reading = await readAgreeing(
    { ...world, connect: (about) => (conversation = world.connect(about)) },
    wanted,
    now,
    // Whoever has got in will not wait for two readings that agree.
    (facts) => {
      const { access, borders, judging } = groundsOn(
        wanted,
        { facts, basis: { on: 'organization' } },
        now,
        [],
      )
      const own = borders.filter(({ on }) => on === queue)
      return judge(access, { ...judging, borders: own }).queues[0]?.verdict === 'open'
    },
  )
  if (!('facts' in reading)) return nothing([...findings, ...reading])
  const { survey, facts, read } = reading
  const found = groundsOn(wanted, { facts, basis: { on: 'organization', read } }, now, findings)
  const border = found.borders.find(({ on }) => on === queue)
  const there = queueNamed(survey, queue)
  if (border === undefined || there === undefined || conversation === undefined)
    return nothing([...findings, notThere(queue)])
  const one = { ...found, borders: [border], judging: { ...found.judging, borders: [border] } }
  const [judged] = judge(one.access, one.judging).queues
  if (judged?.verdict !== 'open')
    return {
      ...nothing(findings),
      basis: found.basis,
      ...(judged === undefined ? {} : { verdict: judged.verdict }),
    }
  const said = check(one, { suggest: false, now }).findings
  const stillRunning = [
    ...new Set(
      found.access.facts
        .on('runs-in', clusterOf(queue))
        .flatMap(({ of }) => found.access.facts.on('unfinished', of))
        .map(({ on, by = '' }) => `${by} of ${on}`),
    ),
  ].sort()
  const base: Contained = {
    result: 'contain',
    basis: found.basis,
    queue,
    verdict: judged.verdict,
    did: 'already',
    stillRunning,
    findings: said,
  }
  const note = noteFor(judged.reachers[0]?.shortest)
  const [pause] = pauseOf(there, note)
  if (pause === undefined) return { ...base, note: there.spec.paused ?? '' }
  const { writer } = conversation
  const known = new Map([...identitiesIn(survey)].map(([name, { uuid }]) => [name, { uuid }]))
  const sent = await unlessRefused(() => writer.send(ready(pause, known), queue))
  if (isFinding(sent)) return { ...base, did: 'nothing', findings: [...said, sent] }
  return { ...base, did: 'paused', note }
}

const noteFor = (path: Path | undefined): string => {
  const number = path === undefined ? undefined : decisive(path.hops)?.path
  return `${ownNote} open${number === undefined ? '' : ` by ${number}`}; \`bridle access check\` says to whom`
}

const notAllowed = (queue: Address): Finding =>
  unplaced(
    'can-not-contain',
    `${queue} is not one that bridle may pause`,
    'stopping a queue stops other people’s work, so it is allowed cluster by cluster',
    `write \`contain: true\` at ${clusterNamed(queue)}, or pause it in Buildkite`,
  )

const notThere = (queue: Address): Finding =>
  unplaced(
    'nothing-there',
    `there is no privileged queue ${queue}`,
    'only the queues of clusters with `allow` have a verdict, and only there is something to stop',
    'look at the spelling: queue:CLUSTER/KEY',
  )
