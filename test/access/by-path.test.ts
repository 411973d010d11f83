import fc from 'fast-check'
import { expect } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { judge } from '../../src/access/judge.js'
import { can } from '../../src/access/node.js'
import { verdicts } from '../../src/model/verdict.js'
import { law } from '../support/law.js'
import { judgings, organizations } from './organizations.js'

law(
  'a path that is open has a way over it, whose every hop is there and assumes nothing',
  fc.tuple(organizations, judgings),
  ([facts, judging]) => {
    const access = accessOf(facts)
    for (const { queue, paths } of judge(access, judging).queues)
      for (const { path, verdict, way } of paths) {
        expect(way !== undefined).toBe(verdict === 'open')
        if (way === undefined) continue
        expect(way.numbers).toContain(path)
        expect(way.hops.at(-1)?.to).toBe(can.run(queue))
        const able = new Set([way.who])
        for (const { from, to, assumes } of way.hops) {
          expect(assumes).toBe(undefined)
          for (const node of from) expect(able).toContain(node)
          able.add(to)
        }
      }
  },
)

law(
  'the verdict on a queue is the worst of its paths',
  fc.tuple(organizations, judgings),
  ([facts, judging]) => {
    for (const { verdict, paths } of judge(accessOf(facts), judging).queues)
      expect(verdicts.findLast((word) => paths.some((path) => path.verdict === word)) ?? 'closed').toBe(
        verdict,
      )
  },
)
