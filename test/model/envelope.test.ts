import { createHash, createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, joined, opened, partsOf, sealed } from '../../src/model/envelope.js'
import {
  buildSources,
  isNamed,
  namesAll,
  printGate,
  readGate,
  type GatePayload,
} from '../../src/model/gate.js'
import { isSignedBy, verifyingKey } from '../../src/model/signer.js'
import { law } from '../support/law.js'
import { newKey, signerOf } from '../support/policy-key.js'
import { complaints } from '../support/schemas.js'

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/)
const second = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`)
const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 4 })

const pipelines = fc.uniqueArray(
  fc.record(
    {
      slug,
      uuid: fc.uuid(),
      repository: text,
      branches: texts,
      tags: texts,
      pull_requests: fc.constantFrom('own' as const, 'forks' as const),
      sources: fc.subarray([...buildSources], { minLength: 1 }),
      triggered_by: texts,
      environment: texts,
      plugins: texts,
      commands: texts,
      creator_teams: texts,
      role: text,
      roles: texts,
    },
    { requiredKeys: ['slug', 'uuid', 'repository'] },
  ),
  { selector: ({ slug }) => slug, maxLength: 5 },
)

const policies: fc.Arbitrary<GatePayload> = fc
  .record(
    {
      format: fc.constant('bridle.gate/1' as const),
      organization: fc.record({ slug, uuid: fc.uuid() }),
      cluster: fc.record({ name: text, uuid: fc.uuid() }),
      queue: fc.record({ key: text, uuid: fc.uuid() }),
      mode: fc.constantFrom('observe' as const, 'warn' as const, 'block' as const),
      serial: fc.integer({ min: 1 }),
      issued_at: second,
      expires_at: second,
      pipelines: pipelines.map((all) => all.sort((a, b) => (a.slug < b.slug ? -1 : 1))),
    },
    {
      requiredKeys: [
        'format',
        'organization',
        'cluster',
        'queue',
        'mode',
        'serial',
        'issued_at',
        'pipelines',
      ],
    },
  )
  .map((one) => one as GatePayload)

const signer = signerOf(newKey())
const key = signer.publicKey

const small: GatePayload = {
  format: 'bridle.gate/1',
  organization: { slug: 'acme', uuid: 'a' },
  cluster: { name: 'production', uuid: 'b' },
  queue: { key: 'deploy', uuid: 'c' },
  mode: 'block',
  serial: 7,
  issued_at: '2026-11-22T10:00:00Z',
  pipelines: [{ slug: 'web', uuid: 'd', repository: 'git@github.com:acme/web.git', branches: ['main'] }],
}

describe('a policy as bytes', () => {
  test('keys in one order, all of it ASCII', () => {
    const [first] = small.pipelines
    expect(printGate({ ...small, pipelines: [{ ...first!, branches: ['größe', '\ud800'] }] })).toBe(
      '{"format":"bridle.gate/1","organization":{"slug":"acme","uuid":"a"},"cluster":{"name":"production","uuid":"b"},' +
        '"queue":{"key":"deploy","uuid":"c"},"mode":"block","serial":7,"issued_at":"2026-11-22T10:00:00Z",' +
        '"pipelines":[{"slug":"web","uuid":"d","repository":"git@github.com:acme/web.git",' +
        String.raw`"branches":["gr\u00f6\u00dfe","\ud800"]}]}`,
    )
  })

  law('read again, it is the same', policies, (policy) => {
    expect(readGate(printGate(policy))).toEqual(policy)
  })

  law('the order of keys and pipelines makes no difference', fc.tuple(policies, fc.gen()), ([policy, by]) => {
    const turned = <Value>(value: Value): Value =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : (Object.fromEntries(
            by(fc.shuffledSubarray, Object.entries(value), { minLength: Object.keys(value).length }).map(
              ([name, one]) => [name, turned(one as unknown)],
            ),
          ) as Value)
    const other = { ...turned(policy), pipelines: policy.pipelines.map(turned).reverse() }
    expect(printGate(other)).toBe(printGate(policy))
  })

  test.each([
    ['another format', { ...small, format: 'bridle.gate/2' }],
    ['a key that this version does not know', { ...small, hours: 'office' }],
    ['a serial below one', { ...small, serial: 0 }],
    ['a mode that there is not', { ...small, mode: 'shout' }],
    [
      'an empty list, which reads like none',
      { ...small, pipelines: [{ ...small.pipelines[0], branches: [] }] },
    ],
    ['a time that is no second', { ...small, issued_at: '2026-11-22' }],
  ])('%s is not read', (_name, policy) => {
    expect(readGate(JSON.stringify(policy))).toBeUndefined()
  })

  test('a space too many is not read', () => {
    expect(readGate(printGate(small))).toEqual(small)
    expect(readGate(`${printGate(small)} `)).toBeUndefined()
    expect(readGate(JSON.stringify(small, null, 1))).toBeUndefined()
  })
})

describe('patterns of branches', () => {
  test.each([
    [['main'], 'main', true],
    [['main'], 'maintenance', false],
    [['main'], 'user:main', false],
    [['release/*'], 'release/1', true],
    [['release/*'], 'release/1/2', true],
    [['release/*'], 'my-release/1', false],
    [['*-fix'], 'a-fix', true],
    [['*-fix'], 'a-fix-', false],
    [['a*b*c'], 'a1b2c', true],
    [['a*b*c'], 'abc', true],
    [['a*b*c'], 'ac', false],
    [['a*a'], 'a', false],
    [['v1.*'], 'v1x2', false],
    [['*', '!main'], 'main', false],
    [['*', '!release/*'], 'release/1', false],
    [['*', '!release/*'], 'main', true],
    [['!main'], 'dev', false],
    [[], 'main', false],
    [['a[b]'], 'ab', false],
    [['a?c'], 'abc', false],
  ])('%j names %s: %s', (patterns, name, is) => {
    expect(isNamed(patterns, name)).toBe(is)
  })

  test.each([
    ['*', true],
    ['**', true],
    ['*/*', false],
    ['main', false],
  ])('%s names all: %s', (pattern, is) => expect(namesAll(pattern)).toBe(is))
})

describe('a signed policy', () => {
  /** RFC 7515, appendix A.3: the key, and in RFC 7638's way, its name. */
  test('a key is named by what makes it', () => {
    const { kid } = verifyingKey({
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    })
    expect(kid).toBe('oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U')
  })

  test('a signature that somebody else made is a signature', () => {
    const jwk = {
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    }
    const bytes = Buffer.from(
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    )
    const raw = Buffer.from(
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
      'base64url',
    )
    expect(isSignedBy(verifyingKey(jwk), bytes, derOf(raw))).toBe(true)
    expect(isSignedBy(verifyingKey(jwk), Buffer.from('another text'), derOf(raw))).toBe(false)
  })

  test('what OpenSSL would check is what is signed', async () => {
    const { payload, kid, sig } = JSON.parse(await sealed(small, signer)) as Record<string, string>
    const { jwk } = key
    expect(kid).toBe(key.kid)
    expect(
      verify(
        'sha256',
        Buffer.from(payload!),
        { key: createPublicKey({ key: { ...jwk }, format: 'jwk' }), dsaEncoding: 'der' },
        Buffer.from(sig!, 'base64'),
      ),
    ).toBe(true)
  })

  law('opened, it is what was signed', policies, async (policy) => {
    const envelope = await sealed(policy, signer)
    expect(opened(envelope, key)).toEqual({ policy, kid: key.kid, signature: 'good' })
    expect(opened(envelope)).toMatchObject({ signature: 'unchecked' })
    expect(complaints('policy-file', JSON.parse(envelope))).toEqual([])
    expect(opened(envelope, signerOf(newKey()).publicKey)).toMatchObject({ signature: 'of another key' })
  })

  law(
    'any byte that is another one spoils it',
    fc.tuple(policies, fc.nat(), fc.integer({ min: 1, max: 255 })),
    async ([policy, at, by]) => {
      const bytes = Buffer.from(await sealed(policy, signer))
      const place = at % bytes.length
      bytes[place] = (bytes[place] ?? 0) ^ by
      const read = opened(bytes.toString('utf8'), key)
      expect('no' in read ? 'no' : read.signature).not.toBe('good')
    },
    1_000,
  )

  test('bits to spare at the end of a signature are none', async () => {
    // 71 bytes leave four bits; one in eight signatures is longer or shorter than that.
    for (let tries = 0; ; tries += 1) {
      const envelope = await sealed({ ...small, serial: tries + 1 }, signer)
      const { sig } = JSON.parse(envelope) as { sig: string }
      if (!sig.endsWith('=') || sig.endsWith('==')) continue
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
      const last = sig.at(-2) ?? ''
      const other = alphabet[alphabet.indexOf(last) ^ 1] ?? ''
      const changed = envelope.replace(sig, `${sig.slice(0, -2)}${other}=`)
      expect(Buffer.from(`${sig.slice(0, -2)}${other}=`, 'base64')).toEqual(Buffer.from(sig, 'base64'))
      expect(opened(changed, key)).toMatchObject({ signature: 'bad' })
      return
    }
  })

  test.each([
    ['nothing', ''],
    ['no JSON', 'not json'],
    ['a list', '[]'],
    ['a policy without its envelope', printGate(small)],
    [
      'an envelope with more in it',
      JSON.stringify({ payload: printGate(small), kid: 'k', sig: 'AAAA', more: 1 }),
    ],
    ['its keys in another order', JSON.stringify({ kid: 'k', payload: printGate(small), sig: 'AAAA' })],
    ['a payload that is none', JSON.stringify({ payload: 'x', kid: 'k', sig: 'AAAA' })],
    ['a signature that is no text', JSON.stringify({ payload: printGate(small), kid: 'k', sig: 'ÄÄ' })],
    [
      'a key twice',
      `{"payload":"x",${JSON.stringify({ payload: printGate(small), kid: 'k', sig: 'AAAA' }).slice(1)}`,
    ],
  ])('%s is no policy', (_name, garbage) => {
    expect(opened(garbage, key)).toHaveProperty('no')
  })

  test('a payload of another policy under a good signature is bad', async () => {
    const one = JSON.parse(await sealed(small, signer)) as Record<string, string>
    const swapped = JSON.stringify({ ...one, payload: printGate({ ...small, mode: 'observe' }) })
    expect(opened(swapped, key)).toMatchObject({ signature: 'bad' })
  })
})

describe('a policy in several parameters', () => {
  const large = (count: number): GatePayload => ({
    ...small,
    pipelines: Array.from({ length: count }, (_, i) => ({
      ...small.pipelines[0]!,
      slug: `web-${String(i).padStart(4, '0')}`,
      uuid: '0'.repeat(36),
    })),
  })

  test.each([
    [1, { count: 1, tier: 'Standard' }],
    [20, { count: 1, tier: 'Standard' }],
    [30, { count: 1, tier: 'Advanced' }],
    [60, { count: 4, tier: 'Standard' }],
  ])('%i pipelines', (count, parts) => expect(partsOf(large(count))).toEqual(parts))

  law('every part fits, and together they are the same', fc.integer({ min: 1, max: 400 }), async (count) => {
    const policy = large(count)
    const envelope = await sealed(policy, signer)
    const { count: parts, tier } = partsOf(policy)
    const all = cut(envelope, policy.serial, parts)
    expect(all).toHaveLength(parts)
    for (const one of all)
      expect(Buffer.byteLength(one)).toBeLessThanOrEqual(tier === 'Standard' ? 4_096 : 8_192)
    expect(joined((index) => all[index])).toEqual({ text: envelope, count: parts })
  })

  const torn = async () => {
    const [before, after] = await Promise.all(
      [7, 8].map(async (serial) => cut(await sealed({ ...large(80), serial }, signer), serial, 5)),
    )
    return { before: before!, after: after! }
  }

  test('each part says which one it is, and of what', async () => {
    const { before } = await torn()
    const { chunk } = JSON.parse(before[3]!) as { chunk: Record<string, unknown> }
    const whole = joined((index) => before[index])
    expect(chunk).toEqual({
      serial: 7,
      index: 3,
      count: 5,
      sha256: createHash('sha256')
        .update('text' in whole ? whole.text : '')
        .digest('hex'),
    })
  })

  test('parts of two policies are torn, whichever they are', async () => {
    const { before, after } = await torn()
    for (let from = 0; from < 2 ** 5; from += 1) {
      const mixed = before.map((one, i) => ((from >> i) & 1 ? after[i] : one))
      const read = joined((index) => mixed[index])
      expect('text' in read).toBe(from === 0 || from === 31)
    }
  })

  test.each([
    ['a part is missing', (all: string[]) => all.with(2, '')],
    ['a part is something else', (all: string[]) => all.with(2, 'hello')],
    ['two parts have changed places', (all: string[]) => all.with(1, all[2]!).with(2, all[1]!)],
    ['the first part is another one', (all: string[]) => all.with(0, all[1]!)],
    [
      'a part has another content',
      (all: string[]) => all.with(2, all[2]!.replace(/"part":"..../, '"part":"AAAA')),
    ],
    [
      'it would be endless',
      (all: string[]) => all.map((one) => one.replace('"count":5', '"count":99999999')),
    ],
  ])('it is torn where %s', async (_name, change) => {
    const { before } = await torn()
    const parts = change([...before])
    const read = joined((index) => parts[index])
    expect('no' in read && read.no).toMatch(/^torn: /)
  })
})

/** r and s as two numbers of ASN.1. */
const derOf = (raw: Buffer): Buffer => {
  const number = (bytes: Buffer) => {
    const trimmed = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
    const value = (trimmed[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed
    return Buffer.concat([Buffer.from([2, value.length]), value])
  }
  const both = Buffer.concat([number(raw.subarray(0, 32)), number(raw.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, both.length]), both])
}
