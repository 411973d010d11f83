import { createHmac, timingSafeEqual } from 'node:crypto'
import type { State } from './state.js'

/** Who says it: every customer of Buildkite's has this same issuer. */
export const ISSUER = 'https://agent.buildkite.com'

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>

const sealOf = ({ seed }: Pick<State, 'seed'>, text: string) =>
  createHmac('sha256', `${seed}/oidc`).update(text).digest('base64url')

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that says this. The issuer and who checks it have one key here, made from the seed. */
export const signClaims = (state: Pick<State, 'seed'>, claims: Claims): string => {
  const text = `${part({ alg: 'HS256', kid: 'sandbox', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sealOf(state, text)}`
}

const objectIn = (text: string | undefined): Claims | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text ?? '', 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}

export interface ReadToken {
  readonly claims: Claims
  /** Whether the issuer's key has signed it. */
  readonly isGenuine: boolean
}

/** What a token says, and whether that is so; nothing, where it is no token. */
export const readToken = (state: Pick<State, 'seed'>, token: string): ReadToken | undefined => {
  const [head, body, seal, ...more] = token.split('.')
  const [header, claims] = [objectIn(head), objectIn(body)]
  if (!header || !claims || seal === undefined || more.length > 0) return undefined
  const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(state, `${head ?? ''}.${body ?? ''}`))]
  return {
    claims,
    isGenuine: header['alg'] === 'HS256' && given.length === right.length && timingSafeEqual(given, right),
  }
}
