import type { Finding } from '../model/finding.js'
import type { AccessChecked, Drifted, Result } from '../model/result.js'
import type { Address } from '../model/address.js'
import type { Assumed, Expected, PathVerdict, QueueVerdict, RoleVerdict } from '../model/verdict.js'
import { expectation } from './access-check.js'
import { headingOf, inDrift, rowsOf, titleOf } from './change.js'
import { visible } from './escape.js'
import { findingText } from './finding.js'
import { unpainted } from './paint.js'
import { numberAndSlug, placeName, trailLines } from './trail.js'
import { basisSentence, verdictWords } from './verdict.js'
import { waysIn, type Way } from './way.js'
import { counted } from './words.js'

/** One test: failed where it says how. */
interface Case {
  readonly name: string
  readonly failed?: { readonly type: string; readonly message: string; readonly lines: readonly string[] }
  readonly out?: readonly string[]
}

interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text that XML can hold. What it may not hold at all has been made visible, but for two that stand for nothing. */
const escaped = (text: string) =>
  visible(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)

const attributes = (all: Readonly<Record<string, string | number>>) =>
  Object.entries(all)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')

const lines = (all: readonly string[]) =>
  all
    .flatMap((text) => text.split('\n'))
    .map(escaped)
    .join('\n')

const caseXml = (suite: string, { name, failed, out }: Case): string[] => {
  const tag = `testcase${attributes({ classname: suite, name })}`
  if (failed === undefined && out === undefined) return [`    <${tag}/>`]
  return [
    `    <${tag}>`,
    ...(failed === undefined
      ? []
      : [
          `      <failure${attributes({ type: failed.type, message: failed.message })}>${lines(failed.lines)}</failure>`,
        ]),
    ...(out === undefined ? [] : [`      <system-out>${lines(out)}</system-out>`]),
    '    </testcase>',
  ]
}

const failures = (cases: readonly Case[]) => cases.filter(({ failed }) => failed !== undefined).length

const suiteXml = ({ name, cases }: Suite): string[] => [
  `  <testsuite${attributes({ name, tests: cases.length, failures: failures(cases), errors: 0, skipped: 0 })}>`,
  ...cases.flatMap((one) => caseXml(name, one)),
  '  </testsuite>',
]

const findingCase = (finding: Finding): Case => ({
  name: `${finding.code}: ${finding.what}`,
  ...(finding.severity === 'error'
    ? {
        failed: { type: finding.code, message: finding.what, lines: [findingText(finding, unpainted)] },
      }
    : { out: [findingText(finding, unpainted)] }),
})

/** How many ways a failed test tells whole. The JSON report has them all. */
const mostTrails = 5

type Judged = QueueVerdict | RoleVerdict

/** Those who come by a path as surely as its verdict says. Where it is nobody’s shortest, the way of one of them. */
const reachersBy = ({ reachers }: Judged, { path, verdict, way }: PathVerdict): string[] => {
  const by = reachers
    .filter(({ allowed, shortest }) => !allowed && shortest.sureness === verdict)
    .filter(({ shortest }) => shortest.numbers.includes(path))
    .map(({ who, shortest: { hops } }) => ({ who, hops }))
  const shown = by.length > 0 || way === undefined ? by : [way]
  const told = shown.slice(0, mostTrails).flatMap(({ who, hops }) => [who, ...trailLines(hops).hops])
  return [...told, ...(by.length > mostTrails ? [`… and ${counted(by.length - mostTrails, 'other')}`] : [])]
}

/** What accepted something, in one line. */
const acceptedLine = (assumed: readonly Assumed[], one: PathVerdict['assumptions'][number]): string => {
  const accepted = assumed.find(({ finding, at }) => finding === one.finding && at === one.at)?.accepted
  return accepted === undefined
    ? `accepted at ${placeName(one.at)}`
    : `accepted at ${placeName(one.at)} until ${accepted.until}: ${accepted.reason}`
}

/** What settles a path that no configuration closes, and that has no acceptance of its own. */
const settledBy = ({ path, beyond, assumptions }: PathVerdict): string[] =>
  beyond === undefined || assumptions.length > 0
    ? []
    : [path === 'R24' ? 'settled by `trust`' : 'settled by what is accepted of other paths']

const messageOf = (on: Address, { verdict, reachers }: PathVerdict): string =>
  verdict === 'open'
    ? `open: ${String(reachers)} not allowed ${reachers === 1 ? 'reaches' : 'reach'} ${on}`
    : `assumed: nothing readable settles it for ${on}`

const pathCase = (judged: Judged, path: PathVerdict, assumed: readonly Assumed[]): Case => {
  const waiting = path.assumptions.filter(({ accepted }) => !accepted)
  const accepted = path.assumptions.filter((one) => one.accepted).map((one) => acceptedLine(assumed, one))
  const name = numberAndSlug(path.path)
  if (path.verdict === 'open' || path.verdict === 'assumed')
    return {
      name,
      failed: {
        type: path.finding,
        message: messageOf('queue' in judged ? judged.queue : judged.role, path),
        lines: [
          ...reachersBy(judged, path),
          ...waiting.map(({ finding, at }) => `assumed: ${finding} at ${placeName(at)}`),
          ...accepted,
          `see: bridle explain ${path.finding}`,
        ],
      },
    }
  const out = [...(path.verdict === 'held' ? ['held by the hook'] : []), ...accepted, ...settledBy(path)]
  return { name, ...(out.length === 0 ? {} : { out }) }
}

const expectedCase = (one: Expected): Case => ({
  name: expectation(one),
  ...(one.holds
    ? { out: [one.why] }
    : {
        failed: {
          type: 'expect',
          message: one.why,
          lines: [
            `${one.at.file}:${String(one.at.line)}:${String(one.at.column)}`,
            ...(one.path === undefined ? [] : [one.path.who, ...trailLines(one.path.hops).hops]),
          ],
        },
      }),
})

/** Findings that no failed test of a queue or a role has told of. */
const untold = ({ queues, roles = [], findings }: AccessChecked): readonly Finding[] => {
  const told = new Set<string>(
    [...queues, ...roles].flatMap(({ paths }) =>
      paths
        .filter(({ verdict }) => verdict === 'open' || verdict === 'assumed')
        .map(({ finding }) => finding),
    ),
  )
  return findings.filter(({ code, severity }) => severity === 'warning' || !told.has(code))
}

const findingsSuite = (findings: readonly Finding[]): Suite => ({
  name: 'findings',
  cases: findings.length === 0 ? [{ name: 'there are none' }] : findings.map(findingCase),
})

const differs = (name: string, lines: readonly string[]): Case => ({
  name,
  failed: { type: 'difference', message: name, lines },
})

/** A test for each thing that differs from the files, or is in none: all fail, for all are the same news. */
const differencesSuite = ({ plan }: Drifted): Suite[] => {
  if (plan === undefined) return []
  const cases = [
    ...plan.changes.map((one) =>
      differs(
        headingOf(one, inDrift),
        rowsOf(one).map(({ sign, text, inner }) => `${inner ? '    ' : ''}${sign} ${text}`.trimEnd()),
      ),
    ),
    ...plan.undeclared
      .filter(({ ignored }) => !ignored)
      .map(({ address }) => differs(`${titleOf(address)} (declared by no file)`, [])),
  ]
  return [{ name: 'differences', cases: cases.length === 0 ? [{ name: 'there are none' }] : cases }]
}

const wayCase = ({ says, number, path, fails }: Way): Case => {
  const name = number === undefined ? says : `${says}: ${numberAndSlug(number)}`
  const { who, hops } = trailLines(path.hops)
  const out = [who, ...hops]
  return fails ? { name, failed: { type: path.sureness, message: says, lines: out } } : { name, out }
}

/** A test for each way: one fails where somebody reaches what they are not allowed to, and the others only tell. */
const askedSuites = (result: Result, ways: readonly Way[]): Suite[] => {
  const name = result.result === 'access-who' ? result.on : 'who' in result ? result.who : result.result
  return [
    ...(ways.length === 0 ? [] : [{ name, cases: ways.map(wayCase) }]),
    ...(ways.length > 0 && result.findings.length === 0 ? [] : [findingsSuite(result.findings)]),
  ]
}

const suitesOf = (result: Result): Suite[] => {
  const ways = waysIn(result)
  if (ways !== undefined) return askedSuites(result, ways)
  if (result.result === 'drift') return [...differencesSuite(result), findingsSuite(result.findings)]
  if (result.result !== 'access-check' || result.basis === undefined) return [findingsSuite(result.findings)]
  const basis = basisSentence(result.basis)
  return [
    ...[...result.queues, ...(result.roles ?? [])].map((one): Suite => ({
      name: 'queue' in one ? one.queue : one.role,
      cases: [verdictCase(one, basis), ...one.paths.map((path) => pathCase(one, path, result.assumed))],
    })),
    ...(result.expected.length === 0 ? [] : [{ name: 'expect', cases: result.expected.map(expectedCase) }]),
    findingsSuite(untold(result)),
  ]
}

/** A queue or a role as a whole: it fails even where no path would say why. */
const verdictCase = (judged: Judged, basis: string): Case => {
  const words = verdictWords(judged)
  return judged.verdict === 'open' || judged.verdict === 'assumed'
    ? { name: 'verdict', failed: { type: judged.verdict, message: words, lines: [basis] } }
    : { name: 'verdict', out: [words, basis] }
}

/** A result as JUnit XML, for whatever shows tests: a suite for each privileged queue and role, with a test for each path. */
export const junit = (result: Result, sandbox: string | undefined): string => {
  const suites = suitesOf(result)
  const cases = suites.flatMap((suite) => suite.cases)
  const name = `bridle ${result.result}${sandbox === undefined ? '' : `: ${sandbox}`}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, tests: cases.length, failures: failures(cases), errors: 0 })}>`,
    ...suites.flatMap(suiteXml),
    '</testsuites>',
    '',
  ].join('\n')
}
