/** Who may import whom: the style guide's table, and nothing else. */
const layers = {
  commands: ['cli', 'workflow', 'model'],
  cli: ['workflow', 'report', 'providers', 'sandbox', 'model'],
  workflow: ['config', 'plan', 'access', 'hook', 'apply', 'stack', 'model'],
  stack: ['model'],
  hook: ['access', 'model'],
  config: ['kinds', 'policy', 'model'],
  plan: ['kinds', 'policy', 'model'],
  access: ['kinds', 'policy', 'model'],
  apply: ['model'],
  report: ['model'],
  kinds: ['graphql', 'policy', 'model'],
  policy: ['model'], // documents of IAM: read, compared, measured, evaluated; the sandbox has its own ideas of them
  providers: ['graphql', 'model'],
  sandbox: [], // the SDL reaches it as a module of its own, written by .ci/graphql.mjs: they meet on the wire alone
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
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    doNotFollow: { path: 'node_modules' },
  },
}
