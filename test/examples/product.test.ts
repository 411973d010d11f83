import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { worldOf } from '../support/world.js'

const folder = fileURLToPath(new URL('../../examples/product/', import.meta.url))

const example = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => {
        const path = `${parentPath.replace(/\/?$/, '/')}${name}`
        return [path.slice(folder.length), readFileSync(path, 'utf8')]
      }),
  )

/** What an `accept` is about, without what a person writes. */
const aboutIn = (text: string) =>
  [...text.matchAll(/\{ finding: (\S+), +at: "?([^",]+)"?, reason: .* facts: "(\w+)" \}/g)].map(
    ([, finding, at, facts]) => ({ finding, at, facts }),
  )

/** The declaration without the lines that stand below the comment about `--suggest`, and those lines. */
const parted = (text: string) => {
  const [above = '', ...rest] = text.split(/^(?= *# What `bridle access check --suggest`)/m)
  const [suggested = '', ...below] = rest.join('').split(/^(?=expect:)/m)
  return { without: above + below.join(''), suggested }
}

const checked = async (files: Record<string, string>, ...flags: string[]) => {
  const { code, stdout } = await worldOf({ files }).run('access', 'check', ...flags, '--format', 'json')
  return { code, ...JSON.parse(stdout) }
}

/** Somebody makes the boundary that a role names: bridle names it, and makes none. */
const boundary = ['sandbox', 'edit', 'create', 'policy:prod/ci-boundary']
const bounds = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}}'

/** Where everything was applied. */
const applied = async () => {
  const world = worldOf({ files: example() })
  const apply = ['apply', '--sandbox', '--yes', '--allow-widening']
  const early = await world.run(...apply)
  expect(early.code, early.output).toBe(6)
  expect(early.output).toContain('policy/ci-boundary does not exist')
  const made = await world.run(...boundary, bounds)
  expect(made.code, made.output).toBe(0)
  const { code, output } = await world.run(...apply)
  expect(code, output).toBe(0)
  expect(output).toContain('3 of 3 calls done.')
  return world
}

const verdicts = ({ queues }: { queues: { verdict: string }[] }) => queues.map(({ verdict }) => verdict)
const onRoles = ({ roles }: { roles: { role: string; verdict: string }[] }) =>
  Object.fromEntries(roles.map(({ role, verdict }) => [role, verdict]))
const closedRoles = {
  'role:management/agent-deploy': 'closed',
  'role:prod/report': 'closed',
  'role:prod/web-deploy': 'closed',
}
const expectations = ({ expected }: { expected: { holds: boolean }[] }) => expected.map(({ holds }) => holds)

describe('examples/product', () => {
  test('is closed on the files alone, and every expectation holds', async () => {
    const result = await checked(example(), '--offline')
    expect(result.code).toBe(0)
    expect(verdicts(result)).toEqual(['closed'])
    expect(onRoles(result)).toEqual(closedRoles)
    expect(expectations(result)).toEqual([true, true, true, true, true])
    const whys = result.expected.map(({ who, why }: { who: string; why: string }) => `${who}: ${why}`)
    expect(whys).toContain('team:web: there is no path but over what is accepted')
    expect(whys).toContain('outsider: there is no path')
    expect(whys).toContain('pipeline:web: there is no path but over what is accepted')
    const codes = result.findings.map(({ code }: { code: string }) => code)
    // Warnings all: what the roles lack stands in the way of nothing that is expected.
    expect(new Set(codes)).toEqual(new Set(['not-carried-out', 'role-any-metadata', 'role-no-boundary']))
    expect(result.findings.map(({ severity }: { severity: string }) => severity)).not.toContain('error')
  })

  test('is as closed to whatever shows tests: no path fails, and each that is accepted says by what', async () => {
    const argv = ['access', 'check', '--offline', '--format', 'junit']
    const { code, stdout } = await worldOf({ files: example() }).run(...argv)
    expect(code).toBe(0)
    expect(stdout).not.toContain('<failure')
    expect(stdout).toContain('accepted at organization until 2027-03-01: Okta groups owned by security')
  })

  test('has the lines that --suggest prints, and would not be closed without them', async () => {
    const files = example()
    const { without, suggested } = parted(files['bridle.yaml']!)
    files['bridle.yaml'] = without
    const { code, suggestions, ...result } = await checked(files, '--offline', '--suggest')
    expect(code).toBe(11)
    expect(verdicts(result)).toEqual(['assumed'])
    expect(new Set(Object.values(onRoles(result)))).toEqual(new Set(['assumed']))
    expect(aboutIn(suggested).length).toBeGreaterThan(10)
    expect(aboutIn(suggestions)).toEqual(aboutIn(suggested))
  })

  test('is as closed where it was applied, and does not drift', async () => {
    const world = await applied()
    for (const command of [['access', 'check'], ['drift'], ['plan', '--exit-code']]) {
      const { code, output } = await world.run(...command, '--sandbox')
      expect(code, output).toBe(0)
    }
    const result = await checked(world.files, '--sandbox')
    expect(verdicts(result)).toEqual(['closed'])
    expect(onRoles(result)).toEqual(closedRoles)
    expect(expectations(result)).toEqual([true, true, true, true, true])
  })

  test('is as closed on the files once the lock is committed with them', async () => {
    const world = await applied()
    expect(Object.keys(world.files)).toContain('bridle.lock.yaml')
    const { code, output } = await world.run('access', 'check', '--offline')
    expect(code, output).toBe(0)
  })
})
