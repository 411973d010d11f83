import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Config, type Command } from '@oclif/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { argvOf } from '../../src/cli/argv.js'
import { worldOf } from '../support/world.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest: { readonly commands: Readonly<Record<string, Command.Loadable>> } = JSON.parse(
  readFileSync(`${root}oclif.manifest.json`, 'utf8'),
)
const commands = Object.entries(manifest.commands).map(([id, command]) => ({ ...command, id }))

/** The words behind `bridle`, and what is set before it, as a shell would hand them on. */
const wordsIn = (line: string) => {
  const [, before = '', after = ''] = /^((?:.* \| )?(?:[A-Z_]+=\S+ )*)bridle (.*)$/.exec(line) ?? []
  const env = [...before.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value])
  return {
    words: [...after.replace(/ > \S+$/, '').matchAll(/"([^"]*)"|\S+/g)].map(([word, inner]) => inner ?? word),
    env: Object.fromEntries(env) as Record<string, string>,
  }
}

/** The command that words name, and what is left for it. An example may lead to another command than its own. */
const commandIn = (words: readonly string[]) =>
  [2, 1]
    .map((count) => ({ id: words.slice(0, count).join(':'), argv: words.slice(count) }))
    .find(({ id }) => Object.hasOwn(manifest.commands, id))

/** What help shows under EXAMPLES, without what it says of each. */
const examplesOf = ({ examples = [] }: { readonly examples?: Command.Example[] | undefined }) =>
  examples.map((example) => (typeof example === 'string' ? example : example.command))

const lines = commands.flatMap(examplesOf).map((line) => line.replace('<%= config.bin %>', 'bridle'))

describe('every command', () => {
  test.each(commands)(
    'bridle $id says in one line what it does, and shows how',
    ({ summary, examples = [] }) => {
      expect(summary).toMatch(/^[A-Z].*\.$/)
      expect(examples).not.toEqual([])
      for (const example of examples)
        expect(example).toMatchObject({ description: expect.stringMatching(/^[A-Z].*[^.]$/) })
    },
  )

  test('stands in the transcript about help', () => {
    const told = readFileSync(`${root}test/transcripts/help.md`, 'utf8')
    const untold = commands.filter(({ id }) => !told.includes(`$ bridle ${id.replace(':', ' ')} --help\n`))
    expect(untold.map(({ id }) => id)).toEqual([])
  })

  test('has a line in the table of README.md', () => {
    const told = readFileSync(`${root}README.md`, 'utf8')
    const untold = commands.filter(({ id }) => !told.includes(`| \`bridle ${id.replace(':', ' ')}`))
    expect(untold.map(({ id }) => id)).toEqual([])
  })

  const config = Config.load({ root })
  test.each(lines)('%s: it takes these words', async (line) => {
    const { id, argv } = commandIn(wordsIn(line).words)!
    const file = pathToFileURL(`${root}commands/${id.replace(':', '/')}.ts`).href
    const { default: Class } = (await import(file)) as { default: new (...given: unknown[]) => Command }
    const command = new Class(argvOf(argv), await config) as unknown as {
      parse(of: unknown): Promise<unknown>
    }
    await expect(command.parse(Class)).resolves.toBeDefined()
  })
})

/** Those that go on until somebody stops them, tell a long story, make a host of this machine, or ask a person. */
const untried = /^(sandbox:(serve|demo)|hook:install|init|onboard)$/

/** A job as its agent wrote it down, and what a gate said of it. */
const job = '{"BUILDKITE_JOB_ID":"1","BUILDKITE_PIPELINE_SLUG":"web-deploy","BUILDKITE_BRANCH":"main"}\n'
const said =
  '{"gate":"bridle/1","decision":"accept","mode":"observe","rule":null,"saw":null,"key":null,"value":null,"queue":"production/deploy","serial":3,"pipeline":"web-deploy","build":"https://buildkite.com/acme/web-deploy/builds/1","agent":"agent-1","job":"1"}\n'

/** The names that examples use. */
const declaration = `
organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
settings: { default_cluster: general }
aws: { accounts: { management: { id: "111111111111", region: eu-west-1 } } }
teams:
  release: { members: { eve@acme.test: member } }
  web: { members: { ada@acme.test: member } }
clusters:
  general: { queues: { default: {} } }
  production: { allow: { teams: [release] }, queues: { deploy: { hook: { mode: block } } } }
pipelines:
  web: { cluster: general, repository: git@github.com:acme/web.git }
  web-deploy: { cluster: production, repository: git@github.com:acme/web.git, teams: { release: build_and_read } }
`

describe('every example can be tried', () => {
  const files: Record<string, string> = {
    'bridle.yaml': declaration,
    'acme/bridle.yaml': 'organization: acme\n',
    'job.json': job,
    'jobs.ndjson': job + job,
    'buildkite-agent-*.log': said,
    'stack.json': '{"Stacks":[{"StackName":"x","Parameters":[]}]}',
  }
  const tried = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const world = worldOf({ files, env, answers: [], piped: said })
    const ran = await world.run(...words)
    Object.assign(files, world.files)
    return ran
  }

  beforeAll(async () => {
    await tried(['apply', '--sandbox', '--yes', '--allow-widening'])
    await tried(['plan', '--sandbox', '--out', 'plan.json'])
  })

  /** A policy is signed when it is published, which no example here does. */
  const isTried = (line: string) =>
    !untried.test(commandIn(wordsIn(line).words)!.id) && !line.includes('policy.json')

  test.each(lines.filter(isTried))('%s', async (line) => {
    const { words, env } = wordsIn(line)
    const { flags } = manifest.commands[commandIn(words)!.id]!
    const asks = flags['trust-endpoint'] !== undefined && !words.includes('--sandbox')
    const { code, output } = await tried([...words, ...(asks ? ['--sandbox'] : [])], env)
    expect([1, 2], output).not.toContain(code)
  })
})
