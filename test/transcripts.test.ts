import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import type * as Reports from '../src/report/format.js'
import { json } from '../src/report/json.js'
import { sandbox, type Options } from '../src/sandbox/index.js'
import { parseState } from '../src/sandbox/saved.js'
import { addToken, type NewToken } from '../src/sandbox/seed.js'
import { all } from '../src/sandbox/table.js'
import { answersWith, complaints, complaintsAboutFiles } from './support/schemas.js'
import { replay, type Buildkite } from './support/transcript.js'

const folder = fileURLToPath(new URL('transcripts/', import.meta.url))
/** The manual, and the session that the README shows. */
const names = [
  ...readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md'),
  '../../README.md',
]

const isWritten = process.env['UPDATE'] === '1'
if (isWritten && (process.env['CI'] ?? '') !== '')
  throw new Error('transcripts are not rewritten in CI: they are the promise')

/** What a transcript's `buildkite.json` may say. */
interface Turn {
  readonly faults?: Options['faults']
  readonly tokens?: readonly NewToken[]
  /** A person presses Ctrl-C when so many calls were answered. */
  readonly interruptAfter?: number
}

const stateFile = 'bridle.sandbox.json'

/** What the schemas do not allow in what commands found out, whatever form they were asked to say it in. */
const unfit: string[] = []
vi.mock('../src/report/format.js', async (original) => {
  const reports = await original<typeof Reports>()
  const report: typeof Reports.report = (result, format, setting) => {
    unfit.push(...complaints(answersWith.get(result.result)!, JSON.parse(json(result, setting.sandbox))))
    return reports.report(result, format, setting)
  }
  return { ...reports, report }
})

/** Buildkite is what is saved as the sandbox, with what goes wrong with it. */
const buildkite = (files: Record<string, string>, interrupt: () => void): Buildkite => {
  const saved = files[stateFile]
  const { faults = [], tokens = [], interruptAfter }: Turn = JSON.parse(files['buildkite.json'] ?? '{}')
  const parsed = saved === undefined ? undefined : parseState(saved)
  if (parsed === undefined || 'problems' in parsed)
    return { fetch: () => Promise.reject(new TypeError('fetch failed')), keep: () => undefined }
  const { state } = parsed
  for (const token of tokens) addToken(state, all(state.tables.organizations)[0]!, token)
  const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: () => Promise.resolve() }
  let answered = 0
  const after = () => {
    if ((answered += 1) === interruptAfter) interrupt()
  }
  const served = sandbox({ state, clock, faults, after })
  return {
    fetch: served.fetch,
    keep: () => {
      if (served.calls.length > 0) files[stateFile] = served.saved()
    },
  }
}

describe('transcripts', () => {
  test.each(names)('%s', async (name) => {
    const file = `${folder}${name}`
    const promised = readFileSync(file, 'utf8')
    unfit.length = 0
    let left: Readonly<Record<string, string>> = {}
    const happened = await replay(promised, (files, interrupt) => buildkite((left = files), interrupt))
    if (isWritten) writeFileSync(file, happened)
    else expect(happened).toBe(promised)
    const files = complaintsAboutFiles(left, (text) => promised.includes(text.trimEnd()))
    expect([...unfit, ...files]).toEqual([])
  })
})
