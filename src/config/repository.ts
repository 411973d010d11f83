export { repositoryAddress } from '../kinds/index.js'

/** The last part of a repository's URL: what people call it. */
export const repositoryName = (url: string): string =>
  url
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .split(/[/:]/)
    .at(-1) ?? ''
