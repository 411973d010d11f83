import { first } from '../../table.js'
import { principalArn, type Caller } from '../caller.js'
import type { Aws, AwsDesk, Network } from '../desk.js'
import type { Facts } from '../operation.js'

/** Behind an endpoint of a VPC nobody sees the address any more. */
const factsOfNetwork = ({ sourceIp, sourceVpc, sourceVpce }: Network): Facts => ({
  'aws:SourceIp': sourceVpce === undefined ? sourceIp : undefined,
  'aws:VpcSourceIp': sourceVpce === undefined ? undefined : sourceIp,
  'aws:SourceVpc': sourceVpc,
  'aws:SourceVpce': sourceVpce,
})

/** What is true of every request, whoever sends it. */
export const factsOfRequest = ({ now, region, network, userAgent }: AwsDesk): Facts => ({
  ...factsOfNetwork(network),
  'aws:CurrentTime': now,
  'aws:EpochTime': String(Math.floor(Date.parse(now) / 1000)),
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
  'aws:PrincipalIsAWSService': 'false',
  'aws:RequestedRegion': region,
  'aws:UserAgent': userAgent ?? undefined,
})

const organizationOf = ({ state }: Pick<AwsDesk, 'state'>, account: string) =>
  first(state.tables.awsAccounts, 'key', account)?.organizationId ?? undefined

export const factsOfResource = (desk: Pick<AwsDesk, 'state'>, account: string): Facts => ({
  'aws:ResourceAccount': account,
  'aws:ResourceOrgID': organizationOf(desk, account),
})

/** Tags of the user or role, and those of the session, which win. */
const tagsOf = ({ user, role, session }: Caller): Facts =>
  Object.fromEntries(
    [...((user ?? role)?.tags ?? []), ...(session?.tags ?? [])].map(({ key, value }) => [
      `aws:PrincipalTag/${key}`.toLowerCase(),
      value,
    ]),
  )

const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString()

/** What is true of who asks. */
export const factsOfCaller = (desk: Pick<Aws, 'state'>, caller: Caller): Facts => {
  const { user, session } = caller
  return {
    'aws:PrincipalArn': principalArn(desk.state, caller),
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalOrgID': organizationOf(desk, caller.account),
    'aws:PrincipalType': session ? 'AssumedRole' : 'User',
    'aws:userid': caller.userId,
    'aws:username': user?.name,
    'aws:FederatedProvider': session?.provider ?? undefined,
    'aws:SourceIdentity': session?.sourceIdentity ?? undefined,
    'aws:TokenIssueTime': session && timeOf(session.issued),
    'aws:MultiFactorAuthPresent': session && 'false',
    'ec2:SourceInstanceArn': session?.instance ?? undefined,
    'ec2:RoleDelivery': session?.instance == null ? undefined : '2.0',
    ...tagsOf(caller),
  }
}
