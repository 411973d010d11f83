import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readDeclaration } from '../../src/config/declaration.js'
import type { Files, NoFile } from '../../src/config/files.js'
import type { Finding } from '../../src/model/finding.js'
import type { Span } from '../../src/model/span.js'
import { filesOf } from '../support/files.js'
import { gardenKinds } from './kinds.js'

type Content = string | readonly number[] | { readonly no: NoFile }
interface Case {
  readonly name: string
  readonly text?: string
  readonly bytes?: readonly number[]
  readonly no?: NoFile
  readonly files?: Readonly<Record<string, Content>>
  readonly findings: readonly string[]
}

const contentOf = (content: Content) =>
  (Array.isArray(content) ? Uint8Array.from(content) : content) as string
const filesIn = ({ text, bytes, no, files }: Case): Files =>
  filesOf(
    Object.fromEntries(
      Object.entries(files ?? { 'bridle.yaml': no ? { no } : (bytes ?? text ?? '') }).map(
        ([path, content]) => [path, contentOf(content)],
      ),
    ),
  )

const place = ({ file, line, column }: Span) => `${file}:${line}:${column}`
const shown = ({ code, where: [first, ...others], what, fix }: Finding) =>
  [
    code,
    ...(first
      ? [`${place(first)} «${first.text.slice(first.column - 1, first.column - 1 + first.length)}»`]
      : []),
    ...others.map((span) => `+ ${place(span)}`),
    `${what} → ${fix}`,
  ].join(' ')

const cases = parse(readFileSync(new URL('findings.yaml', import.meta.url), 'utf8')) as Case[]

describe('findings', () => {
  test.each(cases)('$name', (example) => {
    const { wanted, findings } = readDeclaration(filesIn(example), 'bridle.yaml', gardenKinds)
    expect(findings.map(shown)).toEqual(example.findings)
    expect(wanted).toBeUndefined()
  })
})
