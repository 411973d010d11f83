import { keyIn, namesIn, type Address } from '../model/address.js'
import { codes, type Code } from '../model/codes.js'
import type { Placed } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import type { Span } from '../model/span.js'

const said = (
  code: Code,
  at: Span,
  what: string,
  { fix, label, why = codes[code].why }: { fix: string; label?: string; why?: string },
): Finding => ({
  code,
  severity: 'error',
  what,
  where: [at],
  ...(label !== undefined && { label }),
  why,
  fix,
})

const named = (queue: Address): string => `queue "${namesIn(keyIn(queue)).join('/')}"`

/** What the gate would have to know, and no file says. */
export const lacking = {
  pipelines: (queue: Address, at: Span): Finding =>
    said('gate-lacks', at, `the hook of ${named(queue)} does not say which pipelines it lets in`, {
      fix: 'write `pipelines` beside the mode of the hook, with their slugs',
      why: 'the queue has an `allow` of its own, and pipelines of its cluster run what others decide',
    }),
  repository: (queue: Address, slug: string, at: Span): Finding =>
    said('gate-lacks', at, `the gate of ${named(queue)} would let in any repository of pipeline "${slug}"`, {
      fix: `write \`repository\` under pipelines.${slug}`,
    }),
  branches: (queue: Address, slug: string, at: Span): Finding =>
    said('gate-lacks', at, `the gate of ${named(queue)} would let in any branch of pipeline "${slug}"`, {
      fix: `write \`branch_configuration\` or \`default_branch\` under pipelines.${slug}, or \`hook: { branches: [main] }\``,
    }),
  positive: (queue: Address, slug: string, at: Span): Finding =>
    said(
      'gate-lacks',
      at,
      `the gate of ${named(queue)} is told which refs of "${slug}" not to let in, and not which`,
      {
        fix: 'name those that it lets in, before those that it does not',
      },
    ),
  parents: (queue: Address, slug: string, at: Span): Finding =>
    said('gate-lacks', at, `the gate of ${named(queue)} would let any pipeline start "${slug}"`, {
      fix: `write \`triggered_by\` under pipelines.${slug}.hook, or declare the rule that lets a pipeline start it`,
    }),
}

/** A pattern that is no border. */
export const allowsEverything = (queue: Address, slug: string, { value, at }: Placed<string>): Finding =>
  said(
    'gate-allows-all',
    at,
    `"${value}" lets any branch or tag of pipeline "${slug}" onto ${named(queue)}`,
    {
      label: 'matches everything',
      fix: 'name the branches: main, "release/*"',
    },
  )

/** Code of people who have no say anywhere. */
export const letsForksIn = (queue: Address, slug: string, at: Span): Finding =>
  said(
    'gate-allows-all',
    at,
    `\`pull_requests: forks\` lets code of any fork of "${slug}" onto ${named(queue)}`,
    {
      fix: 'take it out, and build pull requests in a cluster where anybody may run something',
    },
  )

/** A variable that nobody should be able to set from outside. */
export const runsCode = (queue: Address, { value, at }: Placed<string>): Finding =>
  said('gate-runs-code', at, `the gate of ${named(queue)} would let jobs bring their own ${value}`, {
    label: 'decides what runs, or where it comes from',
    fix: 'take it out, and set it in the steps or on the agent',
  })

/** A pipeline that is let in and is there to be refused. */
export const canaryLetIn = (queue: Address, { value, at }: Placed<string>): Finding =>
  said('unfit-canary', at, `the hook of ${named(queue)} lets in "${value}", which is there to be refused`, {
    label: 'a canary',
    fix: 'take it out of `pipelines`, or make a pipeline of its own the canary',
  })

/** Something declared that will not run. */
export const refusedAnyway = (queue: Address, what: string, at: Span): Finding => ({
  ...said('gate-refuses', at, `${what}, which the gate of ${named(queue)} refuses`, {
    fix: 'let it in, under `hook` of the pipeline, or take out what starts it',
  }),
  severity: 'warning',
})

const listed = (names: Iterable<string>): string => [...names].sort().slice(0, 5).join(', ')

/** Names that nothing has. */
export const unknown = {
  account: (queue: Address, { value, at }: Placed<string>, accounts: ReadonlySet<string>): Finding =>
    said(
      'unknown-account',
      at,
      `the policy of ${named(queue)} is to be in account "${value}", which \`aws.accounts\` does not have`,
      {
        label: accounts.size === 0 ? 'it has none' : `it has: ${listed(accounts)}`,
        fix: 'correct the name, or declare the account: { id: "111111111111", region: eu-west-1 }',
      },
    ),
  pipeline: (queue: Address, { value, at }: Placed<string>, cluster: string): Finding =>
    said(
      'unknown-reference',
      at,
      `the hook of ${named(queue)} names pipeline "${value}", which no file declares in cluster "${cluster}"`,
      {
        label: 'unknown',
        why: 'what a gate lets in is taken from what is declared of the pipeline',
        fix: `declare it under \`pipelines\` with \`cluster: ${cluster}\`, or correct the name`,
      },
    ),
  canary: (queue: Address, { value, at }: Placed<string>, cluster: string): Finding =>
    said(
      'unfit-canary',
      at,
      `the canary of ${named(queue)} is pipeline "${value}", which no file declares in cluster "${cluster}"`,
      {
        label: 'unknown',
        fix: `declare it: pipelines: { ${value}: { cluster: ${cluster}, repository: URL, teams: {}, steps: "steps: [{ command: 'echo the gate let the canary in', agents: { queue: ${namesIn(keyIn(queue))[1] ?? ''} } }]" } }`,
      },
    ),
  parent: (slug: string, { value, at }: Placed<string>): Finding =>
    said('unknown-reference', at, `pipeline "${value}", which may start "${slug}", is declared in no file`, {
      label: 'unknown',
      why: 'a slug that nobody holds is one that somebody can take',
      fix: 'declare it under `pipelines`, or correct the name',
    }),
  role: (slug: string, { value, at }: Placed<string>): Finding =>
    said('unknown-reference', at, `the role "${value}" of pipeline "${slug}" is declared in no file`, {
      label: 'unknown',
      why: 'its ARN follows from what is declared of it',
      fix: 'declare it under aws.roles, or correct the name',
    }),
}

/** Parameters that two would write. */
export const twice = (
  derived: readonly { readonly id: string; readonly name: string; readonly at: Span }[],
  written: ReadonlyMap<string, Span>,
): Finding[] => {
  const seen = new Map<string, Span>(written)
  return derived.flatMap(({ id, name, at }) => {
    const first = seen.get(id)
    seen.set(id, first ?? at)
    if (first === undefined) return []
    return [
      {
        ...said(
          'declared-twice',
          first,
          `${name} is declared twice: bridle makes it from the hook of a queue`,
          {
            label: 'the other time',
            fix: 'take this one out, or give the hook another `parameter`',
          },
        ),
        where: [first, at],
      },
    ]
  })
}
