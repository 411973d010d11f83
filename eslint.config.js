import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** The machine is touched in one folder: everything else is handed what it needs. */
const machine = [
  { name: 'fetch', message: 'take a fetch as an argument; the real one lives in src/cli' },
  { name: 'process', message: 'the process lives in src/cli' },
  { name: 'setTimeout', message: 'take a clock as an argument; the real one lives in src/cli' },
  { name: 'setInterval', message: 'take a clock as an argument; the real one lives in src/cli' },
  { name: 'console', message: 'answers go out through src/cli' },
]

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'graphql/generated'] },
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
    rules: {
      'no-restricted-globals': ['error', ...machine],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'take randomness as an argument' },
        { object: 'Date', property: 'now', message: 'take a clock as an argument' },
      ],
      'no-restricted-imports': ['error', { patterns: ['node:fs*', 'node:net', 'node:http*', 'node:process', 'node:child_process', 'node:os', 'fs', 'http', 'https', 'net'] }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
)
