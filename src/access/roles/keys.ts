import { issuer } from '../../policy/principal.js'
import { claimIn, exists } from './claims.js'
import { isAbout, type Door } from './seen.js'

/** Keys that AWS puts into requests, whatever they are about. @source IAM user guide, "Global condition context keys" */
const globals = [
  'assumedroot',
  'calledvia',
  'calledviafirst',
  'calledvialast',
  'chatbotsourcearn',
  'currenttime',
  'ec2instancesourceprivateipv4',
  'ec2instancesourcevpc',
  'epochtime',
  'federatedprovider',
  'ismcpserviceaction',
  'multifactorauthage',
  'multifactorauthpresent',
  'principalaccount',
  'principalarn',
  'principalisawsservice',
  'principalorgid',
  'principalorgpaths',
  'principalservicename',
  'principalservicenameslist',
  'principaltag',
  'principaltype',
  'referer',
  'requestedregion',
  'requesttag',
  'resourceaccount',
  'resourceorgid',
  'resourceorgpaths',
  'resourcetag',
  'securetransport',
  'sourceaccount',
  'sourcearn',
  'sourceidentity',
  'sourceip',
  'sourceorgid',
  'sourceorgpaths',
  'sourcevpc',
  'sourcevpcarn',
  'sourcevpce',
  'signinsessionarn',
  'tagkeys',
  'tokenissuetime',
  'useragent',
  'userid',
  'username',
  'viaawsmcpservice',
  'viaawsservice',
  'vpceaccount',
  'vpceorgid',
  'vpceorgpaths',
  'vpcsourceip',
]

const ofSts = [
  'awsservicename',
  'durationseconds',
  'externalid',
  'identitytokenaudience',
  'rolesessionname',
  'signingalgorithm',
  'sourceidentity',
  'taskpolicyarn',
  'transitivetagkeys',
]

/** What only callers with credentials of AWS have, and tokens have not. */
const ofCallers =
  /^(aws:(principalarn|principalaccount|principalorgid|principalorgpaths|principaltag|multifactorauth)|sts:externalid)/

/** Services whose keys come with a request to become a role. */
const services = [
  'iam',
  'ec2',
  'saml',
  'lambda',
  'ssm',
  'eks',
  'ecs',
  'organizations',
  'identitystore',
  'signin',
  'rolesanywhere',
  'acm',
  'codecommit',
  'glue',
  'kms',
  's3',
  'sso',
]

/** Why no request by a statement ever has a key; undefined where one may. */
export const strangeKey = (
  key: string,
  { statement, providers, principals, services: by }: Door,
): string | undefined => {
  const small = key.toLowerCase()
  const colon = small.lastIndexOf(':')
  const prefix = small.slice(0, small.startsWith('http') ? colon : small.indexOf(':'))
  const name = small.slice(prefix.length + 1)
  const bare = name.split('/')[0] ?? ''
  const byTokensAlone = providers.length > 0 && principals.length === 0 && by.length === 0
  if (prefix === 'aws')
    return !globals.includes(bare)
      ? 'which AWS does not have'
      : byTokensAlone && ofCallers.test(small)
        ? 'which a request with a token does not have'
        : undefined
  if (prefix === 'sts')
    return !ofSts.includes(bare)
      ? 'which STS does not have'
      : byTokensAlone && ofCallers.test(small)
        ? 'which a request with a token does not have'
        : undefined
  if (services.includes(prefix)) return undefined
  const names = providers.map((arn) => arn.replace(/^.*?:(oidc|saml)-provider\//, '').toLowerCase())
  if (/^https?/.test(prefix)) return 'which should be written without its scheme'
  if (prefix === issuer) {
    if (providers.length === 0 || !isAbout(statement, 'sts:AssumeRoleWithWebIdentity'))
      return 'which only a request with Buildkite’s token has'
    const claim = claimIn(key)
    return claim !== undefined && exists(claim)
      ? undefined
      : 'which is no claim that AWS takes from Buildkite'
  }
  if (names.includes(prefix)) return undefined
  return prefix.includes('.') || prefix.includes('/')
    ? 'which is another provider’s'
    : 'which no request to become a role has'
}
