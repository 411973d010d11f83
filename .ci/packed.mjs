// Packs what would be published, looks at what is in it, and installs it into an empty folder: `node .ci/packed.mjs FOLDER`.
// What is run from there has no sources beside it, and nothing that only development needs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(process.argv[2] ?? '')

/** What may be in the package. */
const belongs = [
  /^(CHANGELOG\.md|LICENSE|README\.md|oclif\.manifest\.json|package\.json)$/,
  /^dist\/(bridle\.cjs(\.cache|\.LEGAL\.txt)?|package\.json|src\/main\.js)$/,
  /^examples\/(acme|product|small)\/[\w/-]+\.(md|yaml|json)$/,
  /^plugin(-drift)?\/(README\.md|plugin\.yml|hooks\/\w+)$/,
]

/** And what has to be. */
const needed = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/bridle.cjs',
  'dist/package.json',
  'dist/src/main.js',
  'examples/acme/bridle.yaml',
  'examples/product/bridle.yaml',
  'examples/small/bridle.yaml',
  'oclif.manifest.json',
  'package.json',
  'plugin/plugin.yml',
  'plugin/hooks/environment',
  'plugin-drift/plugin.yml',
  'plugin-drift/hooks/command',
]

const run = (cwd, program, ...args) => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  process.stderr.write(
    `${program} ${args.join(' ')} ended with ${status ?? error?.message}\n${stdout}${stderr}`,
  )
  process.exit(1)
}

const said = []
mkdirSync(folder, { recursive: true })
const [{ filename, files, size }] = JSON.parse(
  run(root, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder),
)
const names = files.map(({ path }) => path)
said.push(
  ...names
    .filter((name) => !belongs.some((one) => one.test(name)))
    .map((name) => `${name} does not belong in it`),
)
said.push(...needed.filter((name) => !names.includes(name)).map((name) => `${name} is missing`))

const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## ${own}\n`))
  said.push(`CHANGELOG.md says nothing of version ${own}`)

writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
run(
  folder,
  'npm',
  'install',
  '--prefer-offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  `./${filename}`,
)
const installed = join(folder, 'node_modules', 'bridle')

const there = readdirSync(installed, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
const telltale = there.filter((file) => readFileSync(file).includes(root))
said.push(...telltale.map((file) => `${file} says where it was made`))

const version = run(folder, join(folder, 'node_modules', '.bin', 'bridle'), '--version')
process.stdout.write(`${version}${names.length} files, ${Math.round(size / 1024)} KiB packed\n`)
for (const line of said) process.stderr.write(`${line}\n`)
process.exitCode = said.length > 0 ? 1 : 0
