import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** In CI every tool is there, so a test that was skipped is a test that failed. */
const noSkip = process.env['BRIDLE_NO_SKIP'] === '1'

/** Says what was skipped and why, and ends a run with one line that counts: `12 passed, 0 failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()])
    const results = tests.map((test) => ({ test, result: test.result() }))
    const inState = (...states: string[]) => results.filter(({ result }) => states.includes(result.state))

    const skipped = inState('skipped', 'pending')
    for (const { test, result } of skipped) {
      const why = 'note' in result && result.note !== undefined ? `: ${result.note}` : ''
      process.stdout.write(`skipped ${test.fullName}${why}\n`)
    }
    if (noSkip && skipped.length > 0) process.exitCode = 1

    const broken = errors.length + modules.filter((module) => module.errors().length > 0).length
    const failed = inState('failed').length + broken + (noSkip ? skipped.length : 0)
    const left = noSkip || skipped.length === 0 ? '' : `, ${skipped.length} skipped`
    process.stdout.write(`\n${inState('passed').length} passed, ${failed} failed${left}\n`)
  }
}
