import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { kinds } from '../../src/kinds/index.js'
import type { Call } from '../../src/model/call.js'
import { isRef } from '../../src/model/ref.js'

/**
 * A line of a table: what is wanted (and, for an update or a removal, what is there), and the calls that must come of
 * it, each written as it would be said: `{ QueueCreate: { key: m2 } }`, `{ "PATCH pipelines/<pipeline:web slug>": … }`.
 */
interface Case {
  readonly name: string
  readonly create?: Record<string, unknown>
  readonly update?: Record<string, unknown>
  readonly remove?: boolean
  /** What is written besides what differs. */
  readonly want?: Record<string, unknown>
  readonly have?: Record<string, unknown>
  readonly calls?: Record<string, unknown>[]
  readonly risk?: string
  readonly refused?: string
  readonly cannot?: string
}

const shown = (value: unknown): unknown =>
  isRef(value)
    ? `<${value.$ref} ${value.field}>`
    : Array.isArray(value)
      ? value.map(shown)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]))
        : value

const said = (call: Call): Record<string, unknown> =>
  call.via === 'graphql'
    ? { [call.operation]: shown(call.input) }
    : call.via === 'aws'
      ? { [`${call.service}:${call.operation}`]: shown(call.input) }
      : { [`${call.method} ${call.path.map(shown).join('/')}`]: shown(call.body) }

for (const file of readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.yaml'))) {
  const name = file.replace('.yaml', '')
  const kind = kinds.find((kind) => kind.name === name)!
  const cases = parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Case[]

  describe(name, () => {
    test.each(cases)('$name', (one) => {
      const live = { key: '', id: 'THE-ID', uuid: 'the-uuid', spec: one.have ?? {} }
      if (one.refused !== undefined) {
        const objections = kind.check?.(one.create ?? {}) ?? []
        expect(objections.map(({ field }) => field)).toEqual([one.refused])
        return
      }
      if (one.cannot !== undefined) {
        expect(
          (kind.cannot?.(one.update ?? {}, live, { ...one.update, ...one.want }) ?? []).map(
            ({ field }) => field,
          ),
        ).toEqual([one.cannot])
        return
      }
      const calls =
        one.create !== undefined
          ? kind.operations.create(one.create)
          : one.update !== undefined
            ? kind.operations.update(one.update, live)
            : kind.operations.remove(live)
      expect(calls.map(said)).toEqual(one.calls)
      const change =
        one.create !== undefined
          ? ({ verb: 'create', want: one.create } as const)
          : one.update !== undefined
            ? ({ verb: 'update', want: one.update, have: live } as const)
            : ({ verb: 'remove', have: live } as const)
      expect(kind.risk(change).level).toBe(one.risk ?? 'safe')
    })
  })
}

test('every kind has a table', () => {
  const tables = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.yaml'))
  expect(tables.map((file) => file.replace('.yaml', '')).sort()).toEqual(kinds.map(({ name }) => name).sort())
})
