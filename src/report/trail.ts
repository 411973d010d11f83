import { accessCodes } from '../model/access-codes.js'
import type { Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Hop, Path, PathNumber } from '../model/verdict.js'
import { visible } from './escape.js'

const slugs = new Map<PathNumber, string>(Object.entries(accessCodes).map(([slug, { path }]) => [path, slug]))

/** `R9 fork-builds`: a path's number with the slug that findings carry and `explain` knows. */
export const numberAndSlug = (path: PathNumber): string => {
  const slug = slugs.get(path)
  return slug === undefined ? path : `${path} ${slug}`
}

/** An address as people say it: the organization has no name of its own in one. */
export const placeName = (address: Address): string =>
  address === 'organization:' ? 'organization' : visible(address)

/** Where a fact was read: `bridle.yaml:12:5`, or `GraphQL Team.members of team:web`. */
export const placeOf = ({ at }: Fact): string =>
  at.from === 'file'
    ? visible(`${at.span.file}:${at.span.line}:${at.span.column}`)
    : visible(`${at.api} ${at.field} of ${at.address}`)

/** How many places a hop names. The JSON report has them all. */
const mostPlaces = 2

const evidence = ({ path, facts, assumes, accepted }: Hop): string => {
  const places = [...new Set(facts.map(placeOf))]
  const more = places.length > mostPlaces ? [`and ${String(places.length - mostPlaces)} more`] : []
  const said = [
    ...(path === 'rule' ? [] : [path]),
    ...(assumes === undefined ? [] : [accepted === true ? 'accepted' : 'assumed']),
    ...places.slice(0, mostPlaces),
    ...more,
  ]
  return said.length === 0 ? '' : `  (${said.join(', ')})`
}

/** A stop on the way that belongs to one rule says nothing more than that rule's clause. */
const power = ({ to }: Hop) => (to.startsWith('can use R') ? '' : ` → ${visible(to)}`)

/** How somebody reaches something: who, and then a line for each hop. */
export const trailLines = (hops: readonly Hop[]): { readonly who: string; readonly hops: string[] } => ({
  who: visible(hops[0]?.from.join(' and ') ?? ''),
  hops: hops.map((hop, at) => `${String(at + 1)}. ${visible(hop.says)}${power(hop)}${evidence(hop)}`),
})

/** `by R4 and R19`, shortly; `by the decision rule` where no numbered path is needed. */
export const byNumbers = ({ numbers }: Pick<Path, 'numbers'>): string => {
  const numbered = numbers.filter((path) => path !== 'rule')
  return numbered.length === 0 ? 'as its level allows' : `by ${numbered.join(', ')}`
}
