import { describe, expect, test } from 'vitest'
import type { Applied } from '../../src/model/result.js'
import { errorsIn, fresh, groundOf, type Ground, type How } from '../support/ground.js'
import { applied, byHand, codes, declaration, meddled, set, with_ } from '../support/privileged-ground.js'

const locked = (lock: string, files: object = declaration) => ({
  'bridle.yaml': JSON.stringify(files),
  'bridle.lock.yaml': lock,
})

/** Applies, and the lock afterwards. */
const applyIn = async (ground: Ground, files: object, how: How = {}): Promise<Applied & { lock: string }> => {
  let lock = 'bridle.lock.yaml' in files ? String(files['bridle.lock.yaml']) : ''
  const result = await ground.apply(files, { keep: (_file, text) => (lock = text), ...how })
  return { ...result, lock }
}

const uuidIn = (lock: string, name: string) => new RegExp(`${name}: (\\S+)`).exec(lock)?.[1]

const anew = [
  ['delete', 'pipeline:deploy'],
  ['create', 'pipeline:deploy', 'repository=git@github.com:acme/web.git', 'cluster=production'],
] as const

describe('a privileged thing that is deleted and made again while an apply runs', () => {
  const harmless = with_(({ pipelines }) => set(pipelines.web, 'description', 'the site'))
  const updates = (body: string) => body.includes('PipelineUpdate')

  test('is not taken into the lock, and is said', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const result = await applyIn(ground, locked(lock, harmless), { fetch: meddled(ground, updates, ...anew) })
    expect(result.outcomes.map(({ state }) => state)).toEqual(['done'])
    expect(codes(result)).toContain('identity-changed')
    expect(result.lock).toBe(lock)
  })

  test('is not where there was no lock, either', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const result = await applyIn(ground, harmless, { fetch: meddled(ground, updates, ...anew) })
    expect(codes(result)).toContain('identity-changed')
    expect(uuidIn(result.lock, 'pipeline:deploy')).toBe(uuidIn(lock, 'pipeline:deploy'))
  })

  test('fails the barrier that it comes before', async () => {
    const ground = await applied()
    const moving = with_(({ pipelines }) => {
      set(pipelines.web, 'cluster', 'production')
      set(pipelines.web.teams, 'web', 'read_only')
    })
    const result = await ground.apply(moving, {
      allowWidening: true,
      fetch: meddled(ground, (body) => body.includes('mutation'), ...anew),
    })
    const skipped = result.outcomes.filter(({ state }) => state === 'skipped')
    expect(skipped.length).toBeGreaterThan(0)
    expect(skipped[0]?.why).toContain('pipeline:deploy is not the one that it was')
  })
})

describe('who made what has a privileged name now is told, and when', () => {
  test.each([
    ['pipeline:deploy', anew],
    [
      'team:release',
      [
        ['delete', 'team:release'],
        ['create', 'team:release'],
      ],
    ],
    [
      'queue:production/deploy',
      [
        ['delete', 'queue:production/deploy'],
        ['create', 'queue:production/deploy'],
      ],
    ],
    [
      'cluster:production',
      [
        ['rename', 'cluster:production', 'old'],
        ['create', 'cluster:production'],
      ],
    ],
  ] as const)('%s', async (name, changes) => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const other = byHand(ground, ...changes)
    for (const result of [await other.plan(locked(lock)), await other.check(locked(lock))]) {
      const [told] = result.findings.filter(({ code }) => code === 'identity-changed')
      expect(told?.what).toContain(`${name} is not the one that it was`)
      expect(told?.what).toMatch(/; bridle@acme\.test made it, at 2026-11-22T00:00:00/)
    }
  })

  test('beside all that has drifted', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const other = byHand(ground, ...anew, ['grant', 'team:web', 'pipeline:deploy', 'build_and_read'])
    const { plan, findings } = await other.drift(locked(lock))
    expect(findings.map(({ code }) => code)).toContain('identity-changed')
    expect(plan?.changes.map(({ address }) => address)).toContain('grant:deploy/web')
  })

  test('and that Buildkite does not say so, where it does not', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const other = byHand(ground, ['delete', 'team:release'], ['create', 'team:release'])
    const blind: typeof fetch = async (input, init) => {
      const isAsked = typeof init?.body === 'string' && init.body.includes('TeamOrigin')
      return isAsked ? new Response('{"data":{"team":null}}') : other.sandbox.fetch(input, init)
    }
    const { findings } = await other.plan(locked(lock), { fetch: blind })
    expect(findings.find(({ code }) => code === 'identity-changed')?.what).toMatch(
      /; Buildkite does not say who made it, nor when$/,
    )
  })
})

describe('a new identity is taken into the lock', () => {
  test('where the apply itself made the thing', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const gone = byHand(ground, anew[0])
    const result = await applyIn(gone, locked(lock), { allowWidening: true })
    expect(codes(result)).toEqual([])
    expect(uuidIn(result.lock, 'pipeline:deploy')).not.toBe(uuidIn(lock, 'pipeline:deploy'))
    expect(codes(await gone.check(locked(result.lock)))).not.toContain('identity-changed')
  })

  test('where somebody names exactly it', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const other = byHand(ground, ...anew)
    const { lock: now } = await applyIn(other, declaration, { allowWidening: true })
    const uuid = uuidIn(now, 'pipeline:deploy') ?? ''
    const agreed = (one: string) => ({
      allowWidening: true,
      acceptIdentity: new Map([['pipeline:deploy', one]]),
    })
    expect(codes(await applyIn(other, locked(lock), agreed('00000000-0000-4000-8000-000000000000')))).toEqual(
      ['identity-changed'],
    )
    const result = await applyIn(other, locked(lock), agreed(uuid))
    expect(codes(result)).toEqual([])
    expect(uuidIn(result.lock, 'pipeline:deploy')).toBe(uuid)
  })
})

describe('what an apply makes, and does not know that it did,', () => {
  const shipping = with_(({ pipelines }) =>
    set(pipelines, 'ship', { ...structuredClone(pipelines.deploy), steps: 'steps:\n  - command: make\n' }),
  )
  const made = 'POST /v2/organizations/acme/pipelines'
  const gateway = { fault: 'lost', status: 502 } as const

  test('is taken into the lock where it is its own', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    ground.sandbox.faults.push({ on: made, ...gateway })
    const result = await applyIn(ground, locked(lock, shipping), { allowWidening: true })
    expect(result.outcomes[0]?.state).toBe('unclear')
    expect(codes(result)).toEqual([])
    const rest = await applyIn(ground, locked(result.lock, shipping), { allowWidening: true })
    expect(codes(rest)).toEqual([])
    expect(uuidIn(rest.lock, 'pipeline:ship')).toBe(uuidIn(result.lock, 'pipeline:ship'))
  })

  test('is not where somebody else has the name', async () => {
    const trusting = (files: typeof declaration) => ({
      ...files,
      trust: { ...files.trust, admins: ['bridle@acme.test', 'bob@acme.test'] },
    })
    const ground = byHand(await applied(trusting(declaration)), ['promote', 'bob@acme.test'])
    const { lock } = await applyIn(ground, trusting(declaration))
    const evil = ['create', 'pipeline:ship', 'repository=git@github.com:acme/evil.git', 'cluster=general']
    ground.sandbox.faults.push(
      { on: made, fault: 'edit', words: ['as', 'bob@acme.test', ...evil] },
      { on: made, fault: 'answer', status: 502 },
    )
    const apply = (now: string) => applyIn(ground, locked(now, trusting(shipping)), { allowWidening: true })
    const result = await apply(lock)
    expect(result.outcomes[0]?.state).toBe('unclear')
    expect(errorsIn(result).join()).toContain(
      'pipeline:ship was to be made, the answer was lost, and bob@acme.test made the one that is there',
    )
    const next = await apply(result.lock)
    expect(next.outcomes).toEqual([])
    expect(errorsIn(next).join()).toContain('is not the one that bridle was to make')
    expect(codes(next)).toContain('identity-changed')
  })

  test('and what it does know stays what the answer said, whatever has the name by then', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const result = await applyIn(ground, locked(lock, shipping), {
      allowWidening: true,
      fetch: meddled(
        ground,
        (body) => body.includes('GrantCreate'),
        ['delete', 'pipeline:ship'],
        ['create', 'pipeline:ship', 'repository=git@github.com:acme/evil.git', 'cluster=production'],
      ),
    })
    expect(codes(result)).toContain('identity-changed')
  })
})

describe('a privileged thing that has another name', () => {
  const renamedByHand = async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    return { lock, other: byHand(ground, ['rename', 'cluster:production', 'prod2']) }
  }

  test('is not replaced by a new one under the old name', async () => {
    const { lock, other } = await renamedByHand()
    for (const result of [
      await other.plan(locked(lock)),
      await other.drift(locked(lock)),
      await other.check(locked(lock)),
    ])
      expect(codes(result)).toContain('identity-moved')
    const result = await applyIn(other, locked(lock), { allowWidening: true })
    // The pipeline would come into the new one, and nobody says with what.
    expect(codes(result)).toEqual(['left-behind', 'identity-moved'])
    expect(result.findings.at(-1)?.what).toBe(
      'cluster:production is called cluster:prod2 now, and nothing is called cluster:production',
    )
    expect(result.outcomes).toEqual([])
    expect(result.lock).toBe(lock)
  })

  test('is taken by its new name where the files rename it', async () => {
    const { lock, other } = await renamedByHand()
    const { production, ...clusters } = declaration.clusters
    const files = {
      ...declaration,
      clusters: { ...clusters, prod2: { ...production, was: 'production' } },
      pipelines: {
        ...declaration.pipelines,
        deploy: { ...declaration.pipelines.deploy, cluster: 'prod2' },
      },
    }
    const result = await applyIn(other, locked(lock, files))
    expect(codes(result)).toEqual([])
    expect(uuidIn(result.lock, 'cluster:prod2')).toMatch(/./)
    expect(uuidIn(result.lock, 'cluster:prod2')).toBe(uuidIn(lock, 'cluster:production'))
    expect(uuidIn(result.lock, 'queue:prod2/deploy')).toBe(uuidIn(lock, 'queue:production/deploy'))
  })

  test('is said to be gone where it was deleted', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const gone = byHand(ground, ['delete', 'pipeline:deploy'])
    const { findings } = await gone.plan(locked(lock))
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'privileged-not-there',
        severity: 'warning',
        what: 'pipeline:deploy was there when bridle last wrote bridle.lock.yaml, and is gone',
      }),
    )
  })
})

describe('a rename in the files', () => {
  const shipping = () => {
    const { deploy, ...pipelines } = declaration.pipelines
    return { ...declaration, pipelines: { ...pipelines, ship: { ...deploy, was: 'deploy' } } }
  }

  test('takes in nothing else that has the old name', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const evil = byHand(ground, ...anew)
    expect(codes(await evil.check(locked(lock, shipping())))).toContain('identity-changed')
    const result = await applyIn(evil, locked(lock, shipping()), { allowWidening: true })
    expect(codes(result)).toEqual(['identity-changed'])
    expect(result.outcomes).toEqual([])
  })

  test('keeps the identity', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const result = await applyIn(ground, locked(lock, shipping()), { allowWidening: true })
    expect(codes(result)).toEqual([])
    expect(uuidIn(result.lock, 'pipeline:ship')).toBe(uuidIn(lock, 'pipeline:deploy'))
    expect(codes(await applyIn(ground, locked(result.lock, shipping())))).toEqual([])
  })
})

describe('an `allow` that is taken out of the files', () => {
  const without = with_(({ clusters, pipelines }) => {
    set(clusters.production, 'allow', undefined)
    set(pipelines.deploy.teams, 'web', 'manage_build_and_read')
  })

  test('is said, and stands in the way of an apply', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const planned = await ground.plan(locked(lock, without))
    expect(codes(planned)).toEqual([])
    expect(planned.findings.map(({ code }) => code)).toContain('promise-dropped')
    const result = await applyIn(ground, locked(lock, without))
    expect(codes(result)).toEqual(['promise-dropped'])
    expect(result.outcomes).toEqual([])
    for (const basis of ['organization', 'files'] as const)
      expect(codes(await ground.check(locked(lock, without), { basis }))).toContain('promise-dropped')
    expect(codes(await ground.drift(locked(lock, without)))).toContain('promise-dropped')
  })

  test('is forgotten once somebody has said that it is meant', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const { lock: after, ...result } = await applyIn(ground, locked(lock, without), { allowWidening: true })
    expect(codes(result)).toEqual([])
    expect(result.outcomes.map(({ state }) => state)).toEqual(['done'])
    expect(codes(await applyIn(ground, locked(after, without)))).toEqual([])
  })

  test('is nothing to say of a cluster that is gone', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const { general } = declaration.clusters
    const { web } = declaration.pipelines
    const files = { ...declaration, clusters: { general }, pipelines: { web } }
    const gone = byHand(ground, ['delete', 'pipeline:deploy'], ['delete', 'cluster:production'])
    expect(codes(await gone.drift(locked(lock, files)))).toEqual([])
  })
})

describe('a lock that is not there', () => {
  const lacking = (result: { findings: readonly { code: string; severity: string }[] }) =>
    result.findings.filter(({ code }) => code === 'no-lock').map(({ severity }) => severity)

  test('is said where privileged things are, and ends nothing', async () => {
    const ground = await applied()
    for (const result of [
      await ground.plan(declaration),
      await ground.drift(declaration),
      await ground.check(declaration),
      await ground.apply(declaration),
    ])
      expect(lacking(result)).toEqual(['warning'])
  })

  test('is as it should be before the first apply', async () => {
    expect(lacking(await fresh().apply(declaration, { allowWidening: true }))).toEqual([])
  })
})

describe('whoever is not allowed any more is remembered', () => {
  const allowing = with_(({ clusters, teams }) => {
    set(clusters.production, 'allow', { teams: ['release'], users: ['bob@acme.test'] })
    set(clusters.production, 'maintainers', { users: [], teams: ['release'] })
    set(teams, 'ops', { members: {} })
  })
  const leftAfter = async (files: object, before: object = allowing) => {
    const ground = await applied(before)
    const { lock } = await applyIn(ground, before)
    const { assumed } = await ground.check(locked(lock, files))
    const { lock: after } = await applyIn(ground, locked(lock, files), { allowWidening: true })
    return { assumed: assumed.filter(({ finding }) => finding === 'former-members'), after, ground }
  }
  const atProduction = [{ at: 'cluster:production', queues: ['queue:production/deploy'] }]

  test('where they were allowed by name', async () => {
    const without = structuredClone(allowing)
    set(without.clusters.production, 'allow', { teams: ['release'] })
    const { assumed, after } = await leftAfter(without)
    expect(assumed).toMatchObject(atProduction)
    expect(after).toContain('left:\n  cluster:production:\n    - bob@acme.test\n')
  })

  test('where their team is lowered in the same change', async () => {
    const without = with_(({ teams, pipelines }) => {
      set(teams.release, 'members', {})
      set(pipelines.deploy.teams, 'release', 'read_only')
    })
    const { assumed, after, ground } = await leftAfter(without, declaration)
    expect(assumed).toMatchObject(atProduction)
    const judged = await ground.check(locked(after, without))
    expect(judged.assumed).toContainEqual(expect.objectContaining({ finding: 'former-members' }))
  })

  test('where they maintained the cluster and nothing else', async () => {
    const maintained = with_(({ clusters }) => {
      set(clusters.production, 'maintainers', { users: ['bob@acme.test'], teams: [] })
      set(clusters.production, 'allow', { teams: ['release'], users: ['bob@acme.test'] })
    })
    expect((await leftAfter(declaration, maintained)).assumed).toMatchObject(atProduction)
  })

  test('where nothing allowed them, and the apply throws them out', async () => {
    const removing = {
      ...with_(({ clusters }) => set(clusters.production, 'maintainers', { users: [], teams: [] })),
      manage: { maintainers: 'remove', members: 'remove' },
    }
    const ground = await applied(removing)
    const { lock } = await applyIn(ground, removing)
    const strange = byHand(
      ground,
      ['maintain', 'cluster:production', 'bob@acme.test'],
      ['join', 'team:release', 'ada@acme.test'],
    )
    const planned = await strange.plan(locked(lock, removing))
    const [told] = planned.findings.filter(({ code }) => code === 'former-members')
    expect(told?.what).toBe(
      'the plan takes user:ada@acme.test and user:bob@acme.test out of cluster:production, and they keep what could be read there',
    )
    for (const files of [locked(lock, removing), removing]) {
      const it = groundOf(strange.sandbox.fork())
      const { lock: after } = await applyIn(it, files, { allowWidening: true })
      expect(after).toContain('left:\n  cluster:production:\n    - ada@acme.test\n    - bob@acme.test\n')
      const { assumed } = await it.check(locked(after, removing))
      expect(assumed.filter(({ finding }) => finding === 'former-members')).toMatchObject(atProduction)
    }
  })

  test('but not where they could read nothing that lets anybody in', async () => {
    const ground = await applied()
    const { lock } = await applyIn(ground, declaration)
    const building = ['grant', 'team:web', 'pipeline:deploy', 'build_and_read'] as const
    const { lock: after } = await applyIn(byHand(ground, building), locked(lock))
    expect(after).toBe(lock)
    const tokens = byHand(ground, building, ['token', 'cluster:production', 'deploy'])
    const { lock: then } = await applyIn(tokens, locked(lock))
    expect(then).toContain('left:\n  cluster:production:\n    - ada@acme.test\n')
  })

  test('with all that they may know, and where it is changed', async () => {
    const before = with_(({ pipelines }) =>
      set(pipelines.deploy, 'provider_settings', { trigger_mode: 'code' }),
    )
    const applying = await applied(before)
    const { lock } = await applyIn(applying, before)
    const ground = byHand(
      applying,
      ['token', 'cluster:production', 'deploy'],
      ['connect', 'queue:production/deploy', 'prod-1'],
    )
    const without = structuredClone(before)
    set(without.teams.release, 'members', {})
    for (const result of [
      await ground.plan(locked(lock, without)),
      await ground.drift(locked(lock, without)),
      await ground.check(locked(lock, without)),
    ]) {
      const told = result.findings.filter(({ code }) => code === 'former-members')
      expect(told).toMatchObject([
        {
          what: 'user:cy@acme.test left cluster:production, and still knows what could be read there',
          whole: true,
        },
      ])
      for (const named of [
        'the webhook URL of pipeline:deploy (`pipelineRotateWebhookURL`',
        'the trigger URLs of pipeline:deploy (under Triggers',
        'token:production/deploy (`clusterAgentTokenCreate`',
        'stop agent:production/deploy/prod-1 (`agentStop`',
      ])
        expect(told[0]?.fix).toContain(named)
    }
  })

  test('until a person takes the name out, as the lock says', async () => {
    const without = with_(({ teams }) => set(teams.release, 'members', {}))
    const { after, ground } = await leftAfter(without, declaration)
    expect(after).toMatch(/^# Whoever is under "left" .*\nleft:$/m)
    const taken = after.replace(/# Whoever[^]*/, '')
    const { assumed } = await ground.check(locked(taken, without))
    expect(assumed.map(({ finding }) => finding)).not.toContain('former-members')
    expect((await applyIn(ground, locked(taken, without))).lock).toBe(taken)
  })

  test('and forgotten where they are allowed again', async () => {
    const without = with_(({ teams }) => set(teams.release, 'members', {}))
    const { after, ground } = await leftAfter(without, declaration)
    const { lock } = await applyIn(ground, locked(after), { allowWidening: true })
    expect(lock).not.toContain('left')
  })
})
