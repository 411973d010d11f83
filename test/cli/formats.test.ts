import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codes } from '../../src/model/codes.js'
import { hostile, unsafe } from '../report/hostile.js'
import { law } from '../support/law.js'
import { worldOf } from '../support/world.js'

const formats = ['text', 'markdown', 'json']

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
    for (const format of formats)
      for (const command of [
        ['validate'],
        ['plan', '--sandbox'],
        ['apply', '--sandbox', '--yes'],
        ['drift', '--sandbox'],
      ]) {
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

test('the form of an answer never changes its verdict', async () => {
  const world = worldOf({ files: { 'bridle.yaml': 'organization: acme\nteams: { web: {} }\n' } })
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
    { run: () => ['plan', '--sandbox'], code: 3, world: wrong },
  ]
  for (const { run, code, world } of cases)
    for (const format of formats) expect((await world.run(...run(), '--format', format)).code).toBe(code)
})

test('every code that has a page is said somewhere', () => {
  const root = fileURLToPath(new URL('../../src/', import.meta.url))
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'model/codes.ts' && file !== 'cli/exit.ts')
    .map((file) => readFileSync(`${root}${file}`, 'utf8'))
    .join('\n')
  expect(Object.keys(codes).filter((code) => !sources.includes(`'${code}'`))).toEqual([])
})
