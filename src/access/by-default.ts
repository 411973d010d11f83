import type { Address } from '../model/address.js'
import type { DeclaredAccess } from '../model/declared-access.js'
import type { Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Facts } from './facts.js'

/**
 * What comes to a privileged place by naming no place, and privileged queues on machines of Buildkite's, as they were
 * read. What the files say themselves, whoever reads the files has said.
 *
 * @param isWritten  whether the files say the same
 */
export const privilegedByDefault = (
  facts: Facts,
  { allow }: DeclaredAccess,
  isWritten: (fact: Fact) => boolean,
): readonly Finding[] => {
  const told = (power: 'default-cluster' | 'default-queue' | 'hosted') =>
    facts.of(power).filter((fact) => fact.sure && fact.at.from === 'api' && !isWritten(fact))
  const finding = (cluster: Address | undefined, words: Pick<Finding, 'code' | 'what' | 'why' | 'fix'>) => {
    const at = allow.find(({ on }) => on === cluster)?.at
    return at === undefined ? [] : [{ ...words, severity: 'warning' as const, where: [at] }]
  }
  return [
    ...told('default-cluster').flatMap(({ of: cluster }) =>
      finding(cluster, {
        code: 'privileged-by-default',
        what: `${cluster} is privileged, and new pipelines land in it`,
        why: 'whoever may create a pipeline creates it inside of the border',
        fix: 'write a cluster without `allow` as settings.default_cluster, or null',
      }),
    ),
    ...told('default-queue').flatMap(({ of: queue, on: cluster }) =>
      finding(cluster, {
        code: 'privileged-by-default',
        what: `${queue} is privileged, and gets the jobs that name no queue`,
        why: 'a step whose queue was forgotten runs there, and nobody meant it to',
        fix: 'write `default_queue: null`, and name the queue in the steps that are meant for it',
      }),
    ),
    ...told('hosted').flatMap(({ of: queue }) =>
      finding(facts.on('has-queue', queue)[0]?.of, {
        code: 'privileged-hosted',
        what: `${queue} is privileged, and Buildkite runs its machines`,
        why: 'terminals open into its jobs, its cluster shares caches, and no hook of yours refuses a job there',
        fix: 'use agents of your own; or switch terminal access off in Buildkite, and accept what stays assumed',
      }),
    ),
  ]
}
