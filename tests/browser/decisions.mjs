// The decisions of a built folder, and the ways through each, apart from the site's own script.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every decision, as its file says, with the path of that file. */
export const decisionsOf = (folder) => {
  const names = readdirSync(join(folder, 'decisions')).filter((name) => name.endsWith('.json')).sort()
  return names.map((name) => ({ file: `/decisions/${name}`, ...JSON.parse(readFileSync(join(folder, 'decisions', name), 'utf8')) }))
}

/** Every way through a decision: its steps, a list of {id, question, answer}, and the id of its end. */
export const pathsOf = ({ nodes, start }) => {
  // "Not sure" is a way of its own only where no answer leads to the same node.
  const ways = ({ answers, unsure }) => !unsure || answers.some((answer) => answer.to === unsure.to) ? answers
    : [...answers, { id: '~', terms: [], ...unsure }]
  const from = (id) => nodes[id].kind === 'outcome' ? [{ steps: [], end: id }]
    : ways(nodes[id]).flatMap((answer) =>
      from(answer.to).map(({ steps, end }) => ({ steps: [{ id, question: nodes[id], answer }, ...steps], end })))
  return from(start)
}

/** Answers as they stand in an address, behind the `#`. */
export const fragment = (steps) => steps.map((step) => `${encodeURIComponent(step.id)}=${encodeURIComponent(step.answer.id)}`).join('&')

/** The addresses of all questions and outcomes with the most answers that lead there, by their paths without any. */
export const withAnswers = (folder) => {
  const found = new Map()
  for (const decision of decisionsOf(folder)) for (const { steps, end } of pathsOf(decision)) {
    for (const [at, id] of [...steps.map((step) => step.id), end].entries()) {
      const before = fragment(steps.slice(0, at))
      const { url } = decision.nodes[id]
      if (before.length > (found.get(url)?.length ?? 0)) found.set(url, before)
    }
  }
  return new Map([...found].map(([url, answers]) => [url, `${url}#${answers}`]))
}
