import type { Outline, Pipeline } from './outline.js'

export const emailOf = (name: string): string => `${name}@acme.test`

/** The one who is trusted with everything. */
export const TRUSTED = 'bridle'

/** The clusters' secrets have one name, so that steps can ask for it. */
export const SECRET = 'KEY'

export const TEMPLATE = {
  name: 'usual',
  steps: 'agents:\n  queue: deploy\nsteps:\n  - command: "make usual"\n',
}

export const PORTAL = {
  slug: 'starter',
  query: 'mutation ($input: BuildCreateInput!) { buildCreate(input: $input) { build { id } } }',
}

const others = ({ pipelines }: Outline, slug: string) =>
  Object.keys(pipelines).filter((other) => other !== slug)

/** The text of a pipeline's steps. Where its cluster has no default queue, it names one that every cluster has. */
export const stepsOf = (outline: Outline, slug: string, pipeline: Pipeline): string => {
  const { defaultQueue = null } = outline.clusters[pipeline.cluster ?? ''] ?? {}
  return `${defaultQueue === null ? 'agents:\n  queue: deploy\n' : ''}${ownSteps(outline, slug, pipeline)}`
}

const ownSteps = (outline: Outline, slug: string, { steps }: Pipeline): string => {
  const [other = slug] = others(outline, slug)
  const [team = 'everyone'] = Object.keys(outline.teams)
  switch (steps) {
    case 'editor':
      return 'steps:\n  - command: "make"\n'
    case 'repository':
      return 'steps:\n  - command: "buildkite-agent pipeline upload"\n'
    case 'block':
      return `steps:\n  - block: "Go?"\n    allowed_teams: [${team}]\n    fields: [{ text: "What", key: what }]\n  - command: "make $(buildkite-agent meta-data get what)"\n`
    case 'gate':
      return `steps:\n  - block: "Go?"\n    allowed_teams: [${team}]\n  - command: "make"\n`
    case 'artifact':
      return `steps:\n  - command: "buildkite-agent artifact download x . --build ${other} && ./x"\n`
    case 'cache':
      return 'steps:\n  - command: "make"\n    cache: node_modules\n'
    case 'meta-data':
      return 'steps:\n  - command: "make $(buildkite-agent meta-data get what)"\n'
    case 'trigger':
      return `steps:\n  - command: "make"\n  - wait\n  - trigger: ${other}\n`
    case 'secret':
      return `steps:\n  - command: "make"\n    secrets: [${SECRET}]\n`
  }
}

/** What is in every repository to begin with. */
export const FILES: Readonly<Record<string, string>> = {
  '.buildkite/pipeline.yml': 'steps: [{ command: "make" }, { command: "make", agents: { queue: deploy } }]\n',
}
