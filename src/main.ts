#!/usr/bin/env node
import { execute, settings } from '@oclif/core'
import { argvOf } from './cli/argv.js'

// What runs is the bundle: under NODE_ENV=test or development, oclif would go looking for sources beside it.
settings.enableAutoTranspile = false

await execute({ args: argvOf(process.argv.slice(2)), dir: import.meta.url })
