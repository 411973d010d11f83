import { Kind, OperationTypeNode, parse, visit, type DocumentNode, type SelectionSetNode } from 'graphql'
import { addressOf, keyOf } from '../../model/address.js'
import { granted, switched } from '../../model/grant.js'
import { rowsUnlessHidden } from '../hidden.js'
import { incomplete } from '../incomplete.js'
import type { Thing } from '../kind.js'

/** A stored operation with an address and tokens of its own, which runs with an administrator's rights. */
export interface Portal {
  /** Undefined where the portals are out of sight. */
  readonly slug: string | undefined
  /** The mutations that are stored in it, in order. Undefined where nobody can read what is. */
  readonly mutations: readonly string[] | undefined
  /** The fields that it tells, and that are secrets. */
  readonly tells: readonly string[]
}

const organization = addressOf('organization')

/** The portals of the organization. Their tokens are listed nowhere. */
export const portal: Thing<Portal> = {
  name: 'portal',
  plural: 'portals',
  source: 'REST GET portals',
  asks: { rest: ['one'] },
  async *read(buildkite) {
    const rows = await rowsUnlessHidden(buildkite.restPages('portals'))
    if (rows === undefined)
      yield { key: 'unknown', id: '', uuid: '', spec: { slug: undefined, mutations: undefined, tells: [] } }
    for (const { slug, query, uuid } of rows ?? []) {
      if (typeof slug !== 'string') throw incomplete('GET portals', 'a portal has no slug')
      const mutations = typeof query === 'string' ? mutationsIn(query) : undefined
      yield {
        key: keyOf(slug),
        id: '',
        uuid: typeof uuid === 'string' ? uuid : '',
        spec: { slug, mutations, tells: typeof query === 'string' ? secretsIn(query) : [] },
      }
    }
  },
  grants: ({ slug = 'unknown', mutations, tells }) => {
    const self = addressOf('portal', slug)
    return [
      ...(mutations === undefined
        ? switched(undefined, 'runs-operation', self, organization, 'query', 'what could not be read')
        : mutations.length === 0
          ? []
          : [granted('runs-operation', self, organization, 'query', mutations.join(', '))]),
      ...tells.map((field) => granted('tells-secrets', self, organization, 'query', field)),
    ]
  },
}

/** What Buildkite tells to whoever may edit, and that is all it takes to start a build or to connect an agent. */
const secrets: ReadonlySet<string> = new Set(['webhookURL', 'webhookUrl', 'token', 'tokenValue'])

/** The fields of a document that are secrets, wherever they stand in it: who calls it reads its answer. */
export const secretsIn = (text: string): readonly string[] => {
  const document = parsed(text)
  const found = new Set<string>()
  if (document !== undefined)
    visit(document, {
      Field: ({ name }) => {
        if (secrets.has(name.value)) found.add(name.value)
      },
    })
  return [...found].sort()
}

/**
 * The mutations of a document: the fields that its mutations select at their root, through fragments too.
 *
 * @returns undefined for what is no GraphQL, or holds what nobody can follow
 */
export const mutationsIn = (text: string): readonly string[] | undefined => {
  const document = parsed(text)
  if (document === undefined) return undefined
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet]] : [],
    ),
  )
  const found = new Set<string>()
  const followed = new Set<SelectionSetNode>()
  const follow = (selected: SelectionSetNode | undefined): boolean => {
    if (selected === undefined) return false
    if (followed.has(selected)) return true
    followed.add(selected)
    return selected.selections.every((one) => {
      if (one.kind === Kind.FRAGMENT_SPREAD) return follow(fragments.get(one.name.value))
      if (one.kind === Kind.INLINE_FRAGMENT) return follow(one.selectionSet)
      if (one.name.value !== '__typename') found.add(one.name.value)
      return true
    })
  }
  const isFollowed = document.definitions.every(
    (one) =>
      one.kind !== Kind.OPERATION_DEFINITION ||
      one.operation === OperationTypeNode.QUERY ||
      follow(one.selectionSet),
  )
  return isFollowed ? [...found].sort() : undefined
}

const parsed = (text: string): DocumentNode | undefined => {
  try {
    return parse(text, { noLocation: true, maxTokens: 10_000 })
  } catch {
    return undefined
  }
}
