import { entriesOf, isNull, type Node } from '../../config/node.js'
import { findingsOf, type Problem } from '../../config/problem.js'
import { sourceOf, spanOf, type Place } from '../../config/source.js'
import { parseYaml } from '../../config/yaml.js'
import type { Finding } from '../../model/finding.js'
import type { Answer } from '../../model/onboarding.js'

/** The answers that a file has, in YAML or JSON, or what is wrong with it. */
export const answersIn = (
  text: string,
  file: string,
): { readonly answers: ReadonlyMap<string, Answer>; readonly findings: readonly Finding[] } => {
  const source = sourceOf(file, text)
  const { root, problems } = parseYaml(source)
  const found: Problem[] = [...problems]
  const answers = new Map<string, Answer>()
  if (root !== undefined && root.is !== 'map' && !isNull(root))
    found.push(noAnswer('the file', root.at, 'write a line for each answer: queue: general/default'))
  for (const [name, { key, value }] of entriesOf(root)) {
    const said = saidIn(value)
    if (said === undefined) found.push(noAnswer(name, key, 'an answer is a text, or a list of texts'))
    else if (!isNull(value))
      answers.set(name, {
        value: said,
        from: file,
        at: spanOf(value.at.end > value.at.start ? value.at : key),
      })
  }
  return { answers, findings: findingsOf(found, [file]) }
}

const saidIn = (node: Node): string | undefined => {
  if (node.is === 'scalar') return String(node.value ?? '')
  if (node.is !== 'list') return undefined
  const items = node.items.map(saidIn)
  return items.includes(undefined) ? undefined : items.join(', ')
}

const noAnswer = (name: string, at: Place, fix: string): Problem => ({
  code: 'bad-answer',
  at,
  about: name,
  words: () => ({ what: `${name} holds no answer`, fix }),
})

/** Answers of a file, and of the command line on top; what they say differently. */
export const together = (
  ofFile: ReadonlyMap<string, Answer>,
  typed: ReadonlyMap<string, Answer>,
): { readonly answers: ReadonlyMap<string, Answer>; readonly findings: readonly Finding[] } => ({
  answers: new Map([...ofFile, ...typed]),
  findings: [...typed].flatMap(([name, { value, from }]): Finding[] => {
    const other = ofFile.get(name)
    if (other === undefined || other.value.trim() === value.trim()) return []
    return [
      {
        code: 'answers-contradict',
        severity: 'error',
        what: `${from} says "${value}", and ${other.from} says "${other.value}"`,
        where: other.at === undefined ? [] : [other.at],
        why: 'whichever of them was followed, the other one would be passed over',
        fix: `leave ${from} out, or correct the file`,
      },
    ]
  }),
})
