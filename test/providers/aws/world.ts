import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import nock from 'nock'
import type { AwsAccount } from '../../../src/model/aws.js'
import type { ReadyCall } from '../../../src/model/call.js'
import { clientsFor, type ClientMeans } from '../../../src/providers/aws/clients.js'
import { connectAwsToWrite } from '../../../src/providers/aws/connect-to-write.js'
import { connectAws, type AwsMeans } from '../../../src/providers/aws/connect.js'
import { jumping } from '../world.js'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

/** None of this machine's own: the SDK reads these by itself. */
for (const name of Object.keys(process.env))
  if (name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS')) Reflect.deleteProperty(process.env, name)
process.env['AWS_CONFIG_FILE'] = '/nonexistent/config'
process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent/credentials'
process.env['AWS_EC2_METADATA_DISABLED'] = 'true'

export const prod: AwsAccount = { name: 'prod', id: '333333333333', partition: 'aws', region: 'eu-west-1' }

/** What requests of these tests are signed with. */
export const credentials = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: 'example/secret+key0123456789012345678901',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLEsession==',
}

export const clientMeans = (more: Partial<ClientMeans> = {}): ClientMeans => ({
  fetch: (url, init) => fetch(url, init),
  clock: jumping(),
  timeoutSeconds: Infinity,
  userAgent: 'bridle/test',
  credentials: async () => credentials,
  ...more,
})

type More = Partial<AwsMeans> & { readonly client?: Partial<ClientMeans> }

const means = ({ client, ...more }: More): AwsMeans => ({
  accounts: [prod],
  clients: clientsFor(clientMeans(client)),
  clock: jumping(),
  random: () => 0.5,
  ...more,
})

export const asking = (more: More = {}) => connectAws(means(more))
export const telling = (more: More = {}) => connectAwsToWrite(means(more))

export const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', `${name}.xml`), 'utf8')

const iamNamespace = 'https://iam.amazonaws.com/doc/2010-05-08/'

/** An answer of IAM's or STS's: `CreateRoleResponse` around `CreateRoleResult`. */
export const xml = (operation: string, result = ''): string =>
  `<${operation}Response xmlns="${iamNamespace}">${
    result === '' ? '' : `<${operation}Result>${result}</${operation}Result>`
  }<ResponseMetadata><RequestId>request-${operation}</RequestId></ResponseMetadata></${operation}Response>`

/** A no of IAM's or STS's. */
export const no = (code: string, message = ''): string =>
  `<ErrorResponse xmlns="${iamNamespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>request-no</RequestId></ErrorResponse>`

type Body = Readonly<Record<string, string>>
type Match = (body: Body) => boolean
type Reply = readonly [status: number, body: string | object]

const hosts = {
  sts: 'https://sts.eu-west-1.amazonaws.com',
  iam: 'https://iam.amazonaws.com',
  ssm: 'https://ssm.eu-west-1.amazonaws.com',
}

/** One exchange that is to come, in the order in which they are written where they are alike. */
const query =
  (host: string) =>
  (operation: string, [status, body]: Reply, match: Match = () => true) =>
    nock(host)
      .post('/', (sent: Body) => sent['Action'] === operation && match(sent))
      .reply(status, body, { 'content-type': 'text/xml', 'x-amzn-requestid': `request-${operation}` })

export const sts = query(hosts.sts)
export const iam = query(hosts.iam)
/** The body of a request to SSM. */
interface Sent {
  readonly Names?: readonly string[]
  readonly WithDecryption?: boolean
  readonly ResourceId?: string
  readonly ParameterFilters?: readonly { readonly Key: string; readonly Values: readonly string[] }[]
  readonly [field: string]: unknown
}

export const ssm = (operation: string, [status, body]: Reply, match: (body: Sent) => boolean = () => true) =>
  nock(hosts.ssm, { reqheaders: { 'x-amz-target': `AmazonSSM.${operation}` } })
    .post('/', (sent) => match(sent as Sent))
    .reply(status, body, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': `request-${operation}`,
    })

/** Who asks in these tests. */
export const identified = (arn?: string, account?: string) =>
  sts('GetCallerIdentity', [
    200,
    arn === undefined
      ? fixture('identity')
      : xml(
          'GetCallerIdentity',
          `<Arn>${arn}</Arn><UserId>U</UserId><Account>${account ?? arn.split(':')[4] ?? ''}</Account>`,
        ),
  ])

/** An account in which nothing is, but for what is said. */
export const listed = ({ details = '', roles = '', profiles = '' } = {}) => {
  iam('GetAccountAuthorizationDetails', [
    200,
    xml(
      'GetAccountAuthorizationDetails',
      `<IsTruncated>false</IsTruncated><UserDetailList/><GroupDetailList/><RoleDetailList>${details}</RoleDetailList><Policies/>`,
    ),
  ])
  iam('ListRoles', [200, xml('ListRoles', `<IsTruncated>false</IsTruncated><Roles>${roles}</Roles>`)])
  iam('ListInstanceProfiles', [
    200,
    xml(
      'ListInstanceProfiles',
      `<IsTruncated>false</IsTruncated><InstanceProfiles>${profiles}</InstanceProfiles>`,
    ),
  ])
}

/** A role as any list has it. */
export const roleXml = (name: string, { id = `AROA${name}`, account = '333333333333', more = '' } = {}) =>
  `<member><Path>/</Path><RoleName>${name}</RoleName><RoleId>${id}</RoleId><Arn>arn:aws:iam::${account}:role/${name}</Arn><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><MaxSessionDuration>3600</MaxSessionDuration>${more}</member>`

/** What is not asked although it was to come. */
export const unasked = (): string[] => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  return pending
}

/** Whether a request asks for this. */
export const says = ({ body }: RequestInit, operation: string): boolean =>
  typeof body === 'string' && body.startsWith(`Action=${operation}&`)

type AwsCall = Extract<ReadyCall, { via: 'aws' }>

export const call = (operation: string, input: AwsCall['input'], more: Partial<AwsCall> = {}): AwsCall => ({
  via: 'aws',
  account: 'prod',
  service: 'iam',
  operation,
  input,
  repeatable: false,
  ...more,
})
