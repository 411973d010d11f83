import type { Barrier, Plan, Step } from '../model/plan.js'
import { visible } from './escape.js'
import { block, capped, type BlockLine, type Part } from './part.js'
import { isRefused } from './plan.js'

/** More calls on one side of a barrier than these nobody reads. */
const mostCalls = 5

/** Which of the fields that change a step sets. */
const fieldsOf = ({ address, call }: Step, { changes, steps }: Plan): readonly string[] => {
  const claimed = new Set(
    steps.filter((step) => step.address === address).flatMap((step) => step.call.sets ?? []),
  )
  const fields = changes.find((change) => change.address === address)?.fields ?? []
  return fields
    .map(({ field }) => field)
    .filter((field) => {
      const [first = ''] = field.split('.')
      return call.sets === undefined ? !claimed.has(first) : call.sets.includes(first)
    })
}

/** A call by its title, and by what it sets where there are several of that title. */
const titled = (step: Step, plan: Plan): string => {
  const isOne = plan.steps.filter(({ title }) => title === step.title).length === 1
  const fields = isOne ? [] : fieldsOf(step, plan)
  return visible(`${step.title}${fields.length === 0 ? '' : `: ${fields.join(', ')}`}`)
}

const called = (steps: readonly Step[], plan: Plan): BlockLine[] =>
  capped(
    steps.map((step) => ({ text: `  ${titled(step, plan)}` })),
    mostCalls,
  )

const barrierLines = ({ id, on, after }: Barrier, plan: Plan): BlockLine[] => [
  { text: `${visible(on)}: first what closes` },
  ...called(
    plan.steps.filter((step) => after.includes(step.id)),
    plan,
  ),
  { text: 'then all of it is read again and proved, and only then' },
  ...called(
    plan.steps.filter((step) => step.after.includes(id)),
    plan,
  ),
]

/** What waits for what so that no privileged queue or role is open on the way, where something has to wait. */
export const orderParts = (plan: Plan): Part[] =>
  isRefused(plan)
    ? []
    : block(
        'in this order, so that nothing is open on the way',
        (plan.barriers ?? []).flatMap((barrier) => barrierLines(barrier, plan)),
      )
