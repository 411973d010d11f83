/** @source Buildkite docs: a slug has at most 100 characters */
const LONGEST = 100

/** A name as an address has it: `TesT --- PipeLine - X` is `test-pipeline-x`. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST)
    .replace(/-$/, '')

/** Whether a slug that somebody chose is one. @source terraform-provider-buildkite's check of `slug` */
export const isSlug = (text: string): boolean =>
  /^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(text) && text.length <= LONGEST
