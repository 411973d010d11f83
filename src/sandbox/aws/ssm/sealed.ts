import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { State } from '../../state.js'

const PREFIX = 'AQICAHh'

const keyOf = ({ seed }: State) => createHash('sha256').update(`${seed}/aws-kms`).digest()

/** A value as nobody reads it who has not the key. It lies so in the state too, and in its file. */
export const sealed = (state: State, of: string, value: string): string => {
  const iv = createHash('sha256').update(`${state.seed}/${of}`).digest().subarray(0, 16)
  const cipher = createCipheriv('aes-256-ctr', keyOf(state), iv)
  const text = Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final()])
  return PREFIX + text.toString('base64')
}

export const unsealed = (state: State, text: string): string => {
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64')
  if (bytes.length < 16) return ''
  const decipher = createDecipheriv('aes-256-ctr', keyOf(state), bytes.subarray(0, 16))
  return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8')
}
