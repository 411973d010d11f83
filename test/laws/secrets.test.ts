import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { stringify } from 'yaml'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import { freshState, stoppedClock, token } from '../support/ground.js'
import { law } from '../support/law.js'
import { worldOf } from '../support/world.js'
import { declarations } from './declarations.js'
import { turns } from './privileged.js'

/** Every kind of secret that Buildkite has, each with a part of its own to look for. */
const prefixes = ['bkua_', 'bktx_', 'bkct_', 'bkar_', 'bkaa_', 'bkaj_', 'bkpat_', 'bkps_', 'bktr_', 'bkpt_']
const hidden = (n: number) => `5ecret${n}5ecret${n}5ecret${n}`
const secrets = [
  ...prefixes.map((prefix, n) => ({ text: `${prefix}${hidden(n)}`, hidden: hidden(n) })),
  { text: `https://webhook.buildkite.com/deliver/${hidden(99)}`, hidden: hidden(99) },
]
const hiddens = [token.slice('bkua_'.length), ...secrets.map(({ hidden }) => hidden)]

const planted = fc.constantFrom(...secrets)
const harms = fc.option(
  planted.chain(({ text }) =>
    fc.constantFrom(
      { fault: 'error', message: `no: ${text} ${token}` } as const,
      {
        fault: 'answer',
        status: 401,
        body: JSON.stringify({ message: `who is ${token}? not ${text}` }),
      } as const,
      {
        fault: 'answer',
        status: 403,
        body: `{"message":"Your access token ${token} doesn't have the ${text} scope"}`,
      } as const,
      { fault: 'answer', status: 200, body: `<html>${text} ${token}</html>` } as const,
      { fault: 'network' } as const,
    ),
  ),
)

let shown = 0

law(
  'no secret is in any output or file',
  fc.record({
    declaration: fc.oneof(
      declarations,
      turns.map(({ want }): object => want),
    ),
    live: planted,
    declared: fc.option(planted),
    harm: harms,
    on: fc.constantFrom('query', 'mutation', 'rest', 'Teams'),
    format: fc.constantFrom('text', 'json', 'markdown'),
  }),
  async ({ declaration, live, declared, harm, on, format }) => {
    let state = freshState()
    for (const words of [
      ['set', 'team:everyone', `description=${live.text}`],
      ['create', 'team:web'],
      ['set', 'team:web', `description=was ${live.text} once`],
    ])
      state = edit(state, words, { now: '2026-11-22T00:00:00.000Z' }).state ?? state
    const teams = {
      ...(declaration as { teams: object }).teams,
      web: { description: declared?.text ?? 'fine' },
    }
    const buildkite = sandbox({ state, clock: stoppedClock(), limits: 'off' })
    if (harm !== null) buildkite.faults.push({ on, times: 'always', ...harm })
    const input = stringify({ ...declaration, teams })
    const world = worldOf({
      files: { 'bridle.yaml': input },
      env: { BUILDKITE_API_TOKEN: token },
      fetch: buildkite.fetch,
    })
    for (const argv of [
      ['validate'],
      ['doctor'],
      ['plan', '--out', 'plan.json'],
      ['apply', '--yes'],
      ['drift'],
      ['plan', '--debug'],
    ]) {
      const { output } = await world.run(...argv, '--format', format)
      for (const secret of hiddens) expect(output, argv.join(' ')).not.toContain(secret)
      if (output.includes('redacted')) shown += 1
    }
    for (const [path, text] of Object.entries(world.files))
      if (path !== 'bridle.yaml') for (const secret of hiddens) expect(text, path).not.toContain(secret)
  },
)

afterAll(() => {
  expect(shown, 'secrets were on their way out, and were stopped').toBeGreaterThan(10)
})
