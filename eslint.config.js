import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** The machine is touched in one folder: everything else is handed what it needs, and so gives the same bytes again. */
const clock = 'take a clock as an argument; the real one lives in src/cli'
const chance = 'take randomness as an argument; the real one lives in src/cli'
const locale = 'the same bytes on every machine: compare with < and print with template strings'
const machine = {
  'no-restricted-globals': [
    'error',
    { name: 'fetch', message: 'take a fetch as an argument; the real one lives in src/cli' },
    { name: 'WebSocket', message: 'sockets live in src/cli' },
    { name: 'process', message: 'the process lives in src/cli' },
    { name: 'console', message: 'answers go out through src/cli' },
    { name: 'setTimeout', message: clock },
    { name: 'setInterval', message: clock },
    { name: 'setImmediate', message: clock },
    { name: 'performance', message: clock },
    { name: 'globalThis', message: 'name what you need, and take it as an argument' },
    { name: 'global', message: 'name what you need, and take it as an argument' },
    { name: 'Intl', message: locale },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: chance },
    { object: 'crypto', property: 'randomUUID', message: chance },
    { object: 'crypto', property: 'getRandomValues', message: chance },
    { object: 'Date', property: 'now', message: clock },
    { object: 'AbortSignal', property: 'timeout', message: clock },
    { property: 'localeCompare', message: locale },
    { property: 'toLocaleString', message: locale },
    { property: 'toLocaleDateString', message: locale },
    { property: 'toLocaleTimeString', message: locale },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
    { selector: "CallExpression[callee.name='Date']", message: clock },
    {
      selector: 'ImportExpression',
      message: 'only commands and src/cli load lazily: what they load is one bundle',
    },
  ],
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          // Of Node, only what is a function of its arguments.
          regex:
            '^(node:(?!(crypto|path/posix|util|url|buffer|string_decoder)$)|(fs|http|https|net|os|process)$)',
          message: 'what touches the machine lives in src/cli',
        },
        {
          regex: '^node:crypto$',
          importNamePattern: '^(random|generate|webcrypto|default)',
          message: chance,
        },
        {
          regex: '^node:util$',
          importNames: ['styleText'],
          message: 'colour depends on the terminal: src/cli hands it in',
        },
      ],
    },
  ],
}

export default tseslint.config(
  { ignores: ['dist', 'dist.*', 'coverage', 'graphql/generated'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'commands/**/*.ts', 'graphql/**/*.ts'],
    ignores: ['src/cli/**', 'src/main.ts'],
    rules: machine,
  },
  {
    // A command loads its work only when it is run, so that help and the others do not wait for it.
    files: ['commands/**/*.ts'],
    rules: {
      'no-restricted-syntax': machine['no-restricted-syntax'].filter(
        (rule) => rule.selector !== 'ImportExpression',
      ),
    },
  },
  {
    // Nothing but a conversation with AWS needs its SDK, which is larger than all of bridle.
    files: ['src/providers/aws/clients.ts'],
    rules: {
      'no-restricted-syntax': machine['no-restricted-syntax'].filter(
        (rule) => rule.selector !== 'ImportExpression',
      ),
    },
  },
  {
    files: ['test/**/*.ts', '.ci/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      // Overflows the stack on graphql's own types.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', URL: 'readonly', module: 'writable', setTimeout: 'readonly' },
    },
  },
)
