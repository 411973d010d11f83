/**
 * The slug that Buildkite makes from a name: lower case, each run of anything but letters and digits one dash, no dash
 * at the ends.
 *
 * @source API reference §6.1
 */
export const derivedSlug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
