import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { RoleWorld } from '../../../src/access/roles/world.js'
import { roleWorld, type WrittenRole, type WrittenWorld } from './world.js'

/** One line of a table; README.md beside this file says what each key is. */
export interface Case extends WrittenWorld {
  readonly name: string
  readonly role?: WrittenRole
  readonly called?: string
  readonly on?: string
  readonly finds: 'error' | 'warning' | 'nothing'
  readonly says?: string
  readonly at?: string
}

const folder = new URL('.', import.meta.url)

/** All tables, by the names of their files. */
export const tables: readonly (readonly [file: string, cases: readonly Case[]])[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const { cases } = parse(readFileSync(new URL(name, folder), 'utf8')) as {
      readonly cases: readonly Case[]
    }
    return [name, cases]
  })

/** The world of a case, with the role under test among the others. */
export const worldOf = ({ role, called = 'prod/app', on, roles, instance_roles, ...rest }: Case): RoleWorld =>
  roleWorld({
    ...rest,
    roles: { ...(role && { [called]: role }), ...roles },
    instance_roles: { ...instance_roles, ...(on !== undefined && { [on]: called }) },
  })
