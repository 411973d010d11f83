// Bundles the program into dist/ and writes oclif.manifest.json. `--check` writes nothing into the tree, and fails when
// the manifest there is not the one that the sources make.
//
// Files named like tsc's: oclif finds `dist/commands/plan.js` by its path. There is nothing else to copy: the pages of
// `explain` and the sandbox's SDL are modules.
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifestFile = join(root, 'oclif.manifest.json')

/** Every file in commands/ is a command, and an entry; so are the executable, and the hook that oclif loads by name. */
const entries = () => {
  const commands = readdirSync(join(root, 'commands'), { recursive: true })
    .map((file) => join('commands', String(file)))
    .filter((file) => file.endsWith('.ts'))
  return [...commands.sort(), 'src/main.ts', 'src/cli/not-found.ts']
}

/** oclif's core is CommonJS: inside an ES module it has to be given what it takes for granted. */
const commonJs = [
  "import{createRequire as __createRequire}from'node:module';",
  "import{fileURLToPath as __fileURLToPath}from'node:url';",
  "import{dirname as __dirnameOf}from'node:path';",
  'const require=__createRequire(import.meta.url),__filename=__fileURLToPath(import.meta.url),__dirname=__dirnameOf(__filename);',
].join('')

const bundle = (outdir) =>
  build({
    absWorkingDir: root,
    entryPoints: entries().map((file) => ({ in: file, out: file.replace(/\.ts$/, '') })),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'], // else graphql comes in as CommonJS, whole
    external: ['typescript', 'tsx', 'ts-node', 'pnpapi'], // oclif asks for these at run time, and does without
    banner: { js: commonJs },
    sourcemap: true,
    legalComments: 'linked',
    logLevel: 'warning',
  })

/** The same with every object's keys in order: oclif writes commands in the order that the disk gave them. */
const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** What oclif reads at every start instead of loading each command, made from the classes in `dist`. */
const manifestOf = async (dist) => {
  const { Plugin, settings } = await import('@oclif/core')
  settings.enableAutoTranspile = false
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = relative(root, dist).split(sep).join('/')
  pjson.oclif.commands = pjson.oclif.commands.replace(/^\.\/dist\//, `./${folder}/`)
  const plugin = new Plugin({
    root,
    pjson,
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  const text = JSON.stringify(sorted(plugin.manifest), null, 2)
  return `${text.replaceAll(`"${folder}"`, '"dist"')}\n`
}

const written = () => {
  try {
    return readFileSync(manifestFile, 'utf8')
  } catch {
    return undefined
  }
}

/** Beside dist/, so that what it imports is found, and the whole folder can take dist/'s place at once. */
const next = join(root, `dist.${process.pid}`)
try {
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
    const dist = join(root, 'dist')
    const last = `${next}.last`
    try {
      renameSync(dist, last)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    renameSync(next, dist)
    rmSync(last, { recursive: true, force: true })
  }
} catch (error) {
  if (!error.errors) throw error // esbuild has said by itself what does not build
  process.exitCode = 1
} finally {
  rmSync(next, { recursive: true, force: true })
}
