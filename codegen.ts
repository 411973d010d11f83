import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types and documents for `graphql/operations`, checked against our slice of the API. */
const config: CodegenConfig = {
  schema: 'graphql/schema/*.graphql',
  documents: 'graphql/operations/*.graphql',
  importExtension: '.js',
  generates: {
    'graphql/generated/documents.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumType: 'string-literal',
        skipTypename: true,
        strictScalars: true,
        scalars: {
          ID: 'string',
          DateTime: 'string',
          // Told as text; said as data in which Refs may stand, and made a text when the call is sent.
          JSON: { input: '{ readonly $json: unknown }', output: 'string' },
          YAML: 'string',
          TeamSelector: 'string',
          PipelineSelector: 'string',
          UserSelector: 'string',
        },
      },
    },
  },
}

export default config
