import { describe, expect, test } from 'vitest'
import { nearest } from '../../src/config/nearest.js'

describe('the nearest name', () => {
  test.each([
    ['teem', ['team', 'queue'], 'team'],
    ['Team', ['queue', 'team'], 'team'],
    ['defaultBranch', ['default_branch', 'default_queue'], 'default_branch'],
    ['trsut', ['path', 'trust'], 'trust'],
    ['teir', ['tags', 'tier'], 'tier'],
    ['a', ['b', 'c'], 'b'],
    ['bat', ['cat', 'hat', 'at'], 'at'],
    ['bat', ['hat', 'at', 'cat'], 'at'],
    ['pipeline', ['team', 'queue'], undefined],
    ['', ['team'], undefined],
    ['team', [], undefined],
    ['x'.repeat(1_000), ['x'.repeat(1_000)], undefined],
  ])('to %j of %j is %j', (name, valid, meant) => {
    expect(nearest(name, valid)).toBe(meant)
  })
})
