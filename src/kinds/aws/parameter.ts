import * as z from 'zod'
import { keyOf } from '../../model/address.js'
import { outage, safe } from '../../model/risk.js'
import { defineKind, type Objection } from '../kind.js'
import { inAccount, keyObjection, ownTag } from './account.js'
import { ssm, tagList } from './call.js'
import { isPolicyParameter } from './gate-policy.js'
import { isPolicyKey, isPrivateKey, nameObjections, pathsIn, policyNames } from './parameter-name.js'
import { roleArn } from './trust.js'

const written = z
  .strictObject({
    type: z.enum(['String', 'StringList', 'SecureString']).optional().meta({
      description: 'String where nothing is written. The value of a SecureString is never in a file.',
    }),
    value: z.string().min(1).max(8_192).optional(),
    tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).optional(),
    description: z.string().max(1024).nullable().optional(),
    key_id: z.string().min(1).nullable().optional().meta({ description: 'The KMS key of a SecureString.' }),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
  })
  .meta({ title: 'Parameter' })

type Written = z.infer<typeof written>

/** A value that agents read. */
export interface Parameter {
  readonly account: string
  /** Begins with a slash. */
  readonly name: string
  readonly type?: 'String' | 'StringList' | 'SecureString'
  /** Undefined for a SecureString: nobody asks for it. */
  readonly value?: string
  readonly tier?: string
  readonly description?: string | null
  readonly key_id?: string | null
  readonly tags?: Readonly<Record<string, string>>
  /** Derived alone: the role whose ARN is its value, as ACCOUNT/NAME. */
  readonly role?: string
}

/** The key of a parameter: its account, then the levels of its name. */
export const parameterKey = (account: string, name: string): string =>
  keyOf(account, ...name.split('/').filter((level) => level !== ''))

/** The account and the SSM name of a key that a person wrote: `management/buildkite/x` is `/buildkite/x`. */
export const parameterNamed = (key: string): { readonly account: string; readonly name: string } => {
  const { account, name } = inAccount(key)
  return { account, name: name === '' ? '' : `/${name}` }
}

const standardBytes = 4_096

/** A parameter of AWS Systems Manager. */
export const parameter = defineKind<Parameter, Written>({
  name: 'parameter',
  plural: 'parameters',
  provider: 'aws',
  place: ['aws', 'parameters', '*'],
  written,
  spec: ([key = ''], said) => ({ ...parameterNamed(key), ...(said as Partial<Parameter>) }),
  identity: ['account', 'name'],
  key: ({ account, name }) => parameterKey(account, name),
  dependencies: () => [],
  check: (one): Objection<Parameter>[] => [
    ...keyObjection(one.account, one.name, 'parameter'),
    ...nameObjections(one.name).map((one) => ({
      ...one,
      field: 'name' as const,
      fix: 'choose another name, as in /buildkite/production/…',
    })),
    ...ownObjections(one),
    ...(one.type === 'SecureString' && one.value !== undefined
      ? [
          {
            field: 'value' as const,
            what: `the value of ${one.name} is written in a file, and it is a SecureString`,
            why: 'what is in a file is in its history, and no secret any more',
            fix: 'take the value out and put it there by hand; bridle keeps its type, key and tags',
          },
        ]
      : []),
  ],
  resolve: ({ role, ...rest }, known) =>
    role === undefined ? rest : { ...rest, value: roleArn(role, known) },
  requires: ['value'],
  limits: ({ value = '', tier = 'Standard' }): Objection<Parameter>[] => {
    const bytes = new TextEncoder().encode(value).length
    return bytes <= standardBytes || tier !== 'Standard'
      ? []
      : [
          {
            field: 'value',
            what: `the value has ${bytes} bytes, and a standard parameter holds ${standardBytes}`,
            why: 'SSM refuses it',
            fix: 'write `tier: Advanced`, which holds 8,192 and is charged for, or make it shorter',
          },
        ]
  },
  atCreation: ({ type = 'String' }) => ({ type, tags: { [ownTag.key]: ownTag.value } }),
  merged: ['tags'],
  cannot: (differ, { spec: { type } }) =>
    differ.type === undefined
      ? []
      : [
          {
            field: 'type',
            what: `it is a ${type ?? 'parameter of another type'}, and ${differ.type} is wanted`,
            why: 'SSM changes no type, and bridle replaces nothing silently',
            fix: 'write the type that it has, or declare another name',
          },
        ],
  retired: ({ spec: { tags } }) => tags?.[ownTag.key] !== ownTag.value,

  source: 'SSM GetParameters',
  asks: { ssm: true },
  async *read(sources) {
    const { aws, specs } = sources
    for (const { name: account } of aws?.accounts ?? []) {
      const policies = policyNames(specs, account)
      const paths = pathsIn(account, sources)
      for (const one of (await aws?.parameters(account, paths)) ?? []) {
        if (isPolicyParameter(one.name, policies) || isPolicyKey(one.name)) continue
        yield {
          key: parameterKey(account, one.name),
          id: one.name,
          uuid: one.arn,
          spec: {
            account,
            name: one.name,
            type: one.type,
            ...(one.value === undefined ? {} : { value: one.value }),
            tier: one.tier,
            description: one.description,
            key_id: one.keyId,
            tags: one.tags,
          },
        }
      }
    }
  },

  operations: {
    create: ({ account, name, type, value, tier, description, key_id, tags = {} }) => [
      ssm(
        account,
        'PutParameter',
        {
          Name: name,
          Type: type,
          Value: value,
          Tier: tier,
          Description: description ?? undefined,
          KeyId: key_id ?? undefined,
          Tags: tagList(tags),
          Overwrite: false,
        },
        { gate: 'opens' },
      ),
    ],
    update: (want, { spec: have }) => {
      const { tags, ...fields } = want
      const changed = (['value', 'tier', 'description', 'key_id'] as const).filter(
        (field) => fields[field] !== undefined,
      )
      return [
        ...(changed.length === 0
          ? []
          : [
              ssm(
                have.account,
                'PutParameter',
                {
                  Name: have.name,
                  Type: have.type,
                  Value: want.value ?? have.value,
                  Tier: want.tier,
                  Description:
                    (want.description === undefined ? have.description : want.description) ?? undefined,
                  KeyId: want.key_id ?? undefined,
                  Overwrite: true,
                },
                { sets: changed },
              ),
            ]),
        ...(tags === undefined
          ? []
          : [
              ssm(
                have.account,
                'AddTagsToResource',
                { ResourceType: 'Parameter', ResourceId: have.name, Tags: tagList(tags) },
                { sets: ['tags'] },
              ),
            ]),
      ]
    },
    remove: ({ spec: { account, name } }) => [
      ssm(account, 'DeleteParameter', { Name: name }, { gate: 'closes' }),
    ],
  },

  risk: (change) =>
    change.verb === 'create' ? safe : outage('whoever reads it reads something else, or nothing'),
})

/** What bridle keeps its hands off, although somebody asks. */
const ownObjections = ({ name, value = '' }: Parameter): Objection<Parameter>[] => [
  ...(isPolicyKey(name)
    ? [
        {
          field: 'name' as const,
          what: `${name} is where the key that signs policies is kept, by its name`,
          why: 'bridle signs with that key, and does not manage it: a file could give it to whoever reads the parameter',
          fix: 'make it by hand, or call it something else if it is another thing',
        },
      ]
    : []),
  ...(isPolicyParameter(name)
    ? [
        {
          field: 'name' as const,
          what: `${name} is where the policy of a gate is`,
          why: 'bridle makes the policy from what is written of the queue and its pipelines, and signs it',
          fix: 'take it out here, and write `account` beside the mode of the queue’s `hook`',
        },
      ]
    : []),
  ...(isPrivateKey(value)
    ? [
        {
          field: 'value' as const,
          what: `the value of ${name} is a private key`,
          why: 'what is in a file is in its history, and no secret any more',
          fix: 'make a new key, and put it there by hand',
        },
      ]
    : []),
]
