/** What may be asked. A conversation that can only ask lets nothing else through. */
export const questions: ReadonlySet<string> = new Set([
  'DescribeParameters',
  'GetAccountAuthorizationDetails',
  'GetCallerIdentity',
  'GetInstanceProfile',
  'GetOpenIDConnectProvider',
  'GetParameters',
  'GetPublicKey',
  'GetRole',
  'ListInstanceProfiles',
  'ListOpenIDConnectProviders',
  'ListRoles',
  'ListTagsForResource',
  // Of KMS: a signature changes nothing there.
  'Sign',
])

/** What has to be known of a call that changes something. */
export interface Nature {
  /** What it makes, which may be there already when its answer is lost. */
  readonly makes?: 'role' | 'instance-profile' | 'oidc-provider'
  /** True where it takes something away: what is gone already is as wanted. */
  readonly ends?: true
}

const plain: Nature = {}
const ends: Nature = { ends: true }

/** All that bridle can say to change an account: it has no words for users, keys, passwords or groups. */
export const changes: Readonly<Record<'iam' | 'ssm', Readonly<Record<string, Nature>>>> = {
  iam: {
    CreateRole: { makes: 'role' },
    UpdateRole: plain,
    UpdateAssumeRolePolicy: plain,
    DeleteRole: ends,
    TagRole: plain,
    UntagRole: plain,
    PutRolePolicy: plain,
    DeleteRolePolicy: ends,
    AttachRolePolicy: plain,
    DetachRolePolicy: ends,
    PutRolePermissionsBoundary: plain,
    DeleteRolePermissionsBoundary: ends,
    CreateInstanceProfile: { makes: 'instance-profile' },
    AddRoleToInstanceProfile: plain,
    RemoveRoleFromInstanceProfile: ends,
    DeleteInstanceProfile: ends,
    TagInstanceProfile: plain,
    UntagInstanceProfile: plain,
    CreateOpenIDConnectProvider: { makes: 'oidc-provider' },
    AddClientIDToOpenIDConnectProvider: plain,
    RemoveClientIDFromOpenIDConnectProvider: ends,
    UpdateOpenIDConnectProviderThumbprint: plain,
    DeleteOpenIDConnectProvider: ends,
    TagOpenIDConnectProvider: plain,
    UntagOpenIDConnectProvider: plain,
  },
  ssm: {
    PutParameter: plain,
    DeleteParameter: ends,
    DeleteParameters: ends,
    AddTagsToResource: plain,
    RemoveTagsFromResource: plain,
  },
}
