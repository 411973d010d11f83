import { namesIn, keyIn } from '../model/address.js'
import type { GateTried, Result, TriedAlike, TriedJob } from '../model/result.js'
import { findingParts } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { counted, listed, thousands } from './words.js'

/** Answers about gates. */
export type AboutGates = GateTried

const names: Readonly<Record<AboutGates['result'], string>> = { 'hook-test': 'bridle hook test' }

/** Which command gives such an answer. */
export const gateCommandOf = ({ result }: AboutGates): string => names[result]

export const isAboutGates = (result: Result): result is AboutGates => Object.hasOwn(names, result.result)

/** How many groups of jobs are told of. */
const mostAlike = 20

const shown = (lines: readonly string[] = []): BlockLine[] => lines.map((line) => ({ text: visible(line) }))

const sentenceOf = ({ policy, jobs, refused, job, against }: GateTried): string => {
  const isSoft = policy !== undefined && policy.mode !== 'block'
  const soft = isSoft
    ? `, and lets ${jobs === 1 ? 'it' : 'them'} in all the same: its mode is ${policy.mode}`
    : ''
  if (against !== undefined) {
    const [less, more] = [against.newlyRefused, against.newlyLetIn].map(jobsOf)
    return less === 0 && more === 0
      ? `Both policies decide the same about ${counted(jobs, 'job')}.`
      : `Of ${counted(jobs, 'job')} it would refuse ${thousands(less ?? 0)} that the other policy lets in, and let in ${thousands(more ?? 0)} that the other policy refuses.`
  }
  if (job !== undefined)
    return job.decision === 'accept'
      ? 'The gate lets this job in.'
      : isSoft
        ? `The gate would refuse this job${soft}.`
        : 'The gate refuses this job.'
  return refused === 0
    ? `The gate lets in all of ${counted(jobs, 'job')}.`
    : `The gate ${isSoft ? 'would refuse' : 'refuses'} ${thousands(refused)} of ${counted(jobs, 'job')}${soft}.`
}

const jobsOf = (alike: readonly TriedAlike[]): number => alike.reduce((sum, { jobs }) => sum + jobs, 0)

const policyOf = ({ policy }: GateTried): string =>
  policy === undefined
    ? ''
    : [
        policy.from === 'files' ? 'what the files come to' : visible(policy.from),
        ...(policy.serial === undefined ? [] : [`number ${policy.serial}`]),
        `mode ${policy.mode}`,
        counted(policy.pipelines, 'pipeline'),
      ].join(', ')

const jobParts = (result: GateTried, job: TriedJob): Part[] => {
  const rows = [
    ['job', visible(job.at)],
    ...(job.pipeline === '' ? [] : [['pipeline', visible(job.pipeline)]]),
    ...(job.build === '' ? [] : [['build', visible(job.build)]]),
    ...(job.rule === undefined ? [] : [['rule', visible(job.rule)]]),
    ...(job.saw === undefined ? [] : [['saw', job.saw === '' ? 'nothing' : visible(job.saw)]]),
    ['policy', policyOf(result)],
  ]
  return [
    ...block(
      'what was asked',
      columns(rows, widthOf).map((text) => ({ text })),
    ),
    ...block('what people read on the page of the build', shown(job.tells)),
    ...block('what would let it in', shown(job.allowing), 'yaml'),
  ]
}

const alikeLines = (alike: readonly TriedAlike[], isTold: boolean): BlockLine[] => {
  const rows = alike.map(({ pipeline, decision, rule, jobs, example }) => [
    counted(jobs, 'job'),
    pipeline === '' ? 'no pipeline' : visible(pipeline),
    decision === 'accept'
      ? rule === undefined
        ? 'let in'
        : `was refused: ${visible(rule)}`
      : visible(rule ?? ''),
    `${visible(example.at)}${example.saw === undefined || !isTold ? '' : `: ${visible(example.saw)}`}`,
  ])
  return capped(
    columns(rows, widthOf).map((text, at) => ({
      text,
      tone: alike[at]?.decision === 'refuse' ? 'error' : 'faint',
    })),
    mostAlike,
  )
}

const againstParts = ({ against }: GateTried): Part[] =>
  against === undefined
    ? []
    : [
        ...block('refused, and let in by the other policy', alikeLines(against.newlyRefused, true)),
        ...block('let in, and refused by the other policy', alikeLines(against.newlyLetIn, true)),
      ]

/** What was not looked at, since no file here says it. */
const takenPart = ({ taken }: GateTried): Part[] => {
  if (taken.length === 0) return []
  const named = taken.slice(0, 5).map((one) => {
    const [kind = '', ...key] = one.split(':')
    return key.length === 0 ? kind : `${kind} ${namesIn(keyIn(one as `${string}:${string}`)).join('/')}`
  })
  const more = taken.length - named.length
  return block('not checked here, as the uuid is in no file: the word of the job is taken for it', [
    { text: visible(listed([...named, ...(more > 0 ? [`${more} more`] : [])])), tone: 'faint' },
  ])
}

const triedParts = (result: GateTried): Part[] => {
  const { queue, policy, job, alike, against, refused, findings } = result
  if (policy === undefined) return findingParts(findings)
  const isFine = against === undefined ? refused === 0 : against.newlyRefused.length === 0
  return [
    { about: visible(queue), says: sentenceOf(result), tone: isFine ? 'added' : 'error' },
    ...(job === undefined || against !== undefined ? [] : jobParts(result, job)),
    ...(alike === undefined || against !== undefined
      ? []
      : block('by pipeline and rule', alikeLines(alike, true))),
    ...againstParts(result),
    ...(job === undefined || against !== undefined
      ? block('the policy', [
          { text: policyOf(result), tone: 'faint' },
          ...(against === undefined
            ? []
            : [
                {
                  text: `held against ${visible(against.from)}${against.serial === undefined ? '' : `, number ${against.serial}`}`,
                  tone: 'faint',
                } as const,
              ]),
        ])
      : []),
    ...takenPart(result),
    ...findingParts(findings),
  ]
}

/** An answer about a gate, piece by piece. */
export const gateParts = (result: AboutGates): Part[] => triedParts(result)
