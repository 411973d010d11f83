#!/usr/bin/env node
import { join } from 'node:path'
import { load } from './cli/compiled.js'
import type { run } from './cli/run.js'

/** What .ci/build.mjs makes one file of: all commands, and what runs them. */
interface Program {
  readonly commands: Readonly<Record<string, unknown>>
  readonly run: typeof run
}

const dist = join(import.meta.dirname, '..')
const { program } = load<Program>(join(dist, 'bridle.cjs'))
void program.run(process.argv.slice(2), join(dist, '..'), Object.keys(program.commands))
