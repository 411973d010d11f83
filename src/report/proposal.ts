import type { Proposal, VerdictChange } from '../model/onboarding.js'
import type { AccessChecked, Imported, Planned } from '../model/result.js'
import type { Finding } from '../model/finding.js'
import { headingOf, inPlan } from './change.js'
import { deltaParts } from './access-delta.js'
import { findingParts } from './assumed.js'
import { visible } from './escape.js'
import { importParts } from './import.js'
import type { Paint } from './paint.js'
import { block, capped, type Part } from './part.js'
import { partText } from './text.js'
import type { VerdictWord } from '../model/verdict.js'
import { saidIn } from './question.js'
import { checkSentence, verdictTones } from './verdict.js'
import { counted, listed } from './words.js'

const diffTone = (line: string) =>
  line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'faint'

const diffParts = (diff: string): Part[] =>
  block(
    undefined,
    diff
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => ({ text: visible(line), tone: diffTone(line) })),
    'diff',
  )

const verdictLine = ({ on, before, after }: VerdictChange) => ({
  text: `${visible(on)} ${before === undefined ? `is ${after}` : before === after ? `stays ${after}` : `is ${after}, and was ${before}`}`,
  tone: verdictTones[after],
})

/** Verdicts that change, or else how many stay as they are. */
const verdictParts = ({ verdicts }: Proposal): Part[] => {
  const changed = verdicts.filter(({ before, after }) => before !== after)
  const same = verdicts.filter(({ before, after }) => before === after)
  const countOf = (word: VerdictWord) => same.filter(({ after }) => after === word).length
  return [
    ...block('who may run code where it matters', changed.map(verdictLine)),
    ...(same.length === 0
      ? []
      : [
          {
            says: `Verdict, on files only: ${changed.length === 0 ? '' : 'of the others '}${listed(words.flatMap((word) => (countOf(word) === 0 ? [] : [`${String(countOf(word))} ${word}`])))}, as before.`,
          },
        ]),
  ]
}

const words: readonly VerdictWord[] = ['open', 'assumed', 'held', 'closed']

/** What would be written, and what that does to access. */
export const proposalText = (proposal: Proposal, paint: Paint): string =>
  [
    ...diffParts(proposal.diff),
    ...deltaParts({ access: proposal.delta, changes: [] }),
    ...verdictParts(proposal),
    ...findingParts(proposal.findings),
  ]
    .map((part) => `${partText(part, paint)}\n`)
    .join('\n')

/** More changes than these nobody reads who wanted one thing. */
const mostChanges = 8

/** What the organization would become by a proposal, beside what waits there already. */
export const inOrganizationText = (
  { plan, findings }: Planned,
  { adds }: Pick<Proposal, 'adds'>,
  paint: Paint,
): string => {
  const own = (plan?.changes ?? []).filter(({ address }) => adds.includes(address))
  const others = (plan?.changes.length ?? 0) - own.length
  if (plan === undefined) {
    const why = findings.find(({ severity }) => severity === 'error')?.what ?? 'it could not be read'
    return `${paint('warning', `Not held against the organization: ${visible(why)}.`)}\n`
  }
  const waiting =
    others === 1 ? '1 other change of the files waits' : `${String(others)} other changes of the files wait`
  return [
    ...block(
      'in the organization, as it is now',
      capped(
        own.map((change) => ({ text: headingOf(change, inPlan) })),
        mostChanges,
      ),
    ),
    ...(others > 0 ? [{ says: `${waiting} to be applied already.` }] : []),
    ...findings.filter(({ code }) => isOpening(code)).map((finding) => ({ finding })),
  ]
    .map((part) => `${partText(part, paint)}\n`)
    .join('\n')
}

/** What no plan may do. */
const isOpening = (code: Finding['code']): boolean => code === 'opens-queue' || code === 'opens-role'

/** What was imported and nobody has agreed to yet, for a terminal. */
export const importedText = (result: Imported, paint: Paint): string =>
  importParts(result, false)
    .map((part) => `${partText(part, paint)}\n`)
    .join('\n')

/** What is changed of files, for a terminal. */
export const diffText = (diff: string, paint: Paint): string =>
  diffParts(diff)
    .map((part) => `${partText(part, paint)}\n`)
    .join('')

/** What files leave to do, and who reaches what is guarded: the end of a first run. */
export const leftText = (
  { planned, checked }: { readonly planned: Planned; readonly checked?: AccessChecked },
  width: number,
): string => {
  const { plan } = planned
  const changes = plan?.changes ?? []
  return [
    changes.length === 0
      ? 'The plan is empty: the files say what is there, and nothing else.'
      : `The plan is not empty: the border changes ${counted(changes.length, 'thing')}, which \`bridle plan\` shows.`,
    ...(checked === undefined
      ? []
      : [`${checkSentence(checked)} \`bridle access check\` tells by which paths.`]),
  ]
    .flatMap((line) => saidIn([line], width))
    .map((line) => `${line}\n`)
    .join('')
}
