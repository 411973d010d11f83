import type { DeclaredAccount } from '../../src/sandbox/aws/seed.js'
import { organizationOf } from './organization.js'

/** Accounts with roles of every sort, beside an organization. */
export interface WithRoles {
  readonly files: Readonly<Record<string, string>>
  readonly emails: readonly string[]
  readonly accounts: readonly DeclaredAccount[]
  /** Roles that nobody declares, to be made by hand. */
  readonly byHand: readonly { readonly account: string; readonly name: string; readonly trust: object }[]
}

const accounts: readonly DeclaredAccount[] = [
  { name: 'management', id: '111111111111' },
  { name: 'test', id: '222222222222', assumeRole: 'bridle-admin' },
  { name: 'prod', id: '333333333333', assumeRole: 'bridle-admin' },
].map((account) => ({ ...account, partition: 'aws', region: 'eu-west-1' }))

const issuer = 'agent.buildkite.com'
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const logs = 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy'

const statement = (account: string, StringEquals: object, StringLike: object) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', ...StringEquals }, StringLike },
    },
  ],
})

const subject = (value: string) => ({ [`${issuer}:sub`]: value })

const write = (bucket: string) => ({
  work: {
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: `arn:aws:s3:::acme-${bucket}/*`,
        },
      ],
    },
  },
})

const ofInstances = { trust: [{ service: 'ec2.amazonaws.com' }], instance_profile: true }

/** Of ten roles five are of one pipeline, one of two by tags, one of a cluster, one of a pattern, one of instances or chained to such a one, one by hand. */
export const withRoles = (roles: number, pipelines: number): WithRoles => {
  const { files, emails } = organizationOf(pipelines)
  const clusters = Math.min(10, Math.max(2, Math.round(pipelines / 100)))
  const keys = ['default', 'large', 'arm', 'macos', 'gpu', 'deploy']
  const pair = (at: number) => {
    const pipeline = (at * 5) % pipelines
    return { pipeline: `service-${pipeline}`, queue: `cluster-${pipeline % clusters}/${keys[at % 6]}` }
  }
  const declared: Record<string, object> = {}
  const byHand: { account: string; name: string; trust: object }[] = []
  for (let at = 0; at < roles; at += 1) {
    const account = accounts[at % accounts.length] ?? { name: '', id: '' }
    const name = `role-${at}`
    const add = (role: object) => {
      declared[`${account.name}/${name}`] = {
        inline_policies: write(name),
        ...role,
        managed_policies: at % 2 === 0 ? [readOnly] : [readOnly, logs],
      }
    }
    switch (at % 10) {
      case 5:
        add({ claims: 'tags', trust: [pair(at), pair(at + 1)] })
        break
      case 6:
        add({
          trust: [
            {
              document: statement(
                account.id,
                { [`${issuer}:cluster_name`]: `cluster-${at % clusters}` },
                subject('organization:acme:*'),
              ),
            },
          ],
        })
        break
      case 7:
        add({
          trust: [
            {
              document: statement(
                account.id,
                {},
                subject(`organization:acme:pipeline:service-${at}*:ref:refs/heads/main:*`),
              ),
            },
          ],
        })
        break
      case 8:
        // Thirty further is the next of its sort in the same account.
        add(
          Math.floor(at / 30) % 2 === 1
            ? { trust: [{ role: `${account.name}/role-${at - 30}` }] }
            : at + 30 < roles
              ? { ...ofInstances, may_assume: [`${account.name}/role-${at + 30}`] }
              : ofInstances,
        )
        break
      case 9:
        byHand.push({
          account: account.id,
          name,
          trust: statement(account.id, {}, subject(`organization:acme:pipeline:service-${at}:*`)),
        })
        break
      default:
        add({ trust: [{ ...pair(at), ...(at % 10 === 1 && { branches: ['main'] }) }] })
    }
  }
  const aws = {
    accounts: Object.fromEntries(
      accounts.map(({ name, id, region, assumeRole }) => [
        name,
        { id, region, ...(assumeRole !== undefined && { assume_role: assumeRole }) },
      ]),
    ),
    oidc_providers: Object.fromEntries(accounts.map(({ name }) => [`${name}/${issuer}`, {}])),
    roles: declared,
  }
  return {
    files: {
      ...files,
      'bridle.yaml': (files['bridle.yaml'] ?? '').replace(
        'include:\n',
        'include:\n  - { files: aws.yaml, may: [aws] }\n',
      ),
      'aws.yaml': `${JSON.stringify({ aws }, null, 2)}\n`,
    },
    emails,
    accounts,
    byHand,
  }
}
