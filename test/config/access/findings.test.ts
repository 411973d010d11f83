import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readDeclaration } from '../../../src/config/declaration.js'
import type { Finding } from '../../../src/model/finding.js'
import type { Span } from '../../../src/model/span.js'
import { filesOf } from '../../support/files.js'

interface Case {
  readonly name: string
  readonly text?: string
  readonly files?: Readonly<Record<string, string>>
  readonly findings: readonly string[]
}

const place = ({ file, line, column }: Span) => `${file}:${line}:${column}`
const shown = ({ severity, code, where: [first, ...others], what, fix }: Finding) =>
  [
    ...(severity === 'warning' ? ['warning'] : []),
    code,
    `${place(first!)} «${first!.text.slice(first!.column - 1, first!.column - 1 + first!.length)}»`,
    ...others.map((span) => `+ ${place(span)}`),
    `${what} → ${fix}`,
  ].join(' ')

const cases = parse(readFileSync(new URL('findings.yaml', import.meta.url), 'utf8')) as Case[]

describe('what is wrong with what files say about access', () => {
  test.each(cases)('$name', ({ text = '', files, findings: expected }) => {
    const { wanted, findings } = readDeclaration(
      filesOf(files ?? { 'bridle.yaml': text }),
      'bridle.yaml',
      undefined,
      '2026-11-22',
    )
    expect(findings.map(shown)).toEqual(expected)
    expect(wanted === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
    for (const { why, label } of findings) expect([why, label]).not.toContain('')
  })
})
