import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A sandbox behind a socket, the environment that leads to it, and its end. */
export interface Served {
  readonly env: Readonly<Record<string, string>>
  stop(): void
}

const wanted = ['BUILDKITE_API_TOKEN', 'BUILDKITE_GRAPHQL_URL', 'BUILDKITE_REST_URL']

/** Runs `bridle sandbox serve` with the small example, and waits until it says where it is. */
export const served = async (root: string): Promise<Served> => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-served-'))
  const small = join(root, 'examples', 'small', 'bridle.yaml')
  const child = spawn(
    process.execPath,
    [
      join(root, 'dist', 'src', 'main.js'),
      'sandbox',
      'serve',
      '--file',
      small,
      '--state',
      join(folder, 'state.json'),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const stop = () => {
    child.removeAllListeners('exit')
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  let said = ''
  const env = await new Promise<Record<string, string>>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      rmSync(folder, { recursive: true, force: true })
      reject(new Error(`bridle sandbox serve ended with ${String(code)}: ${said}`))
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = Object.fromEntries(
        [...said.matchAll(/(BUILDKITE_[A-Z_]+)=(\S+)\n/g)].map(([, name = '', value = '']) => [name, value]),
      )
      if (wanted.every((name) => name in found)) resolve(found)
    })
  })
  return { env, stop }
}
