import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codes } from '../../src/model/codes.js'
import { hostile, unsafe } from '../report/hostile.js'
import { law } from '../support/law.js'
import { worldOf } from '../support/world.js'

const formats = ['text', 'markdown', 'json', 'sarif', 'junit']

/** A declaration with a stranger's text wherever it takes one. */
const declarationWith = (text: string) => {
  const value = JSON.stringify(text)
  return [
    'organization: acme',
    `teams: { web: { description: ${value} } }`,
    `clusters: { general: { description: ${value}, queues: { default: { description: ${value}, paused: ${value} } } } }`,
    `pipelines: { web: { cluster: general, repository: git@github.com:acme/web.git, steps: ${value}, tags: [${value}] } }`,
  ].join('\n')
}

law(
  'whatever the files and the organization hold, no answer holds anything that a reader could not see',
  hostile,
  async (text) => {
    const world = worldOf({ files: { 'bridle.yaml': 'organization: acme\nteams: { first: {} }\n' } })
    await world.run('apply', '--sandbox', '--yes')
    await world.run('sandbox', 'edit', 'create', `team:${text}`)
    await world.run('sandbox', 'edit', 'rename', 'team:first', text)
    world.files['bridle.yaml'] = declarationWith(text)
    const everything = [
      ...['text', 'markdown', 'json'].flatMap((format) => [
        ['validate', format],
        ['plan', '--sandbox', format],
        ['apply', '--sandbox', '--yes', format],
        ['drift', '--sandbox', format],
      ]),
      ['plan', '--sandbox', 'sarif'],
      ['plan', '--sandbox', 'junit'],
      ['access', 'check', '--offline', '--suggest', 'text'],
      ['access', 'who', 'cluster:general', '--offline', 'markdown'],
    ]
    for (const words of everything) {
      const [command, format] = [words.slice(0, -1), words.at(-1)!]
      const { output, code } = await world.run(...command, '--format', format)
      expect(output, `${command.join(' ')} as ${format}`).not.toMatch(unsafe)
      expect(code, output).not.toBe(1)
    }
  },
  100,
)

law(
  'a name that nobody could read is a finding, and is shown so that everybody can',
  hostile,
  async (text) => {
    const world = worldOf({
      files: { 'bridle.yaml': `organization: acme\nteams: { ${JSON.stringify(text)}: {} }\n` },
    })
    for (const format of formats) {
      const { output, code } = await world.run('validate', '--format', format)
      expect(output).not.toMatch(unsafe)
      expect([0, 3], output).toContain(code)
    }
  },
)

law('a file may be anything at all: it is findings, never a bug', hostile, async (text) => {
  const world = worldOf({
    files: { 'bridle.yaml': `organization: acme\nteams: ${text}\n`, [text || 'x']: text },
  })
  for (const format of formats) {
    const { output, code } = await world.run('validate', '--format', format)
    expect(output).not.toMatch(unsafe)
    expect([0, 3], output).toContain(code)
  }
})

/** An organization in which a team may build what runs on a privileged queue; every acceptance would be missing. */
const privileged = `
organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
teams:
  web: { members: { ada@acme.test: member } }
  release: { members: { eve@acme.test: member } }
clusters:
  production: { allow: { teams: [release] }, queues: { deploy: {} } }
pipelines:
  deploy:
    cluster: production
    repository: git@github.com:acme/web.git
    steps: "steps: []"
    teams: { web: build_and_read, release: build_and_read }
`

test('the form of an answer never changes its verdict', async () => {
  const world = worldOf({ files: { 'bridle.yaml': 'organization: acme\nteams: { web: {} }\n' } })
  const open = worldOf({ files: { 'bridle.yaml': privileged } })
  const queue = 'queue:production/deploy'
  const wrong = worldOf({ files: { 'bridle.yaml': 'organization: acme\nteams: { web: { x: 1 } }\n' } })
  const cases = [
    { run: () => ['plan'], code: 4, world },
    { run: () => ['plan', '--sandbox'], code: 0, world },
    { run: () => ['plan', '--sandbox', '--exit-code'], code: 10, world },
    { run: () => ['drift', '--sandbox'], code: 10, world },
    { run: () => ['apply', '--sandbox'], code: 5, world },
    { run: () => ['doctor'], code: 4, world },
    { run: () => ['doctor', '--sandbox'], code: 0, world },
    { run: () => ['validate'], code: 3, world: wrong },
    { run: () => ['access', 'check', '--offline'], code: 0, world },
    { run: () => ['access', 'check', '--offline'], code: 3, world: wrong },
    { run: () => ['access', 'check', '--offline'], code: 11, world: open },
    { run: () => ['access', 'check', '--offline', '--suggest'], code: 11, world: open },
    { run: () => ['access', 'check'], code: 4, world: open },
    { run: () => ['access', 'who', queue, '--offline'], code: 0, world: open },
    { run: () => ['access', 'what', 'team:web', '--offline'], code: 0, world: open },
    { run: () => ['access', 'why', 'team:web', queue, '--offline'], code: 0, world: open },
    { run: () => ['access', 'snapshot', '--out', 'new.json'], code: 4, world: open },
    { run: () => ['contain', queue], code: 4, world: open },
    { run: () => ['plan', '--sandbox'], code: 3, world: wrong },
  ]
  for (const { run, code, world } of cases)
    for (const format of formats) {
      const ran = await world.run(...run(), '--format', format)
      expect(ran.code, `${run().join(' ')} as ${format}: ${ran.output}`).toBe(code)
    }
})

test('every code that has a page is said somewhere', () => {
  const root = fileURLToPath(new URL('../../src/', import.meta.url))
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'model/codes.ts' && file !== 'cli/exit.ts')
    .map((file) => readFileSync(`${root}${file}`, 'utf8'))
    .join('\n')
  expect(Object.keys(codes).filter((code) => !sources.includes(`'${code}'`))).toEqual([])
})
