import { edit } from '../../src/sandbox/edit.js'
import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { errorsIn, fresh, groundOf, stoppedClock, type Ground } from './ground.js'

/** A cluster that is for `release` alone, and one for everybody. */
export const declaration = {
  organization: 'acme',
  trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
  ignore: { teams: ['everyone'] },
  settings: { default_cluster: 'general' },
  teams: {
    web: { members: { 'ada@acme.test': 'member' } },
    release: { members: { 'cy@acme.test': 'member' } },
  },
  clusters: {
    general: { default_queue: 'default', queues: { default: {} } },
    production: { allow: { teams: ['release'] }, queues: { deploy: {} } },
  },
  pipelines: {
    web: { cluster: 'general', repository: 'git@github.com:acme/web.git', teams: { web: 'build_and_read' } },
    deploy: {
      cluster: 'production',
      repository: 'git@github.com:acme/web.git',
      teams: { release: 'build_and_read', web: 'read_only' },
    },
  },
}

type Declaration = typeof declaration

/** The same, changed. */
export const with_ = (change: (copy: Declaration) => void): Declaration => {
  const copy = structuredClone(declaration)
  change(copy)
  return copy
}

export const set = (object: object, key: string, value: unknown) => Object.assign(object, { [key]: value })

/** An organization that is as declared. */
export const applied = async (files: object = declaration): Promise<Ground> => {
  const ground = fresh()
  const { outcomes, ...result } = await ground.apply(files, { allowWidening: true })
  if (errorsIn(result).length > 0 || outcomes.some(({ state }) => state !== 'done'))
    throw new Error(errorsIn(result).join('\n'))
  return ground
}

/** The same organization after changes by hand, each a list of words. */
const edited = ({ state }: Sandbox, ...changes: readonly (readonly string[])[]): Sandbox => {
  let now = state
  for (const words of changes) {
    const { state: next, said } = edit(now, words, { now: '2026-11-22T00:00:00.000Z' })
    if (next === undefined) throw new Error(said)
    now = next
  }
  return sandbox({ state: now, clock: stoppedClock(), limits: 'off' })
}

export const byHand = ({ sandbox: it }: Ground, ...changes: readonly (readonly string[])[]): Ground =>
  groundOf(edited(it, ...changes))

/** A fetch that somebody uses the moment after: once a request that fits is answered, they change things by hand. */
export const meddled = (
  { sandbox: it }: Ground,
  fits: (body: string) => boolean,
  ...changes: readonly (readonly string[])[]
): typeof fetch => {
  let now = it
  let waits = true
  return async (input, init) => {
    const answer = await now.fetch(input, init)
    if (waits && typeof init?.body === 'string' && fits(init.body)) {
      waits = false
      now = edited(now, ...changes)
    }
    return answer
  }
}

/** The codes of what stands in the way. */
export const codes = ({ findings }: { findings: readonly { code: string; severity: string }[] }) =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
