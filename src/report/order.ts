import type { Barrier, Plan, Step } from '../model/plan.js'
import { visible } from './escape.js'
import { block, capped, type BlockLine, type Part } from './part.js'

/** More calls on one side of a barrier than these nobody reads. */
const mostCalls = 5

const called = (steps: readonly Step[]): BlockLine[] =>
  capped(
    steps.map(({ title }) => ({ text: `  ${visible(title)}` })),
    mostCalls,
  )

const barrierLines = ({ id, queue, after }: Barrier, steps: readonly Step[]): BlockLine[] => [
  { text: `${visible(queue)}: first what closes` },
  ...called(steps.filter((step) => after.includes(step.id))),
  { text: 'then all of it is read again and proved, and only then' },
  ...called(steps.filter((step) => step.after.includes(id))),
]

/** What waits for what so that no privileged queue is open on the way, where something has to wait. */
export const orderParts = ({ barriers = [], steps }: Plan): Part[] =>
  block(
    'in this order, so that nothing is open on the way',
    barriers.flatMap((barrier) => barrierLines(barrier, steps)),
  )
