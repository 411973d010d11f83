#!/usr/bin/env node
import { createRequire } from 'node:module'
import { join } from 'node:path'
import pjson from '../package.json' with { type: 'json' }
import { load } from './cli/compiled.js'
import { isEnough } from './cli/node-version.js'
import { asksForPlugins } from './cli/plugins.js'
import type { run } from './cli/run.js'

/** What .ci/build.mjs makes one file of: all commands, and what runs them. */
interface Program {
  readonly run: typeof run
}

const dist = join(import.meta.dirname, '..')
const file = join(dist, 'bridle.cjs')
const argv = process.argv.slice(2)

const start = () => {
  // Plugins are modules of their own, which only a program that was loaded as Node does it can load.
  const plugins = asksForPlugins(argv)
  const program = plugins ? (createRequire(file)(file) as Program) : load<Program>(file).program
  void program.run(argv, join(dist, '..'), { plugins })
}

const { node } = process.versions
if (isEnough(node, pjson.engines.node)) {
  process.env['OCLIF_DISABLE_ENGINE_WARNING'] = '1' // it has just been looked at
  start()
} else {
  process.stderr.write(
    `error: this is Node ${node}, and bridle needs ${pjson.engines.node}\n  = fix: install a newer Node\n`,
  )
  process.exitCode = 1
}
