import { describe, expect, test } from 'vitest'
import { hear, unheard, waitAfter429, waitMs, type Window } from '../../src/providers/buildkite/window.js'

const now = 1_000_000
const window = (remaining: number, limit = 5_000, turnsIn = 187_000): Window => ({
  limit,
  remaining,
  turnsAt: now + turnsIn,
  heard: true,
})
const headers = (values: Record<string, string | number>) =>
  new Headers(Object.entries(values).map(([name, value]) => [name, String(value)]))
const user = (limit: number, remaining: number, reset: number) =>
  headers({
    'RateLimit-User-Limit': limit,
    'RateLimit-User-Remaining': remaining,
    'RateLimit-User-Reset': reset,
  })

describe('how long to wait', () => {
  const large = window(20_000, 20_000)
  test.each<[string, number, Window | undefined, Window | undefined, number, number]>([
    ['what fits goes', 0, large, window(100), 100, 0],
    ['what does not fit waits for the window', 0, large, window(99), 100, 187_000],
    ['what is under way is spent already', 60, large, window(100), 50, 187_000],
    ['a negative rest waits', 0, large, window(-14), 1, 187_000],
    ['nothing left waits even for what is free of charge next time', 0, large, window(0), 1, 187_000],
    ['the organization counts, too', 0, window(2_100, 20_000, 60_000), window(5_000), 101, 60_000],
    ['and keeps a tenth for its people', 0, window(2_100, 20_000, 60_000), window(5_000), 100, 0],
    ['the longer of both', 0, window(0, 20_000, 60_000), window(0, 5_000, 90_000), 1, 90_000],
    ['no limit, no wait', 1_000_000, undefined, undefined, 1_000_000, 0],
    ['more than a window holds goes when most of it is there', 0, large, window(4_990), 46_000, 0],
    ['but not when it is not', 0, large, window(3_900), 46_000, 187_000],
    ['a full window takes one of any size', 0, window(10, 10), window(10, 10), 10_000, 0],
    ['but not two', 10_000, large, window(10, 10), 10_000, 187_000],
    ['a window that turned is full', 0, large, window(-5, 5_000, 0), 4_000, 0],
    [
      'also for what is under way: then only an answer helps',
      4_500,
      large,
      window(-5, 5_000, 0),
      4_000,
      Infinity,
    ],
  ])('%s', (_, underWay, organization, person, cost, ms) => {
    expect(waitMs({ organization, user: person }, underWay, cost, now)).toBe(ms)
  })

  test('before any answer the documented limits hold', () => {
    expect(waitMs(unheard('graphql', now), 0, 5_000, now)).toBe(0)
    expect(waitMs(unheard('graphql', now), 1_100, 3_901, now)).toBe(301_000)
    expect(waitMs(unheard('rest', now), 49, 1, now)).toBe(0)
    expect(waitMs(unheard('rest', now), 50, 1, now)).toBe(61_000)
  })
})

describe('what headers say', () => {
  const start = { organization: undefined, user: window(400, 5_000, 188_000) }

  test('resets are seconds from now, and a second is added', () => {
    expect(hear('graphql', unheard('graphql', now), user(5_000, 4_000, 187), true, now).user).toEqual(
      window(4_000, 5_000, 188_000),
    )
  })

  test('an answer that was overtaken does not give anything back', () => {
    expect(hear('graphql', start, user(5_000, 900, 187), true, now).user?.remaining).toBe(400)
    expect(hear('graphql', start, user(5_000, 300, 188), true, now).user?.remaining).toBe(300)
  })

  test('another window does', () => {
    expect(hear('graphql', start, user(5_000, 4_900, 299), true, now).user).toEqual(
      window(4_900, 5_000, 300_000),
    )
  })

  test('a negative rest is a number', () => {
    expect(hear('graphql', start, user(5_000, -14, 30), true, now).user?.remaining).toBe(-14)
  })

  test('a limit below zero is none', () => {
    expect(hear('graphql', unheard('graphql', now), user(-5, -5, 30), true, now).user).toBeUndefined()
  })

  test('a success without headers says that there is no limit, unless one was seen', () => {
    expect(hear('rest', unheard('rest', now), new Headers(), true, now)).toEqual({})
    expect(hear('graphql', start, new Headers(), true, now).user).toEqual(start.user)
  })

  test('a gateway says nothing of limits', () => {
    expect(hear('rest', unheard('rest', now), new Headers(), false, now)).toEqual(unheard('rest', now))
  })

  test.each(['soon', '-3', '1760000000', '1.5'])('a reset of %s is none', (reset) => {
    const strange = headers({
      'RateLimit-User-Limit': 50,
      'RateLimit-User-Remaining': 1,
      'RateLimit-User-Reset': reset,
    })
    expect(hear('rest', unheard('rest', now), strange, true, now).user?.turnsAt).toBe(now + 61_000)
  })
})

describe('how long a 429 asks to wait', () => {
  const exhausted = (person: number, organization: number) =>
    headers({
      'RateLimit-User-Remaining': person,
      'RateLimit-User-Reset': 20,
      'RateLimit-Remaining': organization,
      'RateLimit-Reset': 90,
    })
  test.each<[string, Headers, string, number]>([
    ['the user’s window', exhausted(-3, 500), '', 21],
    ['the organization’s window', exhausted(12, 0), '', 91],
    ['both', exhausted(0, 0), '', 91],
    [
      'neither, so the words count',
      exhausted(10, 10),
      '{"errors":[{"message":"You have exceeded your per-user limit of 5000 complexity points. Please try again in 187 seconds."}]}',
      188,
    ],
    ['one second', new Headers(), 'Please try again in 1 second.', 2],
    [
      'the words of REST',
      new Headers(),
      '{"message":"You have exceeded your API rate limit. Please wait 42 seconds before making more requests."}',
      43,
    ],
    [
      'the reset in the body',
      new Headers(),
      '{"message":"slow down","scope":"rest_user","current":55,"reset":17}',
      18,
    ],
    ['Retry-After', headers({ 'Retry-After': 7 }), '<html>', 8],
    [
      'a date in Retry-After is no number',
      headers({ 'Retry-After': 'Fri, 01 Jan 2027 00:00:00 GMT' }),
      '',
      61,
    ],
    ['nothing at all', new Headers(), '', 61],
    [
      'a date where seconds belong',
      headers({ 'RateLimit-User-Remaining': 0, 'RateLimit-User-Reset': 1_790_000_000 }),
      'try again in 9 seconds',
      10,
    ],
    ['never more than an hour', headers({ 'Retry-After': 86_400 }), '', 3_601],
  ])('%s', (_, said, body, seconds) => {
    expect(waitAfter429(said, body)).toBe(seconds * 1_000)
  })
})
