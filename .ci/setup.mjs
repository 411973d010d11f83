// Gets a fresh clone ready with nothing but Node and npm: installs when the lock file has changed, bundles when the
// sources have. Says one line for each thing it does, and nothing when there is nothing to do. `--quiet` says nothing
// but errors, `--install` leaves the bundle alone. No lifecycle script is ever run.
//
// Old syntax on purpose: an old Node must get as far as the kind error.
import { spawn } from 'child_process'
import crypto from 'crypto'
import fs from 'fs'
import path from 'path'
import { fileURLToPath } from 'url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const at = (...names) => path.join(root, ...names)
const quiet = process.argv.includes('--quiet')

/** What a person can mend: shown without a stack. */
class Trouble extends Error {}

const say = (line) => {
  if (!quiet) process.stderr.write(`setup: ${line}\n`)
}

const readOrNothing = (file) => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

/** Node's own version against `engines` of package.json, which has the one form `>=20.19`. */
const checkNode = () => {
  const wanted = JSON.parse(fs.readFileSync(at('package.json'), 'utf8')).engines.node
  const [major, minor] = wanted.replace('>=', '').split('.').map(Number)
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  throw new Trouble(
    `this is Node ${process.versions.node}, and bridle needs ${wanted}\n  = fix: install Node 20.19 or newer`,
  )
}

const filesUnder = (name) => {
  const found = fs.statSync(at(name))
  if (!found.isDirectory()) return [name]
  return fs
    .readdirSync(at(name))
    .sort()
    .reduce((files, inner) => files.concat(filesUnder(`${name}/${inner}`)), [])
}

/** One hash for many files: their names and contents. */
const hashOf = (names) => {
  const hash = crypto.createHash('sha256')
  names
    .reduce((files, name) => files.concat(filesUnder(name)), [])
    .forEach((file) => {
      const content = fs.readFileSync(at(file))
      hash.update(`${file}\0${content.length}\0`).update(content)
    })
  return hash.digest('hex')
}

/** Runs something to its end; what it said comes out only if it failed. */
const run = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm.cmd',
    })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ failed: code !== 0, output }))
  })

/** The npm that started this, else the one on the PATH. */
const npm = (...args) => {
  const started = process.env.npm_execpath || ''
  if (/npm-cli\.c?js$/.test(started)) return run(process.execPath, [started, ...args])
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
}

const install = async () => {
  const stamp = at('node_modules', '.bridle-lock')
  const wanted = hashOf(['package-lock.json'])
  if (readOrNothing(stamp) === wanted) return
  say('installing packages')
  const { failed, output } = await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund').catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new Trouble('npm is not here\n  = fix: install npm 10 or newer; it comes with Node')
  })
  if (failed && /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.test(output))
    throw new Trouble(
      'npm could not reach its registry\n  = fix: check the network, or the proxy and registry in your npm configuration, and run this again',
    )
  if (failed) throw new Trouble(`npm could not install the packages\n${output}`)
  fs.writeFileSync(stamp, wanted)
}

const bundle = async () => {
  const stamp = at('dist', '.sources')
  const sources = [
    'commands',
    'graphql',
    'src',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    '.ci/build.mjs',
  ]
  const wanted = hashOf(sources)
  if (readOrNothing(stamp) === wanted) return
  say('building')
  const { failed, output } = await run(process.execPath, [at('.ci', 'build.mjs')])
  if (failed) throw new Trouble(`the sources do not build\n${output}`)
  fs.writeFileSync(stamp, wanted)
}

const isRunning = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Whose owner is gone, or never came to write its name. */
const isAbandoned = (lock) => {
  const owner = readOrNothing(lock)
  if (owner !== '') return !isRunning(Number(owner))
  const made = fs.statSync(lock, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > 5000
}

/** One setup at a time: the second waits for the first, and then finds nothing to do. */
const alone = async (work) => {
  const lock = at('.setup-lock')
  const mine = String(process.pid)
  for (let waited = false; ;) {
    try {
      fs.writeFileSync(lock, mine, { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned(lock)) {
      fs.rmSync(lock, { force: true })
      continue
    }
    if (!waited)
      say(`waiting for another setup, process ${readOrNothing(lock)}; if there is none, delete .setup-lock`)
    waited = true
    await pause(200)
  }
  try {
    await work()
  } finally {
    fs.unlinkSync(lock)
  }
}

const setup = async () => {
  checkNode()
  await alone(async () => {
    await install()
    if (!process.argv.includes('--install')) await bundle()
  })
}

setup().catch((error) => {
  process.stderr.write(error instanceof Trouble ? `setup: ${error.message}\n` : `${error.stack}\n`)
  process.exitCode = 1
})
