/** Whether a version of Node, `20.19.1`, is new enough for a range of the one form that package.json has, `>=20.19`. */
export const isEnough = (version: string, range: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least = 0, leastMinor = 0] = range.replace('>=', '').split('.').map(Number)
  return major > least || (major === least && minor >= leastMinor)
}
