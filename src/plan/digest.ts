import { createHash } from 'node:crypto'
import { kinds } from '../kinds/index.js'
import type { Wanted } from '../model/wanted.js'
import type { Survey } from './survey.js'

/** The same data with the keys of every object in one order. */
const ordered = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(ordered)
  if (typeof data !== 'object' || data === null) return data
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, value]) => [key, ordered(value)]))
}

/**
 * SHA-256, in hexadecimal, of data: the order of keys makes no difference. Not RFC 8785, which has no place for half of a
 * surrogate pair; JSON.stringify writes it as an escape, and names from outside may hold one.
 */
const digestOf = (data: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(data)))
    .digest('hex')

/** What the files say, without where they say it. */
export const wantedDigest = ({ organization, wants, covers, manage, ignore, access, aws }: Wanted): string =>
  digestOf({
    organization,
    wants: wants.map(({ address, spec, was }) => ({ address, spec, was })),
    covers: [...covers].sort(),
    manage,
    ignore,
    ...(access.allow.length > 0 && { access: withoutPlaces(access) }),
    ...(aws !== undefined && { aws: withoutPlaces(aws) }),
  })

/** Data without the spans in it: moving a line makes no reviewed plan stale. */
const withoutPlaces = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(withoutPlaces)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data)
      .filter(([key]) => key !== 'at')
      .map(([key, value]) => [key, withoutPlaces(value)]),
  )
}

/** What is there, without what changes by itself: a build number that grew makes no reviewed plan stale. */
export const liveDigest = ({ organization, live }: Survey): string =>
  digestOf({
    organization: organization.uuid,
    live: kinds.flatMap((kind) =>
      (live.get(kind.name) ?? [])
        .map(({ key, uuid, spec }) => ({
          address: `${kind.name}:${key}`,
          uuid,
          spec: Object.fromEntries(
            Object.entries(spec as object).filter(([field]) => kind.volatile?.includes(field) !== true),
          ),
        }))
        .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)),
    ),
  })
