import { namesIn, keyIn } from '../model/address.js'
import type {
  CanaryEnded,
  CanarySeen,
  GateReported,
  GateTried,
  HookPrinted,
  HostChecked,
  RefusedAlike,
  Result,
  TriedAlike,
  TriedJob,
} from '../model/result.js'
import { findingParts } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { counted, listed, thousands, wrapped } from './words.js'

/** Answers about gates. */
export type AboutGates = GateTried | GateReported | CanarySeen | HookPrinted | HostChecked

const names: Readonly<Record<AboutGates['result'], string>> = {
  'hook-test': 'bridle hook test',
  'hook-report': 'bridle hook report',
  'hook-print': 'bridle hook print',
  'hook-check': 'bridle hook install --check',
  'hook-canary': 'bridle hook canary',
}

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
      ? job.further === undefined
        ? 'The gate lets this job in.'
        : 'By its rules the gate lets this job in.'
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
    ...block(
      'what its host asks others about before it is let in, and is not tried here',
      (job.further ?? []).map((one) => ({ text: visible(one), tone: 'warning' })),
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

const refusedLines = (alike: readonly RefusedAlike[]): BlockLine[] => {
  const rows = alike.map(({ times, did, queue, pipeline, rule, saw, sawMore }) => [
    counted(times, 'time'),
    did,
    queue === '' ? 'no policy' : visible(queue),
    pipeline === '' ? 'no pipeline' : visible(pipeline),
    `${visible(rule)}${saw.length === 0 ? '' : `: ${saw.map(visible).join(', ')}`}${sawMore === 0 ? '' : ` and ${thousands(sawMore)} more`}`,
  ])
  return capped(
    columns(rows, widthOf).map((text, at): BlockLine => ({
      text,
      tone: alike[at]?.did === 'refused' ? 'error' : 'warning',
    })),
    mostAlike,
  )
}

const buildLines = (alike: readonly RefusedAlike[]): BlockLine[] => {
  const rows = alike
    .slice(0, mostAlike)
    .filter(({ first }) => first !== undefined)
    .map(({ pipeline, rule, agents, first = '', last = '' }) => [
      `${pipeline === '' ? 'no pipeline' : visible(pipeline)}, ${visible(rule)}`,
      agents === 0 ? '' : counted(agents, 'agent'),
      first === last || last === '' ? visible(first) : `${visible(first)} to ${visible(last)}`,
    ])
  return columns(rows, widthOf).map((text): BlockLine => ({ text, tone: 'faint' }))
}

const reportedParts = (result: GateReported): Part[] => {
  const { lines, unreadable, letIn, refused, alike, untold, suggestion, left, findings } = result
  const would = alike.reduce((sum, { did, times }) => sum + (did === 'refused' ? 0 : times), 0)
  const all = letIn + refused
  return [
    {
      says:
        all === 0
          ? `There is no word of a gate in ${counted(lines, 'line')}.`
          : `Of ${counted(all, 'job')} gates let in ${thousands(letIn)}, refused ${thousands(refused - would)}, and would have refused ${thousands(would)}.`,
      tone: refused === 0 ? 'added' : 'heading',
    },
    ...block('what was refused, the most frequent first', refusedLines(alike)),
    ...block('on which builds: the first and the last of them', buildLines(alike)),
    ...(untold === 0 ? [] : [{ says: `${counted(untold, 'refusal')} more, of too many kinds to tell.` }]),
    ...block('what would let it in', shown(suggestion), 'yaml'),
    ...block(
      'what no line is suggested for',
      capped(
        columns(
          left.map(({ pipeline, key, value, why }) => [
            visible(pipeline),
            visible(key),
            value === '' ? '""' : visible(value),
            visible(why),
          ]),
          widthOf,
        ).map((text) => ({ text, tone: 'faint' })),
        mostAlike,
      ),
    ),
    ...(unreadable === 0
      ? []
      : [
          {
            says: `${counted(unreadable, 'line')} of gates can’t be read, and ${unreadable === 1 ? 'is' : 'are'} not counted.`,
          },
        ]),
    ...(suggestion.length === 0
      ? []
      : [
          {
            says: 'Logs say what jobs say of themselves: read each line as if whoever wants it in had written it. Nothing is let in before it is in the files, and `bridle plan` says what it lets in.',
            tone: 'warning',
          } as const,
        ]),
    ...findingParts(findings),
  ]
}

/** Ready lines of YAML, with what to know before they are used. */
export const suggestionText = ({ suggestion }: GateReported): string =>
  suggestion.length === 0
    ? ''
    : [
        '# Made of the logs of agents, which say what jobs say of themselves: read each line as if whoever wants it in had',
        '# written it. Nothing is let in before this is in the files, and `bridle plan` says what it lets in.',
        ...suggestion.map(visible),
        '',
      ].join('\n')

/** What there is no line for, and why: the few that a person reads beside the lines. */
export const suggestionLeft = ({ left }: GateReported): readonly string[] => {
  const most = 10
  const more = left.length - most
  return [
    ...left
      .slice(0, most)
      .map(
        ({ pipeline, key, value, why }) => `no line for ${key} "${value}" of pipeline "${pipeline}": ${why}`,
      ),
    ...(more > 0 ? [`and for ${more} more, which the report without --suggest tells`] : []),
  ]
}

const printedParts = ({ queue, mode, files, options, notes, findings }: HookPrinted): Part[] => {
  if (mode === undefined) return findingParts(findings)
  return [
    {
      about: visible(queue),
      says: `A host of it is gated by ${counted(files.length, 'file')} of root’s, and ${counted(options.length, 'line')} for its agent. The mode is ${mode}.`,
      tone: 'heading',
    },
    ...block(
      'files, with the first digits of their SHA-256',
      columns(
        files.map(({ path, owner, mode, does, sha256 }) => [
          `${owner} ${mode}`,
          visible(path),
          sha256 === '' ? 'not known yet' : sha256.slice(0, 12),
          does,
        ]),
        widthOf,
      ).map((text) => ({ text })),
    ),
    ...block(
      'lines for the configuration of the agent',
      options.flatMap(({ line, why, weight, breaks }): BlockLine[] => [
        { text: visible(line) },
        ...wrapped(`${weight === 'gate' ? 'needed: ' : ''}${why}`, 100).map((text): BlockLine => ({
          text: `    ${text}`,
          tone: 'faint',
        })),
        ...(breaks === undefined
          ? []
          : wrapped(`takes away: ${breaks}`, 100).map((text): BlockLine => ({
              text: `    ${text}`,
              tone: 'faint',
            }))),
      ]),
    ),
    ...block(
      'to know',
      notes.flatMap((note) =>
        wrapped(note, 100).map((text, at): BlockLine => ({
          text: `${at === 0 ? '- ' : '  '}${visible(text)}`,
        })),
      ),
    ),
    ...findingParts(findings),
  ]
}

const checkedParts = ({ report, queue, recorded, findings }: HostChecked): Part[] => {
  if (report === undefined) return findingParts(findings)
  const rest = report.checks.filter(({ weight, state }) => weight !== 'gate' && state !== 'ok')
  const fine = report.checks.filter(({ state }) => state === 'ok')
  return [
    {
      about: visible(report.hostname),
      says:
        findings.length === 0
          ? `Its gate stands${report.by === 'root' ? '' : ', as far as the user of the agent can tell'}.`
          : 'Its gate is not as it should be.',
      tone: findings.length === 0 ? 'added' : 'error',
    },
    ...block(
      'what was looked at',
      columns(
        fine.map(({ name, saw }) => [visible(name), visible(saw)]),
        widthOf,
      ).map((text) => ({ text, tone: 'faint' })),
    ),
    ...block(
      'what voids no gate, and is worth a look',
      rest.flatMap(({ name, weight, state, saw, why, fix }): BlockLine[] => [
        {
          text: visible(`${name}: ${saw}${state === 'unknown' ? ' (unknown)' : ''}`),
          tone: weight === 'work' ? 'warning' : 'heading',
        },
        { text: `    ${visible(why)}`, tone: 'faint' },
        { text: `    fix: ${visible(fix)}`, tone: 'faint' },
      ]),
    ),
    ...block(
      undefined,
      recorded === undefined
        ? []
        : [{ text: visible(`written down in ${recorded}${queue === undefined ? '' : ` for ${queue}`}`) }],
    ),
    ...findingParts(findings),
  ]
}

const canarySentence = ({ builds, recorded, withdrawn, serial = 0 }: CanarySeen): string => {
  if (builds.length === 0) return 'No canary was started.'
  const agents = new Set(builds.flatMap(({ agent }) => agent ?? [])).size
  if (recorded)
    return `The gate refused ${builds.length === 1 ? 'the canary' : `all ${counted(builds.length, 'canary', 'canaries')}`} by policy ${serial}, on ${agents === 0 ? 'an agent' : counted(agents, 'agent')}. It is kept as evidence for a day.`
  if (builds.some(({ became }) => became === 'let in'))
    return `An agent of this queue runs what it should refuse.${withdrawn ? ' Earlier evidence is taken out.' : ''}`
  if (builds.some(({ became }) => became === 'goes on'))
    return `What becomes of ${builds.length === 1 ? 'the canary' : 'all canaries'} was not waited for.`
  return 'The gate was not seen to refuse the canary by the policy that is published.'
}

const canaryLines = (builds: readonly CanaryEnded[]): BlockLine[] =>
  columns(
    builds.map(({ url, became, agent, rule, serial }) => [
      became,
      agent === undefined ? 'no agent' : visible(agent),
      rule === undefined ? '' : `${visible(rule)}${serial === undefined ? '' : `, policy ${serial}`}`,
      url === '' ? 'not to be seen' : visible(url),
    ]),
    widthOf,
  ).map((text, at): BlockLine => ({
    text,
    tone: builds[at]?.became === 'refused' ? 'added' : builds[at]?.became === 'let in' ? 'error' : 'warning',
  }))

const canaryParts = (result: CanarySeen): Part[] => {
  const { queue, builds, recorded, findings } = result
  if (builds.length === 0) return findingParts(findings)
  return [
    { about: visible(queue), says: canarySentence(result), tone: recorded ? 'added' : 'error' },
    ...block('the builds', canaryLines(builds)),
    ...(recorded
      ? [
          {
            says: 'One build is taken by one agent: of the others of the queue this says nothing. `--times` starts more.',
            tone: 'faint',
          } as const,
        ]
      : []),
    ...findingParts(findings),
  ]
}

/** An answer about gates, piece by piece. */
export const gateParts = (result: AboutGates): Part[] => {
  switch (result.result) {
    case 'hook-test':
      return triedParts(result)
    case 'hook-report':
      return reportedParts(result)
    case 'hook-print':
      return printedParts(result)
    case 'hook-check':
      return checkedParts(result)
    case 'hook-canary':
      return canaryParts(result)
  }
}
