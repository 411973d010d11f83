import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { worldOf } from '../support/world.js'

// Law 6 over the examples: applied, then imported, by cluster and by team, they leave nothing to plan; and there is
// nothing to take into the files that they came from.

const filesIn = (example: string): Record<string, string> => {
  const folder = fileURLToPath(new URL(`../../examples/${example}/`, import.meta.url))
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => {
        const path = `${parentPath.replace(/\/?$/, '/')}${name}`
        return [path.slice(folder.length), readFileSync(path, 'utf8')]
      }),
  )
}

test.each(['small', 'acme', 'product'])('examples/%s comes back as files that leave nothing to plan', async (example) => {
  const world = worldOf({ files: filesIn(example) })
  // Of product, a policy of somebody else's is missing: what needs it waits.
  await world.run('apply', '--sandbox', '--yes', '--allow-widening')
  const state = ['--sandbox', 'bridle.sandbox.json']
  for (const by of ['cluster', 'team']) {
    const file = ['--file', `imported-by-${by}/bridle.yaml`]
    const imported = await world.run('import', ...state, ...file, '--organization', 'acme', '--by', by)
    expect(imported.code, imported.output).toBe(0)
    const { code, output } = await world.run('plan', ...state, ...file, '--exit-code')
    expect(output).toContain('Nothing to do: the organization is as declared.')
    expect(code).toBe(0)
    const updated = await world.run('import', '--update', ...state, ...file)
    expect(updated.output).toContain('Nothing has drifted: the files say what is there.')
  }
})
