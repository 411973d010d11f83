import type { Finding } from '../model/finding.js'
import { redact } from '../model/redact.js'
import type { Span } from '../model/span.js'
import { visible, widthOf } from './escape.js'
import { unpainted, type Paint } from './paint.js'
import { capped, columns } from './part.js'
import { standingOf } from './standing.js'
import { trailLines } from './trail.js'
import { typed } from './typed.js'
import { counted, listed } from './words.js'

/** How much of a line a code frame shows, in UTF-16 units: before the place to look, and from it on. */
const shown = { before: 60, from: 100 }

/** The line of a span, cut to what fits, and where in it to underline. A secret goes before the cut, which would hide what it is. */
const excerpt = ({ text, column, length }: Span) => {
  const line = redact(text.replace(/\r$/, ''))
  const at = Math.min(column - 1, line.length)
  const start = at > shown.before + 10 ? at - shown.before : 0
  const end = line.length > at + shown.from + 10 ? at + shown.from : line.length
  const before = (start > 0 ? '…' : '') + visible(line.slice(start, at))
  const marked = visible(line.slice(at, Math.min(at + length, end)))
  const after = visible(line.slice(Math.min(at + length, end), end)) + (end < line.length ? '…' : '')
  return { line: `${before}${marked}${after}`, indent: widthOf(before), length: Math.max(1, widthOf(marked)) }
}

const frame = (
  span: Span,
  arrow: string,
  gutter: number,
  label: string | undefined,
  mark: (text: string) => string,
) => {
  const { line, indent, length } = excerpt(span)
  const empty = `${' '.repeat(gutter)} |`
  const under = `${'^'.repeat(length)}${label === undefined ? '' : ` ${visible(label)}`}`
  return [
    `${' '.repeat(gutter)}${arrow} ${visible(span.file)}:${span.line}:${span.column}`,
    empty,
    `${String(span.line).padStart(gutter)} | ${line}`.trimEnd(),
    `${empty} ${' '.repeat(indent)}${mark(under)}`,
    empty,
  ]
}

const place = ({ file, line, column }: Span) => `${file}:${line}:${column}`

/** The first place is shown whole, and so is each that the way to it does not name. */
const framed = ({ where, trail = [] }: Finding): readonly Span[] => {
  const told = new Set(
    trail.flatMap(({ facts }) => facts.flatMap(({ at }) => (at.from === 'file' ? [place(at.span)] : []))),
  )
  return where.filter((span, at) => at === 0 || !told.has(place(span)))
}

/** How many commands of one finding are told. The JSON report has them all. */
const mostCommands = 40

const commandLines = (commands: NonNullable<Finding['commands']>): string[] => {
  const rows = commands.map(({ words, about }) => [typed(...words), `# ${visible(about)}`])
  return capped(
    columns(rows, widthOf).map((text) => ({ text })),
    mostCommands,
  ).map(({ text }) => text)
}

/** One finding whole: what, where, why, and what to do now. */
export const findingText = (finding: Finding, paint: Paint): string => {
  const { severity, code } = finding
  const standing = standingOf(finding)
  const where = framed(finding)
  const mark = (text: string) => paint(severity, text)
  const gutter = Math.max(1, ...where.map((span) => String(span.line).length))
  const note = (word: string, text: string) =>
    `${' '.repeat(gutter)} ${paint('faint', '=')} ${word}: ${visible(text)}`
  const trail = () => {
    const { who, hops } = trailLines(finding.trail ?? [])
    return [note('path', who), ...hops.map((hop) => `${' '.repeat(gutter + 3)}${hop}`)]
  }
  return [
    `${mark(`${severity}[${code}]`)}: ${paint('heading', visible(finding.what))}`,
    ...where.flatMap((span, index) =>
      frame(span, index === 0 ? '-->' : ':::', gutter, index === 0 ? finding.label : undefined, mark),
    ),
    ...(finding.trail === undefined || finding.trail.length === 0 ? [] : trail()),
    note('why', finding.why),
    note('fix', finding.fix),
    ...commandLines(finding.commands ?? []).map((line) => `${' '.repeat(gutter + 3)}${line}`),
    note('see', `bridle explain ${code}`),
    ...(standing === undefined ? [] : [note('seen', standing)]),
  ].join('\n')
}

/** Findings without an answer around them. */
export const findingsText = (findings: readonly Finding[]): string =>
  findings.map((one) => findingText(one, unpainted)).join('\n\n')

/** `2 errors, 1 warning and 3 assumptions`, as they are shown; empty where there is none. */
export const findingCount = (findings: readonly Finding[]): string => {
  const plain = findings.filter(({ assumes }) => assumes === undefined)
  const errors = plain.filter(({ severity }) => severity === 'error').length
  return listed(
    [
      [errors, 'error'] as const,
      [plain.length - errors, 'warning'] as const,
      [findings.length - plain.length, 'assumption'] as const,
    ].flatMap(([count, word]) => (count === 0 ? [] : [counted(count, word)])),
  )
}
