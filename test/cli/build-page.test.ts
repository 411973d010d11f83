import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isInJob, tellBuild } from '../../src/cli/build-page.js'
import type { Machine } from '../../src/cli/machine.js'
import { runProgram, thisMachine } from '../../src/cli/this-machine.js'
import type { Finding } from '../../src/model/finding.js'
import { annotation } from '../../src/report/annotation.js'

/** The agent of these tests: a program that writes down its words, what it reads, where it is and what it is told. */
let folder = ''
const said = (name: string) => readFileSync(join(folder, name), 'utf8')
const agentThat = (lines: string) => {
  writeFileSync(join(folder, 'buildkite-agent'), `#!/bin/sh\n${lines}\n`)
  chmodSync(join(folder, 'buildkite-agent'), 0o755)
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridle-page-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const job = { BUILDKITE_JOB_ID: 'job', BUILDKITE_AGENT_ACCESS_TOKEN: 'bkaj_of-this-job' }

const machineWith = (env: Record<string, string>): Machine => ({
  ...thisMachine(),
  env: { PATH: `${folder}:/usr/bin:/bin`, FOLDER: folder, ...job, ...env },
  run: (program, args, how) => runProgram(program, args, { ...how, seconds: Math.min(how?.seconds ?? 5, 5) }),
})

const writing = `
case "$1" in
  annotate) echo "$@" >"$FOLDER/words"; cat >"$FOLDER/body"; env >"$FOLDER/env" ;;
  artifact) echo "$@" >>"$FOLDER/words"; pwd >"$FOLDER/where"; cat report.json >"$FOLDER/kept" ;;
esac`

const telling = {
  context: 'bridle-drift',
  said: { style: 'error', body: 'it is bkua_0123456789 that\n' },
  artifacts: { 'report.json': '{"token":"bkua_0123456789"}' },
} as const

describe('a build is told by a real program', () => {
  test('texts go in by standard input and as files that are gone afterwards, without secrets', () => {
    agentThat(writing)
    const own = { BUILDKITE_API_TOKEN: 'bkua_own', BRIDLE_SLACK_WEBHOOK_URL: 'https://hooks.slack.test/own' }
    expect(
      tellBuild(machineWith({ ...own, BUILDKITE_AGENT_ENDPOINT: 'https://agent.test' }), telling),
    ).toEqual([])
    expect(said('words')).toBe('annotate --context bridle-drift --style error\nartifact upload report.json\n')
    expect(said('body')).toBe('it is bkua_…redacted that\n')
    expect(said('kept')).toBe('{"token":"bkua_…redacted"}')
    expect(said('env')).toContain('BUILDKITE_AGENT_ENDPOINT=https://agent.test')
    expect(said('env')).toContain('BUILDKITE_AGENT_ACCESS_TOKEN=bkaj_of-this-job')
    expect(said('env')).not.toMatch(/BUILDKITE_API_TOKEN|BRIDLE_|own$/m)
    expect(existsSync(said('where').trim())).toBe(false)
  })

  test('one that hangs is given up on, whatever it has started', () => {
    agentThat('sleep 15 & sleep 15')
    const machine = machineWith({})
    const began = machine.clock.now()
    const impatient = {
      ...machine,
      run: (...[program, args]: Parameters<Machine['run']>) =>
        runProgram(program, args, { seconds: 0.2, env: { PATH: `${folder}:/usr/bin:/bin` } }),
    }
    expect(tellBuild(impatient, telling)).toEqual([
      'the build is not annotated: buildkite-agent did not answer within 30 seconds',
      'the report is not kept as artifacts: buildkite-agent did not answer within 120 seconds',
    ])
    expect(machine.clock.now() - began).toBeLessThan(10_000)
  })

  test('what one says that refuses has neither its token nor an end in it', () => {
    agentThat(
      `echo first >&2; echo "no: $BUILDKITE_AGENT_ACCESS_TOKEN opaque-token ${'x'.repeat(400)}" >&2; exit 3`,
    )
    const [only, ...more] = tellBuild(machineWith({ BUILDKITE_AGENT_ACCESS_TOKEN: 'opaque-token' }), telling)
    expect(more).toEqual([])
    expect(only).toMatch(
      /^the build has neither an annotation nor artifacts: buildkite-agent ended with 3: no: …redacted …redacted x+…$/,
    )
    expect(only!.length).toBeLessThan(400)
  })
})

test.each([
  [{}, false],
  [{ BUILDKITE_JOB_ID: 'x' }, false],
  [{ BUILDKITE_JOB_ID: 'x', BUILDKITE_AGENT_ACCESS_TOKEN: '' }, false],
  [job, true],
])('%j is a job: %s', (env, expected) => expect(isInJob({ env })).toBe(expected))

describe('an annotation', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text).length
  const finding = (what: string): Finding => ({
    code: 'unknown-key',
    severity: 'error',
    what,
    where: [],
    why: 'why',
    fix: 'fix',
  })
  const of = (findings: readonly Finding[]) =>
    annotation({ result: 'drift', findings }, undefined, 'The rest is elsewhere.')

  test('that is short is whole', () => {
    expect(of([finding('one'), finding('two')])).not.toContain('Left out')
  })

  test('has less than 1 MiB, and says what was left out', () => {
    const body = of(Array.from({ length: 20_000 }, (_, at) => finding(`${String(at)} ${'é'.repeat(40)}`)))
    expect(bytesOf(body)).toBeLessThan(1024 * 1024)
    expect(bytesOf(body)).toBeGreaterThan(1000 * 1000)
    const left = 20_000 - [...body.matchAll(/^error\[/gm)].length
    expect(body).toMatch(/^### bridle drift\n\n20,000 errors\.\n/)
    expect(body.trimEnd().split('\n').at(-1)).toBe(
      `**Left out here, as an annotation can hold no more: ${String(left).replace(/(?=\d{3}$)/, ',')} findings.** The rest is elsewhere.`,
    )
  })

  test('is not emptied by one thing that is too long', () => {
    const body = of([finding('x'.repeat(2 * 1024 * 1024)), finding('the other')])
    expect(body).toContain('the other')
    expect(body).toContain('no more: 1 finding.**')
  })
})
