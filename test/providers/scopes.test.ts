import { expect, test } from 'vitest'
import { missingScopes } from '../../src/providers/buildkite/scopes.js'

test.each<[string[], string[], string[]]>([
  [[], ['graphql', 'read_teams'], ['graphql', 'read_teams']],
  [['graphql', 'read_teams'], ['graphql', 'read_teams'], []],
  [['view_teams'], ['read_teams'], []],
  [['read_teams'], ['view_teams'], []],
  [['read_secret_details'], ['read_secrets_details'], []],
  [['read_accounts'], ['read_organizations'], []],
  [['READ_TEAMS', 'GRAPHQL'], ['graphql', 'read_teams'], []],
  [['write_teams'], ['read_teams'], ['read_teams']],
  [['read_clusters'], ['write_clusters', 'read_clusters', 'graphql'], ['write_clusters', 'graphql']],
])('of %j, for %j, missing is %j', (scopes, needed, missing) => {
  expect(missingScopes(scopes, needed)).toEqual(missing)
})
