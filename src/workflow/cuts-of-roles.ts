import { entryKey } from '../access/role-borders.js'
import type { CutEdit } from '../access/cut.js'
import { keyIn, namesIn } from '../model/address.js'
import type { Fact, Power } from '../model/grant.js'
import type { Json } from '../model/json.js'
import type { Grounds } from './ground.js'

/** The ways into a role that a trust says. What machines carry is no trust: a file tells of it, and changes nothing. */
const byTrust: ReadonlySet<Power> = new Set<Power>(['becomes', 'becomes-by-name', 'assumes', 'admits'])

/** A line of a trust, as files write it. */
type Line = Readonly<Record<string, Json | undefined>>

const isLine = (item: Json): item is Line => typeof item === 'object' && item !== null && !Array.isArray(item)

const isDocument = (line: Line): boolean => line['document'] !== undefined || line['file'] !== undefined

/** Whether a line of a trust lets in whom a fact tells of. */
const lets = (line: Line, { power, of, by }: Fact): boolean => {
  const [name = ''] = namesIn(keyIn(of)).slice(-1)
  if (power === 'assumes') return line['role'] === keyIn(of)
  if (power === 'admits') return typeof line['service'] === 'string' && `principal:${line['service']}` === of
  return of.startsWith('pipeline:') && line['pipeline'] === name && line['queue'] === by
}

/** Whom a way into a role is for, in a few words. */
const whom = ({ power, of, by }: Fact): string => {
  const queue = by === undefined ? '' : ` on queue:${by}`
  if (power === 'becomes')
    return of === 'organization:' ? 'any job of the organization' : `jobs of ${of}${queue}`
  if (power === 'becomes-by-name') return 'pipelines that it knows by name'
  return of === 'outsider:anybody' ? 'anybody' : power === 'admits' ? keyIn(of) : of
}

/** What is written of a trust, and where: the lines that a fact rests on, or the documents where none of them tells of it. */
export interface TrustLines {
  readonly path: readonly (string | number)[]
  /** The numbers of the lines to take out. */
  readonly lines: (list: Json | undefined) => readonly number[]
}

/** The lines that let somebody into a role. Where a document beside them may do so as well, none alone is enough. */
export const linesFor = (fact: Fact): TrustLines => ({
  path: ['aws', 'roles', keyIn(fact.on), 'trust'],
  lines: (list) => {
    const all = Array.isArray(list) ? (list as readonly Json[]) : []
    const numbered = all.flatMap((item, index) => (isLine(item) ? [{ item, index }] : []))
    const named = numbered.filter(({ item }) => lets(item, fact))
    const documents = numbered.filter(({ item }) => isDocument(item))
    const out = [...named, ...documents].map(({ index }) => index).sort((a, b) => a - b)
    // A trust has one line at least: without any it is no trust.
    return out.length === all.length ? [] : out
  },
})

/**
 * What a way into a role is cut by. Ways that the files do not mean come first, those that they mean last, and among the
 * others those that can be taken out of a file.
 */
export const roleEdit = (
  { borders, wanted }: Grounds,
  fact: Fact,
): (Pick<CutEdit, 'says' | 'isHarsh'> & { readonly when: 'first' | 'late' | 'last' }) | undefined => {
  if (!byTrust.has(fact.power) && fact.power !== 'rewrites') return undefined
  const meant = borders.find(({ on }) => on === fact.on)?.meant
  if (fact.power === 'rewrites')
    return {
      says: `take what lets it write or pass ${fact.on} from the policies of ${fact.of}`,
      when: meant === undefined ? 'last' : 'first',
    }
  // What a role may become is for those alone who are meant to have the role.
  const isMeant =
    meant?.has(entryKey(fact)) === true &&
    (fact.power !== 'assumes' || borders.some(({ on }) => on === fact.of))
  const trust = wanted.wants.find(({ address }) => address === fact.on)?.spec['trust']
  const where = trust === undefined ? ', in IAM' : ''
  return {
    says: `take ${whom(fact)} out of the trust of ${fact.on}${where}`,
    isHarsh: isMeant,
    when:
      meant !== undefined && !isMeant ? 'first' : Array.isArray(trust) && trust.length > 1 ? 'late' : 'last',
  }
}
