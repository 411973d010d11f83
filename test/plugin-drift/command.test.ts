import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../..', import.meta.url))
const hook = `${root}plugin-drift/hooks/command`
/** What users run: `npm test` builds it first. */
const main = `${root}dist/src/main.js`

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

const token = 'bkua_of-the-nightly-check'
const build = '0193a1e0-0000-4000-8000-000000000001'

/** An agent's machine: its programs write down how they are called. */
const machineWith = (programs: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-plugin-'))
  folders.push(folder)
  for (const part of ['bin', 'tmp', 'kept']) mkdirSync(join(folder, part))
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  const path = `${folder}/bin:/usr/bin:/bin`
  return {
    folder,
    run: (env: Readonly<Record<string, string>>) => {
      const ran = spawnSync(hook, [], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: path, TMPDIR: join(folder, 'tmp'), FOLDER: folder, LOG: join(folder, 'log'), ...env },
      })
      const log = spawnSync('cat', [join(folder, 'log')], { encoding: 'utf8' }).stdout
      return { ...ran, log, left: readdirSync(join(folder, 'tmp')) }
    },
  }
}

const agent = `
printf 'agent %s\\n' "$*" >>"$LOG"
case "$1" in
  oidc) echo identity ;;
  annotate) cat >"$FOLDER/annotation" ;;
  artifact) case "$2" in upload) cp bridle-drift.* "$FOLDER/kept" ;; download) cp "$FOLDER"/kept/bridle-drift.json "$4" ;; esac ;;
esac`
const aws = `
printf 'aws %s\\n' "$*" >>"$LOG"
case "$*" in *token*) echo ${token} ;; *) echo '{"exit":0,"build":"${build}"}' ;; esac`
const bridle = `printf 'bridle %s\\n' "$*" >>"$LOG"; printf 'token %s\\n' "$BUILDKITE_API_TOKEN" >>"$LOG"; exit 10`

const prefix = 'BUILDKITE_PLUGIN_BRIDLE_DRIFT_'
const settings = {
  [`${prefix}ROLE`]: 'arn:aws:iam::111111111111:role/buildkite/pipeline/bridle-drift',
  [`${prefix}REGION`]: 'eu-west-1',
  [`${prefix}TOKEN_PARAMETER`]: '/bridle/buildkite-token',
}

describe('the plugin', () => {
  const shellcheck = spawnSync('shellcheck', ['-o', 'all', hook], { encoding: 'utf8' })
  test.skipIf(shellcheck.error !== undefined)('is nothing that shellcheck has something to say of', () =>
    expect(shellcheck.stdout).toBe(''),
  )

  test('reads every setting that it says it has', () => {
    const { configuration } = parse(readFileSync(`${root}plugin-drift/plugin.yml`, 'utf8'))
    const names = Object.keys(configuration.properties).map(
      (key) => prefix + key.toUpperCase().replaceAll('-', '_'),
    )
    const read = [...readFileSync(hook, 'utf8').matchAll(/BUILDKITE_PLUGIN_BRIDLE_DRIFT_\w+/g)].map(
      ([name]) => name,
    )
    expect([...new Set(read)].sort()).toEqual(names.sort())
  })

  test('hands on how bridle ends, with a token that is in no list of arguments', () => {
    const { status, log, left } = machineWith({ 'buildkite-agent': agent, aws, bridle }).run(settings)
    expect(status).toBe(10)
    expect(left).toEqual([])
    expect(
      log
        .split('\n')
        .filter((line) => !line.startsWith('token '))
        .join('\n'),
    ).not.toContain(token)
    expect(log).toMatch(/^bridle drift\ntoken bkua_of-the-nightly-check$/m)
  })

  test('takes what the job has where nothing is written', () => {
    const env = { BUILDKITE_API_TOKEN: token, [`${prefix}FILE`]: 'a file.yaml' }
    const { log } = machineWith({ 'buildkite-agent': agent, bridle }).run(env)
    expect(log).toBe(`bridle drift --file a file.yaml\ntoken ${token}\n`)
  })

  test.each([
    ['no token', { bridle }, {}, /there is no token/],
    ['no bridle', {}, settings, /there is no bridle on PATH/],
    [
      'an agent that says no',
      { bridle, aws, 'buildkite-agent': 'exit 1' },
      settings,
      /gave no token that says who/,
    ],
    [
      'a parameter that can not be read',
      { bridle, aws: 'exit 254', 'buildkite-agent': agent },
      settings,
      /can not be read from \/bridle/,
    ],
  ] as const)('ends with 4: %s', (_, programs, env, says) => {
    const { status, stderr, left } = machineWith(programs).run(env)
    expect([status, stderr, left]).toEqual([4, expect.stringMatching(says), []])
  })

  test('two nights with bridle itself: the second one knows the first', { timeout: 60_000 }, () => {
    const { folder, run } = machineWith({
      'buildkite-agent': agent,
      aws,
      bridle: `shift; exec '${process.execPath}' '${main}' drift --sandbox state.json "$@"`,
    })
    writeFileSync(join(folder, 'bridle.yaml'), 'organization: acme\nteams: { web: {} }\n')
    const env = {
      ...settings,
      [`${prefix}HEARTBEAT_PARAMETER`]: '/bridle/heartbeat',
      BUILDKITE_JOB_ID: 'job',
      BUILDKITE_AGENT_ACCESS_TOKEN: 'bkaj_job',
    }
    const first = run(env)
    expect(first.status).toBe(10)
    expect(first.log).toContain('agent annotate --context bridle-drift --style warning\n')
    expect(readFileSync(join(folder, 'annotation'), 'utf8')).toContain('#### `team web (missing)`')
    expect(readdirSync(join(folder, 'kept')).sort()).toEqual([
      'bridle-drift.json',
      'bridle-drift.junit.xml',
      'bridle-drift.sarif',
    ])
    const second = run(env)
    expect(second.status).toBe(10)
    expect(second.log).toContain(`--build ${build}`)
    expect(readFileSync(join(folder, 'annotation'), 'utf8')).toMatch(
      /#### `team web \(missing, since .* UTC\)`/,
    )
    expect(second.left).toEqual([])
  })
})
