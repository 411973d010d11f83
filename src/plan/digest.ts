import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { kinds } from '../kinds/index.js'
import type { Wanted } from '../model/wanted.js'
import type { Survey } from './survey.js'

/** SHA-256, in hexadecimal, of data in its canonical form (RFC 8785): the order of keys makes no difference. */
const digestOf = (data: unknown): string =>
  createHash('sha256')
    .update(canonicalize(data) ?? '')
    .digest('hex')

/** What the files say, without where they say it. */
export const wantedDigest = ({ organization, wants, covers, manage, ignore }: Wanted): string =>
  digestOf({
    organization,
    wants: wants.map(({ address, spec, was }) => ({ address, spec, was })),
    covers: [...covers].sort(),
    manage,
    ignore,
  })

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
