import { createHash } from 'node:crypto'
import { accessCodes } from '../model/access-codes.js'
import { codes, type Code } from '../model/codes.js'
import { roleCodes } from '../model/role-codes.js'
import type { Finding } from '../model/finding.js'
import type { Fact } from '../model/grant.js'
import { jsonText } from '../model/json-text.js'
import { redact } from '../model/redact.js'
import type { AccessChecked, Result } from '../model/result.js'
import type { Span } from '../model/span.js'
import type { Assumed, Hop } from '../model/verdict.js'
import { visible } from './escape.js'
import { numberAndSlug, placeName, placeOf } from './trail.js'
import { typed } from './typed.js'
import { openPaths } from './verdict.js'
import { waysIn, type Way } from './way.js'

// What bridle says of SARIF's objects, in the order of the specification. @source OASIS SARIF 2.1.0, section 3

/** Text for a person. Square brackets before a parenthesis would be a link. @source SARIF 2.1.0, §3.11.6 */
const message = (text: string) => {
  const shown = text.split('\n').map(visible).join('\n')
  return { text: shown.includes('](') ? shown.replaceAll(/[[\]\\]/g, '\\$&') : shown }
}

/** A relative reference: every character that is no part of a path is encoded, so that it is a URI. */
const uri = (file: string) =>
  file
    .split('/')
    .map((step) => encodeURIComponent(step.replaceAll(/\p{Cs}/gu, '\ufffd')))
    .join('/')

const physical = ({ file, line, column, length }: Span) => ({
  artifactLocation: { uri: uri(file), uriBaseId: '%SRCROOT%' },
  region: { startLine: line, startColumn: column, endColumn: column + length },
})

const isFromFile = (fact: Fact): fact is Fact & { at: { from: 'file' } } => fact.at.from === 'file'

const spansOf = (hops: readonly Hop[] | undefined): Span[] =>
  (hops ?? []).flatMap(({ facts }) => facts.filter(isFromFile).map(({ at }) => at.span))

const logical = (name: string) => ({ fullyQualifiedName: visible(name) })

/** A step of a way: what was read from a file has its line, what the API told its object. */
const stepOf = ({ says, to, facts }: Hop, at: number) => {
  const span = facts.find(isFromFile)?.at.span
  const read = facts.filter((fact) => !isFromFile(fact)).map(placeOf)
  return {
    location: {
      ...(span === undefined ? {} : { physicalLocation: physical(span) }),
      logicalLocations: [logical(to)],
      message: message(
        `${String(at + 1)}. ${says} → ${to}${read.length === 0 ? '' : ` (${read.join(', ')})`}`,
      ),
    },
  }
}

const flows = (trail: readonly Hop[] | undefined) =>
  trail === undefined || trail.length === 0
    ? {}
    : { codeFlows: [{ threadFlows: [{ locations: trail.map(stepOf) }] }] }

/** Where the reader should look: the finding's own place, else the first line on the way, else the declaration as a whole. */
const locationsOf = ({ where, trail }: Pick<Finding, 'where' | 'trail'>, root: string | undefined) => {
  const [first] = [...where, ...spansOf(trail)]
  if (first !== undefined) return [{ physicalLocation: physical(first) }]
  return root === undefined
    ? []
    : [{ physicalLocation: { artifactLocation: { uri: uri(root), uriBaseId: '%SRCROOT%' } } }]
}

/** The same finding has the same print, wherever its line has moved to. */
const prints = (findings: readonly (readonly string[])[]): string[] => {
  const seen = new Map<string, number>()
  return findings.map((words) => {
    const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32)
    const count = (seen.get(digest) ?? 0) + 1
    seen.set(digest, count)
    return `${digest}:${String(count)}`
  })
}

const ruleOf = (code: string) => {
  if (!isCode(code))
    return {
      id: code,
      shortDescription: { text: 'What teams, levels and roles allow, without any of the numbered paths.' },
      help: { text: 'Read the way step by step: each names the line, or the object, that allows it.' },
    }
  const { what, why, fix } = codes[code]
  const path = isAccess(code) ? accessCodes[code].path : undefined
  return {
    id: code,
    shortDescription: { text: what },
    fullDescription: { text: why },
    defaultConfiguration: { level: 'error' },
    help: {
      text: `${what}\n\nWhy it matters: ${why}\n\nWhat to do: ${fix}`,
      markdown: `${what}\n\n**Why it matters.** ${why}\n\n**What to do.** ${fix}`,
    },
    properties: {
      ...(path === undefined ? {} : { path }),
      tags: path !== undefined || Object.hasOwn(roleCodes, code) ? ['security', 'access'] : ['configuration'],
    },
  }
}

const isCode = (code: string): code is Code => Object.hasOwn(codes, code)

const isAccess = (code: Code): code is keyof typeof accessCodes => Object.hasOwn(accessCodes, code)

const resultOf = (finding: Finding, root: string | undefined) => ({
  ruleId: finding.code,
  level: finding.severity,
  message: message(
    [
      redact(finding.what),
      `Why: ${redact(finding.why)}`,
      `Fix: ${redact(finding.fix)}`,
      ...(finding.commands ?? []).map(({ words }) => redact(typed(...words))),
    ].join('\n'),
  ),
  locations: locationsOf(finding, root),
  ...(finding.where.length > 1
    ? { relatedLocations: finding.where.slice(1).map((span) => ({ physicalLocation: physical(span) })) }
    : {}),
  ...flows(finding.trail),
})

/** What somebody has accepted is a result all the same, and suppressed by the line that accepts it. */
const acceptedOf = (one: Assumed) =>
  one.accepted === undefined
    ? []
    : [
        {
          ruleId: one.finding,
          level: 'note',
          message: message(
            `${numberAndSlug(one.path)} is assumed at ${placeName(one.at)}, and accepted until ${one.accepted.until}`,
          ),
          locations: [{ physicalLocation: physical(one.accepted.at), logicalLocations: [logical(one.at)] }],
          suppressions: [
            { kind: 'inSource', status: 'accepted', justification: visible(one.accepted.reason) },
          ],
        },
      ]

const codeByNumber = new Map<string, string>(
  Object.entries(accessCodes).map(([code, { path }]) => [path, code]),
)

/** Where no numbered path is needed: people, teams, levels and roles. */
const decisionRule = 'decision-rule'

/** A way that was asked for, and that is right or wrong only where somebody is allowed or not. */
const wayOf = ({ says, number, path, fails }: Way, root: string | undefined) => ({
  ruleId: codeByNumber.get(number ?? '') ?? decisionRule,
  level: !fails ? 'note' : path.sureness === 'open' ? 'error' : 'warning',
  message: message(redact(says)),
  locations: locationsOf({ where: [], trail: path.hops }, root),
  ...flows(path.hops),
})

/** The verdicts themselves, for whoever reads the file without bridle. */
const verdicts = ({ basis, queues, roles }: AccessChecked) => ({
  ...(basis === undefined ? {} : { basis }),
  queues: queues.map(({ queue, verdict, accepted, paths }) => ({
    queue,
    verdict,
    accepted,
    open: openPaths(paths),
  })),
  ...(roles && {
    roles: roles.map(({ role, verdict, accepted, paths }) => ({
      role,
      verdict,
      accepted,
      open: openPaths(paths),
    })),
  }),
})

/**
 * The findings of a result as a SARIF 2.1.0 log, for code scanning.
 *
 * @param root  the root file, where the reader finds it: what is about no line is about it
 */
export const sarif = (result: Result, sandbox: string | undefined, root: string | undefined): string => {
  const accepted =
    result.result === 'access-check' ? result.assumed.filter((one) => one.accepted !== undefined) : []
  const ways = waysIn(result) ?? []
  const all = [
    ...result.findings.map((finding) => resultOf(finding, root)),
    ...ways.map((way) => wayOf(way, root)),
    ...accepted.flatMap(acceptedOf),
  ]
  const fingerprints = prints([
    ...result.findings.map(({ code, what }) => [code, what]),
    ...ways.map(({ number = decisionRule, says }) => [number, says]),
    ...accepted.map(({ finding, at }) => [finding, at]),
  ])
  const listed = result.result === 'access-check' ? (result.rules ?? []).map(({ finding }) => finding) : []
  const found = [...new Set([...all.map(({ ruleId }) => ruleId), ...listed])].sort()
  return `${jsonText({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'bridle', rules: found.map(ruleOf) } },
        automationDetails: { id: `bridle/${result.result}/` },
        columnKind: 'utf16CodeUnits',
        results: all.map((one, at) => ({
          ...one,
          ruleIndex: found.indexOf(one.ruleId),
          partialFingerprints: { 'bridle/v1': fingerprints[at] },
        })),
        properties: {
          result: result.result,
          ...(sandbox === undefined ? {} : { sandbox }),
          ...(result.result === 'access-check' ? verdicts(result) : {}),
        },
      },
    ],
  })}\n`
}
