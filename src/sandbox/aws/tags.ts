import type { Facts } from './operation.js'
import { invalidInput, limitExceeded } from './refused.js'
import type { Tag } from './rows.js'

const TAGS_AT_MOST = 50

export interface GivenTag {
  readonly Key: string
  readonly Value: string
}

export const tagsOf = (given: readonly GivenTag[] = []): Tag[] => {
  const keys = given.map(({ Key }) => Key.toLowerCase())
  if (new Set(keys).size < keys.length)
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  if (keys.some((key) => key.startsWith('aws:')))
    throw invalidInput('Caller is an end user and not allowed to mutate system tags')
  return given.map(({ Key, Value }) => ({ key: Key, value: Value }))
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** With these added. One whose key differs in case alone takes the other's place. */
export const tagged = (had: readonly Tag[], given: readonly GivenTag[]): Tag[] => {
  const added = tagsOf(given)
  const tags = [...had.filter(({ key }) => !added.some((tag) => isSame(tag.key, key))), ...added]
  if (tags.length > TAGS_AT_MOST) throw limitExceeded('The number of tags has reached the maximum limit.')
  return tags
}

export const untagged = (had: readonly Tag[], keys: readonly string[]): Tag[] =>
  had.filter(({ key }) => !keys.some((gone) => isSame(gone, key)))

export const tagList = (tags: readonly Tag[]) => tags.map(({ key, value }) => ({ Key: key, Value: value }))

/** What conditions can ask of tags that come with a request. */
export const requestTags = (given: readonly GivenTag[] | undefined): Facts =>
  given === undefined || given.length === 0
    ? {}
    : {
        ...Object.fromEntries(given.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
        'aws:TagKeys': given.map(({ Key }) => Key),
      }

export const resourceTags = (tags: readonly Tag[], ...prefixes: readonly string[]): Facts =>
  Object.fromEntries(
    ['aws', ...prefixes].flatMap((prefix) =>
      tags.map(({ key, value }) => [`${prefix}:ResourceTag/${key}`, value]),
    ),
  )
