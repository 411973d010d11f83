import { parse } from 'yaml'
import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import { rowsUnlessHidden } from '../hidden.js'
import { incomplete } from '../incomplete.js'
import type { Thing } from '../kind.js'
import { clusterAddress } from './cluster.js'

/** A value that jobs of a cluster read by its key. bridle sees the key and who may read it, as nobody sees the value. */
export interface Secret {
  readonly cluster: string
  /** Undefined where the cluster's secrets are out of sight. */
  readonly key: string | undefined
  /** Whether every job of the cluster may read it. Undefined where nobody can tell. */
  readonly for_all: boolean | undefined
}

/** The secrets of the clusters that are looked at closely. */
export const secret: Thing<Secret> = {
  name: 'secret',
  plural: 'secrets',
  source: 'REST GET clusters/{id}/secrets',
  asks: { graphql: [api.Clusters], rest: ['closely'] },
  async *read(buildkite, scope) {
    for await (const { uuid, name: cluster } of buildkite.pages(api.Clusters, {})) {
      if (scope?.clusters.has(cluster) === false) continue
      const rows = await rowsUnlessHidden(buildkite.restPages(`clusters/${uuid}/secrets`))
      if (rows === undefined) {
        const spec: Secret = { cluster, key: undefined, for_all: undefined }
        yield { key: keyOf(cluster, 'unknown'), id: '', uuid: '', spec }
      }
      for (const { id, key, policy } of rows ?? []) {
        if (typeof key !== 'string' || typeof id !== 'string')
          throw incomplete('GET secrets', `a secret of cluster "${cluster}" has no key`)
        const spec: Secret = { cluster, key, for_all: isForAll(policy) }
        yield { key: keyOf(cluster, key), id, uuid: id, spec }
      }
    }
  },
  grants: ({ cluster, key = 'unknown', for_all }) =>
    switched(for_all, 'secret-for-all', addressOf('secret', cluster, key), clusterAddress(cluster), 'policy'),
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Whether a policy leaves a secret to every job of its cluster. Of its rules any one lets a job in, so each has to name
 * pipelines, by what Buildkite itself vouches for: slugs, branches and creators are said by others, every pipeline may
 * use every queue, and a pattern may match any.
 *
 * @source access model §3.15, R37: policies are a list of rules, and every claim of a rule has to match
 */
export const isForAll = (policy: unknown): boolean | undefined => {
  if (policy === null || policy === '') return true
  if (typeof policy !== 'string') return undefined
  const rules = parsed(policy)
  if (rules === null) return true
  if (!Array.isArray(rules) || rules.length === 0 || !rules.every(isObject)) return undefined
  return !rules.every(({ pipeline_id: ids }) => {
    const named: readonly unknown[] = Array.isArray(ids) ? ids : [ids]
    return named.length > 0 && named.every((id) => typeof id === 'string' && id !== '' && !id.includes('*'))
  })
}

/** Undefined for what is no YAML. */
const parsed = (text: string): unknown => {
  try {
    return parse(text) as unknown
  } catch {
    return undefined
  }
}
