/** A variable that says something. An empty one says nothing: that is how shells and CI systems unset them. */
export const variable = (
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined => (env[name] === '' ? undefined : env[name])
