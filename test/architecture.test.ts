import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'
import { afterAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Folders that are not ours, or not kept. */
const passing = new Set(['node_modules', 'dist', 'coverage', '.git'])

const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (passing.has(entry.name) || entry.name.startsWith('dist.')) return []
    return entry.isDirectory() ? filesUnder(path) : [path]
  })

const text = (file: string) => readFileSync(join(root, file), 'utf8')
const foldersOfSrc = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe('who may import whom', () => {
  interface Config {
    readonly forbidden: IForbiddenRuleType[]
    readonly options: ICruiseOptions & { enhancedResolveOptions: object }
  }
  const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as Config

  const modulesUnder = async (baseDir: string, folders: readonly string[]) => {
    const { output } = await cruise(
      [...folders],
      { ...options, baseDir, ruleSet: { forbidden }, validate: true },
      options.enhancedResolveOptions,
    )
    return (output as ICruiseResult).modules
  }

  /** Every import below `baseDir` that some rule forbids. */
  const refusals = async (baseDir: string, folders: readonly string[]) =>
    (await modulesUnder(baseDir, folders)).flatMap(({ source, dependencies }) =>
      dependencies.flatMap(({ rules, resolved }) =>
        (rules ?? []).map(({ name }) => ({ from: source, to: resolved, rule: name })),
      ),
    )

  /**
   * The style guide's table. The sandbox has no row: the SDL is written into a module of its own, so that it shares
   * nothing with the client but that text.
   */
  const table = `
    commands              →  cli  workflow
    cli                   →  workflow  report  providers  sandbox
    workflow              →  config  plan  access  hook  apply  stack
    hook                  →  access
    config  plan  access  →  kinds  policy
    kinds                 →  policy
    kinds  providers      →  graphql
    commands  cli  workflow  hook  config  plan  access  kinds  policy  providers  report  apply  stack  →  model`
  const layers = [
    ...['commands', 'graphql', 'cli', 'workflow', 'report', 'apply', 'hook', 'config', 'plan', 'access'],
    ...['kinds', 'policy', 'providers', 'sandbox', 'stack', 'model'],
  ]
  const allowed = table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [from = '', to = ''] = row.split('→').map((side) => side.trim())
      return from.split(/\s+/).flatMap((one) => to.split(/\s+/).map((other) => `${one} → ${other}`))
    })

  const made: string[] = []
  afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })))

  /** A tree that is wrong on purpose. */
  const tree = (files: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(tmpdir(), 'bridle-layers-'))
    made.push(folder)
    for (const [file, content] of Object.entries({ 'tsconfig.json': '{}', 'package.json': '{}', ...files })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), content)
    }
    return folder
  }

  test('this tree keeps to it', { timeout: 60_000 }, async () => {
    expect(await refusals(root, ['src', 'commands', 'graphql'])).toEqual([])
  })

  test('every folder of src is in it', () => {
    expect(foldersOfSrc.filter((name) => !layers.includes(name))).toEqual([])
  })

  test('every direction of the table is allowed, and every other is refused', async () => {
    const place = (layer: string) => (['commands', 'graphql'].includes(layer) ? layer : `src/${layer}`)
    const up = (layer: string) => (place(layer).includes('/') ? '../..' : '..')
    const pairs = layers.flatMap((from) => layers.filter((to) => to !== from).map((to) => ({ from, to })))
    const folder = tree(
      Object.fromEntries([
        ...layers.map((layer) => [`${place(layer)}/thing.ts`, 'export const thing = 1\n']),
        ...pairs.map(({ from, to }) => [
          `${place(from)}/to-${to}.ts`,
          `import { thing } from '${up(from)}/${place(to)}/thing.js'\nexport const other = thing\n`,
        ]),
      ]),
    )
    const refused = new Set((await refusals(folder, ['src', 'commands', 'graphql'])).map(({ from }) => from))
    const passed = pairs.filter(({ from, to }) => !refused.has(`${place(from)}/to-${to}.ts`))
    expect(passed.map(({ from, to }) => `${from} → ${to}`).sort()).toEqual([...allowed].sort())
  })

  test(
    'a start loads what finds a command, and the work comes with the command',
    { timeout: 60_000 },
    async () => {
      const modules = await modulesUnder(root, ['src', 'commands', 'graphql'])
      const loads = new Map(
        modules.map(({ source, dependencies }) => [
          source,
          dependencies
            .filter(({ dynamic, dependencyTypes }) => !dynamic && !dependencyTypes.includes('type-only'))
            .map(({ resolved }) => resolved),
        ]),
      )
      const loaded = new Set<string>()
      const load = (source: string) => {
        if (loaded.has(source)) return
        loaded.add(source)
        loads.get(source)?.forEach(load)
      }
      for (const { source } of modules)
        if (/^(commands\/|src\/main|src\/cli\/(run|not-found)\.)/.test(source)) load(source)
      const packages = [...loaded].flatMap(
        (source) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [],
      )
      expect(packages.sort()).toEqual(['@oclif/core', 'fastest-levenshtein'])
      const folders = new Set([...loaded].flatMap((source) => /^src\/([^/]+)\//.exec(source)?.[1] ?? []))
      expect([...folders].sort()).toEqual(['cli', 'model', 'report'])
    },
  )

  test.each([
    {
      name: 'a circle',
      rule: 'no-cycles',
      files: {
        'src/plan/a.ts': `import { b } from './b.js'\nexport const a = () => b`,
        'src/plan/b.ts': `import { a } from './a.js'\nexport const b = () => a`,
      },
    },
    {
      name: 'a package that only development has',
      rule: 'no-development-package-in-shipped-code',
      files: {
        'package.json': '{ "devDependencies": { "bench-press": "1.0.0" } }',
        'node_modules/bench-press/package.json':
          '{ "name": "bench-press", "version": "1.0.0", "main": "index.js" }',
        'node_modules/bench-press/index.js': 'module.exports = {}',
        'src/plan/a.ts': `import press from 'bench-press'\nexport const a = press`,
      },
    },
    {
      name: 'something that is not there',
      rule: 'everything-resolves',
      files: { 'src/plan/a.ts': `import { b } from './b.js'\nexport const a = b` },
    },
    {
      name: 'a type, which is an import as well',
      rule: 'report-imports',
      files: {
        'src/plan/a.ts': 'export type A = string',
        'src/report/b.ts': `import type { A } from '../plan/a.js'\nexport type B = A`,
      },
    },
  ])('$name is refused', async ({ rule, files }) => {
    expect((await refusals(tree(files), ['src'])).map((refusal) => refusal.rule)).toContain(rule)
  })
})

describe('the machine is touched in one folder', () => {
  const fences = ['globals', 'properties', 'syntax', 'imports'].map((what) => `no-restricted-${what}`)
  // Without types: these rules need none, and the wrong files below are in nobody's project.
  const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] })
  const complaints = (results: readonly ESLint.LintResult[]) =>
    results.flatMap(({ filePath, messages }) =>
      messages
        .filter(({ ruleId, fatal }) => fatal === true || fences.includes(ruleId ?? ''))
        .map(({ line, message }) => `${filePath.slice(root.length)}:${line} ${message}`),
    )

  test('this tree keeps to it', { timeout: 180_000 }, async () => {
    expect(complaints(await eslint.lintFiles(['src', 'commands', 'graphql']))).toEqual([])
  })

  test('no comment switches the fence off', () => {
    const asides = filesUnder('src').filter((file) =>
      /eslint-disable[^\n]*(no-restricted|\*\/\s*$)/m.test(text(file)),
    )
    // One asks for the rules of a time zone, by name: nothing else knows them, and only numbers come of it.
    expect(asides).toEqual(['src/sandbox/cron.ts'])
  })

  test.each([
    'export const now = () => Date.now()',
    'export const now = () => new Date()',
    'export const now = () => performance.now()',
    'export const dice = () => Math.random()',
    'export const dice = () => crypto.randomUUID()',
    `import { randomBytes } from 'node:crypto'\nexport const dice = () => randomBytes(8)`,
    'export const home = () => process.env',
    `import { env } from 'node:process'\nexport const home = env`,
    `import { readFile } from 'node:fs/promises'\nexport const read = readFile`,
    `import fs from 'fs'\nexport const read = fs.readFileSync`,
    `import { connect } from 'node:net'\nexport const dial = connect`,
    `import { request } from 'node:https'\nexport const ask = request`,
    `import { resolve } from 'node:path'\nexport const here = () => resolve('.')`,
    `import { hostname } from 'node:os'\nexport const who = hostname`,
    `import { styleText } from 'node:util'\nexport const red = (text: string) => styleText('red', text)`,
    `import { setTimeout } from 'node:timers/promises'\nexport const rest = () => setTimeout(1)`,
    `export const ask = () => fetch('http://localhost')`,
    `export const ask = () => globalThis.fetch('http://localhost')`,
    'export const rest = (done: () => void) => setTimeout(done, 1)',
    'export const rest = () => AbortSignal.timeout(1)',
    `export const say = () => console.log('hello')`,
    `export const load = () => import('./b.js')`,
    `export const order = (a: string, b: string) => a.localeCompare(b)`,
    'export const shown = (n: number) => n.toLocaleString()',
  ])('%s', async (code) => {
    for (const layer of [...foldersOfSrc.map((name) => `src/${name}`), 'graphql'])
      expect(
        complaints(await eslint.lintText(code, { filePath: join(root, layer, 'wrong.ts') })).length > 0,
        layer,
      ).toBe(layer !== 'src/cli')
  })

  test.each([
    'export const at = (time: string) => new Date(time)',
    `import { createHash } from 'node:crypto'\nexport const digest = (text: string) => createHash('sha256').update(text).digest('hex')`,
    'export const ask = (fetch: (url: string) => unknown) => fetch("http://localhost")',
    `export const both = (process: { exit: number }) => process.exit`,
  ])('a function of its arguments is left alone: %s', async (code) => {
    expect(complaints(await eslint.lintText(code, { filePath: join(root, 'src/plan/right.ts') }))).toEqual([])
  })
})

describe('the tree', () => {
  const files = filesUnder('')

  test('each folder of src says in one screen what it is for', () => {
    const readme = (name: string) => `src/${name}/README.md`
    expect(foldersOfSrc.filter((name) => !files.includes(readme(name)))).toEqual([])
    expect(foldersOfSrc.filter((name) => text(readme(name)).split('\n').length > 61)).toEqual([])
  })

  test('no file has a name that says nothing', () => {
    const empty = /(^|[/.-])(utils?|helpers?|common|types|misc)(\.[^/]+)?$/
    expect(files.filter((file) => empty.test(file) && !file.startsWith('test/graphql/types.test'))).toEqual(
      [],
    )
  })

  test('file names are kebab-case', () => {
    const odd = files.filter(
      (file) => /^(src|commands)\//.test(file) && !/(README\.md|\/[a-z0-9.-]+)$/.test(file),
    )
    expect(odd).toEqual([])
  })

  test('no file names the machine that it was made on, or where packages were fetched from', () => {
    const folders = ['work', 'tmp', 'root', 'home', 'Users'].map((name) => `/${name}/`)
    const hosts = ['npmjs', 'yarnpkg', 'artifactory', 'nexus'].join('|')
    const paths = new RegExp(`(?<![\\w.)}*\\]-])(${folders.join('|')})|\\b(${hosts})\\.(com|org|io)`)
    const named = files.flatMap((file) =>
      text(file)
        .split('\n')
        .map((line, at) => ({ at: `${file}:${at + 1}`, line }))
        .filter(({ line }) => paths.test(line))
        .map(({ at, line }) => `${at} ${line.trim().slice(0, 120)}`),
    )
    expect(named).toEqual([])
  })
})
