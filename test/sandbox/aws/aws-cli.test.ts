import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newAccounts, signingOf } from '../../../src/sandbox/aws/seed.js'
import { sandbox } from '../../../src/sandbox/index.js'
import { oidcToken } from '../../../src/sandbox/world/oidc.js'
import { serve } from '../../../src/cli/serve.js'
import { uuidOf } from '../running.js'
import { running } from './job.js'
import { MANAGEMENT, PROD } from './world.js'

const { error: missing } = spawnSync('aws', ['--version'])
const isCi = (process.env['CI'] ?? '') !== ''

const file = new URL('aws-cli.md', import.meta.url)
const home = mkdtempSync(join(tmpdir(), 'bridle-aws-'))
afterAll(() => rmSync(home, { recursive: true }))

const config = [
  '[profile prod]',
  `role_arn = arn:aws:iam::${PROD}:role/bridle-admin`,
  'credential_source = Environment',
  'external_id = acme-bridle',
  'role_session_name = me',
]

/** What the shell shows: what went well, or what did not. */
const shown = (command: string, env: NodeJS.ProcessEnv) =>
  new Promise<string>((resolve) => {
    execFile('sh', ['-c', command], { env, cwd: home }, (_, stdout, stderr) => {
      // Its own newer releases put more before the words.
      resolve(`${stdout}${stderr}`.trim().replace(/^aws: \[ERROR\]: /m, ''))
    })
  })

test.skipIf(missing !== undefined && !isCi)(
  'the aws command does what it does with AWS',
  async () => {
    const now = new Date().toISOString()
    const { state, job } = running()
    newAccounts(state, [
      { id: MANAGEMENT, name: 'management' },
      { id: PROD, name: 'prod', admin: { externalId: 'acme-bridle' } },
    ])
    const tokenFor = (claims: readonly string[]) => {
      const said = oidcToken(
        state,
        job,
        { audience: 'sts.amazonaws.com', subjectClaim: 'queue_id', claims },
        now,
      )
      if ('refused' in said) throw new Error(said.refused)
      return said.token
    }
    const signing = signingOf(state)!
    writeFileSync(join(home, 'config'), `${config.join('\n')}\n`)
    const world = sandbox({ state, clock: { now: () => Date.now(), sleep: () => Promise.resolve() } })
    const served = await serve((request) => world.fetch(request))
    const env = {
      PATH: process.env['PATH'],
      PYENV_ROOT: process.env['PYENV_ROOT'] ?? join(process.env['HOME'] ?? '', '.pyenv'),
      HOME: home,
      AWS_CONFIG_FILE: join(home, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_DEFAULT_OUTPUT: 'text',
      AWS_ENDPOINT_URL: served.url,
      AWS_ACCESS_KEY_ID: signing.accessKeyId,
      AWS_SECRET_ACCESS_KEY: signing.secretAccessKey,
      AWS_DEFAULT_REGION: signing.region,
      QUEUE: uuidOf(state, 'queues', 'deploy'),
      PIPELINE: uuidOf(state, 'pipelines', 'web-deploy'),
      TOKEN: tokenFor(['pipeline_id']),
      OTHER: tokenFor([]),
    }
    const promised = readFileSync(file, 'utf8')
    const lines: string[] = []
    let isOutput = false
    for (const line of promised.split('\n')) {
      if (line.startsWith('```') || line.startsWith('$ ')) isOutput = false
      if (!isOutput) lines.push(line)
      if (!line.startsWith('$ ')) continue
      isOutput = true
      const said = await shown(line.slice(2), env)
      if (said !== '') lines.push(said)
    }
    await served.close()
    const happened = lines.join('\n')
    if (process.env['UPDATE'] === '1' && !isCi) writeFileSync(file, happened)
    else expect(happened).toBe(promised)
  },
  120_000,
)
