import { isRefusedOnTheWay, type Applied, type Outcome } from '../model/result.js'
import { visible } from './escape.js'
import { counted } from './words.js'

/** What became of a step, with the words that a person saw in the plan. */
export interface StepLine {
  /** `proved`: what was there between two steps was read again, and let nobody in. */
  readonly state: Outcome['state'] | 'proved'
  readonly title: string
  readonly why: string
}

const why = (outcome: Outcome, titles: ReadonlyMap<string, string>) => {
  const request = outcome.requestId === undefined ? '' : ` (request ${visible(outcome.requestId)})`
  if (outcome.why === undefined) return ''
  if (outcome.state === 'undone')
    return `taken back, as this was not carried out: ${titles.get(outcome.why) ?? visible(outcome.why)}`
  if (outcome.state === 'skipped') return `needs: ${titles.get(outcome.why) ?? visible(outcome.why)}`
  return `${visible(outcome.why)}${request}`
}

/** One line for each step of the plan that was applied, and one for each barrier that was passed. */
export const stepLines = ({ plan, outcomes }: Applied): StepLine[] => {
  const steps = plan?.steps ?? []
  const titles = new Map(steps.map((step) => [step.id, visible(step.title)]))
  const waiting = new Set(plan?.barriers)
  return outcomes.flatMap((outcome): StepLine[] => {
    const after = steps.find(({ id }) => id === outcome.step)?.after ?? []
    const passed = wasSent(outcome) ? [...waiting].filter(({ id }) => after.includes(id)) : []
    for (const barrier of passed) waiting.delete(barrier)
    return [
      ...passed.map(({ on }) => ({ state: 'proved' as const, title: visible(on), why: proof })),
      {
        state: outcome.state,
        title: titles.get(outcome.step) ?? visible(outcome.step),
        why: why(outcome, titles),
      },
    ]
  })
}

const wasSent = ({ state }: Outcome) =>
  state === 'done' || state === 'failed' || state === 'unclear' || state === 'undone'

const proof = 'read again: nobody reaches it who neither did before nor should'

const states: Readonly<Record<Exclude<Outcome['state'], 'done'>, string>> = {
  failed: 'failed',
  unclear: 'unclear, as the answer was lost',
  undone: 'taken back',
  skipped: 'not attempted',
  interrupted: 'not begun',
}

/** `12 of 18 calls done, 1 failed, 5 not attempted. ...` */
export const applySummary = (result: Applied): string => {
  const { plan, outcomes, interrupted, findings } = result
  const total = plan?.steps.length ?? outcomes.length
  const count = (state: Outcome['state']) => outcomes.filter((outcome) => outcome.state === state).length
  const rest = (['failed', 'unclear', 'undone', 'skipped', 'interrupted'] as const).filter(
    (state) => count(state) > 0,
  )
  if (findings.some(({ severity }) => severity === 'error') && outcomes.length === 0)
    return 'Nothing was changed.'
  if (total === 0) return 'Nothing to do: the organization is as declared.'
  if (outcomes.length === 0) return 'Nothing was changed.'
  const done = `${String(count('done'))} of ${counted(total, 'call')} done`
  if (rest.length === 0 && !interrupted) return `${done}.`
  const undone = rest.map((state) => `, ${String(count(state))} ${states[state]}`).join('')
  return isRefusedOnTheWay(result)
    ? `${done}${undone}. First settle what somebody changed meanwhile; then \`bridle apply\` goes on from here.`
    : `${done}${undone}. Run \`bridle apply\` again: it goes on from here.`
}
