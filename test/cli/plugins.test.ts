import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import pjson from '../../package.json' with { type: 'json' }
import { asksForPlugins, commandsOfPlugins } from '../../src/cli/plugins.js'

describe('what plugins are needed for', () => {
  test('all their commands, and no more', () => {
    const brought = pjson.oclif.plugins.flatMap((name) => {
      const manifest = JSON.parse(
        readFileSync(new URL(`../../node_modules/${name}/oclif.manifest.json`, import.meta.url), 'utf8'),
      ) as {
        commands: Record<string, unknown>
      }
      return Object.keys(manifest.commands).map((id) => id.split(':')[0])
    })
    expect([...new Set(brought)].sort()).toEqual(commandsOfPlugins)
  })

  test.each([
    [[]],
    [['--help']],
    [['-h']],
    [['help']],
    [['help', 'plan']],
    [['autocomplete:script', 'bash']],
  ])('%j needs them', (argv) => expect(asksForPlugins(argv)).toBe(true))

  test.each([
    [['plan']],
    [['plan', '--help']],
    [['sandbox', 'demo']],
    [['sandbox']],
    [['--version']],
    [['hlep']],
  ])('%j does without', (argv) => expect(asksForPlugins(argv)).toBe(false))
})
