/** Who may import whom: the style guide's table, and nothing else. */
const layers = {
  commands: ['cli', 'workflow', 'model'],
  cli: ['workflow', 'report', 'providers', 'sandbox', 'model'],
  workflow: ['config', 'plan', 'access', 'hook', 'apply', 'model'],
  hook: ['access', 'model'],
  config: ['kinds', 'model'],
  plan: ['kinds', 'model'],
  access: ['kinds', 'model'],
  apply: ['model', 'graphql'],
  report: ['model'],
  kinds: ['graphql', 'model'],
  providers: ['graphql', 'model'],
  sandbox: ['graphql'],
  model: [],
  graphql: [],
}

const folder = (name) => (name === 'commands' || name === 'graphql' ? `^${name}/` : `^src/${name}/`)

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([from, to]) => ({
      name: `${from}-imports`,
      comment: `${from} may import ${to.join(', ') || 'nothing of ours'}`,
      severity: 'error',
      from: { path: folder(from) },
      to: { path: '^(src|commands|graphql)/', pathNot: [from, ...to].map(folder) },
    })),
    {
      name: 'sandbox-shares-only-the-sdl',
      comment: 'client and sandbox meet on the wire: of graphql/ the sandbox may take the SDL, never a document or a type',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^graphql/', pathNot: '^graphql/schema/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-development-package-in-shipped-code',
      severity: 'error',
      from: { path: '^(src|commands|graphql)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
    doNotFollow: { path: 'node_modules' },
  },
}
