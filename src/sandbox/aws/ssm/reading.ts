import * as z from 'zod'
import { where } from '../../table.js'
import { settled, type Aws } from '../desk.js'
import { list, number, text } from '../fields.js'
import { parameterArn, partitionOf } from '../ids.js'
import { operation } from '../operation.js'
import { pageOf } from '../pages.js'
import { AwsRefused } from '../refused.js'
import type { AwsParameter } from '../rows.js'
import { askOf, askOfKey, nameIn, parameterAt, parameterNamed, validation } from './naming.js'
import { unsealed } from './sealed.js'

const Name = text({ max: 2048 })
const WithDecryption = z.boolean().default(false)

const seconds = (time: string) => Date.parse(time) / 1000

const said = ({ state }: Aws, row: AwsParameter, isOpen: boolean, selector?: number) => ({
  ARN: parameterArn(state, row.account, row.region, row.name),
  Name: row.name,
  Type: row.type,
  Value: row.type === 'SecureString' && isOpen ? unsealed(state, row.value) : row.value,
  Version: row.version,
  ...(selector === undefined ? {} : { Selector: `:${selector}` }),
  LastModifiedDate: seconds(row.modifiedAt),
  DataType: row.dataType,
})

const getParameter = operation('ssm', 'GetParameter', z.object({ Name, WithDecryption }), {
  asks: (aws, { Name, WithDecryption }) => [
    askOf(aws, 'GetParameter', Name),
    ...(WithDecryption ? askOfKey(aws, Name, 'Decrypt') : []),
  ],
  does: (aws, { Name, WithDecryption }) => ({
    Parameter: said(aws, parameterNamed(aws, Name), WithDecryption, nameIn(Name).version),
  }),
})

const getParameters = operation('ssm', 'GetParameters', z.object({ Names: list(Name, 10), WithDecryption }), {
  asks: (aws, { Names, WithDecryption }) =>
    Names.flatMap((name) => [
      askOf(aws, 'GetParameters', name),
      ...(WithDecryption ? askOfKey(aws, name, 'Decrypt') : []),
    ]),
  does: (aws, { Names, WithDecryption }) => {
    if (new Set(Names).size < Names.length) throw validation('Duplicate parameter names are not allowed.')
    const found = Names.flatMap((name) => {
      const row = parameterAt(aws, name)
      return row ? [[name, row] as const] : []
    })
    return {
      Parameters: found.map(([name, row]) => said(aws, row, WithDecryption, nameIn(name).version)),
      InvalidParameters: Names.filter((name) => !found.some(([known]) => known === name)),
    }
  },
})

const filter = z.object({
  Key: text({ max: 132 }),
  Option: text({ max: 10 }).optional(),
  Values: list(text(), 50).default([]),
})
type Filter = z.infer<typeof filter>

const mine = (aws: Aws) =>
  settled(aws, where(aws.state.tables.awsParameters, 'account', aws.account)).filter(
    ({ region }) => region === aws.region,
  )

/** A name without a slash in front stands below `/` too. */
const isBelow = (given: string, path: string, recursive: boolean) => {
  const name = given.startsWith('/') ? given : `/${given}`
  const start = path.endsWith('/') ? path : `${path}/`
  return name.startsWith(start) && (recursive || !name.slice(start.length).includes('/'))
}

const noToken = new AwsRefused('InvalidNextToken', 'The specified token is not valid.')

const withOption = (value: string, { Option = 'Equals', Values }: Filter) =>
  Values.some((wanted) => {
    if (Option === 'BeginsWith') return value.startsWith(wanted)
    if (Option === 'Contains') return value.includes(wanted)
    return value === wanted
  })

const fits = (row: AwsParameter, wanted: Filter): boolean => {
  const { Key, Option, Values } = wanted
  if (Key === 'Name') return withOption(row.name, wanted)
  if (Key === 'Path') return Values.some((path) => isBelow(row.name, path, Option === 'Recursive'))
  if (Key === 'Type') return withOption(row.type, wanted)
  if (Key === 'Tier') return withOption(row.tier, wanted)
  if (Key === 'DataType') return withOption(row.dataType, wanted)
  if (Key === 'KeyId') return withOption(row.keyId ?? '', wanted)
  if (Key.startsWith('tag:')) {
    const tag = row.tags.find(({ key }) => key === Key.slice('tag:'.length))
    return tag !== undefined && (Values.length === 0 || Values.includes(tag.value))
  }
  throw new AwsRefused('InvalidFilterKey', `The specified key isn't valid: ${Key}`)
}

const getParametersByPath = operation(
  'ssm',
  'GetParametersByPath',
  z.object({
    Path: text({ max: 2048 }),
    Recursive: z.boolean().default(false),
    ParameterFilters: list(filter).default([]),
    WithDecryption,
    MaxResults: number(1, 10).default(10),
    NextToken: text().optional(),
  }),
  {
    asks: (aws, { Path, Recursive }) => [
      askOf(aws, 'GetParametersByPath', Path === '/' ? '/' : Path.replace(/\/$/, ''), {
        'ssm:Recursive': String(Recursive),
      }),
    ],
    does: (aws, { Path, Recursive, ParameterFilters, WithDecryption, MaxResults, NextToken }) => {
      if (!Path.startsWith('/'))
        throw validation(
          'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
        )
      const all = mine(aws).filter(
        (row) => isBelow(row.name, Path, Recursive) && ParameterFilters.every((one) => fits(row, one)),
      )
      const { rows, next } = pageOf(aws, all, ({ name }) => name, MaxResults, NextToken, noToken)
      return { Parameters: rows.map((row) => said(aws, row, WithDecryption)), NextToken: next }
    },
  },
)

const metadata = ({ state }: Aws, row: AwsParameter) => ({
  Name: row.name,
  ARN: parameterArn(state, row.account, row.region, row.name),
  Type: row.type,
  KeyId: row.keyId ?? undefined,
  LastModifiedDate: seconds(row.modifiedAt),
  LastModifiedUser: row.modifiedBy,
  Description: row.description ?? undefined,
  AllowedPattern: row.allowedPattern ?? undefined,
  Version: row.version,
  Tier: row.tier,
  Policies: [],
  DataType: row.dataType,
})

const oldFilter = z.object({ Key: z.enum(['Name', 'Type', 'KeyId']), Values: list(text(), 50) })

const describeParameters = operation(
  'ssm',
  'DescribeParameters',
  z.object({
    Filters: list(oldFilter).default([]),
    ParameterFilters: list(filter).default([]),
    MaxResults: number(1, 50).default(50),
    NextToken: text().optional(),
  }),
  {
    asks: ({ state, account, region }) => [
      {
        action: 'ssm:DescribeParameters',
        resource: `arn:${partitionOf(state, account)}:ssm:${region}:${account}:*`,
      },
    ],
    does: (aws, { Filters, ParameterFilters, MaxResults, NextToken }) => {
      const wanted: Filter[] = [
        ...Filters.map((one) => ({ ...one, Option: one.Key === 'Name' ? 'BeginsWith' : 'Equals' })),
        ...ParameterFilters,
      ]
      const all = mine(aws).filter((row) => wanted.every((one) => fits(row, one)))
      const { rows, next } = pageOf(aws, all, ({ name }) => name, MaxResults, NextToken, noToken)
      return { Parameters: rows.map((row) => metadata(aws, row)), NextToken: next }
    },
  },
)

export const parameterReading = [getParameter, getParameters, getParametersByPath, describeParameters]
