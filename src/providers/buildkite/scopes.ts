/** Names that the documentation uses for one and the same scope. @source Buildkite docs: API tokens, secrets, teams, limits */
const spellings: readonly (readonly string[])[] = [
  ['read_teams', 'view_teams'],
  ['read_secrets_details', 'read_secret_details'],
  ['read_organizations', 'read_accounts'],
]

const spellingsOf = (scope: string): readonly string[] =>
  spellings.find((some) => some.includes(scope)) ?? [scope]

/** The scopes that are needed and not there, as `GET /v2/access-token` lists what is; in the order they were asked for. */
export const missingScopes = (scopes: readonly string[], needed: readonly string[]): string[] => {
  const there = new Set(scopes.map((scope) => scope.toLowerCase()))
  return needed.filter((scope) => !spellingsOf(scope.toLowerCase()).some((spelling) => there.has(spelling)))
}
