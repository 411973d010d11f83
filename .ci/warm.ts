// Runs what people run most, over a socket as they do, and keeps what V8 compiled on the way. Part of .ci/build.mjs.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheOf, load } from '../src/cli/compiled.js'
import type { run } from '../src/cli/run.js'
import { served } from './served.js'

interface Program {
  readonly run: typeof run
}

const [, , root = ''] = process.argv
const file = join(root, 'dist', 'bridle.cjs')
const small = join(root, 'examples', 'small', 'bridle.yaml')

const main = async () => {
  const sandbox = await served(root)
  Object.assign(process.env, sandbox.env)
  const { program, script } = load<Program>(file)
  const bridle = (...argv: string[]) => program.run(argv, root, { plugins: false })
  await bridle('validate', '--file', small)
  await bridle('plan', '--file', small)
  sandbox.stop()
  if (process.exitCode) return
  writeFileSync(cacheOf(file), script.createCachedData())
}

void main()
