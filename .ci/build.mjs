// Bundles the program into dist/ and writes oclif.manifest.json. `--check` writes nothing into the tree, and fails when
// the manifest there is not the one that the sources make.
//
// dist/bridle.cjs is the whole program in one file: that is what lets V8's work on it be kept beside it. Without that a
// start takes half as long again. There is nothing else to copy: the pages of `explain` and the sandbox's SDL are modules.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const manifestFile = join(root, 'oclif.manifest.json')

/** Every file in commands/ is a command: `commands/sandbox/demo.ts` is `sandbox:demo`. */
const commandIds = () =>
  readdirSync(join(root, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, '').split(sep).join(':'))
    .sort()

/** A module that exports all that is loaded by name: by the executable, and by oclif as package.json tells it. */
const programText = () => {
  const ids = commandIds()
  return [
    ...ids.map((id, at) => `import command${at} from './commands/${id.replaceAll(':', '/')}.js'`),
    `export const commands = { ${ids.map((id, at) => `'${id}': command${at}`).join(', ')} }`,
    "export { default as notFound } from './src/cli/not-found.js'",
    "export { run } from './src/cli/run.js'",
  ].join('\n')
}

/**
 * What is loaded with what V8 kept of it can't `import()` what is not in the bundle, but it can `require` it: Node's own,
 * and the AWS SDK, which is as large as all the rest and which most starts do without.
 */
const requireOthers = {
  name: 'require-others',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:|@aws-sdk\/)/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'outside' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'outside' }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
    }))
  },
}

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'], // else graphql comes in as CommonJS, whole
  // oclif asks for these at run time, and does without; the SDK is required where it is needed
  external: ['typescript', 'tsx', 'ts-node', 'pnpapi', '@aws-sdk/*'],
  define: { 'import.meta.dirname': '__dirname' },
  plugins: [requireOthers],
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
}

const bundle = async (folder) => {
  await build({
    ...shared,
    stdin: { contents: programText(), resolveDir: root, sourcefile: 'program.ts', loader: 'ts' },
    outfile: join(folder, 'bridle.cjs'),
  })
  await build({ ...shared, entryPoints: ['src/main.ts'], outfile: join(folder, 'src/main.js') })
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
}

/** The same with every object's keys in order: oclif writes them as they come. */
const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** What oclif reads at every start instead of looking at each command, made from the classes in `folder`. */
const manifestOf = async (folder) => {
  const { Plugin, settings } = await import('@oclif/core')
  settings.enableAutoTranspile = false
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  pjson.oclif.commands.target = join(folder, 'bridle.cjs')
  const plugin = new Plugin({
    root,
    pjson,
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  return `${JSON.stringify(sorted(plugin.manifest), null, 2)}\n`
}

const written = () => {
  try {
    return readFileSync(manifestFile, 'utf8')
  } catch {
    return undefined
  }
}

/** Puts a whole new dist/ in the place of the old one. */
const swap = (folder) => {
  const last = `${folder}.last`
  try {
    renameSync(dist, last)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(folder, dist)
  rmSync(last, { recursive: true, force: true })
}

/** Keeps what V8 compiles for a start. Where that fails, starts are slower, and somebody is told. */
const warm = async (folder) => {
  const script = join(folder, 'warm.js')
  await build({ ...shared, entryPoints: ['.ci/warm.ts'], outfile: script, sourcemap: false })
  const { status, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
  rmSync(script)
  if (status !== 0)
    process.stderr.write(`starts will be slow, as nothing could be compiled ahead:\n${stderr}\n`)
}

const next = `${dist}.${process.pid}`
try {
  mkdirSync(next)
  await bundle(next)
  const manifest = await manifestOf(next)
  if (process.argv.includes('--check')) {
    if (manifest !== written()) {
      process.stderr.write(
        'oclif.manifest.json is not what the sources make: run `npm run build` and commit it\n',
      )
      process.exitCode = 1
    }
  } else {
    if (manifest !== written()) writeFileSync(manifestFile, manifest)
    swap(next)
    await warm(dist)
  }
} catch (error) {
  if (!error.errors) throw error // esbuild has said by itself what does not build
  process.exitCode = 1
} finally {
  rmSync(next, { recursive: true, force: true })
}
